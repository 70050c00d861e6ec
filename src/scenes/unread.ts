/**
 * What is a scene to a reader of the folder, but in a form that is not read: archives, SAFE folders, HLS.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDateOfDigits, isoDateOfYearDay } from './dates.ts';
import { isInside, type ListedFile } from './listing.ts';
import { groupBy } from './recognised.ts';
import type { UnusableScene } from './scene.ts';

const ARCHIVE = /\.(?:tar|tar\.gz|tgz|tar\.bz2)$/i;
const PRODUCT_ARCHIVE = /^(?:L[A-Z]\d\d_|S2[A-D]_|HLS\.).*\.zip$/i;
const HLS = /^(HLS\.([LS]30)\.(T\w{5})\.(\d{4})(\d{3})T\d{6}\.v\d\.\d)\..+\.tiff?$/i;

/** Lists them, each with what to do. `used` are the paths that scenes, usable or not, already account for. */
export function findUnread(
  files: readonly ListedFile[],
  safeFolders: readonly string[],
  used: readonly string[],
): { unusable: UnusableScene[]; claimed: string[] } {
  const unusable: UnusableScene[] = [];
  for (const { path } of files) {
    const name = basename(path);
    if (ARCHIVE.test(name) || PRODUCT_ARCHIVE.test(name)) {
      const id = name.replace(/\.(?:tar|tar\.gz|tgz|tar\.bz2|zip)$/i, '');
      unusable.push({ ...named(id), path, reason: 'is an archive; unpack it first' });
    }
  }
  for (const folder of safeFolders) {
    if (used.some((path) => isInside(path, folder))) continue;
    const id = basename(folder);
    const reason = /_MSIL1C_/i.test(id)
      ? 'is Level-1C (top of atmosphere); download Level-2A'
      : 'SAFE folders with JPEG 2000 are not read yet; convert the bands and SCL to GeoTIFF and describe them in a ' +
        'scenes.yaml, or download the scene as COG with its STAC item';
    unusable.push({ ...named(id), path: folder, reason });
  }
  const loose = files.filter(
    ({ path }) => /_B04(_10m)?\.jp2$|^B04\.jp2$/i.test(basename(path)) && !safeFolders.some((f) => isInside(path, f)),
  );
  for (const [folder] of groupBy(loose, ({ path }) => dirname(path))) {
    if (used.some((path) => isInside(path, folder))) continue;
    const reason = 'JPEG 2000 is not read; convert the bands and SCL to GeoTIFF and describe them in a scenes.yaml';
    unusable.push({ ...named(basename(folder)), path: folder, reason });
  }
  const hls = files.filter(({ path }) => HLS.test(basename(path)));
  for (const [, group] of groupBy(hls, ({ path }) => `${dirname(path)}\n${HLS.exec(basename(path))![1]}`)) {
    const [, id = '', sensor = '', , year, day] = HLS.exec(basename(group[0]!.path))!;
    unusable.push({
      id,
      date: isoDateOfYearDay(Number(year), Number(day)),
      sensor: `HLS ${sensor}`,
      path: dirname(group[0]!.path),
      reason: 'HLS is not known by itself yet; describe the files in a scenes.yaml (scale 0.0001, Fmask bits 1-4)',
    });
  }
  return { unusable, claimed: hls.map(({ path }) => path) };
}

/** Sensor and date as far as a product's name tells. */
function named(id: string): Pick<UnusableScene, 'id' | 'date' | 'sensor'> {
  const day = /(?<!\d)(\d{8})(?!\d)/.exec(id)?.[1];
  return {
    id,
    date: day === undefined ? null : isoDateOfDigits(day),
    sensor: /^(L[A-Z]\d\d|S2[A-D])_/.exec(id)?.[1] ?? null,
  };
}
