/**
 * What mines produce year by year, from a table.
 * @module
 */
import type { Stats } from 'node:fs';
import { statSync } from 'node:fs';
import { MineRsError } from '../errors.ts';
import { lineError, readCsvTable, requireColumns, type CsvLine, type CsvTable } from './csv-table.ts';

/** Tonnes by year; years ascend. */
export type ProductionSeries = ReadonlyMap<number, number>;

/** Units of the column's name, and of a cell: tonnes in one of them. */
const UNITS: Record<string, number> = { t: 1, kt: 1e3, mt: 1e6, gt: 1e9 };
const AMOUNT = /^(\d+(?:\.\d+)?|\.\d+)(?:e\+?(\d{1,2}))?\s*(t|kt|mt|gt)?$/i;
/** More than the world digs. */
const MOST_TONNES = 1e12;

/**
 * Productions by zone id, in tonnes.
 *
 * @param path A CSV file with the columns `year` and `production` (cells with their unit, such as 1.2Mt) or `production_t`,
 *   `production_kt`, `production_mt` (cells without), and `zone_id`, which may be left out where `zones` is one.
 * @param zones Ids that there are.
 * @throws {MineRsError} BAD_INPUT naming the line
 */
export function readProductionYears(path: string, zones: readonly string[]): Map<string, ProductionSeries> {
  const found: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new MineRsError('BAD_INPUT', `There is no table ${path}`);
  const table = readCsvTable(path);
  requireColumns(table, ['year']);
  const column = amountColumn(table);
  const hasZone = table.columns.includes('zone_id');
  if (!hasZone && zones.length !== 1) {
    throw lineError(
      path,
      1,
      `has no column 'zone_id', and the run has ${zones.length} mines: say whose production it is`,
    );
  }
  if (table.lines.length === 0) throw lineError(path, 1, 'is the only line: the table has no years');
  const byZone = new Map<string, Map<number, number>>();
  for (const line of table.lines) {
    const zone = hasZone ? line.cells['zone_id']! : zones[0]!;
    if (!zones.includes(zone))
      throw lineError(path, line.line, `names the zone '${zone}', which is no mine of the run`);
    const year = yearCell(table, line);
    const series = byZone.get(zone) ?? new Map<number, number>();
    if (series.has(year)) throw lineError(path, line.line, `has the year ${year} of zone '${zone}' a second time`);
    series.set(year, tonnes(table, line, column));
    byZone.set(zone, series);
  }
  return new Map([...byZone].map(([zone, series]) => [zone, new Map([...series].toSorted(([a], [b]) => a - b))]));
}

/** A cell of the column `year`. @throws {MineRsError} BAD_INPUT naming the line */
export function yearCell({ path }: CsvTable, { line, cells }: CsvLine): number {
  const text = cells['year'] ?? '';
  if (/^[12]\d{3}$/.test(text)) return Number(text);
  throw lineError(path, line, `has '${text}' for year, which is not a year of four digits`);
}

interface AmountColumn {
  readonly name: string;
  /** Tonnes in its unit; undefined where each cell has its own. */
  readonly unit: number | undefined;
}

function amountColumn({ path, columns }: CsvTable): AmountColumn {
  const found = columns.filter((name) => name === 'production' || /^production_(t|kt|mt|gt)$/.test(name));
  if (found.length > 1) throw lineError(path, 1, `has the columns ${found.join(' and ')}: keep one`);
  const name = found[0];
  if (name === undefined) {
    throw lineError(
      path,
      1,
      "has no column 'production' (such as 1.2Mt), 'production_t', 'production_kt' or 'production_mt'",
    );
  }
  return { name, unit: UNITS[name.slice('production_'.length)] };
}

function tonnes({ path }: CsvTable, { line, cells }: CsvLine, { name, unit }: AmountColumn): number {
  const text = cells[name]!;
  const parts = AMOUNT.exec(text);
  if (parts === null) throw lineError(path, line, `has '${text.slice(0, 40)}' for ${name}, which is no production`);
  const own = parts[3]?.toLowerCase();
  if (unit === undefined && own === undefined) {
    throw lineError(
      path,
      line,
      `has '${text}' for production, without a unit: write it as ${text}t, ${text}kt or ${text}Mt`,
    );
  }
  if (unit !== undefined && own !== undefined) {
    throw lineError(path, line, `has '${text}' for ${name}: the unit is in the column's name already`);
  }
  const value = Number(`${parts[1]}e${parts[2] ?? 0}`) * (unit ?? UNITS[own!]!);
  if (!(value <= MOST_TONNES))
    throw lineError(path, line, `has '${text}' for ${name}, which is more than all mines produce`);
  return value;
}
