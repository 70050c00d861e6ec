/**
 * mine-rs.yaml: options that stand beside the AOI file.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { parse as parseYaml } from 'yaml';
import { MineRsError, messageOf } from '../errors.ts';
import { isUrl } from '../url.ts';
import { optionError, optionSchema, unknownOption } from './options.ts';

export const CONFIG_NAME = 'mine-rs.yaml';

/** Options that name files; in a config file they are relative to that file. */
const PATH_OPTIONS = ['aoi', 'out', 'like', 'production'] as const;

/** Options that name several of them. */
const LIST_OPTIONS = ['scenes', 'impact', 'reference'] as const;

/** Parts of the file that are for other commands than trend; each is checked by the command that reads it. */
const SECTIONS = ['classes', 'landscape', 'resilience', 'lifecycle'] as const;
export type SectionName = (typeof SECTIONS)[number];

/**
 * Reads a config file.
 *
 * @param path The file named with `--config`; undefined looks for mine-rs.yaml beside the AOI file.
 * @param aoi The AOI file, if it is known already.
 * @returns The options in it, paths made absolute; an empty record where there is no file.
 * @throws {MineRsError} USAGE if the file is not YAML or holds an unknown key or a bad value
 */
export function readConfig(path: string | undefined, aoi: string | undefined): Record<string, unknown> {
  const found = readFile(path, aoi);
  if (found === undefined) return {};
  const { file, raw } = found;
  const own = Object.entries(raw).filter(([key]) => !(SECTIONS as readonly string[]).includes(key));
  return optionsIn(Object.fromEntries(own), file, dirname(resolve(file)));
}

/** A part of a config file that one command reads. */
export interface Section {
  /** Undefined where the file, or the section in it, is missing. */
  readonly value: unknown;
  /** The file, or a word for it. */
  readonly file: string;
  /** What paths in it are relative to. */
  readonly folder: string;
}

/**
 * Reads one section of a config file; the command checks what is in it.
 *
 * @param path The file named with `--config`; undefined looks for mine-rs.yaml beside the AOI file.
 * @throws {MineRsError} USAGE if the file is not YAML
 */
export function readSection(name: SectionName, path: string | undefined, aoi: string | undefined): Section {
  const found = readFile(path, aoi);
  if (found === undefined) return { value: undefined, file: CONFIG_NAME, folder: process.cwd() };
  const { file, raw } = found;
  return { value: raw[name] ?? undefined, file, folder: dirname(resolve(file)) };
}

function readFile(
  path: string | undefined,
  aoi: string | undefined,
): { file: string; raw: Record<string, unknown> } | undefined {
  const file = path ?? (aoi === undefined ? undefined : join(dirname(aoi), CONFIG_NAME));
  if (file === undefined || (path === undefined && !existsSync(file))) return undefined;
  let raw: unknown;
  try {
    // Loaded here: most runs have no such file.
    const { parse } = createRequire(import.meta.url)('yaml') as { parse: typeof parseYaml };
    raw = parse(readFileSync(file, 'utf8'), { maxAliasCount: 100 });
  } catch (error) {
    throw new MineRsError('USAGE', `Cannot read the config file ${file}: ${messageOf(error)}`);
  }
  if (raw === null || raw === undefined) return { file, raw: {} };
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new MineRsError('USAGE', `The config file ${file} must hold option: value pairs`);
  }
  return { file, raw: raw as Record<string, unknown> };
}

/**
 * Options as they stand in a file.
 *
 * @param source What to call their place in a message.
 * @param folder What paths are relative to.
 * @throws {MineRsError} USAGE with an unknown key or a bad value
 */
export function optionsIn(raw: Record<string, unknown>, source: string, folder: string): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    const name = toCamelCase(key);
    if (!(name in optionSchema.shape)) throw unknownOption(key, source);
    options[name] = value;
  }
  const parsed = optionSchema.partial().safeParse(options);
  if (!parsed.success) throw optionError(parsed.error, source);
  const place = (path: string) => (isUrl(path) ? path : resolve(folder, path));
  for (const key of PATH_OPTIONS) if (typeof options[key] === 'string') options[key] = place(options[key]);
  for (const key of LIST_OPTIONS) {
    const paths = parsed.data[key];
    if (paths !== undefined) options[key] = paths.map(place);
  }
  return options;
}

/** Keys may be written as on the command line: `on-error` is `onError`. */
function toCamelCase(key: string): string {
  return key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
