/**
 * The section `resilience` of mine-rs.yaml.
 * @module
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { ACCEPTABLE_LOAD } from '../ecology/elasticity.ts';
import { INTEGRITY_WEIGHTS } from '../ecology/integrity.ts';
import { SCORE_WEIGHTS } from '../ecology/resilience-score.ts';
import { POINTS } from '../ecology/thresholds.ts';
import { readSection } from './config.ts';
import { wrongValue } from './options.ts';

const weight = z.number().min(0).max(1e6);
const limits = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, { error: 'limits must ascend' });
const year = z.number().int().min(1900).max(2200);
const path = z.string().min(1);
const byYear = z.string().regex(/\{year\}/, 'expected a path with {year} in it');
/** Class codes are keys of a map, and YAML's keys are text. */
const byClass = <T extends z.ZodType>(value: T) =>
  z.record(z.string().regex(/^\d{1,5}$/, 'expected the code of a class'), value);

/** Weights of which some may be given. */
function weights<K extends string>(defaults: Readonly<Record<K, number>>) {
  const names = Object.keys(defaults) as [K, ...K[]];
  return z
    .partialRecord(z.enum(names), weight)
    .default({})
    .transform((given): Record<K, number> => ({ ...defaults, ...given }));
}

function descend(values: readonly number[]): boolean {
  return values.every((value, k) => k === 0 || value < values[k - 1]!);
}

const schema = z.strictObject({
  load: z.number().gt(0).max(100).default(ACCEPTABLE_LOAD),
  weights: weights(INTEGRITY_WEIGHTS),
  'score-weights': weights(SCORE_WEIGHTS),
  limits: z.strictObject({ npp: limits.optional(), water: limits.optional(), e: limits.optional() }).default({}),
  'pre-mining': z
    .union([year, z.string().regex(/^\d{4}\.\.\d{4}$/)], { error: 'expected a year, or years such as 2005..2007' })
    .optional(),
  points: z
    .strictObject({ elastic: z.number(), yield: z.number(), mutation: z.number() })
    .partial()
    .default({})
    .refine((points) => descend(POINTS.flatMap((name) => points[name] ?? [])), {
      error: 'points must descend from elastic to mutation',
    }),
  climate: z
    .strictObject({
      table: path,
      precipitation: byYear,
      temperature: byYear,
      evapotranspiration: byYear,
      runoff: byYear,
      npp: byYear,
    })
    .partial()
    .default({}),
  resistance: byClass(z.number().gt(0).max(1e6)).default({}),
  sources: z.array(z.number().int().min(0).max(65_535)).min(1).optional(),
  'source-edge': z.number().int().min(0).max(100).default(1),
  'source-least-ha': z.number().min(0).max(1e6).default(1),
  'corridor-limit': z.number().gt(0).max(1e9).default(10_000),
});

/** Keys are written as on the command line, and read in camel case. */
export type ResilienceConfig = ReturnType<typeof inCamelCase>;

function inCamelCase(section: z.output<typeof schema>) {
  const { load, weights: integrity, limits: scale, points, climate, resistance, sources } = section;
  return {
    load,
    weights: integrity,
    scoreWeights: section['score-weights'],
    limits: scale,
    preMining: section['pre-mining'],
    points,
    climate,
    resistance,
    sources,
    sourceEdge: section['source-edge'],
    sourceLeastHa: section['source-least-ha'],
    corridorLimit: section['corridor-limit'],
  };
}

/**
 * Reads the section. Paths in it are relative to the file.
 *
 * @param file The file named with `--config`; undefined looks for mine-rs.yaml beside the AOI.
 * @throws {MineRsError} USAGE naming the key that is wrong
 */
export function readResilienceConfig(file: string | undefined, aoi: string): ResilienceConfig {
  const section = readSection('resilience', file, aoi);
  const parsed = schema.safeParse(section.value ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `${section.file}: ${['resilience', ...issue.path].join('.')}: ${wrongValue(issue)}`);
  }
  const { climate, ...rest } = inCamelCase(parsed.data);
  const placed: ResilienceConfig['climate'] = {};
  for (const [name, value] of Object.entries(climate)) {
    if (value !== undefined) placed[name as keyof typeof climate] = resolve(section.folder, value);
  }
  return { ...rest, climate: placed };
}
