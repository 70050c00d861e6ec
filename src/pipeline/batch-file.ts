/**
 * sites.yaml: the sites of a batch, and the options they share.
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { MineRsError, messageOf } from '../errors.ts';
import { optionsIn } from './config.ts';
import { wrongValue } from './options.ts';

/** Where a batch is left when nothing else is said. */
const DEFAULT_OUT = 'mine-rs-batch';

/** A name that is a folder's name on every system. */
const SITE_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u;

const fileSchema = z.strictObject({
  out: z.string().min(1).optional(),
  defaults: z.record(z.string(), z.unknown()).optional(),
  sites: z
    .array(z.looseObject({ name: z.coerce.string().regex(SITE_NAME, 'expected letters, digits, spaces, . _ -') }))
    .min(1),
});

/** One site: options as {@link runTrend} takes them, or what is wrong with them. */
export interface Site {
  name: string;
  /** Folder of its results. */
  out: string;
  options: Record<string, unknown>;
  /** Null where the options can be used. */
  problem: string | null;
}

export interface BatchPlan {
  file: string;
  /** Folder of the batch's own summary. */
  out: string;
  sites: Site[];
}

/**
 * Reads a batch file. Paths in it are relative to it. A site's own options win over `defaults`, options of the call over
 * both.
 *
 * @param over Options by name, for all sites; `out` names the batch's folder.
 * @throws {MineRsError} USAGE if the file is no batch file, or two sites share a name or a folder. A single site whose
 *   options are wrong is not thrown: it fails alone.
 */
export function readBatch(path: string, over: Record<string, unknown> = {}): BatchPlan {
  let raw: unknown;
  try {
    raw = parse(readFileSync(path, 'utf8'), { maxAliasCount: 100 });
  } catch (error) {
    throw new MineRsError('USAGE', `Cannot read the batch file ${path}: ${messageOf(error)}`);
  }
  const parsed = fileSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const what =
      issue.code === 'unrecognized_keys'
        ? `unknown key '${issue.keys[0]}'`
        : `${issue.path.join('.')}: ${wrongValue(issue)}`;
    throw new MineRsError('USAGE', `The batch file ${path} cannot be used: ${what}; it holds out, defaults and sites`);
  }
  const folder = dirname(resolve(path));
  const { out: overOut, ...rest } = over;
  const out = typeof overOut === 'string' ? resolve(overOut) : resolve(folder, parsed.data.out ?? DEFAULT_OUT);
  const shared = optionsIn(parsed.data.defaults ?? {}, `defaults in ${path}`, folder);
  const sites = parsed.data.sites.map(({ name, ...own }): Site => {
    try {
      const options = { ...shared, ...optionsIn(own, `site ${name} in ${path}`, folder), ...rest };
      const place = typeof options.out === 'string' ? options.out : join(out, name);
      return { name, out: place, options: { ...options, out: place }, problem: null };
    } catch (error) {
      return { name, out: join(out, name), options: {}, problem: messageOf(error) };
    }
  });
  for (const what of ['name', 'out'] as const) {
    const seen = new Set<string>();
    for (const site of sites) {
      if (seen.has(site[what])) {
        throw new MineRsError('USAGE', `The batch file ${path} has two sites with the ${what} ${site[what]}`);
      }
      seen.add(site[what]);
    }
  }
  return { file: resolve(path), out, sites };
}
