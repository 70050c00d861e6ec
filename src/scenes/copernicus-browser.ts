/**
 * Raw band exports of the Copernicus Browser (and the EO Browser, its predecessor): one file a band and date, named by
 * the interval of time.
 * @module
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { messageOf } from '../errors.ts';
import { isoDate } from './dates.ts';
import { isTiffName, type ListedFile } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import { SCL_DROPPED } from './scl-picture.ts';
import type { BandRole, BandSource, MaskSource, RasterProbe, Scene, UnusableScene } from './scene.ts';

const BAND_NAMES: Record<BandRole, string> = {
  blue: 'B02',
  green: 'B03',
  red: 'B04',
  nir: 'B08',
  swir1: 'B11',
  swir2: 'B12',
};

/** Exports stretch reflectance 0–1 over the whole range of the pixel type. */
const FULL_RANGE: Record<string, number> = { uint16: 65535, uint8: 255, float32: 1 };

// from-day, to-day, product, layer; a colon may have become another character on the way through file systems
const NAME =
  /^(\d{4}-\d\d-\d\d)-\d\d(?::|_|-|%3A)\d\d_(\d{4}-\d\d-\d\d)-\d\d(?::|_|-|%3A)\d\d_(.+?)_(L1C|L2A|L1|L2)_(.+)\.tiff?$/i;

interface Export extends ListedFile {
  from: string;
  to: string;
  /** `Sentinel-2 L2A` */
  product: string;
  /** `B04_(Raw)` */
  layer: string;
}

interface Candidate {
  scene: Scene;
  folder: string;
}

type Probe = (path: string) => Promise<RasterProbe>;

function parseName(file: ListedFile): Export | null {
  const match = NAME.exec(basename(file.path));
  if (match === null) return null;
  const [, from, to, mission, level, layer] = match as unknown as [string, string, string, string, string, string];
  return { ...file, from, to, product: `${mission} ${level.toUpperCase()}`, layer };
}

/** Finds the exports: the files of one date in one folder are one scene. */
export async function findCopernicusBrowser(
  files: readonly ListedFile[],
  needed: readonly BandRole[],
  probe: Probe,
): Promise<Recognised> {
  const exports = files
    .filter((file) => isTiffName(file.path))
    .map(parseName)
    .filter((file) => file !== null);
  const groups = groupBy(exports, (file) => [dirname(file.path), file.from, file.to, file.product].join('\n'));
  const built = await mapLimited(groups, 8, ([, group]) => buildScene(group, needed, probe));
  const candidates = built.filter((entry): entry is Candidate => 'scene' in entry);
  const { kept, dropped } = await dropCopies(candidates, needed[0]);
  return {
    scenes: kept,
    unusable: [...built.filter((entry): entry is UnusableScene => !('scene' in entry)), ...dropped],
    claimed: exports.map((file) => file.path),
  };
}

async function buildScene(
  group: readonly Export[],
  needed: readonly BandRole[],
  probe: Probe,
): Promise<Candidate | UnusableScene> {
  const first = group[0]!;
  const folder = dirname(first.path);
  const id = `${first.product.replaceAll(' ', '_')}_${first.from}`;
  const date = first.from === first.to ? calendarDate(first.from) : null;
  const unusable = (reason: string): UnusableScene => ({ id, date, sensor: 'S2', path: folder, reason });

  if (first.product === 'Sentinel-2 L1C') return unusable('is Level-1C (top of atmosphere); export Level-2A');
  if (first.product !== 'Sentinel-2 L2A') {
    return unusable(`exports of ${first.product} are not known; describe the files in a scenes.yaml`);
  }
  if (first.from !== first.to) {
    return unusable(`is a mosaic of ${first.from} to ${first.to} without a single date; export single days`);
  }
  if (date === null) return unusable(`the file name has no such date: ${first.from}`);

  const pathOf = new Map(group.map((file) => [file.layer.toUpperCase(), file.path]));
  const sclPath = [...pathOf].find(([layer]) => /^(SCENE_CLASSIFICATION|SCL)/.test(layer))?.[1];
  const rawPathOf = (role: BandRole): string | undefined => {
    const names = role === 'nir' ? [BAND_NAMES.nir, 'B8A'] : [BAND_NAMES[role]];
    return names.map((name) => pathOf.get(`${name}_(RAW)`)).find((path) => path !== undefined);
  };
  const missing = needed.filter((role) => rawPathOf(role) === undefined).map((role) => `${BAND_NAMES[role]} (Raw)`);
  if (sclPath === undefined) missing.push('the scene classification map (mask)');
  if (sclPath === undefined || missing.length > 0) {
    return unusable(`${listText(missing)} ${missing.length > 1 ? 'are' : 'is'} missing; export ${date} again with it`);
  }

  const bands: Partial<Record<BandRole, BandSource>> = {};
  const masks: MaskSource[] = [];
  try {
    masks.push(sclMask(sclPath, await probe(sclPath)));
    for (const role of needed) {
      const path = rawPathOf(role)!;
      const raster = await probe(path);
      const range = FULL_RANGE[raster.pixelType];
      if (range === undefined) {
        return unusable(`${basename(path)} has pixel type ${raster.pixelType}; export 8 bit, 16 bit or 32 bit float`);
      }
      const hasDataMask = raster.bandCount > 1;
      if (hasDataMask && masks.length === 1) {
        // All files of one export carry the same data mask.
        masks.push({ path, band: 2, rule: { kind: 'drop', values: [0] }, description: 'data mask of the export' });
      }
      const radiometry = `Copernicus Browser export: reflectance 0-1 over the range of ${raster.pixelType}`;
      bands[role] = { path, band: 1, scale: 1 / range, offset: 0, nodata: hasDataMask ? null : 0, radiometry };
    }
  } catch (error) {
    return unusable(messageOf(error));
  }
  const isNarrow = needed.includes('nir') && /_B8A_/i.test(basename(bands.nir?.path ?? ''));
  const scene: Scene = {
    id,
    date,
    year: Number(date.slice(0, 4)),
    sensor: 'S2',
    product: 'copernicus-browser',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments: isNarrow ? ['NIR is B8A (20 m), there is no B08'] : [],
  };
  return { scene, folder };
}

function sclMask(path: string, raster: RasterProbe): MaskSource {
  const dropped = `drops ${SCL_DROPPED.join(', ')}: no data, defective, cloud shadow, cloud, cirrus, snow`;
  return raster.bandCount >= 3
    ? { path, band: 1, rule: { kind: 'scl-picture' }, description: `scene classification as a picture, ${dropped}` }
    : {
        path,
        band: 1,
        rule: { kind: 'drop', values: [...SCL_DROPPED] },
        description: `scene classification, ${dropped}`,
      };
}

function calendarDate(text: string): string | null {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return isoDate(year, month, day);
}

/** One date in two folders is two places, or one export saved twice: the files' bytes tell. */
async function dropCopies(
  candidates: readonly Candidate[],
  role: BandRole | undefined,
): Promise<{ kept: Scene[]; dropped: UnusableScene[] }> {
  const kept: Scene[] = [];
  const dropped: UnusableScene[] = [];
  for (const [, group] of groupBy(candidates, ({ scene }) => scene.id)) {
    const distinct: Candidate[] = [];
    for (const candidate of group) {
      const original = role === undefined ? undefined : await copyOf(candidate, distinct, role);
      if (original === undefined) {
        distinct.push(candidate);
      } else {
        const { id, date, sensor } = candidate.scene;
        dropped.push({
          id,
          date,
          sensor,
          path: candidate.folder,
          reason: `is a copy of ${original.folder}`,
          harmless: true,
        });
      }
    }
    kept.push(...distinct.map(({ scene }) => scene));
  }
  return { kept, dropped };
}

async function copyOf(
  candidate: Candidate,
  others: readonly Candidate[],
  role: BandRole,
): Promise<Candidate | undefined> {
  for (const other of others) {
    const [a, b] = [candidate.scene.bands[role], other.scene.bands[role]];
    if (a !== undefined && b !== undefined && (await sameBytes(a.path, b.path))) return other;
  }
  return undefined;
}

async function sameBytes(a: string, b: string): Promise<boolean> {
  if ((await stat(a)).size !== (await stat(b)).size) return false;
  return (await readFile(a)).equals(await readFile(b));
}
