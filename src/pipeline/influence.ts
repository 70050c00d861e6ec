/**
 * How far the influence of each mine reaches, and over how much land.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { exactValue } from '../kernels/exact-sum.ts';
import type {
  InfluenceFigures,
  InfluenceTotal,
  MineInfluence,
  RegionFigures,
  RingFigures,
  RingYear,
} from '../report/influence-model.ts';
import type { ZoneFigures } from '../report/model.ts';
import { yearSlot } from '../tasks/zone-sums.ts';
import { loadUnite } from '../vector/clip.ts';
import { zoneAreaM2 } from '../vector/geodesic-area.ts';
import type { Polygons } from '../vector/polygons.ts';
import { projectZone } from '../vector/project.ts';
import type { Ring } from '../vector/rings.ts';
import type { Zone } from '../vector/zone.ts';
import { extrapolateByProduction, parseTonnes } from './extrapolate.ts';
import { INFLUENCE_ALPHA, influenceRadius, type RadiusFigures } from './influence-radius.ts';
import type { TrendOptions } from './options.ts';
import { readProductions } from './production.ts';
import type { PreparedZones } from './zones.ts';

const M2_PER_HA = 1e4;

/** How the rings are judged. */
export interface InfluencePlan {
  /** Years of the test. */
  years: number[];
  tolerance: number;
  reference: InfluenceFigures['reference'];
  /** The method in words. */
  method: string;
  rings: readonly Ring[];
  /** Tonnes by mine; null where none are wanted. */
  productions: ReadonlyMap<string, number> | null;
  regionT: number | null;
  unite: (parts: readonly Polygons[]) => Polygons;
}

type InfluenceOptions = Pick<
  TrendOptions,
  'aoi' | 'fvc' | 'index' | 'influenceYears' | 'influenceTolerance' | 'production' | 'regionProduction'
>;

/**
 * Settles how the rings are judged; null without rings.
 *
 * @param years Years with scenes.
 * @throws {MineRsError} USAGE for options that need rings, years without scenes, or mines without a production
 */
export async function planInfluence(
  options: InfluenceOptions,
  zones: readonly Zone[],
  rings: readonly Ring[],
  years: readonly number[],
): Promise<InfluencePlan | null> {
  const { influenceYears, production, regionProduction } = options;
  if (rings.length === 0) {
    const needy = {
      '--influence-years': influenceYears,
      '--production': production,
      '--region-production': regionProduction,
    };
    const [asked] = Object.entries(needy).find(([, value]) => value !== undefined) ?? [];
    if (asked !== undefined) throw new MineRsError('USAGE', `${asked} needs rings around the mines: add --rings`);
    return null;
  }
  const chosen = chosenYears(influenceYears, years);
  const references = zones.filter((zone) => zone.role === 'reference').map((zone) => zone.id);
  const regionT = regionProduction === undefined ? null : parseTonnes(regionProduction, '--region-production');
  const mines = zones.filter((zone) => zone.role === 'mine');
  const wanted = production !== undefined || regionT !== null;
  const plan = {
    years: chosen,
    tolerance: options.influenceTolerance,
    reference: references.length > 0 ? ('zones' as const) : ('outermost ring' as const),
    rings,
    productions: wanted ? readProductions(production, mines, options.aoi) : null,
    regionT,
    unite: await loadUnite(),
  };
  return {
    ...plan,
    method: methodText(plan, references, options.fvc === 'none' ? options.index.toUpperCase() : 'FVC'),
  };
}

function chosenYears(text: string | undefined, years: readonly number[]): number[] {
  if (text === undefined) return [...years];
  const [from, to] = text.split('..').map(Number) as [number, number];
  const chosen = years.filter((year) => year >= from && year <= to);
  if (chosen.length > 0) return chosen;
  const have = `${years[0]} to ${years.at(-1)}`;
  throw new MineRsError('USAGE', `--influence-years ${text}: no scene is of these years (there are scenes of ${have})`);
}

function methodText(
  { years, tolerance, reference }: Pick<InfluencePlan, 'years' | 'tolerance' | 'reference'>,
  references: readonly string[],
  value: string,
): string {
  const against =
    reference === 'zones'
      ? `the mean of the reference ${references.length === 1 ? 'zone' : 'zones'} (${references.slice(0, 5).join(', ')}${references.length > 5 ? ', …' : ''})`
      : 'the outermost ring of the same mine, taken to be free of influence';
  const span = years.length === 1 ? `${years[0]}` : `${years[0]} to ${years.at(-1)}`;
  const n = `${years.length} ${years.length === 1 ? 'year' : 'years'}`;
  return [
    `A ring is influenced where its mean ${value} is below ${against} by more than ${tolerance}`,
    `in the ${n} ${span} (Wilcoxon signed-rank test of the yearly differences, exact, one-sided, ${100 * INFLUENCE_ALPHA} %),`,
    'and all rings nearer to the mine are. The radius is the outer distance of the last such ring.',
    'Influence area: the polygon and the rings within the radius, less the excavated land.',
    'Excavated: land of the polygon that was disturbed in any year.',
  ].join(' ');
}

/**
 * Judges the rings of all mines.
 *
 * @param years Years with scenes, of the sums.
 * @param ringFigures Figures of each ring, in the order of `plan.rings`.
 * @param zoneFigures Figures of the zones; the mines among them are looked up by id.
 * @param sums Exact sums by zone number.
 */
export function influenceFigures(
  plan: InfluencePlan,
  prepared: PreparedZones,
  years: readonly number[],
  sums: readonly Float64Array[],
  ringFigures: readonly ZoneFigures[],
  zoneFigures: readonly ZoneFigures[],
): InfluenceFigures {
  const level = plan.reference === 'zones' ? referenceMeans(prepared, years.length, sums) : null;
  const rings: RingFigures[] = [];
  const mines: MineInfluence[] = [];
  const areas = new Map<string, Polygons[]>();
  for (const { zone } of prepared.zones) {
    if (zone.role !== 'mine') continue;
    const own = plan.rings.flatMap((ring, k) => (ring.mine === zone.id ? [{ ring, figures: ringFigures[k]! }] : []));
    const outermost = own.at(-1)?.figures.years.map(({ mean }) => mean ?? Number.NaN);
    const reference = level ?? outermost ?? [];
    const byYear = own.map(({ figures }) => ringYears(figures, reference));
    const inTest = years.map((year) => plan.years.includes(year));
    const found = influenceRadius(
      own.map(({ ring: { fromM, toM } }, k) => {
        const isReference = level === null && k === own.length - 1;
        const used = byYear[k]!.filter((_, t) => inTest[t]);
        return { fromM, toM, shortfalls: isReference ? null : used.map(({ shortfall }) => shortfall ?? Number.NaN) };
      }),
      plan.tolerance,
    );
    for (const [k, { ring, figures }] of own.entries()) {
      rings.push(ringRecord(ring, figures, byYear[k]!, inTest, found.rings[k]!));
    }
    const mine = mineRecord(
      zoneFigures.find((figures) => figures.id === zone.id)!,
      found,
      own,
      plan,
    );
    mines.push(mine);
    if (mine.influenceHa !== null) {
      const within = own.filter(({ ring }) => ring.toM <= mine.radiusM!).map(({ ring }) => ring.polygons);
      areas.set(zone.id, [zone.polygons, ...within]);
    }
  }
  const total = totalOf(plan, prepared, mines, areas);
  const { method, tolerance, reference } = plan;
  const common = { method, tolerance, alpha: INFLUENCE_ALPHA, years: plan.years, reference };
  return { ...common, rings, mines, total, region: regionOf(plan.regionT, total) };
}

/** Mean of the reference zones by year, land of several counted once; NaN in a year without data. */
function referenceMeans(prepared: PreparedZones, nTimes: number, sums: readonly Float64Array[]): number[] {
  const numbers = prepared.withoutOverlap('reference');
  return Array.from({ length: nTimes }, (_, t) => {
    let [value, valid] = [0, 0];
    for (const number of numbers) {
      value += exactValue(sums[number]!, yearSlot(t, 'value'));
      valid += exactValue(sums[number]!, yearSlot(t, 'valid'));
    }
    return value / valid;
  });
}

function ringYears(figures: ZoneFigures, reference: readonly number[]): RingYear[] {
  return figures.years.map(({ year, mean, validHa, nodataHa }, t) => {
    const level = Number.isFinite(reference[t]) ? reference[t]! : null;
    const state = figures.states[t];
    return {
      year,
      mean,
      validHa,
      nodataHa,
      reference: level,
      shortfall: mean === null || level === null ? null : level - mean,
      disturbedHa: state?.disturbedHa ?? null,
      recoveringHa: state?.recoveringHa ?? null,
      recoveredHa: state?.recoveredHa ?? null,
    };
  });
}

function ringRecord(
  { mine, fromM, toM }: Ring,
  figures: ZoneFigures,
  years: RingYear[],
  inTest: readonly boolean[],
  test: RadiusFigures['rings'][number],
): RingFigures {
  // Means of the years in which both the ring and the reference have data: their difference is the shortfall.
  const both = years.filter(({ shortfall }, t) => inTest[t] && shortfall !== null);
  const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const { id, areaHa, outsideHa, trend, meanTrend, land } = figures;
  return {
    id,
    mine,
    fromM,
    toM,
    areaHa,
    outsideHa,
    years,
    trend,
    meanTrend,
    disturbedHa: land?.recovery.disturbedHa ?? null,
    mean: both.length === 0 ? null : meanOf(both.map((year) => year.mean!)),
    reference: both.length === 0 ? null : meanOf(both.map((year) => year.reference!)),
    shortfall: test.shortfall,
    n: test.n,
    p: test.p,
    influenced: test.p === null ? null : test.influenced,
  };
}

function mineRecord(
  { id, name, areaHa, land }: ZoneFigures,
  { result, radiusM, testedToM, falling, beyond }: RadiusFigures,
  own: readonly { ring: Ring; figures: ZoneFigures }[],
  plan: InfluencePlan,
): MineInfluence {
  const excavatedHa = land?.recovery.disturbedHa ?? null;
  const within = own.filter(({ ring }) => radiusM !== null && ring.toM <= radiusM);
  const aroundHa = within.reduce((sum, { figures }) => sum + figures.areaHa, 0);
  const influenceHa = radiusM === null || excavatedHa === null ? null : areaHa + aroundHa - excavatedHa;
  return {
    id,
    name,
    result,
    radiusM,
    testedToM,
    falling,
    beyond,
    polygonHa: areaHa,
    excavatedHa,
    influenceHa,
    ratio: ratioOf(influenceHa, excavatedHa),
    productionT: plan.productions?.get(id) ?? null,
  };
}

function ratioOf(influenceHa: number | null, excavatedHa: number | null): number | null {
  return influenceHa === null || excavatedHa === null || excavatedHa === 0 ? null : influenceHa / excavatedHa;
}

/** All mines with an area of influence, land of several counted once. */
function totalOf(
  plan: InfluencePlan,
  prepared: PreparedZones,
  mines: readonly MineInfluence[],
  areas: ReadonlyMap<string, Polygons[]>,
): InfluenceTotal | null {
  const members = mines.filter((mine) => areas.has(mine.id));
  if (members.length === 0) return null;
  const zones = prepared.zones.map(({ zone }) => zone).filter((zone) => areas.has(zone.id) && zone.role === 'mine');
  const { crs } = zones[0]!;
  const parts = zones.flatMap((zone) =>
    areas.get(zone.id)!.map((polygons) => (zone === zones[0] ? polygons : projectZone({ ...zone, polygons }, crs))),
  );
  const wholeHa = zoneAreaM2({ ...zones[0]!, polygons: plan.unite(parts) }) / M2_PER_HA;
  const excavatedHa = members.reduce((sum, mine) => sum + mine.excavatedHa!, 0);
  const influenceHa = wholeHa - excavatedHa;
  const productionT = plan.productions && members.reduce((sum, mine) => sum + mine.productionT!, 0);
  const ratio = ratioOf(influenceHa, excavatedHa);
  return { mines: members.map((mine) => mine.id), excavatedHa, influenceHa, ratio, productionT };
}

function regionOf(regionT: number | null, total: InfluenceTotal | null): RegionFigures | null {
  if (regionT === null || total === null) return null;
  const grown = (hectares: number) => extrapolateByProduction([hectares], [total.productionT!], regionT);
  return { productionT: regionT, excavatedHa: grown(total.excavatedHa), influenceHa: grown(total.influenceHa) };
}
