import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { autocorrelation, laggedCorrelation } from '../../src/kernels/autocorrelation.ts';
import { exactP, varianceS, zScore } from '../../src/kernels/mann-kendall.ts';
import { normalP, normalQuantile } from '../../src/kernels/normal.ts';
import { pairSlopes } from '../../src/kernels/pair-slopes.ts';
import { prewhiten, type PrewhitenedSeries } from '../../src/kernels/prewhitening.ts';
import { tieCounts } from '../../src/kernels/tie-counts.ts';
import { trendTest } from '../../src/kernels/trend-test.ts';
import { relativeError } from './oracle.ts';

/*
 * The test data of the reference code of Collaud Coen et al. 2020 (Atmos. Meas. Tech. 13, 6945), BSD-3, not part of this
 * repository. Differences by definition, each taken account of below:
 * - its table of small n is one-sided, rounded to 2 or 3 digits, and has 78 where 0.078 is meant (n = 10, S = 17);
 *   ours is two-sided and exact;
 * - ties are counted in bins of a resolution, while S takes every difference; ours takes equal values as ties unless the
 *   bins are counted with tieCounts;
 * - confidence limits are interpolated between slopes at ranks (N ∓ C)/2, both counted from 1, where Gilbert 1987 and R
 *   take (N − C)/2 and (N + C)/2 + 1; trendTest does as R.
 */
const FOLDER = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data/trend-mannkendall-collaud');
const present = existsSync(FOLDER);
const TOLERANCE = 1e-9;
const DAY = 86_400_000;
const SLOW = 300_000;

function rows(name: string): string[][] {
  const text = readFileSync(join(FOLDER, name), 'utf8').trimEnd();
  return text.split(/\r?\n/).map((row) => row.split(','));
}
/** The only column, without its head. */
const column = (name: string): number[] =>
  rows(`test_data/${name}`)
    .slice(1)
    .map((row) => Number(row[0]));
const value = (name: string): number => column(name)[0]!;
/** Days of rows of year, month, day, hour, minute, second. */
const days = (table: string[][]): number[] =>
  table.map(([y, m, d, h, min, s]) => Date.UTC(+y!, +m! - 1, +d!, +h!, +min!, +s!) / DAY);

interface Daily {
  values: number[];
  times: number[];
  years: number[];
}
const daily = (times: string, values: string): Daily => {
  const table = rows(`test_data/${times}`).slice(1);
  return { values: column(values), times: days(table), years: table.map((row) => Number(row[0])) };
};
const valid = (x: readonly number[]): number[] => x.filter((v) => !Number.isNaN(v));
const perYear = (years: readonly number[], values: readonly number[]): number[] =>
  [...new Set(years)].map((year) => values.filter((v, i) => years[i] === year && !Number.isNaN(v)).length);

/** Their limit: interpolated at rank (N ± C)/2 counted from 1, held inside the range. */
function theirLimit(sorted: Float64Array, variance: number, confidence: number, side: 1 | -1): number {
  const reach = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(variance);
  const place = Math.min(Math.max((sorted.length + side * reach) / 2 - 1, 0), sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
}

function expectSeries(got: Float64Array, want: readonly number[], label: string): void {
  expect(got).toHaveLength(want.length);
  const scale = Math.max(...want.map((v) => Math.abs(v)).filter((v) => v === v));
  let worst = 0;
  for (const [i, v] of want.entries()) {
    if (Number.isNaN(v) !== Number.isNaN(got[i]!)) throw new Error(`${label}: ${got[i]} for ${v} at ${i}`);
    if (!Number.isNaN(v)) worst = Math.max(worst, Math.abs(got[i]! - v));
  }
  expect(worst / scale, `${label} series`).toBeLessThan(TOLERANCE);
}

describe.skipIf(!present)('the data of Collaud Coen et al. 2020 (needs the shared test data)', () => {
  it('counts ties in bins', () => {
    expect([...tieCounts(column('Nb_tie_test1_in.csv'), 2)]).toEqual(column('Nb_tie_test1_out.csv'));
    expect([...tieCounts(column('Nb_tie_test2_in.csv'), 0.01)]).toEqual(column('Nb_tie_test2_out.csv'));
  });

  it('has the variance with ties in value and time, and Z', () => {
    const n = valid(column('Kendall_var_test1_in1.csv')).length;
    const got = varianceS(n, column('Kendall_var_test1_in2.csv'), column('Kendall_var_test1_in3.csv'));
    expect(relativeError(got, value('Kendall_var_test1_out.csv'))).toBeLessThan(TOLERANCE);
    const z = zScore(value('STD_normal_var_test1_in1.csv'), value('STD_normal_var_test1_in2.csv'));
    expect(relativeError(z, value('STD_normal_var_test1_out.csv'))).toBeLessThan(TOLERANCE);
  });

  it('has the exact table of small n, one-sided and rounded there', () => {
    let compared = 0;
    for (const [s, cells] of rows('data-raw/prob_mk_n.csv').entries()) {
      for (const [k, cell] of cells.entries()) {
        if (cell === 'NA') continue;
        const n = k + 1;
        const printed = n === 10 && s === 17 ? 0.078 : Number(cell);
        // Our p is 1 at S = 0; there the one-sided tail is (1 + P(S = 0))/2.
        if (s === 0) continue;
        compared++;
        const oneSided = exactP(s, [], n) / 2;
        // Two digits are printed, three from 0.1 on; some are cut, not rounded: 8/40320 stands as 0.00019.
        const unit = 10 ** (Math.floor(Math.log10(printed)) - (printed >= 0.1 ? 2 : 1));
        expect(Math.abs(oneSided - printed), `n ${n} S ${s}: ${oneSided} ${cell}`).toBeLessThan(unit);
      }
    }
    expect(compared).toBeGreaterThan(80);
  });

  it('has the autocorrelation', () => {
    const series = rows('test_data/nanautocorr_test1_in.csv')
      .flat()
      .filter((cell) => cell !== '')
      .map(Number);
    const want = rows('test_data/nanautocorr_test1_out.csv')
      .flat()
      .filter((cell) => cell !== '')
      .map(Number);
    for (const [lag, r] of want.entries()) expect(Math.abs(laggedCorrelation(series, lag) - r)).toBeLessThan(TOLERANCE);
    // A definition apart: the usual estimator shares one mean and the divisor n.
    expect(autocorrelation(series, 1)).not.toBeCloseTo(want[1]!, 3);
  });

  it('takes lag 1 off only where it is significant', () => {
    for (const [k, alpha] of [
      [1, 0.05],
      [2, 0.1],
    ] as const) {
      const x = column(`nanprewhite_AR_test${k}_in.csv`);
      const got = prewhiten(x, [...x.keys()], alpha);
      expect(Math.abs(got.lag1 - value(`nanprewhite_AR_test${k}_out1.csv`))).toBeLessThan(TOLERANCE);
      expect(got.applied).toBe(value(`nanprewhite_AR_test${k}_out3.csv`) !== 0);
      expectSeries(got.pw, column(`nanprewhite_AR_test${k}_out2.csv`), `test ${k}`);
    }
  });

  it('has S, slope, limits, variance, Z and P of the daily series', { timeout: SLOW }, () => {
    const { values, times, years } = daily('S_test_test1_in2.csv', 'S_test_test1_in1.csv');
    const timeTies = perYear(years, values);
    expect(timeTies).toEqual(column('S_test_test1_out2.csv'));
    const got = trendTest(values, { times, periods: years });
    expect(got.s).toBe(value('S_test_test1_out1.csv'));
    expect(relativeError(got.slope * 365.25, value('Sen_slope_test1_out1.csv') * 365.25)).toBeLessThan(TOLERANCE);
    const kept = [...values.keys()].filter((i) => !Number.isNaN(values[i]!));
    const x = kept.map((i) => values[i]!);
    const sorted = pairSlopes(
      x,
      kept.map((i) => times[i]!),
    );
    const given = value('Sen_slope_test1_in3.csv');
    expect(relativeError(theirLimit(sorted, given, 0.9, -1), value('Sen_slope_test1_out2.csv'))).toBeLessThan(
      TOLERANCE,
    );
    expect(relativeError(theirLimit(sorted, given, 0.9, 1), value('Sen_slope_test1_out3.csv'))).toBeLessThan(TOLERANCE);
    for (const [k, confidence] of [
      [1, 0.9],
      [2, 0.95],
    ] as const) {
      const ties = tieCounts(values, value(`compute_MK_stat_test${k}_in3.csv`));
      const varS = varianceS(x.length, ties, timeTies);
      const z = zScore(got.s, varS);
      const [p, , slope, upper, lower] = rows(`test_data/compute_MK_stat_test${k}_out1.csv`)[1]!.map(Number);
      expect(relativeError(varS, value(`compute_MK_stat_test${k}_out3.csv`))).toBeLessThan(TOLERANCE);
      expect(relativeError(z, value(`compute_MK_stat_test${k}_out4.csv`))).toBeLessThan(TOLERANCE);
      // 2·(1 − Φ) underflows to 0 there.
      expect(Math.abs(normalP(z) - p!)).toBeLessThan(TOLERANCE);
      expect(relativeError(got.slope * 365.25, slope!)).toBeLessThan(TOLERANCE);
      expect(relativeError(theirLimit(sorted, varS, confidence, 1) * 365.25, upper!)).toBeLessThan(TOLERANCE);
      expect(relativeError(theirLimit(sorted, varS, confidence, -1) * 365.25, lower!)).toBeLessThan(TOLERANCE);
    }
  });

  it('has the five pre-whitened series', { timeout: SLOW }, () => {
    const names: [keyof PrewhitenedSeries, string][] = [
      ['pw', 'PW'],
      ['pwCorrected', 'PW_cor'],
      ['tfpwYue', 'TFPW_Y'],
      ['tfpwWangSwail', 'TFPW_WS'],
      ['vctfpw', 'VCTFPW'],
    ];
    for (const k of [1, 2]) {
      const table = rows(`test_data/prewhite_test${k}_in.csv`).slice(1);
      const [head, ...want] = rows(`test_data/prewhite_test${k}_out.csv`);
      const got = prewhiten(
        table.map((row) => Number(row[6])),
        days(table),
      );
      expect(got.applied).toBe(true);
      for (const [key, name] of names) {
        const at = head!.indexOf(name);
        expectSeries(
          got[key] as Float64Array,
          want.map((row) => Number(row[at])),
          `test ${k} ${name}`,
        );
      }
    }
  });

  it('takes the larger p of two tests as they do, where the three-fold test needs one', () => {
    for (const k of [1, 2]) {
      const [pw, yue, level] = [1, 2, 3].map((j) => value(`Prob_3PW_test${k}_in${j}.csv`));
      expect(Math.max(pw!, yue!)).toBe(value(`Prob_3PW_test${k}_out1.csv`));
      // Their ss: the level where both are significant, −2 where the trend-free whitening alone loses it.
      const alpha = 1 - level! / 100;
      const agreed = pw! <= alpha && yue! <= alpha ? level : pw! <= alpha ? -2 : yue! <= alpha ? -1 : 0;
      expect(agreed).toBe(value(`Prob_3PW_test${k}_out2.csv`));
    }
  });

  it('has the three-fold test of the seasons and months, and of all together', { timeout: SLOW }, () => {
    const resolution = 0.01;
    for (const [test, nSeasons] of [
      [1, 1],
      [2, 4],
      [3, 12],
    ] as const) {
      const table = rows(`test_data/MK_tempAggr_test${test}_in.csv`).slice(1);
      const observations = Array.from({ length: nSeasons }, (_, season) =>
        table
          .map((row) => row.slice(7 * season, 7 * season + 7))
          .filter(([year]) => year !== undefined && year !== '' && year !== 'NaN')
          .map((cells) => ({ season, year: Number(cells[0]), time: days([cells])[0]!, value: Number(cells[6]) })),
      )
        .flat()
        .sort((x, y) => x.time - y.time);
      // All seasons are whitened as one series, in the order of time, and tested apart.
      const white = prewhiten(
        observations.map((o) => o.value),
        observations.map((o) => o.time),
      );
      const sums = { pw: [0, 0], tfpwYue: [0, 0] };
      const want = (name: string) => rows(`test_data/MK_tempAggr_test${test}_out_${name}.csv`).slice(1);
      for (let season = 0; season < nSeasons; season++) {
        const places = [...observations.keys()].filter((i) => observations[i]!.season === season);
        const of = (key: 'pw' | 'tfpwYue' | 'vctfpw') => {
          const values = places.map((i) => white[key][i]!);
          const years = places.map((i) => observations[i]!.year);
          const times = places.map((i) => observations[i]!.time);
          const kept = [...values.keys()].filter((i) => !Number.isNaN(values[i]!));
          const tested = trendTest(values, { times, periods: years });
          const varS = varianceS(kept.length, tieCounts(values, resolution), perYear(years, values));
          return { ...tested, varS, p: normalP(zScore(tested.s, varS)), kept: kept.map((i) => places[i]!) };
        };
        const [pw, yue, vc] = [of('pw'), of('tfpwYue'), of('vctfpw')];
        const sorted = pairSlopes(
          vc.kept.map((i) => white.vctfpw[i]!),
          vc.kept.map((i) => observations[i]!.time),
        );
        for (const [key, part] of [
          ['pw', pw],
          ['tfpwYue', yue],
        ] as const) {
          sums[key][0]! += part.s;
          sums[key][1]! += part.varS;
        }
        for (const [name, confidence] of [
          ['default', 0.9],
          ['CL', 0.95],
        ] as const) {
          const [p, , slope, upper, lower] = want(name)[season]!.map(Number);
          const pairs: [number, number][] = [
            [Math.max(pw.p, yue.p), p!],
            [vc.slope * 365.25, slope!],
            [theirLimit(sorted, vc.varS, confidence, 1) * 365.25, upper!],
            [theirLimit(sorted, vc.varS, confidence, -1) * 365.25, lower!],
          ];
          for (const [got, expected] of pairs) {
            expect(Math.abs(got - expected), `test ${test} season ${season} ${name}`).toBeLessThan(TOLERANCE);
          }
        }
      }
      const total = Math.max(...Object.values(sums).map(([s, varS]) => normalP(zScore(s!, varS!))));
      // The last row has all seasons; with one season it is that season.
      expect(Math.abs(total - Number(want('default').at(-1)![0])), `test ${test} total`).toBeLessThan(TOLERANCE);
    }
  });
});
