/**
 * Tables and text of `mine-rs zones`.
 * @module
 */
import { cellValue, integer, real, significant, text, type Cell, type Column, type Table } from './table.ts';
import { table as screenTable } from './terminal.ts';
import type { ZonalFigures, ZonalPage, ZonalZone } from './zonal-model.ts';

const KEYS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role'), integer('band')];
const HECTARES: readonly Column[] = [real('area_ha', 'ha'), real('valid_ha', 'ha'), real('nodata_ha', 'ha')];

function keysOf({ id, name, role }: ZonalZone, { band }: ZonalFigures): Cell[] {
  return [id, name, role, band];
}

/** `p2.5` is the column `p2_5`. */
const columnName = (statistic: string): string => statistic.replace('.', '_');

function statisticColumn(name: string): Column {
  return name === 'cells' || name === 'variety' ? integer(name) : significant(columnName(name), '');
}

function statistic(figures: ZonalFigures, name: string): Cell {
  if (name in figures.quantiles) return figures.quantiles[name]!;
  return figures[name as 'cells' | 'count' | 'mean' | 'sd' | 'min' | 'max' | 'sum' | 'majority'];
}

/** One row a zone and band. */
export function zonalTable(page: ZonalPage): Table {
  const columns = [...KEYS, ...HECTARES, ...page.statistics.map(statisticColumn)];
  const rows = page.zones.flatMap((zone) =>
    zone.bands.map((figures) => [
      ...keysOf(zone, figures),
      zone.areaHa,
      figures.validHa,
      figures.nodataHa,
      ...page.statistics.map((name) => statistic(figures, name)),
    ]),
  );
  return { name: 'zone_statistics', title: 'Statistics of each zone', columns, rows };
}

/** One row a zone, band and class; undefined where classes were not asked for. */
export function zonalClassTable(page: ZonalPage): Table | undefined {
  if (page.zones.every((zone) => zone.bands.every(({ classes }) => classes === null))) return undefined;
  const columns = [...KEYS, significant('value', ''), real('hectares', 'ha'), real('percent', '%')];
  const rows = page.zones.flatMap((zone) =>
    zone.bands.flatMap((figures) =>
      (figures.classes ?? []).map((c) => [...keysOf(zone, figures), c.value, c.hectares, c.percent]),
    ),
  );
  return { name: 'zone_classes', title: 'Hectares of each value in each zone', columns, rows };
}

/** All tables of a call. */
export function zonalTables(page: ZonalPage): Table[] {
  const classes = zonalClassTable(page);
  return classes === undefined ? [zonalTable(page)] : [zonalTable(page), classes];
}

/** Figures of each zone as attributes of its polygon, by zone id; of several bands with `b2_` before the name. */
export function zonalAttributes(page: ZonalPage): { columns: Column[]; figures: Record<string, Record<string, Cell>> } {
  const single = page.bands.length === 1;
  const own: Column[] = [HECTARES[1]!, HECTARES[2]!, ...page.statistics.map(statisticColumn)];
  const columns = [
    HECTARES[0]!,
    ...page.bands.flatMap(({ band }) =>
      own.map((column) => (single ? column : { ...column, name: `b${band}_${column.name}` })),
    ),
  ];
  const figures = page.zones.map((zone): [string, Record<string, Cell>] => {
    const cells: Cell[] = [
      zone.areaHa,
      ...zone.bands.flatMap((band) => [
        band.validHa,
        band.nodataHa,
        ...page.statistics.map((name) => statistic(band, name)),
      ]),
    ];
    return [zone.id, Object.fromEntries(columns.map((column, k) => [column.name, cellValue(column, cells[k]!)]))];
  });
  return { columns, figures: Object.fromEntries(figures) };
}

/** What the terminal shows. */
export function zonalText(page: ZonalPage): string {
  const weights = page.area === 'planar' ? "area in the raster's plane" : 'ellipsoidal area';
  const tables = zonalTables(page).map(({ title, columns, rows }) => {
    const shown = columns.filter((column) => column.name !== 'role');
    const at = shown.map((column) => columns.indexOf(column));
    const lines = rows.map((row) => at.map((k) => cellText(columns[k]!, row[k]!)));
    return `${title}\n${screenTable(
      shown.map((column) => column.name),
      lines,
      2,
    )}`;
  });
  return `${tables.join('\n\n')}\n\nMeans, deviations and quantiles are weighted by covered ${weights}.\n`;
}

function cellText(column: Column, cell: Cell): string {
  const value = cellValue(column, cell);
  if (value === null) return '–';
  if (typeof value !== 'number' || column.type === 'integer') return String(value);
  return column.unit === 'ha' ? value.toFixed(2) : String(Number(value.toPrecision(6)));
}
