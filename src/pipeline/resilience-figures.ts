/**
 * From what was measured of each zone and year to E, ECI, ThV, thresholds, score and what they owe to their weights.
 * @module
 */
import {
  climateChange,
  ecosystemResilience,
  elasticModulus,
  meanScore,
  mostElastic,
  shannonBits,
  strengthCoefficient,
  waterConservation,
} from '../ecology/elasticity.ts';
import {
  FIXED_LIMITS,
  foundLimits,
  integrity,
  INTEGRITY_PARTS,
  normalised,
  type Integrity,
  type IntegrityValues,
  type IntegrityWeights,
} from '../ecology/integrity.ts';
import {
  corridorAdaptability,
  ecosystemResistance,
  resilienceScore,
  sourceResilience,
  type ScoreWeights,
} from '../ecology/resilience-score.ts';
import { findThresholds } from '../ecology/thresholds.ts';
import { weightEffects } from '../ecology/weights.ts';
import type { LandscapeFigures } from '../report/landscape-model.ts';
import type {
  ResilienceClass,
  ResilienceEffect,
  ResiliencePage,
  ResilienceScore,
  ResilienceYear,
  ResilienceZone,
} from '../report/resilience-model.ts';
import { NO_CLIMATE, type ClimateYear } from './climate-table.ts';
import type { ResilienceConfig } from './resilience-config.ts';
import type { ZoneNetwork } from './zone-network.ts';

/** A zone with all that was measured of it. */
export interface MeasuredZone {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Years with a map of classes, ascending. */
  readonly years: readonly MeasuredYear[];
  /** Yearly means of FVC as the run's own tables have them; NaN = missing. */
  readonly cover: readonly number[];
  /** Null where there is none, as there are no cells. */
  readonly network: Pick<
    ZoneNetwork,
    'year' | 'shares' | 'indices' | 'ease' | 'sourceShare' | 'sourceFvc' | 'cohesion'
  > | null;
  readonly climate: ReadonlyMap<number, ClimateYear>;
}

/** A zone in one year; NaN without data. */
export interface MeasuredYear {
  readonly year: number;
  /** Cells with a class, of all cells of the zone. */
  readonly validShare: number;
  readonly ndvi: number;
  readonly fvc: number;
  /** Null where too little of the zone has a class. */
  readonly metrics: LandscapeFigures | null;
}

type PartName = keyof IntegrityValues;
const PARTS: readonly PartName[] = [...INTEGRITY_PARTS.sc, ...INTEGRITY_PARTS.fc, 'e'];

/** Figures of a year; NaN where they do not exist. */
interface YearValues {
  readonly year: number;
  readonly measured: MeasuredYear;
  readonly shares: readonly number[];
  readonly c1: number;
  readonly c2: number;
  /** As they are, before they are put on the scale 0–1. */
  readonly raw: Readonly<Record<PartName, number>>;
}

/** Figures of all zones, and the limits that they share. */
export function resilienceFigures(
  zones: readonly MeasuredZone[],
  classes: readonly ResilienceClass[],
  config: ResilienceConfig,
  preMining: readonly number[] | undefined,
): Pick<ResiliencePage, 'zones' | 'limits'> {
  const values = zones.map((zone) => yearValues(zone, classes, config.load));
  const limits = partLimits(values.flat(), classes, config);
  const scale = new Map(limits.map(({ part, low, high }) => [part, [low, high] as const]));
  return {
    limits,
    zones: zones.map((zone, k) => zoneFigures(zone, values[k]!, classes, scale, config, preMining)),
  };
}

function yearValues(zone: MeasuredZone, classes: readonly ResilienceClass[], load: number): YearValues[] {
  const mean = (field: 'precipitation' | 'temperature'): number => {
    const known = [...zone.climate.values()].map((year) => year[field]).filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const means = { precipitation: mean('precipitation'), temperature: mean('temperature') };
  // A factor that the whole series lacks is 1; one that a year lacks leaves that year without E.
  const rates = (field: 'precipitation' | 'temperature', own: 'c1' | 'c2') => {
    const given = [...zone.climate.values()].some((year) => !Number.isNaN(year[own]));
    if (given) return (year: ClimateYear) => year[own];
    if (Number.isNaN(means[field])) return () => 1;
    return (year: ClimateYear) => (Number.isNaN(year[field]) ? NaN : climateChange(year[field], means[field]));
  };
  const [firstRate, secondRate] = [rates('precipitation', 'c1'), rates('temperature', 'c2')];
  return zone.years.map((measured) => {
    const climate = zone.climate.get(measured.year) ?? NO_CLIMATE;
    const [c1, c2] = [firstRate(climate), secondRate(climate)];
    const { metrics } = measured;
    const shares = classes.map(({ code }) => (metrics?.byClass.find((c) => c.class === code)?.percent ?? 0) / 100);
    const e = modulus(
      shares,
      classes.map(({ score }) => score),
      measured.ndvi,
      c1,
      c2,
      load,
    );
    const raw = {
      shei: metrics?.shei ?? NaN,
      mpfd: metrics?.fractal ?? NaN,
      // Of one class CONTAG is not defined; a landscape that comes to hold one class only comes to 100.
      contag: metrics === null ? NaN : metrics.classes === 1 ? 100 : (metrics.contagion ?? NaN),
      connect: metrics?.connectance ?? NaN,
      npp: metrics === null ? NaN : climate.npp,
      water:
        metrics === null ? NaN : waterConservation(climate.precipitation, climate.evapotranspiration, climate.runoff),
      e,
    };
    return { year: measured.year, measured, shares, c1, c2, raw };
  });
}

function modulus(
  shares: readonly number[],
  scores: readonly number[],
  ndvi: number,
  c1: number,
  c2: number,
  load: number,
): number {
  if (Number.isNaN(ndvi) || Number.isNaN(c1) || Number.isNaN(c2)) return NaN;
  return elasticModulus(
    strengthCoefficient(shannonBits(shares), ndvi, c1, c2),
    ecosystemResilience(shares, scores),
    load,
  );
}

function partLimits(
  values: readonly YearValues[],
  classes: readonly ResilienceClass[],
  config: ResilienceConfig,
): ResiliencePage['limits'] {
  return PARTS.flatMap((part) => {
    const given = part === 'npp' || part === 'water' || part === 'e' ? config.limits[part] : undefined;
    if (given !== undefined) return [{ part, low: given[0], high: given[1], source: 'given' }];
    if (part === 'e') {
      const high = mostElastic(classes.length, config.load);
      return [{ part, low: 0, high, source: 'by definition: σ·(log₂ m)²' }];
    }
    if (part === 'npp' || part === 'water') {
      const found = foundLimits(values.map(({ raw }) => raw[part]));
      return found === undefined
        ? []
        : [{ part, low: found[0], high: found[1], source: 'least and largest of this run' }];
    }
    const [low, high] = FIXED_LIMITS[part];
    return [{ part, low, high, source: 'by definition' }];
  });
}

type Scale = ReadonlyMap<string, readonly [number, number]>;

function scaled(raw: YearValues['raw'], scale: Scale, dropped: ReadonlySet<PartName>): IntegrityValues {
  const of = (part: PartName): number => (dropped.has(part) ? NaN : normalised(raw[part], scale.get(part)!));
  return Object.fromEntries(PARTS.map((part) => [part, of(part)])) as Record<PartName, number>;
}

const NONE: Integrity = { sc: NaN, fc: NaN, e: NaN, eci: NaN };

function zoneFigures(
  zone: MeasuredZone,
  values: readonly YearValues[],
  classes: readonly ResilienceClass[],
  scale: Scale,
  config: ResilienceConfig,
  preMining: readonly number[] | undefined,
): ResilienceZone {
  const { weights } = config;
  // A part that no year has is dropped. A year that lacks one of the others is no match for the rest of the series.
  const dropped = new Set(
    PARTS.filter((part) => !scale.has(part) || values.every(({ raw }) => Number.isNaN(raw[part]))),
  );
  const indices = (given: IntegrityWeights): Integrity[] =>
    values.map(({ raw }) => {
      const whole = PARTS.every((part) => dropped.has(part) || !Number.isNaN(raw[part]));
      return whole ? integrity(scaled(raw, scale, dropped), given) : NONE;
    });
  const found = indices(weights);
  const years = values.map(({ year }) => year);
  const before = preMiningYears(years, found, preMining);
  const baseOf = (all: readonly Integrity[]): number => {
    const known = years.flatMap((year, k) => (before.includes(year) ? [all[k]!.eci] : []));
    return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const base = baseOf(found);
  const thv = found.map(({ eci }) => (base > 0 ? eci / base : NaN));
  const points = Object.fromEntries(Object.entries(config.points).filter(([, value]) => value !== undefined));
  const thresholds = findThresholds(thv, years, points);
  const last = found.findLastIndex(({ eci }) => !Number.isNaN(eci));
  const effects = last < 0 ? [] : indexEffects(zone, values, last, classes, config, indices, baseOf);
  const score = scoreOf(zone, classes, config.scoreWeights);
  return {
    id: zone.id,
    name: zone.name,
    role: zone.role,
    years: values.map((value, k) => yearFigures(value, classes, found[k]!, thv[k]!, thresholds.stages[k]!)),
    dropped: values.length === 0 ? [] : [...dropped],
    preMining: { years: before, eci: figure(base) },
    points: (values.length === 0 ? [] : thresholds.points).map(({ name, source, value, crossed, regained }) => ({
      point: name,
      source,
      thv: figure(value),
      crossedYear: figure(crossed),
      regainedYear: figure(regained),
    })),
    segmentationP: figure(thresholds.p),
    score,
    effects: [...effects, ...scoreEffects(score, config.scoreWeights)],
  };
}

/** The years that were named; else the first one with an index. */
function preMiningYears(
  years: readonly number[],
  found: readonly Integrity[],
  named: readonly number[] | undefined,
): number[] {
  const known = years.filter((_, k) => !Number.isNaN(found[k]!.eci));
  return named === undefined ? known.slice(0, 1) : known.filter((year) => named.includes(year));
}

function yearFigures(
  { year, measured, shares, c1, c2, raw }: YearValues,
  classes: readonly ResilienceClass[],
  { sc, fc, e, eci }: Integrity,
  thv: number,
  stage: string | null,
): ResilienceYear {
  const scores = classes.map(({ score }) => score);
  const has = measured.metrics !== null;
  const entropy = shannonBits(shares);
  return {
    year,
    validShare: measured.validShare,
    ndvi: figure(measured.ndvi),
    fvc: figure(measured.fvc),
    entropy: figure(entropy),
    score: figure(meanScore(shares, scores)),
    ecoRes: figure(ecosystemResilience(shares, scores)),
    strength: has && !Number.isNaN(c1 * c2) ? figure(strengthCoefficient(entropy, measured.ndvi, c1, c2)) : null,
    c1: figure(c1),
    c2: figure(c2),
    e: figure(raw.e),
    shei: figure(raw.shei),
    mpfd: figure(raw.mpfd),
    contag: figure(raw.contag),
    connect: figure(raw.connect),
    npp: figure(raw.npp),
    water: figure(raw.water),
    sc: figure(sc),
    fc: figure(fc),
    eScaled: figure(e),
    eci: figure(eci),
    thv: figure(thv),
    stage,
  };
}

function figure(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Effects of the weights on E, ECI and ThV of the last year. */
function indexEffects(
  zone: MeasuredZone,
  values: readonly YearValues[],
  last: number,
  classes: readonly ResilienceClass[],
  config: ResilienceConfig,
  indices: (weights: IntegrityWeights) => Integrity[],
  baseOf: (all: readonly Integrity[]) => number,
): ResilienceEffect[] {
  const { year, shares, measured, c1, c2 } = values[last]!;
  const effectsOn = (
    result: string,
    weights: Readonly<Record<string, number>>,
    of: (weights: Readonly<Record<string, number>>) => number,
  ): ResilienceEffect[] => {
    const value = of(weights);
    if (!Number.isFinite(value)) return [];
    return weightEffects(weights, of).map(({ weight, value: weightValue, less, more }) => {
      return { result, year, value, weight, weightValue, less, more };
    });
  };
  const scores = Object.fromEntries(classes.map(({ code, score }) => [`S of class ${code}`, score]));
  const ofScores = (given: Readonly<Record<string, number>>) =>
    modulus(shares, Object.values(given), measured.ndvi, c1, c2, config.load);
  const at = (given: Readonly<Record<string, number>>) => indices({ ...config.weights, ...given });
  return [
    ...effectsOn('E', scores, ofScores),
    ...effectsOn('E', { σ: config.load }, (given) =>
      modulus(shares, Object.values(scores), measured.ndvi, c1, c2, given.σ!),
    ),
    ...effectsOn('ECI', config.weights, (given) => at(given)[last]!.eci),
    ...effectsOn('ThV', config.weights, (given) => {
      const all = at(given);
      return all[last]!.eci / baseOf(all);
    }),
  ];
}

function scoreOf(
  zone: MeasuredZone,
  classes: readonly ResilienceClass[],
  weights: ScoreWeights,
): ResilienceScore | null {
  const { network } = zone;
  if (network === null) return null;
  const scores = classes.map(({ score }) => score);
  const resistance = ecosystemResistance(zone.cover, meanScore(network.shares, scores));
  const { indices, ease, sourceShare, sourceFvc, cohesion } = network;
  const r2 = sourceResilience(sourceShare, sourceFvc, cohesion / 100);
  const r3 = corridorAdaptability(indices.nodes, indices.alpha, indices.gamma, ease);
  return {
    year: network.year,
    stability: figure(resistance.stability),
    classScore: figure(resistance.score),
    r1: figure(resistance.r1),
    sources: indices.nodes,
    sourceShare,
    sourceFvc: figure(sourceFvc),
    cohesion: figure(cohesion),
    r2: figure(r2),
    corridors: indices.links,
    parts: indices.parts,
    alpha: figure(indices.alpha),
    beta: figure(indices.beta),
    gamma: figure(indices.gamma),
    ease: figure(ease),
    r3: figure(r3),
    r: figure(resilienceScore({ r1: resistance.r1, r2, r3 }, weights)),
  };
}

function scoreEffects(score: ResilienceScore | null, weights: ScoreWeights): ResilienceEffect[] {
  if (score?.r === null || score === null) return [];
  const parts = { r1: score.r1 ?? NaN, r2: score.r2 ?? NaN, r3: score.r3 ?? NaN };
  const of = (given: Readonly<Record<string, number>>) => resilienceScore(parts, { ...weights, ...given });
  return weightEffects(weights, of).map(({ weight, value, less, more }) => {
    return { result: 'R', year: score.year, value: score.r!, weight, weightValue: value, less, more };
  });
}
