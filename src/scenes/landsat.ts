/**
 * Landsat Collection 2 Level 2 by its file names.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDateOfDigits } from './dates.ts';
import { readMtl, type Mtl } from './landsat-mtl.ts';
import type { ListedFile } from './listing.ts';
import { isTiffName } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';

/** Surface reflectance of Collection 2 Level 2: 2.75e-5 · DN − 0.2, DN 0 is no data (USGS product guide). */
const SCALE = 2.75e-5;
const OFFSET = -0.2;

/** Band number of each role: TM and ETM+, OLI. */
const TM_BANDS: Record<BandRole, number> = { blue: 1, green: 2, red: 3, nir: 4, swir1: 5, swir2: 7 };
const OLI_BANDS: Record<BandRole, number> = { blue: 2, green: 3, red: 4, nir: 5, swir1: 6, swir2: 7 };

const SENSORS: Record<string, Record<BandRole, number>> = {
  LT04: TM_BANDS,
  LT05: TM_BANDS,
  LE07: TM_BANDS,
  LC08: OLI_BANDS,
  LC09: OLI_BANDS,
};

const TIERS = ['RT', 'T2', 'T1'];

// sensor, level, path and row, acquired, processed, collection, tier, the rest; cut-down names lack the middle parts
const NAME = /^(L[A-Z]\d\d)_(L[12][A-Z]{2})_(\d{6})_(\d{8})(?:_(\d{8}))?(?:_(\d\d))?(?:_(T1|T2|RT))?_(.+)\.tiff?$/i;

interface LandsatFile extends ListedFile {
  productId: string;
  sensor: string;
  level: string;
  pathRow: string;
  acquired: string;
  processed: string;
  collection: string;
  tier: string;
  /** SR_B4, QA_PIXEL … */
  part: string;
}

interface Candidate {
  scene: Scene;
  first: LandsatFile;
}

function parseName(file: ListedFile): LandsatFile | null {
  const match = NAME.exec(basename(file.path));
  if (match === null) return null;
  const [, sensor, level, pathRow, acquired, processed = '', collection = '', tier = '', part] = match.map((group) =>
    group?.toUpperCase(),
  ) as [string, string, string, string, string, string | undefined, string | undefined, string | undefined, string];
  const productId = [sensor, level, pathRow, acquired, processed, collection, tier].filter((s) => s !== '').join('_');
  return { ...file, productId, sensor, level, pathRow, acquired, processed, collection, tier, part };
}

/** Finds the Landsat products: the files of one product id in one folder are one scene. */
export async function findLandsat(files: readonly ListedFile[], needed: readonly BandRole[]): Promise<Recognised> {
  const named = files
    .filter((file) => isTiffName(file.path))
    .map(parseName)
    .filter((file) => file !== null);
  const metadata = new Map(
    files.filter((file) => /_MTL\.(txt|json)$/i.test(file.path)).map((file) => [file.path.toLowerCase(), file.path]),
  );
  const groups = groupBy(named, (file) => `${dirname(file.path)}\n${file.productId}`);
  const built = await mapLimited(groups, 16, ([, group]) => buildScene(group, needed, metadata));
  const candidates = built.filter((item): item is Candidate => 'scene' in item);
  const { kept, dropped } = keepOnePerAcquisition(candidates);
  return {
    scenes: kept,
    unusable: [...built.filter((item): item is UnusableScene => !('scene' in item)), ...dropped],
    claimed: named.map((file) => file.path),
  };
}

async function buildScene(
  group: readonly LandsatFile[],
  needed: readonly BandRole[],
  metadata: ReadonlyMap<string, string>,
): Promise<Candidate | UnusableScene> {
  const first = group[0]!;
  const folder = dirname(first.path);
  const date = isoDateOfDigits(first.acquired);
  const unusable = (reason: string): UnusableScene => ({
    id: first.productId,
    date,
    sensor: first.sensor,
    path: folder,
    reason,
  });
  const bandNumbers = SENSORS[first.sensor];
  if (date === null) return unusable(`the file name has no such date: ${first.acquired}`);
  if (first.collection === '01') return unusable('is Collection 1; download Collection 2 Level-2');
  if (first.level.startsWith('L1')) return unusable('is Level-1 (top of atmosphere); download Level-2');
  if (bandNumbers === undefined) return unusable(`the sensor ${first.sensor} has no surface reflectance product`);
  if (first.collection !== '02' || first.tier === '' || !/^L2S[PR]$/.test(first.level)) {
    return unusable('the file name is not that of a Collection 2 Level-2 product; keep the names of the download');
  }

  const pathOf = new Map(group.map((file) => [file.part, file.path]));
  const missing = needed.filter((role) => !pathOf.has(`SR_B${bandNumbers[role]}`));
  const missingParts = missing.map((role) => `SR_B${bandNumbers[role]}.TIF (${role})`);
  const qaPath = pathOf.get('QA_PIXEL');
  if (qaPath === undefined) missingParts.push('QA_PIXEL.TIF (mask)');
  if (qaPath === undefined || missingParts.length > 0) {
    const advice = 'download what is missing, or describe the files in a scenes.yaml';
    return unusable(`${listText(missingParts)} ${missingParts.length > 1 ? 'are' : 'is'} missing; ${advice}`);
  }

  const mtl = await readMtl(group, first.productId, metadata);
  const bands: Partial<Record<BandRole, BandSource>> = {};
  for (const role of needed) {
    const number = bandNumbers[role];
    const problem = disagreement(mtl, number);
    if (problem !== null) return unusable(problem);
    const cited = mtl?.reflectance.has(number) === true;
    const radiometry = cited ? `${mtl.name}, group ${mtl.group}` : 'Landsat Collection 2 Level 2 product definition';
    bands[role] = { path: pathOf.get(`SR_B${number}`)!, band: 1, scale: SCALE, offset: OFFSET, nodata: 0, radiometry };
  }
  const masks: Scene['masks'] = [
    {
      path: qaPath,
      band: 1,
      rule: { kind: 'bits', bits: [0, 1, 2, 3, 4, 5] },
      description: 'QA_PIXEL bits 0-5: fill, dilated cloud, cirrus, cloud, cloud shadow, snow',
    },
  ];
  const scene: Scene = {
    id: first.productId,
    date,
    year: Number(date.slice(0, 4)),
    sensor: first.sensor,
    product: 'landsat-c2l2',
    bands,
    masks,
    files: filesOf({ bands, masks }),
    adjustments: [],
  };
  return { scene, first };
}

function disagreement(mtl: Mtl | null, band: number): string | null {
  const told = mtl?.reflectance.get(band);
  if (mtl === null || told === undefined) return null;
  if (isClose(told.mult, SCALE) && isClose(told.add, OFFSET)) return null;
  return (
    `${mtl.name} gives band ${band} scale ${told.mult} and offset ${told.add}, Collection 2 Level-2 has ` +
    `${SCALE} and ${OFFSET}; download the product again, or describe it in a scenes.yaml`
  );
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

/** Of the same acquisition (sensor, path and row, date) the newest processing is used, of the same product the first. */
function keepOnePerAcquisition(candidates: readonly Candidate[]): { kept: Scene[]; dropped: UnusableScene[] } {
  const kept: Scene[] = [];
  const dropped: UnusableScene[] = [];
  const keyOf = ({ first }: Candidate): string => `${first.sensor}_${first.pathRow}_${first.acquired}`;
  const rankOf = ({ first }: Candidate): string => `${first.processed}${TIERS.indexOf(first.tier)}`;
  for (const [, group] of groupBy(candidates, keyOf)) {
    const best = group.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
    kept.push(best.scene);
    for (const { scene, first } of group.filter((candidate) => candidate !== best)) {
      const reason =
        scene.id === best.scene.id
          ? `the same product is used from ${dirname(best.first.path)}`
          : `the same acquisition is used as ${best.scene.id}`;
      dropped.push({
        id: scene.id,
        date: scene.date,
        sensor: scene.sensor,
        path: dirname(first.path),
        reason,
        harmless: true,
      });
    }
  }
  return { kept, dropped };
}
