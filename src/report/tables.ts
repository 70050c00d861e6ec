/**
 * The tables of a run. Every table listed in {@link runTables} is in all files that hold tables: CSV, GeoPackage, Parquet.
 * @module
 */
import { auditTables } from './audit-tables.ts';
import { influenceTables } from './influence-tables.ts';
import { landTables } from './land-tables.ts';
import type { Summary, ZoneFigures } from './model.ts';
import { permutationTables } from './permutation-table.ts';
import { seasonalTables } from './seasonal-tables.ts';
import { segmentationTables } from './segmentation-table.ts';
import { integer, real, significant, tableCsv, text, type Cell, type Column, type Table } from './table.ts';

export { round } from './table.ts';

const ZONE_COLUMNS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role')];

function zoneCells(zone: ZoneFigures): Cell[] {
  return [zone.id, zone.name, zone.role];
}

/** Hectares of each trend class in each zone. */
export function trendClassTable(summary: Summary): Table {
  const columns = [...ZONE_COLUMNS, integer('class_code'), text('class'), real('hectares', 'ha'), real('percent', '%')];
  const rows = summary.zones.flatMap((zone) =>
    zone.trend.map((c) => [...zoneCells(zone), c.code, c.name, c.hectares, c.percent]),
  );
  return { name: 'trend_classes', title: 'Hectares of each trend class', columns, rows };
}

/** Hectares of each trend class before and after the correction for testing many pixels. */
export function fieldTable(summary: Summary): Table {
  const columns = [...ZONE_COLUMNS, integer('class_code'), text('class'), real('raw_ha', 'ha'), real('fdr_ha', 'ha')];
  const rows = summary.zones.flatMap((zone) =>
    zone.trend.map((c) => [...zoneCells(zone), c.code, c.name, c.hectares, c.fdrHectares]),
  );
  return { name: 'trend_fdr', title: 'Trend classes before and after the correction for many tests', columns, rows };
}

/** The trend of each zone's annual mean; zones with too few years have no figures. */
export function zoneTrendTable(summary: Summary): Table {
  const test = [integer('n'), significant('s'), significant('var_s'), significant('z'), significant('p')];
  const line = [significant('tau'), significant('slope', '1/year'), significant('slope_low', '1/year')];
  line.push(significant('slope_high', '1/year'), significant('intercept'), significant('lag1'));
  const change = [integer('change_after', 'year'), significant('change_k'), significant('change_p')];
  const columns = [...ZONE_COLUMNS, ...test, ...line, text('class'), ...change];
  const rows = summary.zones.map((zone) => {
    const t = zone.meanTrend;
    if (t === null) return [...zoneCells(zone), ...columns.slice(3).map(() => null)];
    const figures = [t.n, t.s, t.varS, t.z, t.p, t.tau, t.slope, t.slopeLow, t.slopeHigh, t.intercept, t.lag1];
    return [...zoneCells(zone), ...figures, t.className, t.changeAfter, t.changeK, t.changeP];
  });
  return { name: 'zone_trends', title: 'Trend of the yearly mean of each zone', columns, rows };
}

/** Annual means of each zone: FVC, or the index where the run makes no FVC. */
export function yearTable(summary: Summary): Table {
  const value = valueName(summary);
  const means = [real(`${value}_mean`), real(`${value}_sd`)];
  const land = [real('valid_ha', 'ha'), real('nodata_ha', 'ha'), real('clear_obs_mean')];
  const columns = [...ZONE_COLUMNS, integer('year', 'year'), ...means, ...land];
  const rows = summary.zones.flatMap((zone) =>
    zone.years.map((y) => [...zoneCells(zone), y.year, y.mean, y.sd, y.validHa, y.nodataHa, y.clearObsMean]),
  );
  return { name: `${value}_by_year`, title: `Yearly mean of ${value.toUpperCase()} of each zone`, columns, rows };
}

/** What the annual means are of: `fvc`, or the index's name. */
export function valueName(summary: Summary): string {
  return summary.fvc === null ? summary.index : 'fvc';
}

/** Hectares of each land state in each zone and year. */
export function stateTable(summary: Summary): Table {
  const states = ['undisturbed', 'disturbed', 'recovering', 'recovered', 'not_assessable', 'nodata'];
  const changes = ['newly_disturbed', 'newly_recovered'];
  const hectares = [...states, ...changes].map((name) => real(`${name}_ha`, 'ha'));
  const columns = [...ZONE_COLUMNS, integer('year', 'year'), ...hectares, real('recovered_to_disturbed')];
  const rows = summary.zones.flatMap((zone) =>
    zone.states.map((s) => [
      ...zoneCells(zone),
      s.year,
      s.undisturbedHa,
      s.disturbedHa,
      s.recoveringHa,
      s.recoveredHa,
      s.notAssessableHa,
      s.nodataHa,
      s.newlyDisturbedHa,
      s.newlyRecoveredHa,
      s.recoveredToDisturbed,
    ]),
  );
  return { name: 'land_state_by_year', title: 'Hectares of each land state by year', columns, rows };
}

/** Every scene, used or not, and why not. */
export function sceneTable(summary: Summary): Table {
  const names = ['sensor', 'product', 'used', 'reason'].map(text);
  const columns = [
    text('scene_id'),
    text('date'),
    integer('year', 'year'),
    ...names,
    real('clear_share'),
    text('path'),
  ];
  const rows = summary.scenes.map((s) => [
    s.id,
    s.date,
    s.year,
    s.sensor,
    s.product,
    s.used ? 'yes' : 'no',
    s.reason,
    s.clearShare,
    s.path,
  ]);
  return { name: 'scenes', title: 'Every scene, used or not', columns, rows };
}

/** All tables of a run, in the order in which they are listed. */
export function runTables(summary: Summary): Table[] {
  return [
    trendClassTable(summary),
    zoneTrendTable(summary),
    ...(summary.field === null ? [] : [fieldTable(summary)]),
    ...permutationTables(summary),
    yearTable(summary),
    ...seasonalTables(summary, valueName(summary)),
    ...(summary.fvc === null ? [] : [stateTable(summary)]),
    ...landTables(summary),
    ...segmentationTables(summary),
    ...influenceTables(summary),
    ...auditTables(summary.audit),
    sceneTable(summary),
  ];
}

/** All tables as CSV, by file name. */
export function allTables(summary: Summary): Record<string, string> {
  return Object.fromEntries(runTables(summary).map((table) => [`${table.name}.csv`, tableCsv(table)]));
}
