/**
 * Options of `mine-rs zones`.
 * @module
 */
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { wrongValue } from './options.ts';

const PLAIN = ['count', 'cells', 'mean', 'sd', 'min', 'max', 'sum'];
const OF_VALUES = ['majority', 'minority', 'variety'];
const QUANTILE = /^p(\d{1,2}(?:\.\d{1,6})?|100)$/;

const schema = z.strictObject({
  raster: z.string(),
  aoi: z.string(),
  band: z
    .string()
    .regex(/^(all|\d+(,\d+)*)$/, 'expected a band number, several as 1,3, or all')
    .default('1'),
  stats: z.string().default(PLAIN.join(',')),
  classes: z.boolean().default(false),
  area: z.enum(['ellipsoidal', 'planar']).default('ellipsoidal'),
  out: z.string().optional(),
  roleField: z.string().optional(),
  idField: z.string().optional(),
  nameField: z.string().optional(),
  layer: z.string().optional(),
  endpoint: z.string().optional(),
  workers: z.coerce.number().int().min(0).max(256).default(0),
});

/** Options of `mine-rs zones` as a user writes them; keys are the flags' names in camel case. */
export type ZonalInput = z.input<typeof schema>;

export interface ZonalOptions extends Omit<z.output<typeof schema>, 'stats'> {
  /** By name, in the order asked for. */
  statistics: string[];
  /** Shares of the quantiles among them, by name. */
  quantiles: Map<string, number>;
  /** Whether some statistic, or the classes, need the area of each value. */
  tally: boolean;
}

/** Checks options. @throws {MineRsError} USAGE */
export function resolveZonalOptions(input: Record<string, unknown>): ZonalOptions {
  for (const name of ['raster', 'aoi']) {
    if (input[name] === undefined) throw new MineRsError('USAGE', `Option --${name} is needed: mine-rs zones --help`);
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { stats, ...options } = parsed.data;
  const statistics = [...new Set(stats.split(',').map((name) => name.trim().toLowerCase()))].map((name) =>
    name === 'median' ? 'p50' : name,
  );
  const quantiles = new Map<string, number>();
  for (const name of statistics) {
    const percent = QUANTILE.exec(name)?.[1];
    if (percent !== undefined) quantiles.set(name, Number(percent) / 100);
    else if (!PLAIN.includes(name) && !OF_VALUES.includes(name)) {
      const known = [...PLAIN, ...OF_VALUES, 'median', 'p0 … p100'].join(', ');
      throw new MineRsError('USAGE', `Option --stats: there is no statistic '${name}'. There are ${known}`);
    }
  }
  const tally = options.classes || statistics.some((name) => OF_VALUES.includes(name));
  return { ...options, statistics, quantiles, tally };
}
