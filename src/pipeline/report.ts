/**
 * report.html, from what a run left in its folder: so that it can be made again at any time, in any language.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { LANGUAGES, type Language } from '../report/html/payload.ts';
import type { RunRecord } from '../report/html/record.ts';
import { readAdditions } from './additions.ts';
import { readRunJson, readSummary } from './finished-run.ts';
import { wrongValue } from './options.ts';
import { cacheFolder, productFiles, REPORT_FILE, RUN_FILE } from './output.ts';
import { reportMap, type Outline } from './report-map.ts';
import { isIntact, outputStamps, readRunCache, writeRunCache } from './run-cache.ts';
import { writeFiles } from './write-files.ts';

/** The text of a run's report. @throws {MineRsError} BAD_INPUT if the folder holds no finished run, or a damaged one */
export async function buildReport(folder: string, language: Language): Promise<string> {
  const summary = readSummary(folder);
  const record = recordIn(folder);
  // Loaded here: the page's script is long, and a run without a report does not need it.
  const { reportHtml, zonesOfReport } = await import('../report/html/page.ts');
  const map = await reportMap(folder, summary, outlinesIn(folder, zonesOfReport(summary)));
  return reportHtml({ summary, record, language, map, additions: readAdditions(folder) });
}

const schema = z.strictObject({ lang: z.enum(LANGUAGES).default('en'), out: z.string().min(1).optional() });

/**
 * Makes the report of a finished run again.
 *
 * @param folder What `mine-rs trend` left.
 * @param input `lang` en or zh; `out` another file than report.html in the folder.
 * @returns The file that was written.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT on a folder without a run, OUTPUT if it cannot write
 */
export async function rebuildReport(folder: string, input: Record<string, unknown>): Promise<string> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '--${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { lang, out } = parsed.data;
  const path = resolve(out ?? join(folder, REPORT_FILE));
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new MineRsError('USAGE', `--out ${path} is a folder: name a file`);
  }
  if (out !== undefined && !existsSync(dirname(path)))
    throw new MineRsError('OUTPUT', `There is no folder ${dirname(path)} to write to`);
  const text = await buildReport(folder, lang);
  const cache = readRunCache(cacheFolder(folder));
  const intact = cache !== undefined && isIntact(folder, cache);
  writeFiles(path, [[path, text]]);
  // A run that has nothing to do must find its folder as it is now.
  if (intact) writeRunCache(cacheFolder(folder), { ...cache, outputs: outputStamps(folder, productFiles(folder)) });
  return path;
}

const text = z.string();
const recordSchema = z.object({
  parameters: z.record(text, z.unknown()),
  radiometry: z.array(
    z.object({
      scene: text,
      product: text.nullable(),
      bands: z.record(
        text,
        z.object({ scale: z.number(), offset: z.number(), nodata: z.number().nullable(), source: text }),
      ),
      masks: z.array(z.object({ description: text })),
      adjustments: z.array(text),
    }),
  ),
  resampled: z.array(z.object({ scene: text, method: text })),
});

function recordIn(folder: string): RunRecord {
  const parsed = recordSchema.safeParse(readRunJson(folder, RUN_FILE));
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]!.path.join('.');
  throw new MineRsError('BAD_INPUT', `${join(folder, RUN_FILE)} is not the record of a trend run: see ${place}`);
}

const outlineSchema = z.object({
  features: z.array(
    z.object({
      properties: z.object({ id: text }),
      geometry: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) }),
    }),
  ),
});

/** The outlines of some zones; those of thousands of others are not even looked at. */
function outlinesIn(folder: string, wanted: ReadonlySet<string>): Outline[] {
  const damaged = (place: string) =>
    new MineRsError('BAD_INPUT', `${join(folder, 'zones.geojson')} does not hold zones: see ${place}`);
  const parsed = outlineSchema.safeParse(readRunJson(folder, 'zones.geojson'));
  if (!parsed.success) throw damaged(parsed.error.issues[0]!.path.join('.'));
  return parsed.data.features
    .filter(({ properties }) => wanted.has(properties.id))
    .map(({ properties: { id }, geometry: { type, coordinates } }) => {
      const polygons = type === 'Polygon' ? [coordinates] : coordinates;
      if (!arePolygons(polygons)) throw damaged(`the coordinates of ${id}`);
      return { id, polygons };
    });
}

function arePolygons(value: readonly unknown[]): value is Outline['polygons'] & unknown[] {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && Number.isFinite(point[0] as number) && Number.isFinite(point[1] as number);
  const isRing = (ring: unknown) => Array.isArray(ring) && ring.every(isPoint);
  return value.every((polygon) => Array.isArray(polygon) && polygon.every(isRing));
}
