/**
 * Tables of field plots: one line a plot with its variables, or one line a plot and species.
 * @module
 */
import type { Community } from '../ecology/diversity.ts';
import { MineRsError } from '../errors.ts';
import { lineError, numberCell, readCsvTable, requireColumns, type CsvLine, type CsvTable } from './csv-table.ts';

export interface Plot {
  readonly id: string;
  /** Null where the table has no groups. */
  readonly group: string | null;
  readonly line: number;
  /** Degrees (WGS 84); null where the table has no places. */
  readonly place: { readonly lon: number; readonly lat: number } | null;
  readonly year: number | null;
  /** Amounts of its species; null without a table of species. */
  readonly community: Community | null;
}

export interface PlotVariable {
  readonly name: string;
  /** As in the head line, `%` of `cover (%)`; empty where there is none. */
  readonly unit: string;
  /** By plot, NaN where there is none. */
  readonly values: readonly number[];
}

export interface PlotTable {
  readonly path: string;
  readonly plots: readonly Plot[];
  /** In the order in which they come up; empty where the table has no groups. */
  readonly groups: readonly string[];
  readonly variables: readonly PlotVariable[];
  /** What the amounts of species are; null without species. */
  readonly measure: 'count' | 'cover' | null;
  /** Columns of words, which nothing is computed from. */
  readonly ignored: readonly string[];
}

/** Bounds of what is compared pair by pair. */
const MOST_PLOTS = 10_000;
const MOST_VARIABLES = 60;
const MOST_GROUPS = 30;
const MOST_SPECIES_LINES = 1_000_000;

/** Columns with a meaning of their own; everything else is a variable. */
const KEYS = ['plot', 'group', 'lon', 'lat', 'year', 'species', 'count'] as const;
type Key = (typeof KEYS)[number] | 'cover';

/** What stands for "no value": nothing, or R's word for it. */
const GAPS = ['', 'NA'];

/** A table whose columns were told apart. */
interface Columns {
  readonly table: CsvTable;
  /** Name in the file of each key that the table has. */
  readonly keys: ReadonlyMap<Key, string>;
  /** Unit of each column that names one, by its name in the file. */
  readonly units: ReadonlyMap<string, string>;
}

/**
 * Reads plots.
 *
 * A table with a column `species` is long: plot, species, count or cover, and group. Any other is wide: one line a plot, all
 * further columns of numbers being variables; the species of its plots may come from a second, long table.
 *
 * @param group Name of the column with the groups; `group` without it, if there is one.
 * @throws {MineRsError} BAD_INPUT naming file and line; USAGE if two tables of species are given
 */
export function readPlots(path: string, speciesPath?: string, group?: string): PlotTable {
  const columns = columnsOf(readCsvTable(path), group);
  if (!columns.keys.has('species')) {
    const wide = readWide(columns);
    return speciesPath === undefined ? wide : withSpecies(wide, columnsOf(readCsvTable(speciesPath), undefined));
  }
  if (speciesPath !== undefined) {
    throw new MineRsError('USAGE', `${path} has a column 'species' itself: --species does not fit`);
  }
  return readLong(columns);
}

function columnsOf(table: CsvTable, group: string | undefined): Columns {
  const keys = new Map<Key, string>();
  const units = new Map<string, string>();
  if (group !== undefined) requireColumns(table, [group]);
  for (const column of table.columns) {
    const { name, unit } = splitUnit(column);
    if (unit !== '') units.set(column, unit);
    const key = column === group ? 'group' : (name.toLowerCase() as Key);
    if (group !== undefined && column !== group && key === 'group') continue;
    if (!(KEYS as readonly string[]).includes(key) && key !== 'cover') continue;
    if (keys.has(key)) throw lineError(table.path, 1, `has two columns for ${key}: '${keys.get(key)}' and '${column}'`);
    keys.set(key, column);
  }
  const columns = { table, keys, units };
  if (!keys.has('plot')) requireColumns(table, ['plot']);
  if (keys.has('lon') !== keys.has('lat')) {
    throw lineError(table.path, 1, `has a column '${keys.has('lon') ? 'lon' : 'lat'}' only: a place needs lon and lat`);
  }
  checkUnit(columns, 'cover', ['%', 'percent']);
  for (const key of ['lon', 'lat'] as const) checkUnit(columns, key, ['°', 'deg', 'degrees']);
  return columns;
}

/** `height (cm)` is height in cm. */
function splitUnit(column: string): { name: string; unit: string } {
  const [, name, unit] = /^(.*\S)\s*[([]([^()[\]]*)[)\]]$/.exec(column) ?? [];
  return { name: name ?? column, unit: unit?.trim() ?? '' };
}

function checkUnit({ table, keys, units }: Columns, key: Key, known: readonly string[]): void {
  const unit = units.get(keys.get(key) ?? '');
  if (unit === undefined || known.includes(unit.toLowerCase())) return;
  throw lineError(table.path, 1, `has ${key} in '${unit}': it is read in ${known[0]}`);
}

/** One line a plot. */
function readWide(columns: Columns): PlotTable {
  const { table, keys, units } = columns;
  const { path, lines } = table;
  if (lines.length === 0) throw lineError(path, 1, 'is the only line: there are no plots');
  checkMost(path, lines.length, MOST_PLOTS, 'plots');
  const seen = new Map<string, number>();
  const plots = lines.map((line) => {
    const plot = plotOf(columns, line);
    const first = seen.get(plot.id);
    if (first !== undefined) throw lineError(path, line.line, `repeats plot '${plot.id}' of line ${first}`);
    seen.set(plot.id, line.line);
    return plot;
  });
  const own = new Set([...keys].flatMap(([key, column]) => (key === 'cover' || key === 'count' ? [] : [column])));
  const others = table.columns.filter((column) => !own.has(column));
  const ignored = others.filter((column) => !lines.some(({ cells }) => /^[-+.]?\d/.test(cells[column]!)));
  const variables = others
    .filter((column) => !ignored.includes(column))
    .map((column): PlotVariable => {
      const isCover = column === keys.get('cover');
      return {
        name: isCover ? 'cover' : splitUnit(column).name,
        unit: units.get(column) ?? (isCover ? '%' : ''),
        values: lines.map((line) => valueOf(columns, line, column)),
      };
    });
  checkMost(path, variables.length, MOST_VARIABLES, 'columns of numbers');
  const names = variables.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw lineError(path, 1, `names the variable '${twice}' twice`);
  if (keys.has('cover')) checkShares(columns, lines);
  return { path, plots, groups: groupsOf(path, plots, keys.get('group')), variables, measure: null, ignored };
}

/** One line a plot and species. */
function readLong(columns: Columns): PlotTable {
  const { table, keys } = columns;
  const { communities, measure } = readSpecies(columns);
  const first = new Map<string, Plot>();
  for (const line of table.lines) {
    const plot = plotOf(columns, line);
    const before = first.get(plot.id) ?? plot;
    first.set(plot.id, before);
    for (const [key, a, b] of [
      ['group', plot.group, before.group],
      ['year', plot.year, before.year],
      ['lon', plot.place?.lon, before.place?.lon],
      ['lat', plot.place?.lat, before.place?.lat],
    ] as const) {
      if (a === b) continue;
      throw lineError(table.path, line.line, `has ${key} ${a} for plot '${plot.id}', line ${before.line} has ${b}`);
    }
  }
  const plots = [...first.values()].map((plot) => ({ ...plot, community: communities.get(plot.id)! }));
  const known = new Set<string>(keys.values());
  return {
    path: table.path,
    plots,
    groups: groupsOf(table.path, plots, keys.get('group')),
    variables: [],
    measure,
    ignored: table.columns.filter((column) => !known.has(column)),
  };
}

/** The plots of a wide table with the species of a long one. A plot without a line there has no species: nothing grows on it. */
function withSpecies(wide: PlotTable, columns: Columns): PlotTable {
  const { table, keys } = columns;
  const { communities, measure } = readSpecies(columns);
  const plots = new Map(wide.plots.map((plot) => [plot.id, plot]));
  for (const { line, cells } of table.lines) {
    const id = cells[keys.get('plot')!]!;
    const plot = plots.get(id);
    if (plot === undefined) throw lineError(table.path, line, `has the plot '${id}', which ${wide.path} does not have`);
    const group = cells[keys.get('group') ?? ''];
    if (group !== undefined && plot.group !== null && group !== plot.group) {
      const text = `has plot '${id}' in group '${group}'; line ${plot.line} of ${wide.path} has it in '${plot.group}'`;
      throw lineError(table.path, line, text);
    }
  }
  const joined = wide.plots.map((plot) => ({ ...plot, community: communities.get(plot.id) ?? new Map() }));
  return { ...wide, plots: joined, measure };
}

/** Amounts by plot and species. Counts are taken where there are counts and covers. */
function readSpecies(columns: Columns): { communities: Map<string, Map<string, number>>; measure: 'count' | 'cover' } {
  const { table, keys } = columns;
  const { path, lines } = table;
  if (!keys.has('species')) requireColumns(table, ['species']);
  const measure = keys.has('count') ? 'count' : 'cover';
  const column = keys.get(measure);
  if (column === undefined) {
    throw lineError(path, 1, `has neither a column 'count' nor 'cover': how much there is of each species`);
  }
  if (lines.length === 0) throw lineError(path, 1, 'is the only line: there are no species');
  checkMost(path, lines.length, MOST_SPECIES_LINES, 'lines');
  const communities = new Map<string, Map<string, number>>();
  const seen = new Map<string, number>();
  for (const line of lines) {
    const plot = wordOf(columns, line, 'plot');
    const species = wordOf(columns, line, 'species');
    const amount = numberIn(columns, line, column);
    checkAmount(columns, line, measure, amount);
    const pair = JSON.stringify([plot, species]);
    const first = seen.get(pair);
    if (first !== undefined) {
      throw lineError(path, line.line, `repeats the species '${species}' of plot '${plot}' of line ${first}`);
    }
    seen.set(pair, line.line);
    const community = communities.get(plot) ?? new Map<string, number>();
    communities.set(plot, community.set(species, amount));
  }
  checkMost(path, communities.size, MOST_PLOTS, 'plots');
  if (measure === 'cover') checkShares(columns, lines);
  return { communities, measure };
}

function plotOf(columns: Columns, line: CsvLine): Plot {
  const { keys, table } = columns;
  const id = wordOf(columns, line, 'plot');
  const group = keys.has('group') ? wordOf(columns, line, 'group') : null;
  let place: Plot['place'] = null;
  if (keys.has('lon')) {
    const [lon, lat] = [numberIn(columns, line, keys.get('lon')!), numberIn(columns, line, keys.get('lat')!)];
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) {
      throw lineError(table.path, line.line, `has the place ${lon}, ${lat}: expected degrees, longitude first`);
    }
    place = { lon, lat };
  }
  let year: number | null = null;
  if (keys.has('year')) {
    year = numberIn(columns, line, keys.get('year')!);
    if (!(Number.isInteger(year) && year >= 1900 && year <= 2200)) {
      throw lineError(table.path, line.line, `has the year ${year}: expected a year of four digits`);
    }
  }
  return { id, group, line: line.line, place, year, community: null };
}

function wordOf({ table, keys }: Columns, line: CsvLine, key: Key): string {
  const word = line.cells[keys.get(key)!]!;
  if (word === '') throw lineError(table.path, line.line, `has no ${key}`);
  return word;
}

/** A cell of a variable: NaN where it is empty. */
function valueOf(columns: Columns, line: CsvLine, column: string): number {
  if (GAPS.includes(line.cells[column]!)) return NaN;
  const value = numberIn(columns, line, column);
  for (const key of ['cover', 'count'] as const) {
    if (columns.keys.get(key) === column) checkAmount(columns, line, key, value);
  }
  return value;
}

function numberIn({ table }: Columns, line: CsvLine, column: string): number {
  const text = line.cells[column]!;
  const [, number, unit] = /^([-+]?\d[\d.]*)\s*([^\d\s.,eE+-].*)$/.exec(text) ?? [];
  if (number !== undefined) {
    const { name } = splitUnit(column);
    const advice = `write ${number}, and the unit in the head line: ${name} (${unit})`;
    throw lineError(table.path, line.line, `has '${text}' for ${column}, a number with a unit: ${advice}`);
  }
  if (/^[-+]?\d+,\d+$/.test(text)) {
    const advice = `write ${text.replace(',', '.')}`;
    throw lineError(table.path, line.line, `has '${text}' for ${column}, a number with a decimal comma: ${advice}`);
  }
  return numberCell(table, line, column);
}

function checkAmount({ table }: Columns, { line }: CsvLine, key: 'cover' | 'count', amount: number): void {
  if (amount < 0) throw lineError(table.path, line, `has the ${key} ${amount}: it cannot be negative`);
  if (key === 'cover' && amount > 100) {
    throw lineError(table.path, line, `has the cover ${amount}: it is read in percent, at most 100`);
  }
}

/** Cover that never exceeds 1 is a share, unless the head line says that it is in percent. */
function checkShares({ table, keys, units }: Columns, lines: readonly CsvLine[]): void {
  const column = keys.get('cover')!;
  if (units.has(column)) return;
  const covers = lines.map(({ cells }) => Number(cells[column]) || 0);
  const first = covers.findIndex((cover) => cover > 0 && cover < 1);
  if (first < 0 || covers.some((cover) => cover > 1)) return;
  const text = `has the cover ${covers[first]}, and none is above 1: give percent, not shares, or call the column 'cover (%)'`;
  throw lineError(table.path, lines[first]!.line, text);
}

function groupsOf(path: string, plots: readonly Plot[], column: string | undefined): string[] {
  const groups = [...new Set(plots.flatMap(({ group }) => group ?? []))];
  if (groups.length === 1) {
    const { line } = plots[0]!;
    const text = `has the group '${groups[0]}', as all ${plots.length} plots have: comparing needs two groups in '${column}'`;
    throw lineError(path, line, text);
  }
  checkMost(path, groups.length, MOST_GROUPS, 'groups');
  return groups;
}

function checkMost(path: string, count: number, most: number, what: string): void {
  if (count > most) throw new MineRsError('BAD_INPUT', `${path} has ${count} ${what}; at most ${most} are compared`);
}
