/**
 * Landsat Collection 2 Level 2 by its file names, and by STAC items where the files are elsewhere.
 * @module
 */
import { basename, dirname } from 'node:path';
import { isoDateOfDigits } from './dates.ts';
import { isTemperature, landsatItemScene, productOfItem } from './landsat-item.ts';
import { readMtl, type Mtl } from './landsat-mtl.ts';
import {
  isProductRadiometry,
  OFFSET,
  parseLandsatName,
  productProblem,
  qaPixelMask,
  SCALE,
  SENSORS,
  TIERS,
  type LandsatCandidate,
  type LandsatProduct,
} from './landsat-product.ts';
import type { ListedFile } from './listing.ts';
import { isTiffName } from './listing.ts';
import { filesOf, groupBy, listText, mapLimited, type Recognised } from './recognised.ts';
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';
import { claimedByItem, type LocatedItem } from './stac-asset.ts';

interface LandsatFile extends ListedFile, LandsatProduct {
  /** SR_B4, QA_PIXEL … */
  part: string;
}

function parseName(file: ListedFile): LandsatFile | null {
  const named = parseLandsatName(basename(file.path));
  return named === null ? null : { ...file, ...named };
}

/** Finds the Landsat products: the files of one product id in one folder are one scene. */
export async function findLandsat(
  files: readonly ListedFile[],
  items: readonly LocatedItem[],
  needed: readonly BandRole[],
): Promise<Recognised> {
  const named = files
    .filter((file) => isTiffName(file.path))
    .map(parseName)
    .filter((file) => file !== null);
  const metadata = new Map(
    files.filter((file) => /_MTL\.(txt|json)$/i.test(file.path)).map((file) => [file.path.toLowerCase(), file.path]),
  );
  const groups = groupBy(named, (file) => `${dirname(file.path)}\n${file.productId}`);
  const built = await mapLimited(groups, 16, ([, group]) => buildScene(group, needed, metadata));
  // The item of files that were found by their names says nothing new.
  const here = new Set(named.map((file) => file.productId));
  const idOf = ({ item }: LocatedItem): string => productOfItem(item)?.productId ?? item.id;
  const reflectance = new Set(items.filter(({ item }) => !isTemperature(item)).map(idOf));
  const elsewhere = items.filter(
    (located) => !here.has(idOf(located)) && (reflectance.has(idOf(located)) ? !isTemperature(located.item) : true),
  );
  built.push(...(await mapLimited(elsewhere, 16, (located) => landsatItemScene(located, needed))));
  const candidates = built.filter((found): found is LandsatCandidate => 'scene' in found);
  const listed = new Set(files.map(({ path }) => path));
  const { kept, dropped } = keepOnePerAcquisition(candidates);
  return {
    scenes: kept,
    unusable: [...built.filter((found): found is UnusableScene => !('scene' in found)), ...dropped],
    claimed: [...named.map((file) => file.path), ...items.flatMap((located) => claimedByItem(located, listed))],
  };
}

async function buildScene(
  group: readonly LandsatFile[],
  needed: readonly BandRole[],
  metadata: ReadonlyMap<string, string>,
): Promise<LandsatCandidate | UnusableScene> {
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
  if (date === null) return unusable(`the file name has no such date: ${first.acquired}`);
  const wrong = productProblem(first);
  if (wrong !== null) return unusable(wrong);
  const bandNumbers = SENSORS[first.sensor]!;

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
  const masks = [qaPixelMask(qaPath)];
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
  return { scene, product: first, place: folder };
}

function disagreement(mtl: Mtl | null, band: number): string | null {
  const told = mtl?.reflectance.get(band);
  if (mtl === null || told === undefined) return null;
  if (isProductRadiometry(told.mult, told.add)) return null;
  return (
    `${mtl.name} gives band ${band} scale ${told.mult} and offset ${told.add}, Collection 2 Level-2 has ` +
    `${SCALE} and ${OFFSET}; download the product again, or describe it in a scenes.yaml`
  );
}

/** Of the same acquisition (sensor, path and row, date) the newest processing is used, of the same product the first. */
function keepOnePerAcquisition(candidates: readonly LandsatCandidate[]): { kept: Scene[]; dropped: UnusableScene[] } {
  const kept: Scene[] = [];
  const dropped: UnusableScene[] = [];
  const keyOf = ({ product }: LandsatCandidate): string => `${product.sensor}_${product.pathRow}_${product.acquired}`;
  const rankOf = ({ product }: LandsatCandidate): string => `${product.processed}${TIERS.indexOf(product.tier)}`;
  for (const [, group] of groupBy(candidates, keyOf)) {
    const best = group.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
    kept.push(best.scene);
    for (const { scene, place } of group.filter((candidate) => candidate !== best)) {
      const reason =
        scene.id === best.scene.id
          ? `the same product is used from ${best.place}`
          : `the same acquisition is used as ${best.scene.id}`;
      const { id, date, sensor } = scene;
      dropped.push({ id, date, sensor, path: place, reason, harmless: true });
    }
  }
  return { kept, dropped };
}
