/**
 * The maps of classes that a call is about, year by year, and the zones on them.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { classOf, fvcLookup, type ClassLookup } from '../ecology/classes.ts';
import { MineRsError } from '../errors.ts';
import type { RemoteOptions } from '../raster/source/remote.ts';
import type { LandClass } from '../report/landscape-model.ts';
import type { Summary } from '../report/model.ts';
import { isTiffName, listSources } from '../scenes/listing.ts';
import type { ClassBand, ClassRule } from '../tasks/class-pixels.ts';
import { isUrl } from '../url.ts';
import { readAoi, type Zone } from '../vector/aoi.ts';
import type { ClassOptions } from './class-options.ts';
import { readSummary } from './finished-run.ts';
import { Headers, type Header } from './inspect.ts';

/** Maps of more years than this are none. */
const MOST_YEARS = 500;

/** A map of one year. */
export interface YearMap {
  readonly year: number;
  readonly source: ClassBand;
  readonly header: Header;
}

export interface ClassSources {
  readonly aoi: string;
  readonly zones: readonly Zone[];
  /** `FVC grades` or `classes`. */
  readonly what: string;
  /** By year, ascending. */
  readonly maps: readonly YearMap[];
  readonly warnings: string[];
  /** What there is to say of the classes on the maps. */
  classesOf(codes: Iterable<number>): LandClass[];
}

/**
 * Finds the maps of classes and reads their headers, and the zones.
 *
 * @throws {MineRsError} BAD_INPUT naming the file: one that cannot be read, has no year in its name, or a year that another
 *   one has
 */
export async function openClassSources(options: ClassOptions, remote: RemoteOptions): Promise<ClassSources> {
  const { run } = options;
  const summary = run === undefined ? undefined : readSummary(run);
  const files = options.classes === undefined ? fvcMaps(run!, summary!) : await namedRasters(options.classes);
  const rule: ClassRule =
    options.classes === undefined
      ? { kind: 'grades', limits: [...options.grades] }
      : { kind: 'codes', noData: [...options.noData] };
  const headers = new Headers(remote);
  const maps: YearMap[] = [];
  for (const { year, path } of files) {
    const header = await headers.header(path);
    if (header.info.pixelProblem !== null) {
      throw new MineRsError('BAD_INPUT', `${path} cannot be read: ${header.info.pixelProblem}`, { path });
    }
    maps.push({ year, source: { path, band: 1, rule }, header });
  }
  const aoi = options.aoi ?? join(run!, 'zones.geojson');
  const found = await readAoi(aoi, options.fields);
  // A run's file has its rings as well, which are no zones of its tables.
  const own = options.aoi === undefined ? new Set(summary!.zones.map(({ id }) => id)) : undefined;
  const zones = found.zones.filter(({ id }) => own?.has(id) ?? true);
  const lookup = options.classes === undefined ? named(fvcLookup(options.grades), options.lookup) : options.lookup;
  const warnings = [...found.warnings];
  return {
    aoi,
    zones,
    what: options.classes === undefined ? 'FVC grades' : 'classes',
    maps,
    warnings,
    classesOf(codes) {
      const sorted = [...new Set(codes)].toSorted((a, b) => a - b);
      const unknown = sorted.filter((code) => lookup.size > 0 && !lookup.has(code));
      if (unknown.length > 0) {
        const text = `Codes without an entry under classes in mine-rs.yaml: ${unknown.slice(0, 10).join(', ')}`;
        if (!warnings.includes(text)) warnings.push(text);
      }
      return sorted.map((code) => classOf(lookup, code));
    },
  };
}

/** Grades, with the scores that a lookup gives to some of them. */
function named(grades: ClassLookup, lookup: ClassLookup): ClassLookup {
  return new Map(
    [...grades].map(([code, grade]) => {
      const own = lookup.get(code);
      return [code, own === undefined ? grade : { ...own, colour: own.colour ?? grade.colour }];
    }),
  );
}

function fvcMaps(run: string, summary: Summary): { year: number; path: string }[] {
  if (summary.fvc === null) {
    throw new MineRsError(
      'BAD_INPUT',
      `The run in ${run} makes no FVC to grade: run it without --fvc none, or give classes with --classes`,
    );
  }
  const maps = summary.years.map((year) => ({ year, path: join(run, 'maps', `fvc_${year}.tif`) }));
  const missing = maps.find(({ path }) => !existsSync(path));
  if (missing === undefined) return maps;
  throw new MineRsError(
    'BAD_INPUT',
    `The run in ${run} kept no map fvc_${missing.year}.tif: run it again with --maps all`,
  );
}

async function namedRasters(sources: readonly string[]): Promise<{ year: number; path: string }[]> {
  const found: { year: number; path: string }[] = [];
  for (const source of sources) {
    const [, year, rest] = /^(\d{4})=(.+)$/s.exec(source) ?? [];
    const path = rest ?? source;
    const given = year === undefined ? undefined : Number(year);
    for (const file of await filesOf(path)) found.push({ path: file, year: given ?? yearInName(file) });
  }
  found.sort((a, b) => a.year - b.year);
  for (const [k, { year, path }] of found.entries()) {
    const before = found[k - 1];
    if (before?.year !== year) continue;
    if (before.path === path) throw new MineRsError('BAD_INPUT', `--classes: ${path} is named twice`);
    throw new MineRsError('BAD_INPUT', `--classes: ${before.path} and ${path} are both of ${year}; keep one of them`);
  }
  if (found.length > MOST_YEARS) {
    throw new MineRsError('BAD_INPUT', `--classes: ${found.length} rasters are more than ${MOST_YEARS}`);
  }
  return found;
}

async function filesOf(path: string): Promise<string[]> {
  if (isUrl(path)) return [path];
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return [path];
  if (!existsSync(path) && !/[*?{[]/.test(path)) {
    throw new MineRsError('BAD_INPUT', `--classes: there is no file ${path}`, { path });
  }
  const { files } = await listSources([path]);
  const rasters = files.map((file) => file.path).filter((name) => isTiffName(name) || /\.jp2$/i.test(name));
  if (rasters.length > 0) return rasters;
  throw new MineRsError('BAD_INPUT', `--classes: no raster in ${path}`, { path });
}

/** The one year in a file's name, alone or at the beginning of a date. */
export function yearInName(path: string): number {
  const found = basename(path).matchAll(/(?<!\d)((?:19|20)\d{2})(?:\d{4})?(?!\d)/g);
  const years = [...new Set([...found].map(([, year]) => Number(year)))];
  if (years.length === 1) return years[0]!;
  const problem = years.length === 0 ? 'no year in its name' : `several years in its name (${years.join(', ')})`;
  throw new MineRsError('BAD_INPUT', `--classes: ${path} has ${problem}: write YEAR=${path}`, { path });
}
