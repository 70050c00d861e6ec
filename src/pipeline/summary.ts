/**
 * From the sums of the passes to the figures of the tables.
 * @module
 */
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { MineRsError } from '../errors.ts';
import { exactValue, mergeExact } from '../kernels/exact-sum.ts';
import { legendClasses } from '../kernels/trend.ts';
import type { LandFigures } from '../report/land-model.ts';
import {
  SUMMARY_VERSION,
  type ClassFigures,
  type Plan,
  type RoleFigures,
  type StateFigures,
  type Summary,
  type YearFigures,
  type ZoneFigures,
} from '../report/model.ts';
import { cutOffOf } from '../tasks/series-values.ts';
import { classSlot, CLEAR_SPLIT, yearSlot, type YearSlot } from '../tasks/zone-sums.ts';
import type { Findings } from './execute.ts';
import { fieldShifts, smallestFieldP } from './field.ts';
import { influenceFigures } from './influence.ts';
import { hasCohorts, landFigures } from './land.ts';
import { planMemory } from './memory.ts';
import { permutationFigures } from './permutation-figures.ts';
import type { Preparation } from './prepare.ts';
import { seasonalFigures } from './seasons.ts';
import { segmentationFigures } from './segmentation.ts';
import { isUrl } from '../url.ts';
import { VERSION } from './version.ts';
import { meanTrend } from './zone-trends.ts';
import { BUDGET_TOLERANCE, type PreparedZone } from './zones.ts';

const M2_PER_HA = 1e4;

/**
 * All figures of a run.
 * @throws {MineRsError} INTERNAL if the hectares of a table do not add up to the zone
 */
export function summarise(run: Preparation, done: Findings): Summary {
  const { options } = run;
  const zones = run.zones.zones.map((zone) => figuresOf(run, done, zone));
  const totals = totalsOf(run, done);
  const shuffled = done.permutation;
  return {
    schemaVersion: SUMMARY_VERSION,
    tool: { name: 'mine-rs', version: VERSION },
    aoi: run.aoi.path,
    years: run.years,
    missingYears: missingYears(run.years),
    grid: gridFigures(run),
    index: options.index,
    composite: options.composite,
    fvc: done.endpoints && { model: options.fvcModel, endpoints: done.endpoints },
    trend: {
      on: options.trendOn === 'index' ? options.index : options.trendOn,
      legend: options.legend,
      pMethod: options.pMethod,
      epsilon: options.epsilon,
      minYears: options.minYears,
      smallestP: smallestFieldP(run.years.length, options.pMethod),
      correction: options.correction,
      reference: run.reference && { text: run.reference.text, levels: levelsOf(run, done.trendLevels!) },
    },
    field: done.field && done.field.figures,
    seasonal: done.seasons && seasonalFigures(run, run.seasons!, done.seasons),
    permutation: shuffled && permutationFigures(run, shuffled, shuffled.standing, zones, totals),
    baseline: done.endpoints && {
      text: run.baseline.text,
      levels: done.referenceLevels && levelsOf(run, done.referenceLevels),
    },
    thresholds: done.endpoints && {
      disturbedBelow: options.disturbedBelow,
      recoveredAbove: options.recoveredAbove,
      disturbedYears: options.disturbedYears,
      recoveredYears: options.recoveredYears,
      fillGaps: options.fillGaps,
      filterFlips: options.filterFlips,
      minPatch: done.sieve,
    },
    zones,
    totals,
    overlaps: run.zones.overlaps.map(({ a, b, areaM2 }) => ({ a, b, hectares: finiteOrNull(areaM2 / M2_PER_HA) })),
    segmentation: segmentationFigures(run, done.segmentation),
    influence: influenceOf(run, done, zones),
    audit: done.audit,
    scenes: sceneFigures(run, done),
    warnings: run.warnings,
  };
}

/** The rings are no part of the domain of field significance: their figures have no corrected hectares. */
function influenceOf(run: Preparation, done: Findings, zones: readonly ZoneFigures[]): Summary['influence'] {
  if (run.influence === null) return null;
  const rings = run.zones.rings.map((ring) => figuresOf(run, { ...done, field: null }, ring));
  return influenceFigures(run.influence, run.zones, run.years, done.sums, rings, zones);
}

function levelsOf(run: Preparation, levels: Float64Array): { year: number; fvc: number | null }[] {
  return run.years.map((year, t) => ({ year, fvc: finiteOrNull(levels[t]!) }));
}

function missingYears(years: readonly number[]): number[] {
  const first = years[0]!;
  const span = Array.from({ length: years.at(-1)! - first + 1 }, (_, k) => first + k);
  return span.filter((year) => !years.includes(year));
}

function gridFigures({ gridPlan: { grid, chosen } }: Preparation): Summary['grid'] {
  return { width: grid.width, height: grid.height, crs: grid.crs.name, transform: grid.transform, chosen };
}

/** What a run is going to do, for a dry run. */
export function planOf(run: Preparation): Plan {
  const { workers, blockSize, bytes } = planMemory(run);
  return {
    aoi: run.aoi.path,
    zones: [...run.zones.zones, ...run.zones.rings].map(({ zone, areaM2 }) => {
      return { id: zone.id, name: zone.name, role: zone.role, areaHa: areaM2 / M2_PER_HA };
    }),
    years: run.years,
    missingYears: missingYears(run.years),
    grid: gridFigures(run),
    baseline: run.baseline.text,
    scenes: run.records.map(({ id, date, used, reason, path }) => ({ id, date, used, reason, path })),
    resampled: run.resampled,
    resources: {
      workers,
      blockWidth: blockSize.width,
      blockHeight: blockSize.height,
      memoryMb: Math.ceil(bytes / (1024 * 1024)),
    },
    warnings: run.warnings,
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

interface Area {
  /** Numbers of the zones or unions it is made of. */
  numbers: number[];
  sums: Float64Array;
  areaM2: number;
  outsideM2: number;
}

function figuresOf(run: Preparation, done: Findings, { number, zone, areaM2, outsideM2 }: PreparedZone): ZoneFigures {
  const area = { numbers: [number], sums: done.sums[number]!, areaM2, outsideM2 };
  const { id, name, role } = zone;
  return {
    id,
    name,
    role,
    areaHa: areaM2 / M2_PER_HA,
    outsideHa: outsideM2 / M2_PER_HA,
    ...figures(run, done, area, id),
  };
}

/** Classes, years and states of an area, each checked against its size. */
function figures(run: Preparation, done: Findings, area: Area, what: string) {
  const trend = classFigures(run, done, area);
  const years = run.years.map((year, t) => yearFigures(run, area, year, t));
  const states = done.endpoints === null ? [] : run.years.map((year, t) => stateFigures(run, area, year, t));
  const areaHa = area.areaM2 / M2_PER_HA;
  checkBudget(
    `trend classes of ${what}`,
    trend.map((c) => c.hectares),
    areaHa,
  );
  if (done.field !== null) {
    const corrected = trend.map((c) => c.fdrHectares!);
    checkBudget(`corrected trend classes of ${what}`, corrected, areaHa);
  }
  for (const y of years) checkBudget(`data of ${what} in ${y.year}`, [y.validHa, y.nodataHa], areaHa);
  for (const s of states) {
    const parts = [s.undisturbedHa, s.disturbedHa, s.recoveringHa, s.recoveredHa, s.notAssessableHa, s.nodataHa];
    checkBudget(`land states of ${what} in ${s.year}`, parts, areaHa);
  }
  const means = years.map(({ mean }, t) => (mean === null ? null : mean - (done.trendLevels?.[t] ?? 0)));
  const land = done.endpoints === null ? null : landOf(run, done, area, states, what);
  return {
    trend,
    years,
    meanTrend: meanTrend(run.years, means, { ...run.options, cutOff: meanCutOff(run, done) }),
    states,
    land,
  };
}

/** Where the means are cut off, as their pixels are. */
function meanCutOff({ options }: Preparation, { endpoints, trendLevels }: Findings) {
  const trendOn = options.trendOn === 'index' ? 'index' : 'fvc';
  const cover = endpoints && { ...endpoints, model: options.fvcModel };
  return cutOffOf({ trendOn, cover, levels: trendLevels });
}

function landOf(run: Preparation, done: Findings, area: Area, states: StateFigures[], what: string): LandFigures {
  const { zones, unions, unitM2 } = run.zones;
  const cohorts = hasCohorts(zones.length + unions.length, run.years.length);
  const rule = { years: run.years, pairs: run.transitions, cohorts, unitM2 };
  const outsideHa = area.outsideM2 / M2_PER_HA;
  const known = { numbers: area.numbers, areaHa: area.areaM2 / M2_PER_HA, outsideHa, states };
  return landFigures(done.land, known, rule, what);
}

function checkBudget(what: string, parts: readonly number[], whole: number): void {
  const sum = parts.reduce((a, b) => a + b, 0);
  if (Math.abs(sum - whole) <= BUDGET_TOLERANCE * whole) return;
  throw new MineRsError('INTERNAL', `The ${what} add up to ${sum} ha, but the area is ${whole} ha`);
}

function classFigures(run: Preparation, done: Findings, area: Area): ClassFigures[] {
  const shifts = done.field && fieldShifts(done.field, area.numbers, run.options.legend);
  return legendClasses(run.options.legend).map(({ code, name }) => {
    const inside = exactValue(area.sums, classSlot(code)) * run.zones.unitM2;
    const hectares = (inside + (code === 255 ? area.outsideM2 : 0)) / M2_PER_HA;
    const shiftHa = ((shifts?.get(code) ?? 0) * run.zones.unitM2) / M2_PER_HA;
    return {
      code,
      name,
      hectares,
      percent: (100 * hectares * M2_PER_HA) / area.areaM2,
      fdrHectares: shifts && hectares + shiftHa,
    };
  });
}

function yearFigures(run: Preparation, area: Area, year: number, t: number): YearFigures {
  const read = (slot: YearSlot) => exactValue(area.sums, yearSlot(t, slot));
  const valid = read('valid');
  const validHa = (valid * run.zones.unitM2) / M2_PER_HA;
  const mean = valid === 0 ? null : read('value') / valid;
  const variance = mean === null ? null : read('valueSquared') / valid - mean * mean;
  const insideUnits = (area.areaM2 - area.outsideM2) / run.zones.unitM2;
  const clear = read('clearHigh') * CLEAR_SPLIT + read('clearLow');
  return {
    year,
    mean,
    sd: variance === null ? null : Math.sqrt(Math.max(0, variance)),
    validHa,
    nodataHa: Math.max(0, area.areaM2 / M2_PER_HA - validHa),
    clearObsMean: insideUnits > 0 ? clear / insideUnits : null,
  };
}

function stateFigures(run: Preparation, area: Area, year: number, t: number): StateFigures {
  const read = (slot: YearSlot) => (exactValue(area.sums, yearSlot(t, slot)) * run.zones.unitM2) / M2_PER_HA;
  const [disturbedHa, recoveringHa, recoveredHa] = [read('disturbed'), read('recovering'), read('recovered')];
  const everDisturbed = disturbedHa + recoveringHa + recoveredHa;
  return {
    year,
    undisturbedHa: read('undisturbed'),
    disturbedHa,
    recoveringHa,
    recoveredHa,
    notAssessableHa: read('notAssessable'),
    nodataHa: read('nodata') + area.outsideM2 / M2_PER_HA,
    newlyDisturbedHa: read('newlyDisturbed'),
    newlyRecoveredHa: read('newlyRecovered'),
    recoveredToDisturbed: everDisturbed > 0 ? recoveredHa / everDisturbed : null,
  };
}

/** Totals per role: the sum of its zones, or their union where they overlap. */
function totalsOf(run: Preparation, done: Findings): RoleFigures[] {
  const { zones, unions } = run.zones;
  const roles = [...new Set(zones.map((zone) => zone.zone.role))];
  return roles.map((role) => {
    const members = zones.filter((zone) => zone.zone.role === role);
    const parts = unions.filter((zone) => zone.zone.role === role);
    const area: Area = { numbers: [], sums: new Float64Array(done.sums[0]!.length), areaM2: 0, outsideM2: 0 };
    for (const part of parts.length > 0 ? parts : members) {
      area.numbers.push(part.number);
      mergeExact(area.sums, done.sums[part.number]!);
      area.areaM2 += part.areaM2;
      area.outsideM2 += part.outsideM2;
    }
    const ids = members.map((zone) => zone.zone.id);
    return { role, zones: ids, areaHa: area.areaM2 / M2_PER_HA, ...figures(run, done, area, `role ${role}`) };
  });
}

function sceneFigures(run: Preparation, done: Findings): Summary['scenes'] {
  return run.records.map((record) => {
    const { used, reason } = record;
    return {
      id: record.id,
      date: record.date,
      year: record.date === null ? null : Number(record.date.slice(0, 4)),
      sensor: record.sensor,
      product: record.product,
      used,
      reason,
      clearShare: used ? (done.clearCells.get(record.id) ?? 0) / done.cells : null,
      path: shownPath(record.path, run.options.aoi),
    };
  });
}

/** A path below the AOI file's folder is shown from there, so that a table is the same wherever the folder lies. */
function shownPath(path: string, aoi: string): string {
  if (isUrl(path)) return path;
  const below = relative(dirname(resolve(aoi)), resolve(path));
  return below.startsWith('..') || isAbsolute(below) ? path : below.replaceAll('\\', '/');
}
