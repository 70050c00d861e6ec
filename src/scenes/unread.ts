/**
 * What is a scene to a reader of the folder, but in a form that is not read: archives, and bands of SAFE folders without the folder.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDateOfDigits } from './dates.ts';
import { isInside, type ListedFile } from './listing.ts';
import { groupBy } from './recognised.ts';
import type { UnusableScene } from './scene.ts';

const ARCHIVE = /\.(?:tar|tar\.gz|tgz|tar\.bz2)$/i;
const PRODUCT_ARCHIVE = /^(?:L[A-Z]\d\d_|S2[A-D]_|HLS\.).*\.zip$/i;

/** Lists them, each with what to do. `used` are the paths that scenes, usable or not, already account for. */
export function findUnread(files: readonly ListedFile[], used: readonly string[]): UnusableScene[] {
  const unusable: UnusableScene[] = [];
  for (const { path } of files) {
    const name = basename(path);
    if (ARCHIVE.test(name) || PRODUCT_ARCHIVE.test(name)) {
      const id = name.replace(/\.(?:tar|tar\.gz|tgz|tar\.bz2|zip)$/i, '');
      unusable.push({ ...named(id), path, reason: 'is an archive; unpack it first' });
    }
  }
  const loose = files.filter(({ path }) => /_B04(_10m)?\.jp2$|^B04\.jp2$/i.test(basename(path)));
  for (const [folder] of groupBy(loose, ({ path }) => dirname(path))) {
    if (used.some((path) => isInside(path, folder))) continue;
    const reason =
      'radiometry unknown: JPEG 2000 bands without the MTD_MSIL2A.xml of their SAFE folder or a STAC item; ' +
      'keep the folder as it was downloaded, or describe the files in a scenes.yaml';
    unusable.push({ ...named(basename(folder)), path: folder, reason });
  }
  return unusable;
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
