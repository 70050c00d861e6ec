/**
 * Options of `mine-rs landcover` and `mine-rs landscape`, and the sections `classes` and `landscape` of mine-rs.yaml.
 * @module
 */
import { z } from 'zod';
import type { ClassEntry } from '../ecology/classes.ts';
import { FVC_LIMITS } from '../ecology/classes.ts';
import { MineRsError } from '../errors.ts';
import { LARGEST_CODE, MOST_CLASS_NUMBERS } from '../kernels/class-codes.ts';
import { readSection } from './config.ts';
import { wrongValue } from './options.ts';
import { parseDistance } from './rings.ts';

const several = z.union([z.string().transform((s) => s.split(',')), z.array(z.string()).min(1)]);
const neighbours = z.coerce
  .string()
  .pipe(z.enum(['4', '8']))
  .transform((n): 4 | 8 => (n === '4' ? 4 : 8));
const limit = z.coerce.number().gt(0).lt(1);
const ascending = (values: readonly number[]) => values.every((v, k) => k === 0 || v > values[k - 1]!);
const grades = z
  .union([z.string(), z.array(z.number())])
  .transform((given): unknown[] => (typeof given === 'string' ? given.split(',') : given))
  .pipe(z.array(limit).min(1).max(50).refine(ascending, { error: 'limits must ascend' }));

const schema = z.strictObject({
  run: z.string().min(1).optional(),
  classes: z.union([z.string().transform((s) => [s]), z.array(z.string()).min(1)]).optional(),
  aoi: z.string().optional(),
  grades: grades.optional(),
  neighbours: neighbours.optional(),
  connectDistance: z.string().optional(),
  transitions: several
    .pipe(z.array(z.string().regex(/^\d{4}:\d{4}$/, 'expected pairs of years, such as 2012:2024')).max(100))
    .optional(),
  out: z.string().min(1).optional(),
  config: z.string().optional(),
  roleField: z.string().optional(),
  idField: z.string().optional(),
  nameField: z.string().optional(),
  layer: z.string().optional(),
  endpoint: z.string().optional(),
  workers: z.coerce.number().int().min(0).max(256).default(0),
});

const sectionSchema = z.strictObject({
  grades: grades.optional(),
  'no-data': z.array(z.number().int().min(0).max(LARGEST_CODE)).max(MOST_CLASS_NUMBERS).default([]),
  neighbours: neighbours.optional(),
  'connect-distance': z.string().optional(),
});

const entry = z.union([
  z
    .string()
    .min(1)
    .max(100)
    .transform((name): ClassEntry => ({ name, colour: null, score: null })),
  z
    .strictObject({
      name: z.string().min(1).max(100),
      colour: z
        .string()
        .regex(/^#[0-9a-f]{6}$/i, 'expected a colour such as #4daf4a')
        .optional(),
      score: z.number().min(0).max(1).optional(),
    })
    .transform(({ name, colour, score }): ClassEntry => ({ name, colour: colour ?? null, score: score ?? null })),
]);
const lookupSchema = z.record(z.string().regex(/^\d{1,5}$/, 'expected the code of a class'), entry);

/** Options of both commands as a user writes them; keys are the flags' names in camel case, `run` is the folder of a run. */
export type ClassInput = z.input<typeof schema>;

/** Options with what the config file says, and with defaults. */
export interface ClassOptions {
  /** Folder of a finished run; its zones and, without `classes`, its FVC. */
  readonly run: string | undefined;
  readonly classes: readonly string[] | undefined;
  readonly aoi: string | undefined;
  readonly grades: readonly number[];
  readonly noData: readonly number[];
  readonly lookup: ReadonlyMap<number, ClassEntry>;
  readonly neighbours: 4 | 8;
  readonly connectDistanceM: number;
  /** Pairs of years; undefined takes those that follow each other, and the first with the last. */
  readonly transitions: readonly (readonly [number, number])[] | undefined;
  readonly out: string | undefined;
  readonly fields: {
    readonly roleField: string | undefined;
    readonly idField: string | undefined;
    readonly nameField: string | undefined;
    readonly layer: string | undefined;
  };
  readonly endpoint: string | undefined;
  readonly workers: number;
}

const DEFAULT_DISTANCE = '100m';

/**
 * Checks options and reads the config file.
 *
 * @param configAoi AOI beside which mine-rs.yaml is looked for, where the options name none.
 * @throws {MineRsError} USAGE
 */
export function resolveClassOptions(input: Record<string, unknown>, configAoi?: string): ClassOptions {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw wrong(parsed.error.issues[0]!, 'Option');
  const { run, classes, aoi, transitions, out, endpoint, workers, config, ...own } = parsed.data;
  if (run === undefined && classes === undefined) {
    const text = 'Name the folder of a finished run, or rasters with --classes';
    throw new MineRsError('USAGE', `${text}: mine-rs landscape --help`);
  }
  if (run === undefined && aoi === undefined) {
    throw new MineRsError('USAGE', 'No AOI: give the zones with --aoi FILE, or name the folder of a finished run');
  }
  if (classes !== undefined && own.grades !== undefined) {
    throw new MineRsError('USAGE', '--grades belongs to the FVC of a run, not to --classes: leave one of them out');
  }
  const place = aoi ?? configAoi;
  const section = readSection('landscape', config, place);
  const settings = sectionSchema.safeParse(section.value ?? {});
  if (!settings.success) throw wrong(settings.error.issues[0]!, `${section.file}: landscape`);
  const names = readSection('classes', config, place);
  const lookup = lookupSchema.safeParse(names.value ?? {});
  if (!lookup.success) throw wrong(lookup.error.issues[0]!, `${names.file}: classes`);
  const codes = Object.entries(lookup.data).map(([code, value]): [number, ClassEntry] => [Number(code), value]);
  const large = codes.find(([code]) => code > LARGEST_CODE);
  if (large !== undefined) {
    throw new MineRsError('USAGE', `${names.file}: classes: codes go to ${LARGEST_CODE}, this is ${large[0]}`);
  }
  const { data } = settings;
  const distance = own.connectDistance ?? data['connect-distance'] ?? DEFAULT_DISTANCE;
  const { roleField, idField, nameField, layer } = own;
  return {
    run,
    classes,
    aoi,
    grades: own.grades ?? data.grades ?? FVC_LIMITS,
    noData: data['no-data'],
    lookup: new Map(codes),
    neighbours: own.neighbours ?? data.neighbours ?? 8,
    connectDistanceM: parseDistance(distance, '--connect-distance'),
    transitions: transitions?.map((text) => {
      const [from, to] = text.split(':').map(Number) as [number, number];
      if (from < to) return [from, to] as const;
      throw new MineRsError('USAGE', `--transitions ${text}: the first year must be before the second`);
    }),
    out,
    fields: { roleField, idField, nameField, layer },
    endpoint,
    workers,
  };
}

function wrong(issue: z.core.$ZodIssue, place: string): MineRsError {
  const path = issue.path.join('.');
  const key = issue.code === 'unrecognized_keys' ? `unknown key '${issue.keys[0]}'` : wrongValue(issue);
  const name = place === 'Option' ? `Option '${toDashes(path)}'` : path === '' ? place : `${place}.${path}`;
  return new MineRsError('USAGE', `${name}: ${key}`);
}

function toDashes(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
