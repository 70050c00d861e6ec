/**
 * A finished run planned once more, to look at its pixels again: the same scenes, or an error that says what has changed.
 * @module
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import type { Summary } from '../report/model.ts';
import { digestTask } from '../tasks/digest.ts';
import { isUrl } from '../url.ts';
import { readRunJson, readSummary } from './finished-run.ts';
import { valueSources, type InspectedScene } from './inspect.ts';
import { resolveOptions, type TrendOptions } from './options.ts';
import { cacheFolder, RUN_FILE } from './output.ts';
import { prepare, type Preparation } from './prepare.ts';
import { SILENT } from './progress.ts';
import { readRunCache } from './run-cache.ts';
import { stampOf } from './stamp.ts';

const text = z.string();
const place = z.object({ path: text });
const schema = z.object({
  identity: z.object({
    aoi: text,
    scenes: z.array(text),
    impact: z.array(text).optional(),
    reference: z.array(text).optional(),
  }),
  parameters: z.record(text, z.unknown()),
  aoi: z.object({ sha256: text }),
  inputs: z.array(
    z.object({
      path: text,
      bytes: z.number(),
      sha256: text.nullable(),
      etag: text.nullish(),
      lastModified: text.nullish(),
    }),
  ),
  radiometry: z.array(z.object({ scene: text, bands: z.record(text, place), masks: z.array(place) })),
});

type RunRecord = z.output<typeof schema>;
type Input = RunRecord['inputs'][number];

/** A finished run and its plan. */
export interface Rerun {
  folder: string;
  summary: Summary;
  preparation: Preparation;
}

/**
 * Plans a finished run again.
 *
 * @param folder What `mine-rs trend` left.
 * @throws {MineRsError} BAD_INPUT if the folder holds no run, or its AOI or one of its scenes is missing or has changed
 */
export async function planAgain(folder: string, remote: RemoteOptions): Promise<Rerun> {
  const summary = readSummary(folder);
  const record = recordIn(folder);
  const options = optionsOf(folder, record);
  let preparation = await prepare(options, SILENT, remote);
  if (preparation.aoi.sha256 !== record.aoi.sha256) {
    throw new MineRsError(
      'BAD_INPUT',
      `${options.aoi} has changed since the run in ${folder}: run mine-rs trend again`,
    );
  }
  const used = new Set(record.radiometry.map(({ scene }) => scene));
  const later = preparation.scenes.map(({ scene }) => scene.id).filter((id) => !used.has(id));
  if (later.length > 0) {
    const left = new Map(later.map((id) => [id, 'was not there when the run was made']));
    preparation = await prepare(options, SILENT, remote, left);
  }
  checkScenes(folder, record, preparation);
  await checkFiles(folder, record, preparation);
  const { grid } = preparation.gridPlan;
  const same =
    grid.width === summary.grid.width &&
    grid.height === summary.grid.height &&
    grid.transform.every((value, k) => value === summary.grid.transform[k]) &&
    preparation.years.join() === summary.years.join();
  if (!same) {
    throw new MineRsError('BAD_INPUT', `The run in ${folder} would have another grid or other years now: run it again`);
  }
  return { folder, summary, preparation };
}

/** The S3 service that the run read from, where it was not Amazon's. @throws {MineRsError} BAD_INPUT without a run */
export function endpointOf(folder: string): string | undefined {
  const { endpoint } = recordIn(folder).parameters;
  return typeof endpoint === 'string' ? endpoint : undefined;
}

function recordIn(folder: string): RunRecord {
  const parsed = schema.safeParse(readRunJson(folder, RUN_FILE));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]!.path.join('.');
  throw new MineRsError('BAD_INPUT', `${join(folder, RUN_FILE)} is not the record of a trend run: see ${where}`);
}

function optionsOf(folder: string, { identity, parameters }: RunRecord): TrendOptions {
  // Tonnes decide nothing about pixels, and their table may lie anywhere by now.
  const { trendOn, production: _tonnes, regionProduction: _region, ...rest } = parameters;
  return resolveOptions(
    {
      ...rest,
      ...identityFiles(identity),
      // The record says that the index was tested; the option names it.
      ...(trendOn === 'index' ? { trendOn: rest.index } : trendOn === undefined ? {} : { trendOn }),
      out: folder,
      onError: 'skip',
      workers: 0,
    },
    join(folder, RUN_FILE),
  );
}

function identityFiles({ aoi, scenes, impact, reference }: RunRecord['identity']): Record<string, unknown> {
  return { aoi, scenes, ...(impact && { impact }), ...(reference && { reference }) };
}

function checkScenes(folder: string, record: RunRecord, { scenes, records }: Preparation): void {
  const found = new Set(scenes.map(({ scene }) => scene.id));
  const lost = record.radiometry.find(({ scene }) => !found.has(scene));
  if (lost === undefined) return;
  const path = Object.values(lost.bands)[0]?.path ?? '';
  const reason = records.find(({ id, used }) => id === lost.scene && !used)?.reason;
  const why = reason === undefined ? 'is not there any more' : `cannot be used now (${reason})`;
  throw new MineRsError('BAD_INPUT', `The scene ${lost.scene} of the run in ${folder} ${why}: it was ${path}`, {
    scene: lost.scene,
  });
}

/** Compares the files of the scenes with those that the run read, by size, stamp and digest. */
async function checkFiles(folder: string, record: RunRecord, { scenes, remote }: Preparation): Promise<void> {
  const inputs = new Map(record.inputs.map((input) => [input.path, input]));
  const digests = readRunCache(cacheFolder(folder))?.digests ?? {};
  const ledger = new Map(record.radiometry.map((line) => [line.scene, line]));
  const seen = new Set<string>();
  for (const inspected of scenes) {
    const line = ledger.get(inspected.scene.id)!;
    for (const [now, then] of pairsOf(inspected, line)) {
      const input = inputs.get(then);
      if (seen.has(now) || input === undefined) continue;
      seen.add(now);
      const changed = isUrl(now)
        ? changedRemote(input, remote.known?.get(now))
        : await changedFile(now, input, digests[now]);
      if (!changed) continue;
      const advice = 'what the run made of it cannot be told any more; run mine-rs trend again';
      throw new MineRsError('BAD_INPUT', `${now} has changed since the run in ${folder}: ${advice}`, { path: now });
    }
  }
}

/** Paths of a scene's files now, each with its path in the run's record: that may be relative to another folder. */
function pairsOf({ scene }: InspectedScene, line: RunRecord['radiometry'][number]): [now: string, then: string][] {
  const pairs: [string, string][] = [];
  if (scene.index === undefined) {
    for (const [role, source] of Object.entries(scene.bands)) {
      const then = line.bands[role]?.path;
      if (then !== undefined) pairs.push([source.path, then]);
    }
  } else {
    const then = line.bands[scene.index.name]?.path;
    if (then !== undefined) pairs.push([valueSources(scene)[0]!.path, then]);
  }
  for (const [k, mask] of scene.masks.entries()) {
    const then = line.masks[k]?.path;
    if (then !== undefined) pairs.push([mask.path, then]);
  }
  return pairs;
}

async function changedFile(
  path: string,
  { bytes, sha256 }: Input,
  known: { stamp: string; sha256: string } | undefined,
): Promise<boolean> {
  if (statSync(path).size !== bytes) return true;
  if (known !== undefined && known.sha256 === sha256 && known.stamp === stampOf(path)) return false;
  return (await digestTask({ path })).sha256 !== sha256;
}

/** Of a remote file only what its server says of it is known. */
function changedRemote(
  { bytes, etag, lastModified }: Input,
  file:
    | { size?: number | undefined; etag?: string | null | undefined; lastModified?: string | null | undefined }
    | undefined,
): boolean {
  if (file === undefined) return false;
  if (file.size !== undefined && file.size !== bytes) return true;
  if (etag && file.etag) return etag !== file.etag;
  return Boolean(lastModified && file.lastModified && lastModified !== file.lastModified);
}
