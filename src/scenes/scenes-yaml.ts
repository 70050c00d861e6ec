/**
 * The scenes.yaml file: its schema and its errors.
 * @module
 */
import { readFile, stat } from 'node:fs/promises';
import leven from 'leven';
import { z } from 'zod';
import { MineRsError, messageOf } from '../errors.ts';
import { BAND_ROLES, type BandRole } from './scene.ts';

/** Ready-made indices that a file may hold in place of reflectances. */
export const INDEX_NAMES = ['ndvi', 'evi', 'evi2', 'savi', 'msavi2', 'nbr', 'ndmi', 'ndwi', 'bsi'] as const;

const MAX_BYTES = 1024 * 1024;

const bandNumber = z.int().min(1);
const replaceSchema = z.strictObject({
  /** Text in the matched path, and what stands in its place in the path of the wanted file. */
  replace: z.tuple([z.string().min(1), z.string()]),
  band: bandNumber.default(1),
});
const bandSchema = z.union([bandNumber, replaceSchema]);
const indexSchema = z.union([z.literal('all'), bandNumber, replaceSchema]);
const bandsSchema = z.strictObject({
  ...(Object.fromEntries(BAND_ROLES.map((role) => [role, bandSchema.optional()])) as Record<
    BandRole,
    z.ZodOptional<typeof bandSchema>
  >),
  ...(Object.fromEntries(INDEX_NAMES.map((name) => [name, indexSchema.optional()])) as Record<
    (typeof INDEX_NAMES)[number],
    z.ZodOptional<typeof indexSchema>
  >),
  mask: bandSchema.optional(),
});
const integers = z.array(z.int()).min(1);
const maskSchema = z.union([
  z.strictObject({ bits: z.array(z.int().min(0).max(31)).min(1) }),
  z.strictObject({ values: integers }),
  z.strictObject({ keep: integers }),
]);
const entrySchema = z.strictObject({
  name: z.string().min(1),
  files: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  date: z.string().min(1),
  bands: bandsSchema,
  scale: z
    .number()
    .refine((value) => value !== 0, 'must not be 0')
    .optional(),
  offset: z.number().optional(),
  nodata: z.union([z.number(), z.nan()]).optional(),
  mask: maskSchema.optional(),
});

export type BandChoice = z.infer<typeof bandSchema>;
export type YamlEntry = z.infer<typeof entrySchema>;

const ENTRY_KEYS = Object.keys(entrySchema.shape);
const BAND_KEYS = Object.keys(bandsSchema.shape);

/** Reads and checks the file. Throws `BAD_INPUT` that names the file, the entry and the key. */
export async function readScenesYaml(path: string): Promise<YamlEntry[]> {
  if ((await stat(path)).size > MAX_BYTES) throw new MineRsError('BAD_INPUT', `${path}: larger than 1 MB`, { path });
  // Loaded here: most scenes come without such a file.
  const { parse: parseYaml } = await import('yaml');
  let parsed: unknown;
  try {
    parsed = parseYaml(await readFile(path, 'utf8'));
  } catch (error) {
    const message = messageOf(error);
    const hint = message.includes('Unresolved alias') ? "; put a glob that begins with * in quotes: '*.tif'" : '';
    throw new MineRsError('BAD_INPUT', `${path}: is not YAML: ${message}${hint}`, { path });
  }
  if (!Array.isArray(parsed) || parsed.length === 0) {
    throw new MineRsError('BAD_INPUT', `${path}: must be a list of entries, each beginning with "- name: …"`, { path });
  }
  const entries = parsed.map((value, index) => {
    const result = entrySchema.safeParse(value);
    if (!result.success) {
      const problems = result.error.issues.map(describeIssue).join('; ');
      throw new MineRsError('BAD_INPUT', `${path}: ${entryLabel(value, index)}: ${problems}`, { path });
    }
    return result.data;
  });
  entries.forEach((entry, index) => {
    const problem = contradiction(entry);
    if (problem !== null) {
      throw new MineRsError('BAD_INPUT', `${path}: ${entryLabel(entry, index)}: ${problem}`, { path });
    }
  });
  const names = entries.map((entry) => entry.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new MineRsError('BAD_INPUT', `${path}: two entries are named "${twice}"`, { path });
  return entries;
}

function entryLabel(value: unknown, index: number): string {
  const name = (value as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? `entry "${name}"` : `entry ${index + 1}`;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  if (place.startsWith('bands.')) {
    return `${place}: expected a band number from 1, or { replace: [from, to] }, with band: n for another band than 1`;
  }
  if (/^mask\b/.test(place)) return 'mask: expected one of bits (0 to 31), values or keep, with a list of integers';
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue.keys, place);
  return `${place === '' ? 'entry' : place}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

function unknownKeys(keys: readonly string[], place: string): string {
  const known = place === 'bands' ? BAND_KEYS : ENTRY_KEYS;
  return keys
    .map((key) => {
      const nearest = known.toSorted((a, b) => leven(a, key) - leven(b, key))[0]!;
      const hint = leven(nearest, key) <= 2 ? `did you mean "${nearest}"?` : `known are ${known.join(', ')}`;
      return `unknown key "${place === '' ? key : `${place}.${key}`}", ${hint}`;
    })
    .join('; ');
}

/** What the schema cannot say: keys that do not go together. */
function contradiction(entry: YamlEntry): string | null {
  const { bands } = entry;
  const roles = BAND_ROLES.filter((role) => bands[role] !== undefined);
  const indices = INDEX_NAMES.filter((name) => bands[name] !== undefined);
  if (roles.length === 0 && indices.length === 0) return 'bands: names no band';
  if (indices.length > 0 && roles.length > 0) return `bands: ${indices[0]} is ready-made and stands alone`;
  if (indices.length > 1) return `bands: one ready-made index per entry, here are ${indices.join(' and ')}`;
  const isAll = indices.some((name) => bands[name] === 'all');
  if (isAll !== (entry.date === 'band')) {
    return '"date: band" and "all" go together: each band is a date, read from its description';
  }
  if ((bands.mask === undefined) !== (entry.mask === undefined)) {
    return 'bands.mask (which band) and mask (bits, values or keep) go together';
  }
  if (entry.date !== 'band') {
    const problem = patternProblem(entry.date);
    if (problem !== null) return problem;
  }
  for (const pattern of [entry.files].flat()) {
    if (/(^|[\\/])\.\.([\\/]|$)/.test(pattern) || /^([\\/]|[a-z]:)/i.test(pattern)) {
      return `files: ${pattern} leads out of the folder; put the scenes.yaml into the folder above the files`;
    }
  }
  return null;
}

function patternProblem(pattern: string): string | null {
  try {
    RegExp(pattern);
    return null;
  } catch (error) {
    return `date: ${messageOf(error)}`;
  }
}
