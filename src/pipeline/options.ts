/**
 * The options of a trend run: one schema for flags, for mine-rs.yaml and for the library.
 * @module
 */
import { availableParallelism } from 'node:os';
import leven from 'leven';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { SPECTRAL_INDICES, type IndexName } from '../kernels/spectral-index.ts';
import { ADJUSTMENTS } from '../scenes/adjust.ts';
import { LANGUAGES } from '../report/html/payload.ts';
import type { Composite } from '../tasks/contract.ts';

const INDEX_NAMES = Object.keys(SPECTRAL_INDICES) as [IndexName, ...IndexName[]];
const yearRange = z.string().regex(/^\d{4}\.\.\d{4}$/, 'expected two years, such as 2005..2024');

/** Options as a user writes them; keys are the flags' names in camel case. */
export const optionSchema = z.strictObject({
  aoi: z.string().optional(),
  scenes: z.union([z.string().transform((s) => [s]), z.array(z.string())]).optional(),
  out: z.string().optional(),
  years: yearRange.optional(),
  season: z
    .string()
    .regex(/^\d{2}-\d{2}\.\.\d{2}-\d{2}$/, 'expected month and day, such as 06-01..09-30')
    .optional(),
  seasons: z
    .union([z.string().transform((s) => s.split(',')), z.array(z.string())])
    .pipe(
      z
        .array(z.string().regex(/^\d{2}-\d{2}\.\.\d{2}-\d{2}$/, 'expected seasons, such as 03-01..05-31,06-01..08-31'))
        .min(2)
        .max(12),
    )
    .optional(),
  index: z.enum(INDEX_NAMES).default('ndvi'),
  adjust: z.enum(['none', ...ADJUSTMENTS]).default('none'),
  composite: z
    .string()
    .regex(/^(max|median|mean|p\d{1,2}(\.\d+)?)$/, 'expected max, median, mean or a percentile such as p90')
    .default('max'),
  fvc: z
    .string()
    .regex(
      /^(p\d{1,2}(\.\d+)?|-?[\d.]+,-?[\d.]+|zone:.+|none)$/,
      'expected p5, two values such as 0.05,0.86, zone:ID or none',
    )
    .default('p5'),
  fvcModel: z.enum(['linear', 'squared']).default('linear'),
  trendOn: z.enum(['fvc', 'fvc-reference', ...INDEX_NAMES]).optional(),
  legend: z.enum(['seven', 'nine', 'five']).default('seven'),
  pMethod: z.enum(['exact', 'normal']).default('exact'),
  fdr: z
    .union([z.literal('off'), z.coerce.number().gt(0).lt(1)], { error: 'expected a rate such as 0.1, or off' })
    .default(0.1),
  permutations: z
    .union([z.literal('off'), z.coerce.number().int().min(19).max(100_000)], {
      error: 'expected a number of shuffles from 19 to 100000, such as 999, or off',
    })
    .default('off'),
  seed: z.coerce.number().int().min(0).max(4_294_967_295).default(1),
  correction: z.enum(['none', 'hamed-rao', 'yue-wang', 'tfpw', 'zhang']).default('none'),
  epsilon: z.coerce.number().min(0).max(1).default(0.0005),
  minYears: z.coerce.number().int().min(4).max(100).default(4),
  baseline: z
    .string()
    .regex(/^(\d{4}\.\.\d{4}|reference|zone:.+)$/, 'expected years such as 2005..2007, reference or zone:ID')
    .optional(),
  disturbedBelow: z.coerce.number().gt(0).lt(1).default(0.5),
  recoveredAbove: z.coerce.number().gt(0).max(2).default(0.8),
  disturbedYears: z.coerce.number().int().min(1).max(20).default(1),
  recoveredYears: z.coerce.number().int().min(1).max(20).default(2),
  fillGaps: z.boolean().default(false),
  filterFlips: z.boolean().default(false),
  minPatch: z.coerce
    .string()
    .regex(/^(\d{1,9}|\d{1,9}(\.\d{1,6})? ?ha)$/, 'expected a number of cells such as 6, or hectares such as 0.5ha')
    .optional(),
  neighbours: z.coerce
    .string()
    .pipe(z.enum(['4', '8']))
    .transform((n) => (n === '4' ? 4 : 8))
    .default(8),
  transitions: z
    .union([z.string().transform((s) => s.split(',')), z.array(z.string())])
    .pipe(
      z
        .array(z.string().regex(/^\d{4}:\d{4}$/, 'expected pairs of years, such as 2012:2024'))
        .min(1)
        .max(100),
    )
    .optional(),
  segmentation: z
    .union([z.boolean(), z.enum(['off', 'partition', 'landtrendr'])], {
      error: 'expected partition, landtrendr or off',
    })
    .transform((method) => (method === true ? 'partition' : method === false ? 'off' : method))
    .default('off'),
  audit: z.boolean().default(false),
  extent: z.enum(['aoi', 'scene']).default('aoi'),
  resampling: z.enum(['auto', 'nearest', 'bilinear', 'cubic', 'average']).default('auto'),
  maps: z.enum(['all', 'trend', 'none']).default('all'),
  impactBuffer: z.string().optional(),
  rings: z.union([z.string().transform((s) => s.split(',')), z.array(z.string()).min(1)]).optional(),
  influenceYears: yearRange.optional(),
  influenceTolerance: z.coerce.number().min(0).lt(1).default(0.05),
  production: z.string().optional(),
  regionProduction: z.coerce.string().optional(),
  report: z.boolean().default(true),
  extras: z.boolean().default(true),
  parquet: z.boolean().default(false),
  lang: z.enum(LANGUAGES).default('en'),
  like: z.string().optional(),
  roleField: z.string().optional(),
  idField: z.string().optional(),
  nameField: z.string().optional(),
  layer: z.string().optional(),
  impact: z.union([z.string().transform((s) => [s]), z.array(z.string())]).optional(),
  reference: z.union([z.string().transform((s) => [s]), z.array(z.string())]).optional(),
  endpoint: z
    .string()
    .regex(/^https?:\/\/[^/?#@]+\/?$/i, 'expected an address such as https://s3.example.org')
    .optional(),
  onError: z.enum(['fail', 'skip']).default('fail'),
  workers: z.coerce
    .number()
    .int()
    .min(0)
    .max(256)
    .default(() => availableParallelism()),
  memory: z
    .string()
    .regex(/^\d+(\.\d+)?\s*[MG]i?B$/i, 'expected a size such as 2GB or 800MB')
    .optional(),
  resume: z.boolean().default(false),
  cache: z.boolean().default(true),
  json: z.boolean().default(false),
  logLevel: z.enum(['error', 'warn', 'info']).default('info'),
  quiet: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/** Options as written: everything may be left out but the AOI. */
export type OptionsInput = z.input<typeof optionSchema>;

/** Options with every default filled in. */
export type TrendOptions = Omit<z.output<typeof optionSchema>, 'aoi' | 'out' | 'trendOn'> & {
  aoi: string;
  out: string;
  trendOn: 'fvc' | 'fvc-reference' | 'index';
};

/** Where a run is left when nothing else is said. */
export const DEFAULT_OUT = 'mine-rs-out';

/** What options of a program are called in a message. */
const IN_CODE = 'options';

/** What is asked of the land states, and of the segmentation, cannot be had without FVC. */
function checkWithoutFvc(options: z.output<typeof optionSchema>): void {
  const asked = {
    '--segmentation': options.segmentation !== 'off',
    '--transitions': options.transitions !== undefined,
    '--min-patch': options.minPatch !== undefined,
    '--fill-gaps': options.fillGaps,
    '--filter-flips': options.filterFlips,
  };
  const [flag] = Object.entries(asked).find(([, on]) => on) ?? [];
  if (flag === undefined) return;
  throw new MineRsError('USAGE', `${flag} needs FVC, but --fvc none makes none: leave one of them out`);
}

/**
 * Checks options and fills in the defaults.
 *
 * @param input Options by name.
 * @param source What to call their place in a message: `command line` or a file.
 * @throws {MineRsError} USAGE, naming the first option that is wrong
 */
export function resolveOptions(input: Record<string, unknown>, source = IN_CODE): TrendOptions {
  const parsed = optionSchema.safeParse(input);
  if (!parsed.success) throw optionError(parsed.error, source);
  const { aoi, out, trendOn, ...rest } = parsed.data;
  if (out === '') throw new MineRsError('USAGE', '--out needs the name of a folder');
  if (aoi === undefined) throw new MineRsError('USAGE', 'No AOI: give the zones with --aoi FILE');
  if (rest.disturbedBelow >= rest.recoveredAbove) {
    const text = `disturbed-below ${rest.disturbedBelow} must be less than recovered-above ${rest.recoveredAbove}`;
    throw new MineRsError('USAGE', `${text}: land would be disturbed and recovered at once`);
  }
  checkTrendOn(trendOn, rest.fvc, rest.index);
  if (rest.fvc === 'none') checkWithoutFvc(rest);
  return {
    ...rest,
    aoi,
    out: out ?? DEFAULT_OUT,
    trendOn: trendKind(trendOn ?? (rest.fvc === 'none' ? 'index' : 'fvc')),
  };
}

function trendKind(trendOn: string): TrendOptions['trendOn'] {
  return trendOn === 'fvc' || trendOn === 'fvc-reference' ? trendOn : 'index';
}

function checkTrendOn(trendOn: string | undefined, fvc: string, index: string): void {
  if ((trendOn === 'fvc' || trendOn === 'fvc-reference') && fvc === 'none') {
    throw new MineRsError('USAGE', `--trend-on ${trendOn}, but --fvc none makes no FVC: leave one of them out`);
  }
  if (trendOn !== undefined && trendKind(trendOn) === 'index' && trendOn !== index) {
    throw new MineRsError(
      'USAGE',
      `--trend-on ${trendOn}: the run computes ${index}; choose it with --index ${trendOn}`,
    );
  }
}

/** A message that names the option; an unknown one comes with the nearest known name. */
export function optionError(error: z.ZodError, source: string): MineRsError {
  const issue = error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    return unknownOption(issue.keys[0]!, source);
  }
  // A program names its options as in code, a person as on the command line.
  const path = issue.path.join('.');
  const key = source === IN_CODE ? path : toDashes(path);
  return new MineRsError('USAGE', `Option '${key}' in ${source}: ${wrongValue(issue)}`);
}

/** What is wrong with a value, in words. */
export function wrongValue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `expected ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`;
  if (issue.code === 'too_small') return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  return issue.message.replace(/^Invalid (input|option|string): /, '');
}

/** An error for an option that there is not, with the nearest one that there is. `key` as the user wrote it. */
export function unknownOption(key: string, source: string): MineRsError {
  const dashed = key.includes('-');
  const known = Object.keys(optionSchema.shape).map((name) => (dashed ? toDashes(name) : name));
  return new MineRsError('USAGE', `Unknown option '${key}' in ${source}${suggestion(key, known)}`);
}

function toDashes(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function suggestion(key: string, known: readonly string[]): string {
  const near = known.toSorted((a, b) => leven(key, a) - leven(key, b))[0]!;
  return leven(key, near) <= Math.max(2, key.length / 3) ? ` (did you mean '${near}'?)` : '';
}

/** The composite that an option's text names. */
export function parseComposite(text: string): Composite {
  if (text === 'max' || text === 'median' || text === 'mean') return { kind: text };
  return { kind: 'percentile', percentile: Number(text.slice(1)) };
}

/** What `--fvc` asks for. */
export type FvcRule =
  | { kind: 'none' }
  | { kind: 'percentile'; percentile: number; zone: string | null }
  | { kind: 'fixed'; soil: number; vegetation: number };

/** The endpoints' rule that an option's text names. @throws {MineRsError} USAGE on values out of order */
export function parseFvc(text: string): FvcRule {
  if (text === 'none') return { kind: 'none' };
  if (text.startsWith('zone:')) return { kind: 'percentile', percentile: 5, zone: text.slice(5) };
  if (text.startsWith('p')) {
    const percentile = Number(text.slice(1));
    if (!(percentile >= 0 && percentile < 50)) {
      throw new MineRsError('USAGE', `--fvc ${text}: the percentile must be below 50`);
    }
    return { kind: 'percentile', percentile, zone: null };
  }
  const [soil, vegetation] = text.split(',').map(Number) as [number, number];
  if (!(soil < vegetation)) {
    throw new MineRsError('USAGE', `--fvc ${text}: bare soil comes first and must be less than full vegetation`);
  }
  return { kind: 'fixed', soil, vegetation };
}

/** What `--baseline` asks for; undefined: the default, which depends on the AOI. */
export type BaselineRule =
  | { kind: 'years'; from: number; to: number }
  | { kind: 'reference' }
  | { kind: 'zone'; zone: string };

/** The baseline that an option's text names. */
export function parseBaseline(text: string | undefined): BaselineRule | undefined {
  if (text === undefined) return undefined;
  if (text === 'reference') return { kind: 'reference' };
  if (text.startsWith('zone:')) return { kind: 'zone', zone: text.slice(5) };
  const [from, to] = text.split('..').map(Number) as [number, number];
  if (from > to) throw new MineRsError('USAGE', `--baseline ${text}: the first year is after the last`);
  return { kind: 'years', from, to };
}

/** What `--min-patch` asks for; null where every cell counts. */
export function parseMinPatch(text: string | undefined): { size: number; unit: 'cells' | 'ha' } | null {
  if (text === undefined) return null;
  const size = Number.parseFloat(text);
  const unit = text.endsWith('ha') ? 'ha' : 'cells';
  return size === 0 || (unit === 'cells' && size === 1) ? null : { size, unit };
}
