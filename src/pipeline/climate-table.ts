/**
 * Climate and productivity by year, from a table.
 * @module
 */
import { lineError, numberCell, readCsvTable, requireColumns, type CsvLine, type CsvTable } from './csv-table.ts';
import { yearCell } from './production-years.ts';

/** What a year can bring; NaN where it is missing. */
export const CLIMATE_FIELDS = [
  'precipitation',
  'temperature',
  'evapotranspiration',
  'runoff',
  'npp',
  'c1',
  'c2',
] as const;
export type ClimateField = (typeof CLIMATE_FIELDS)[number];

/** Precipitation, evapotranspiration and runoff in mm, temperature in kelvin, NPP in g C/m²; c1 and c2 without unit. */
export type ClimateYear = Readonly<Record<ClimateField, number>>;

export const NO_CLIMATE: ClimateYear = {
  precipitation: NaN,
  temperature: NaN,
  evapotranspiration: NaN,
  runoff: NaN,
  npp: NaN,
  c1: NaN,
  c2: NaN,
};

/** Figures of a zone, or of all of them, by year. */
export interface ClimateTable {
  /** By zone id; `''` for all zones. */
  readonly zones: ReadonlyMap<string, ReadonlyMap<number, ClimateYear>>;
  /** Columns that nothing is made of. */
  readonly unused: readonly string[];
}

const KELVIN = 273.15;

/** Names of a field's column and what they say of its unit: add and then multiply by. */
const COLUMNS: Readonly<Record<string, { field: ClimateField; add: number }>> = {
  precipitation: { field: 'precipitation', add: 0 },
  precipitation_mm: { field: 'precipitation', add: 0 },
  temperature: { field: 'temperature', add: KELVIN },
  temperature_c: { field: 'temperature', add: KELVIN },
  temperature_k: { field: 'temperature', add: 0 },
  evapotranspiration: { field: 'evapotranspiration', add: 0 },
  evapotranspiration_mm: { field: 'evapotranspiration', add: 0 },
  runoff: { field: 'runoff', add: 0 },
  runoff_mm: { field: 'runoff', add: 0 },
  npp: { field: 'npp', add: 0 },
  npp_gc_m2: { field: 'npp', add: 0 },
  c1: { field: 'c1', add: 0 },
  c2: { field: 'c2', add: 0 },
};

/** What is believed, in the units above; beyond it the unit is another one. */
const BELIEVED: Readonly<Record<ClimateField, readonly [number, number, string]>> = {
  precipitation: [0, 15_000, 'mm a year'],
  temperature: [200, 330, '°C, the mean of a year'],
  evapotranspiration: [0, 5000, 'mm a year'],
  runoff: [0, 15_000, 'mm a year'],
  npp: [0, 5000, 'g of carbon per m² and year'],
  c1: [1e-6, 1e6, 'a rate above 0'],
  c2: [1e-6, 1e6, 'a rate above 0'],
};

/**
 * Reads the table.
 *
 * @param path A CSV file with the column `year`, any of `precipitation_mm`, `temperature_c` (or `temperature_k`),
 *   `evapotranspiration_mm`, `runoff_mm`, `npp_gc_m2`, `c1`, `c2`, and `zone_id` where zones differ. Without the unit
 *   in their names the first columns are taken to be in mm, °C and g C/m². An empty cell is missing.
 * @param zones Ids that there are.
 * @throws {MineRsError} BAD_INPUT naming the line
 */
export function readClimateTable(path: string, zones: readonly string[]): ClimateTable {
  const table = readCsvTable(path);
  requireColumns(table, ['year']);
  const used = usedColumns(table);
  const found = new Map<string, Map<number, ClimateYear>>();
  for (const line of table.lines) {
    const zone = table.columns.includes('zone_id') ? line.cells['zone_id']! : '';
    if (zone !== '' && !zones.includes(zone)) {
      throw lineError(path, line.line, `names the zone '${zone}', which the run does not have`);
    }
    const year = yearCell(table, line);
    const years = found.get(zone) ?? new Map<number, ClimateYear>();
    if (years.has(year)) throw lineError(path, line.line, `has the year ${year} a second time`);
    years.set(year, climateYear(table, line, used));
    found.set(zone, years);
  }
  if (found.size === 0) throw lineError(path, 1, 'is the only line: the table has no years');
  const known = new Set(['year', 'zone_id', ...used.values()]);
  return { zones: found, unused: table.columns.filter((name) => !known.has(name)) };
}

/** The column of each field that the table has. */
function usedColumns({ path, columns }: CsvTable): Map<ClimateField, string> {
  const used = new Map<ClimateField, string>();
  for (const name of columns) {
    const field = Object.hasOwn(COLUMNS, name) ? COLUMNS[name]!.field : undefined;
    const meant = CLIMATE_FIELDS.find((known) => name.startsWith(`${known}_`));
    if (field === undefined && meant !== undefined) {
      const names = Object.keys(COLUMNS).filter((known) => known.startsWith(`${meant}_`));
      throw lineError(
        path,
        1,
        `has the column '${name}', whose unit is not known: convert it to ${names.join(' or ')}`,
      );
    }
    if (field === undefined) continue;
    if (used.has(field)) throw lineError(path, 1, `has the columns ${used.get(field)!} and ${name}: keep one`);
    used.set(field, name);
  }
  if (used.size === 0) {
    throw lineError(path, 1, "has no column 'precipitation_mm', 'temperature_c' or another one that is used");
  }
  return used;
}

function climateYear(table: CsvTable, line: CsvLine, used: ReadonlyMap<ClimateField, string>): ClimateYear {
  const year: Record<ClimateField, number> = { ...NO_CLIMATE };
  for (const [field, name] of used) {
    if (line.cells[name] === '') continue;
    const value = numberCell(table, line, name) + COLUMNS[name]!.add;
    const [low, high, what] = BELIEVED[field];
    if (!(value >= low && value <= high)) {
      throw lineError(table.path, line.line, `has '${line.cells[name]!}' for ${name}, which cannot be ${what}`);
    }
    year[field] = value;
  }
  return year;
}
