/**
 * The series of one pixel: yearly values, cover, trend and states, by the kernels of a run, with the reasons in words.
 * @module
 */
import { maxComposite, reduceComposite } from '../kernels/composite.ts';
import { correctedTrendStack } from '../kernels/corrected-trend.ts';
import { fractionalCover, type CoverModel } from '../kernels/fvc.ts';
import { LAND_STATE, landStates, medianReference } from '../kernels/states.ts';
import { CORRECTION_LEAST_N, tiePattern, trendTest } from '../kernels/trend-test.ts';
import { legendAlphas } from '../kernels/trend-classes.ts';
import { legendClasses, trendStack, type TrendOut } from '../kernels/trend.ts';
import type { ExplainPage, TrendAtPixel, YearAtPixel } from '../report/explain-model.ts';
import { parseComposite } from './options.ts';
import type { Rerun } from './rerun.ts';

/** What one map should hold at the pixel, by band. */
export interface MapValues {
  key: string;
  values: number[];
  /** What it holds instead where the pixel's patch was too small to count; absent where patches of any size count. */
  sieved?: number[];
}

export interface PixelSeries {
  years: YearAtPixel[];
  trend: TrendAtPixel | null;
  states: ExplainPage['states'];
  maps: MapValues[];
  notes: string[];
}

/** One scene's index at the pixel; NaN where it is not clear. */
export interface SceneValue {
  id: string;
  year: number;
  index: number;
}

const ASSESSABLE_FROM = 0.1;
const STATE_NAMES: Readonly<Record<number, string>> = {
  [LAND_STATE.notAssessable]: 'not assessable',
  [LAND_STATE.undisturbed]: 'undisturbed',
  [LAND_STATE.disturbed]: 'disturbed',
  [LAND_STATE.recovering]: 'recovering',
  [LAND_STATE.recovered]: 'recovered',
  [LAND_STATE.noData]: 'no data',
};

/** Follows a pixel from its scenes to its class and states. */
export function explainSeries({ summary, preparation }: Rerun, scenes: readonly SceneValue[]): PixelSeries {
  const { options } = preparation;
  const years = summary.years;
  const notes: string[] = [];
  const annual = years.map((year) =>
    annualValue(
      scenes.filter((s) => s.year === year),
      options.composite,
    ),
  );
  const values = Float32Array.from(annual, ({ value }) => value);
  const cover = new Float32Array(values);
  if (summary.fvc !== null) {
    const { soil, vegetation } = summary.fvc.endpoints;
    fractionalCover(values, soil, vegetation, summary.fvc.model as CoverModel, cover);
  }
  const tested = testedValues(summary, options.trendOn, values, cover);
  const found = trendOf(preparation, years, tested);
  const maps: MapValues[] = years.flatMap((year, t) => [
    { key: `${options.index}_${year}`, values: [values[t]!] },
    { key: `clear_${year}`, values: [annual[t]!.clear] },
    ...(summary.fvc === null ? [] : [{ key: `fvc_${year}`, values: [cover[t]!] }]),
  ]);
  maps.push(
    { key: 'trend_class', values: [found.out.trendClass[0]!] },
    { key: 'trend_slope', values: [found.out.slope[0]!] },
    { key: 'trend_p', values: [found.out.p[0]!] },
    { key: 'trend_z', values: [found.out.z[0]!] },
    { key: 'trend_n', values: [found.out.n[0]!] },
  );
  const land = summary.fvc === null ? null : statesOf(preparation, summary, cover);
  if (land !== null) {
    const counts = summary.thresholds!.minPatch === null;
    const kept = (code: number) => (code === LAND_STATE.noData || code === LAND_STATE.notAssessable ? code : 1);
    maps.push(
      { key: 'state', values: land.codes, ...(counts ? {} : { sieved: land.codes.map(kept) }) },
      { key: 'disturbed_year', values: [land.disturbedYear], ...(counts ? {} : { sieved: [0] }) },
      { key: 'recovered_year', values: [land.recoveredYear], ...(counts ? {} : { sieved: [0] }) },
    );
    if (options.fillGaps || options.filterFlips) {
      notes.push('Single years were filled or taken back before the states (--fill-gaps, --filter-flips)');
    }
  }
  const rows = years.map((year, t): YearAtPixel => {
    const { value, clear, count, won } = annual[t]!;
    return {
      year,
      scenes: count,
      clear,
      index: orNull(value),
      won,
      fvc: summary.fvc === null ? null : orNull(cover[t]!),
      tested: orNull(tested.values[t]!),
      reference: land === null ? null : orNull(land.levels[t]!),
      state: land === null ? null : land.codes[t]!,
      stateName: land === null ? null : STATE_NAMES[land.codes[t]!]!,
      why: land === null ? '' : land.why[t]!,
    };
  });
  const { thresholds } = summary;
  return {
    years: rows,
    trend: found.trend,
    states: land &&
      thresholds && {
        baseline: summary.baseline!.text,
        disturbedBelow: thresholds.disturbedBelow,
        recoveredAbove: thresholds.recoveredAbove,
        disturbedYears: thresholds.disturbedYears,
        recoveredYears: thresholds.recoveredYears,
        disturbedYear: land.disturbedYear || null,
        recoveredYear: land.recoveredYear || null,
      },
    maps,
    notes,
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The year's value as pass 1 makes it, and the scenes whose value it is. */
function annualValue(scenes: readonly SceneValue[], composite: string) {
  const rule = parseComposite(composite);
  const value = Float32Array.of(NaN);
  const count = Uint16Array.of(0);
  if (rule.kind === 'max') {
    for (const { index } of scenes) maxComposite(Float32Array.of(index), value, count);
  } else if (scenes.length > 0) {
    const method = rule.kind === 'percentile' ? { percentile: rule.percentile } : rule.kind;
    const stack = Float32Array.from(scenes, ({ index }) => index);
    reduceComposite(stack, scenes.length, 1, method, value, count);
  }
  const won = scenes.filter(({ index }) => index === value[0]).map(({ id }) => id);
  return { value: value[0]!, clear: count[0]!, count: scenes.length, won };
}

interface Tested {
  values: Float32Array;
  cutOff: readonly [number, number] | null;
  of: string;
}

function testedValues(
  summary: Rerun['summary'],
  on: 'fvc' | 'fvc-reference' | 'index',
  values: Float32Array,
  cover: Float32Array,
): Tested {
  if (on === 'index') return { values, cutOff: [-1, 1], of: summary.index };
  const levels = summary.trend.reference?.levels;
  if (!levels) return { values: cover, cutOff: [0, 1], of: 'FVC' };
  const less = cover.map((value, t) => value - (levels[t]!.fvc ?? NaN));
  return { values: less, cutOff: null, of: 'FVC less the mean of the reference zones' };
}

function trendOf(
  { options }: Rerun['preparation'],
  years: readonly number[],
  { values, cutOff, of }: Tested,
): { out: TrendOut; trend: TrendAtPixel | null } {
  const { legend, epsilon, pMethod, correction, minYears } = options;
  const out: TrendOut = {
    trendClass: new Uint8Array(1),
    slope: new Float32Array(1),
    p: new Float32Array(1),
    z: new Float32Array(1),
    n: new Uint16Array(1),
  };
  const stackOptions = { years: Float64Array.from(years), minYears, epsilon, legend, pMethod, cutOff };
  if (correction === 'none') trendStack(values, years.length, 1, stackOptions, out);
  else correctedTrendStack(values, years.length, 1, { ...stackOptions, correction }, out);
  const code = out.trendClass[0]!;
  if (code === 255) return { out, trend: null };
  const enough = correction === 'none' || out.n[0]! >= CORRECTION_LEAST_N;
  const test = trendTest(values, {
    times: years,
    method: pMethod === 'exact' ? 'auto' : 'normal',
    correction: enough ? correction : 'none',
  });
  const { name } = legendClasses(legend).find((c) => c.code === code)!;
  const valid = values.filter((value) => !Number.isNaN(value));
  const why =
    code === 0
      ? whyNotTestable(test.smallestP, legendAlphas(legend)[0]!, enough, correction)
      : Math.abs(test.slope) <= epsilon
        ? `the slope lies within ±${epsilon} a year`
        : `the slope is ${test.slope > 0 ? 'positive' : 'negative'} and p is ${test.p.toPrecision(3)}`;
  return {
    out,
    trend: {
      of,
      n: test.n,
      s: test.s,
      varS: test.varS,
      ties: tiePattern(Float64Array.from(valid).sort()),
      tau: orNull(test.tau),
      z: orNull(test.z),
      p: orNull(test.p),
      smallestP: test.smallestP,
      slope: orNull(test.slope),
      slopeLow: orNull(test.slopeLow),
      slopeHigh: orNull(test.slopeHigh),
      intercept: orNull(test.intercept),
      classCode: code,
      className: name,
      why,
    },
  };
}

function whyNotTestable(smallestP: number, alpha: number, enough: boolean, correction: string): string {
  if (!enough) return `the correction ${correction} needs at least ${CORRECTION_LEAST_N} years`;
  if (smallestP >= alpha) return `with these years and ties p cannot be smaller than ${smallestP.toPrecision(3)}`;
  return 'the series stays where its scale is cut off, or the correction leaves no variance';
}

/** States by the run's rule, and why each. */
function statesOf({ options, baseline }: Rerun['preparation'], summary: Rerun['summary'], cover: Float32Array) {
  const years = summary.years;
  const n = years.length;
  let reference: Float64Array;
  if (baseline.kind === 'years') {
    reference = new Float64Array(1);
    medianReference(cover, n, 1, baseline.from, baseline.to, reference);
  } else {
    reference = Float64Array.from(summary.baseline!.levels!, ({ fvc }) => fvc ?? NaN);
  }
  const out = {
    state: new Uint8Array(n),
    disturbedYear: new Uint16Array(1),
    recoveredYear: new Uint16Array(1),
  };
  const { disturbedBelow, recoveredAbove, disturbedYears, recoveredYears, fillGaps, filterFlips } = options;
  const rule = { disturbedBelow, recoveredAbove, disturbedYears, recoveredYears, fillGaps, filterFlips };
  const per = baseline.kind === 'years' ? 'pixel' : 'year';
  const states = { ...rule, assessableFrom: ASSESSABLE_FROM };
  landStates(cover, n, 1, reference, per, Float64Array.from(years), states, out);
  const levels = years.map((_, t) => reference[per === 'pixel' ? 0 : t]!);
  let [low, high] = [0, 0];
  const why = levels.map((level, t) => {
    const value = cover[t]!;
    if (Number.isNaN(value)) return 'no clear observation';
    if (Number.isNaN(level)) return 'the reference has no data';
    if (!(level >= ASSESSABLE_FROM)) return `the reference is below ${ASSESSABLE_FROM}: nothing there to disturb`;
    const [down, up] = [disturbedBelow * level, recoveredAbove * level];
    low = value <= down ? low + 1 : 0;
    high = value >= up ? high + 1 : 0;
    const of = (share: number, limit: number) => `${share} × ${level.toFixed(3)} = ${limit.toFixed(3)}`;
    if (low > 0) return `${value.toFixed(3)} ≤ ${of(disturbedBelow, down)}${inARow(low, disturbedYears)}`;
    if (high > 0) return `${value.toFixed(3)} ≥ ${of(recoveredAbove, up)}${inARow(high, recoveredYears)}`;
    return `${value.toFixed(3)} between ${down.toFixed(3)} and ${up.toFixed(3)}: stays as it was, or recovers`;
  });
  return {
    codes: [...out.state],
    levels,
    why,
    disturbedYear: out.disturbedYear[0]!,
    recoveredYear: out.recoveredYear[0]!,
  };
}

function inARow(count: number, needed: number): string {
  return needed === 1 ? '' : `, year ${count} in a row of ${needed} needed`;
}
