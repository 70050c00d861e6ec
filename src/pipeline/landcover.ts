/**
 * `mine-rs landcover`: hectares of classes in zones, year by year, and of the changes between years.
 *
 * Areas are on the ellipsoid, and cells at a zone's edge count by their covered part, as in all tables of hectares.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { gridEquals } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import {
  CLASS_PAGE_VERSION,
  type LandcoverPage,
  type LandcoverTransition,
  type LandcoverYear,
  type LandcoverZone,
} from '../report/landscape-model.ts';
import type { LandcoverResult } from '../tasks/landcover.ts';
import { redactData } from '../url.ts';
import { chooseBlockSize, cutIntoBlocks } from './blocks.ts';
import { openClassSources, type YearMap } from './class-sources.ts';
import { classOptionsOf, type ClassControl } from './landscape.ts';
import { createRunner } from './pool.ts';
import { SILENT } from './progress.ts';
import { createRemote } from './remote.ts';
import { runAll } from './run-all.ts';
import { BUDGET_TOLERANCE, prepareZones, type PreparedZone } from './zones.ts';

const M2_PER_HA = 1e4;

/** Cells of a window: sums of its weights are exact up to twice as many, and a year of it takes a byte a cell. */
const MOST_CELLS = 2 ** 20;

/** Zones times pairs of years: beyond it, only the first year is held against the last. */
const MOST_MATRICES = 20_000;

/** By zone and then by time or pair: units of area by key. Whole numbers of any size: their order does not matter. */
type Totals = Map<string, bigint>[][];

/**
 * Classes and transitions of the zones of a run, or of an AOI.
 *
 * @param input `run` the folder of a finished run, or `classes` rasters with `aoi`; see docs/landscape.md for the rest.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming the file
 */
export async function landcoverPage(
  input: Record<string, unknown>,
  control: ClassControl = {},
): Promise<LandcoverPage> {
  const options = classOptionsOf(input);
  const progress = control.progress ?? SILENT;
  const signal = control.signal ?? new AbortController().signal;
  const remote = createRemote(options.endpoint, signal);
  const sources = await openClassSources(options, remote);
  const { maps } = sources;
  const { grid } = checkGrids(maps);
  const zones = await prepareZones(sources.aoi, sources.zones, grid, 'maps');
  if (zones.zones.every(({ weights }) => weights.totalUnits === 0n)) {
    throw new MineRsError('BAD_INPUT', `No zone of ${sources.aoi} overlaps ${maps[0]!.source.path}`);
  }
  sources.warnings.push(...zones.warnings);
  const years = maps.map(({ year }) => year);
  const pairs = pairsOf(years, options.transitions, zones.zones.length, sources.warnings);
  const areas: Totals = zones.zones.map(() => years.map(() => new Map()));
  const changes: Totals = zones.zones.map(() => pairs.map(() => new Map()));

  const { header } = maps[0]!;
  const windows = cutIntoBlocks(grid, header, chooseBlockSize(header.info, grid)).flatMap(inParts);
  const runner = await createRunner(options.workers, signal, remote);
  try {
    progress.begin('classes', windows.length);
    await runAll(runner.concurrency, windows.values(), async (window) => {
      const slices = zones.slices(window).filter(({ zone }) => zone < zones.zones.length);
      if (slices.length > 0) {
        const task = { window, bands: maps.map(({ source }) => source), zones: slices, pairs };
        add(areas, changes, await runner.run('landcover', task));
      }
      progress.step();
    });
    progress.end();
  } finally {
    await runner.close();
  }

  const figures = zones.zones.map((zone, k) => zoneFigures(zone, areas[k]!, changes[k]!, years, pairs, zones.unitM2));
  const codes = figures.flatMap((zone) => zone.years.flatMap((year) => year.classes.map((c) => c.code)));
  const page: LandcoverPage = {
    schemaVersion: CLASS_PAGE_VERSION,
    run: options.run ?? null,
    aoi: sources.aoi,
    what: sources.what,
    rasters: maps.map(({ year, source }) => ({ year, path: source.path })),
    classes: sources.classesOf(codes),
    zones: figures,
    warnings: sources.warnings,
  };
  for (const text of page.warnings) progress.warn(text);
  return redactData(page);
}

function checkGrids(maps: readonly YearMap[]): YearMap['header'] {
  const [first] = maps;
  const other = maps.find(({ header }) => !gridEquals(header.grid, first!.header.grid));
  if (other === undefined) return first!.header;
  throw new MineRsError(
    'BAD_INPUT',
    `${first!.source.path} and ${other.source.path} lie on different grids, so that cells cannot be followed from year to ` +
      'year: bring one onto the other first, such as with gdalwarp -r near',
    { path: other.source.path },
  );
}

/** Pairs of times. */
function pairsOf(
  years: readonly number[],
  wanted: readonly (readonly [number, number])[] | undefined,
  zones: number,
  warnings: string[],
): (readonly [number, number])[] {
  const last = years.length - 1;
  if (wanted === undefined) {
    if (last < 1) return [];
    const whole: [number, number][] = last === 1 ? [] : [[0, last]];
    if (zones * (last + 1) <= MOST_MATRICES) return [...years.slice(1).map((_, k) => [k, k + 1] as const), ...whole];
    warnings.push(`${zones} zones and ${years.length} years: only the first year is held against the last`);
    return [[0, last]];
  }
  return wanted.map(([from, to]) => {
    const pair = [years.indexOf(from), years.indexOf(to)] as const;
    const missing = pair[0] < 0 ? from : to;
    if (pair[0] >= 0 && pair[1] >= 0) return pair;
    const has = `there are ${years.slice(0, 20).join(', ')}${years.length > 20 ? ' …' : ''}`;
    throw new MineRsError('USAGE', `--transitions ${from}:${to}: there is no map of ${missing}; ${has}`);
  });
}

/** A file that is one strip is one block; its rows are taken in parts. */
function inParts(block: Window): Window[] {
  const rows = Math.max(1, Math.floor(MOST_CELLS / block.width));
  return Array.from({ length: Math.ceil(block.height / rows) }, (_, k) => {
    return { ...block, row: block.row + k * rows, height: Math.min(rows, block.height - k * rows) };
  });
}

/** Keys of no data. */
const NONE = '';

function add(areas: Totals, changes: Totals, { codes, zones }: LandcoverResult): void {
  const codeOf = (number: number): string =>
    number === 0 ? NONE : String(codes === null ? number : codes[number - 1]);
  const put = (sums: Map<string, bigint>, key: string, units: number): void => {
    sums.set(key, (sums.get(key) ?? 0n) + BigInt(units));
  };
  for (const { zone, years, changes: pairs } of zones) {
    for (const [t, { classes, units }] of years.entries()) {
      for (const [k, number] of classes.entries()) put(areas[zone]![t]!, codeOf(number), units[k]!);
    }
    for (const [p, { from, to, units }] of pairs.entries()) {
      for (const [k, number] of from.entries()) {
        put(changes[zone]![p]!, `${codeOf(number)}>${codeOf(to[k]!)}`, units[k]!);
      }
    }
  }
}

function zoneFigures(
  { zone, areaM2, outsideM2 }: PreparedZone,
  areas: readonly Map<string, bigint>[],
  changes: readonly Map<string, bigint>[],
  years: readonly number[],
  pairs: readonly (readonly [number, number])[],
  unitM2: number,
): LandcoverZone {
  const areaHa = areaM2 / M2_PER_HA;
  const outsideHa = outsideM2 / M2_PER_HA;
  const hectares = (units: bigint): number => (Number(units) * unitM2) / M2_PER_HA;
  const check = (what: string, sum: number): void => {
    if (Math.abs(sum - areaHa) <= BUDGET_TOLERANCE * areaHa) return;
    throw new MineRsError('INTERNAL', `The ${what} of zone ${zone.id} add up to ${sum} ha, but should be ${areaHa} ha`);
  };
  const byYear = years.map((year, t): LandcoverYear => {
    const classes = [...areas[t]!]
      .filter(([key]) => key !== NONE)
      .map(([key, units]) => ({ code: Number(key), hectares: hectares(units) }))
      .toSorted((a, b) => a.code - b.code)
      .map(({ code, hectares: ha }) => ({ code, hectares: ha, percent: (100 * ha) / areaHa }));
    const nodataHa = hectares(areas[t]!.get(NONE) ?? 0n) + outsideHa;
    check(`classes of ${year}`, classes.reduce((sum, c) => sum + c.hectares, 0) + nodataHa);
    return { year, nodataHa, classes };
  });
  const transitions = pairs.flatMap(([from, to], p): LandcoverTransition[] => {
    const sums = new Map(changes[p]);
    const out = [...sums].map(([key, units]): LandcoverTransition => {
      const [before, after] = key.split('>').map((code) => (code === NONE ? null : Number(code))) as [
        number | null,
        number | null,
      ];
      const beyond = before === null && after === null ? outsideHa : 0;
      return {
        fromYear: years[from]!,
        toYear: years[to]!,
        from: before,
        to: after,
        hectares: hectares(units) + beyond,
      };
    });
    if (outsideHa > 0 && !sums.has('>')) {
      out.push({ fromYear: years[from]!, toYear: years[to]!, from: null, to: null, hectares: outsideHa });
    }
    // No data last.
    const place = (code: number | null): number => code ?? Infinity;
    const order = (a: number | null, b: number | null): number => (a === b ? 0 : place(a) < place(b) ? -1 : 1);
    out.sort((a, b) => order(a.from, b.from) || order(a.to, b.to));
    check(
      `transitions from ${years[from]} to ${years[to]}`,
      out.reduce((sum, transition) => sum + transition.hectares, 0),
    );
    return out;
  });
  return { id: zone.id, name: zone.name, role: zone.role, areaHa, years: byYear, transitions };
}
