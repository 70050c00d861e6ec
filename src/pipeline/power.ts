/**
 * `mine-rs power`: years needed to see a trend, from numbers or from a pilot run.
 * @module
 */
import { z } from 'zod';
import { readSummary } from './finished-run.ts';
import { wrongValue } from './options.ts';
import { MineRsError } from '../errors.ts';
import { CORRECTION_LEAST_N, trendTest } from '../kernels/trend-test.ts';
import { yearsToDetect } from '../kernels/power.ts';
import type { PowerPage, PowerRow } from '../report/power-model.ts';

const schema = z.strictObject({
  run: z.string().optional(),
  slope: z.coerce.number().optional(),
  noise: z.coerce.number().min(0).optional(),
  lag1: z.coerce.number().gt(-1).lt(1).optional(),
  alpha: z.coerce.number().gt(0).lt(1).default(0.05),
  power: z.coerce.number().gt(0).lt(1).default(0.8),
  runs: z.coerce.number().int().min(100).max(1_000_000).default(2000),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  mostYears: z.coerce.number().int().min(4).max(500).default(100),
});

/** Options of `mine-rs power` as a user writes them; keys are the flags' names in camel case. */
export type PowerInput = z.input<typeof schema>;
type Options = z.output<typeof schema>;

/** Fewest years from which the noise about a trend can be told: a line takes two of them. */
const PILOT_LEAST_YEARS = 4;

/**
 * Works out the years.
 *
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT on a folder without a run
 */
export function powerPage(input: Record<string, unknown>): PowerPage {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const options = parsed.data;
  const { alpha, power, runs, seed, mostYears } = options;
  const rows = options.run === undefined ? [rowOfNumbers(options)] : rowsOfRun(options.run, options);
  return { alpha, power, runs, seed, mostYears, run: options.run ?? null, rows };
}

function rowOfNumbers(options: Options): PowerRow {
  const { slope, noise, lag1 = 0 } = options;
  if (slope === undefined || noise === undefined) {
    const text = 'Give the trend and the noise with --slope and --noise, or a finished run with --run FOLDER';
    throw new MineRsError('USAGE', text);
  }
  return rowOf(null, slope, noise, lag1, options);
}

/** Noise and lag 1 of each zone's yearly means; the slope of the zone where none is given. */
function rowsOfRun(folder: string, options: Options): PowerRow[] {
  const summary = readSummary(folder);
  if (summary.years.length < PILOT_LEAST_YEARS) {
    throw new MineRsError(
      'BAD_INPUT',
      `The run in ${folder} has ${summary.years.length} years: too few to tell noise from trend`,
    );
  }
  const taken = summary.trend.reference?.levels;
  return summary.zones.flatMap((zone) => {
    const values = zone.years.map(({ mean }, k) => (mean ?? NaN) - (taken ? (taken[k]!.fvc ?? NaN) : 0));
    const valid = values.filter((value) => !Number.isNaN(value)).length;
    if (valid < PILOT_LEAST_YEARS) return [];
    const test = trendTest(values, { times: summary.years });
    const residuals = values.map((value, k) => value - test.intercept - test.slope * summary.years[k]!);
    const noise = options.noise ?? deviation(residuals.filter((value) => !Number.isNaN(value)));
    // Of fewer years lag 1 is a number without meaning.
    const pilotLag1 =
      valid < CORRECTION_LEAST_N || Number.isNaN(test.lag1) ? 0 : Math.max(0, Math.min(0.95, test.lag1));
    const { id, name, role } = zone;
    return [rowOf({ id, name, role }, options.slope ?? test.slope, noise, options.lag1 ?? pilotLag1, options)];
  });
}

/** Standard deviation about a line: divisor n − 2. */
function deviation(residuals: readonly number[]): number {
  const mean = residuals.reduce((sum, value) => sum + value, 0) / residuals.length;
  return Math.sqrt(residuals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (residuals.length - 2));
}

function rowOf(zone: PowerRow['zone'], slope: number, noise: number, lag1: number, options: Options): PowerRow {
  const { alpha, power, runs, seed, mostYears } = options;
  if (slope === 0) {
    if (zone === null) throw new MineRsError('USAGE', '--slope 0: no number of years shows a trend that is not there');
    return { zone, slope, noise, lag1, years: null, falseAlarms: null, tried: [] };
  }
  const found = yearsToDetect({ slope, noise, lag1, alpha, power, runs, seed, mostYears });
  return { zone, slope, noise, lag1, ...found, tried: [...found.tried] };
}
