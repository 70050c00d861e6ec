/**
 * Sentinel-2 Level-2A as SAFE folders, the way ESA distributes it: JPEG 2000 bands and MTD_MSIL2A.xml.
 * @module
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isoDateOfDigits } from './dates.ts';
import { isTiffName } from './listing.ts';
import { filesOf, groupBy, listText } from './recognised.ts';
import { parseSafeMetadata, safeRadiometry, type SafeMetadata } from './safe-metadata.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import { BANDS, NARROW_NIR, sclMask, type Sentinel2Candidate } from './sentinel2-product.ts';

// …/GRANULE/<granule>/IMG_DATA/[R10m/][L2A_]T47SNB_20220715T041112_B04_10m.jp2
const BAND_FILE = /GRANULE[\\/]([^\\/]+)[\\/]IMG_DATA[\\/].*_(B(?:0[1-9]|1[0-2]|8A)|SCL)_(\d\d)m\.(?:jp2|tiff?)$/i;
const METADATA = 'MTD_MSIL2A.xml';
/** Real ones have some 50 kB. */
const MAX_METADATA_BYTES = 16 * 1024 * 1024;

interface BandFile {
  path: string;
  granule: string;
  band: string;
  /** Pixel in metres. */
  pixel: number;
}

/** Finds the scenes of one SAFE folder, one of each granule; `inside` are the paths of the files in it. */
export async function safeScenes(
  folder: string,
  inside: readonly string[],
  needed: readonly BandRole[],
  narrowNir: boolean,
): Promise<(Sentinel2Candidate | UnusableScene)[]> {
  const name = basename(folder).replace(/\.SAFE$/i, '');
  const mtd = inside.find((path) => path === join(folder, METADATA));
  const metadata = mtd === undefined ? null : await readMetadata(mtd);
  const digits = /_MSIL[12][AC]_(\d{8})T/.exec(name)?.[1];
  const date = metadata?.date ?? (digits === undefined ? null : isoDateOfDigits(digits));
  const sensor = metadata?.sensor ?? /^(S2[A-D])_/.exec(name)?.[1] ?? null;
  const unusable = (reason: string): UnusableScene[] => [{ id: name, date, sensor, path: folder, reason }];
  if (/_MSIL1C_/i.test(name) || inside.some((path) => basename(path) === 'MTD_MSIL1C.xml')) {
    return unusable('is Level-1C (top of atmosphere); download Level-2A');
  }
  if (metadata === null) {
    return unusable(`radiometry unknown: there is no ${METADATA} in the folder; download the product again`);
  }
  if (!/2A/.test(metadata.level ?? '')) return unusable(`${METADATA} does not say that the product is Level-2A`);
  if (date === null) return unusable(`${METADATA} has no sensing time`);
  const bandFiles = inside.map(parseBandFile).filter((file) => file !== null);
  if (bandFiles.length === 0) return unusable('has no band files below GRANULE/…/IMG_DATA; download the product again');
  const granules = groupBy(bandFiles, ({ granule }) => granule);
  return granules.map(([granule, group]) => {
    const id = metadata.product ?? name;
    const tile = /_(T\d\d[A-Z]{3})_/.exec(granule)?.[1];
    const own = {
      id: granules.length === 1 || tile === undefined ? id : `${id}_${tile}`,
      date,
      sensor: sensor ?? 'S2',
    };
    return granuleScene(own, folder, group, metadata, needed, narrowNir);
  });
}

async function readMetadata(path: string): Promise<SafeMetadata | null> {
  return (await stat(path)).size > MAX_METADATA_BYTES ? null : parseSafeMetadata(await readFile(path, 'utf8'));
}

function parseBandFile(path: string): BandFile | null {
  const match = BAND_FILE.exec(path);
  return match === null ? null : { path, granule: match[1]!, band: match[2]!.toUpperCase(), pixel: Number(match[3]) };
}

function granuleScene(
  { id, date, sensor }: { id: string; date: string; sensor: string },
  folder: string,
  files: readonly BandFile[],
  metadata: SafeMetadata,
  needed: readonly BandRole[],
  narrowNir: boolean,
): Sentinel2Candidate | UnusableScene {
  const adjustments: string[] = [];
  const bands: Partial<Record<BandRole, BandSource>> = {};
  const problems: { name: string; reason: string }[] = [];
  for (const role of needed) {
    let { name } = role === 'nir' && narrowNir ? NARROW_NIR : BANDS[role];
    let path = finest(files, name);
    if (role === 'nir' && path === null && !narrowNir) {
      path = finest(files, NARROW_NIR.name);
      if (path !== null) {
        ({ name } = NARROW_NIR);
        adjustments.push('NIR is B8A (20 m), there is no B08');
      }
    }
    const radiometry = safeRadiometry(metadata, name, METADATA);
    const whatFor = role === 'nir' && narrowNir ? ', --adjust hls-bandpass needs it' : '';
    if (path === null) problems.push({ name, reason: `no file in IMG_DATA; download the whole product${whatFor}` });
    else if ('reason' in radiometry) problems.push({ name, reason: radiometry.reason });
    else bands[role] = { path, band: 1, ...radiometry };
  }
  const scl = finest(files, 'SCL');
  if (scl === null) problems.push({ name: 'SCL', reason: 'no file in IMG_DATA; download the whole product' });
  if (scl === null || problems.length > 0) {
    const byReason = groupBy(problems, ({ reason }) => reason);
    const reason = byReason.map(([why, group]) => `${listText(group.map(({ name }) => name))}: ${why}`).join('; ');
    return { id, date, sensor, path: folder, reason };
  }
  const masks = [sclMask(scl)];
  const scene: Scene = {
    id,
    date,
    year: Number(date.slice(0, 4)),
    sensor,
    product: 'sentinel-2-l2a',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments,
  };
  return { scene, productName: id, baseline: metadata.baseline?.value ?? 0, place: folder };
}

/** The file of a band with the smallest pixels; of a JPEG 2000 and a GeoTIFF made of it the GeoTIFF, which is faster. */
function finest(files: readonly BandFile[], band: string): string | null {
  const ofBand = files.filter((file) => file.band === band);
  const best = ofBand.toSorted(
    (a, b) => a.pixel - b.pixel || Number(isTiffName(b.path)) - Number(isTiffName(a.path)),
  )[0];
  return best?.path ?? null;
}
