/**
 * The CSV tables of a run.
 * @module
 */
import { stringify } from 'csv-stringify/sync';
import type { Summary, ZoneFigures } from './model.ts';

/** Digits behind the point: 0.01 m² for hectares, and more than float32 carries for means. */
const DIGITS = 6;

type Cell = string | number | null;

function csv(columns: readonly string[], rows: readonly Cell[][]): string {
  return stringify([[...columns], ...rows], { cast: { number: (value) => String(round(value)) } });
}

/** A number with at most six digits behind the point; no negative zero. */
export function round(value: number): number {
  return Number(value.toFixed(DIGITS)) + 0;
}

function zoneColumns(zone: ZoneFigures): Cell[] {
  return [zone.id, zone.name, zone.role];
}

/** Hectares of each trend class in each zone. */
export function trendClassTable(summary: Summary): string {
  const columns = ['zone_id', 'zone_name', 'role', 'class_code', 'class', 'hectares', 'percent'];
  const rows = summary.zones.flatMap((zone) =>
    zone.trend.map((c) => [...zoneColumns(zone), c.code, c.name, c.hectares, c.percent]),
  );
  return csv(columns, rows);
}

/** Hectares of each trend class before and after the correction for testing many pixels. */
export function fieldTable(summary: Summary): string {
  const columns = ['zone_id', 'zone_name', 'role', 'class_code', 'class', 'raw_ha', 'fdr_ha'];
  const rows = summary.zones.flatMap((zone) =>
    zone.trend.map((c) => [...zoneColumns(zone), c.code, c.name, c.hectares, c.fdrHectares]),
  );
  return csv(columns, rows);
}

/** The trend of each zone's annual mean; zones with too few years have no figures. */
export function zoneTrendTable(summary: Summary): string {
  const columns = ['zone_id', 'zone_name', 'role', 'n', 's', 'var_s', 'z', 'p', 'tau', 'slope', 'slope_low'];
  columns.push('slope_high', 'intercept', 'lag1', 'class', 'change_after', 'change_k', 'change_p');
  const rows = summary.zones.map((zone) => {
    const t = zone.meanTrend;
    if (t === null) return [...zoneColumns(zone), ...columns.slice(3).map(() => null)];
    const figures = [t.n, t.s, t.varS, t.z, t.p, t.tau, t.slope, t.slopeLow, t.slopeHigh, t.intercept, t.lag1];
    const change = [t.changeAfter, t.changeK, t.changeP];
    return [...zoneColumns(zone), ...figures.map(precise), t.className, ...change.map(precise)];
  });
  return csv(columns, rows);
}

/** Nine digits, whatever the size: a p of 1e-8 is not 0. As text, so that it is not rounded again. */
function precise(value: number | null): string | null {
  return value === null ? null : String(Number(value.toPrecision(9)) + 0);
}

/** Annual means of each zone: FVC, or the index where the run makes no FVC. */
export function yearTable(summary: Summary): string {
  const value = valueName(summary);
  const columns = ['zone_id', 'zone_name', 'role', 'year', `${value}_mean`, `${value}_sd`];
  columns.push('valid_ha', 'nodata_ha', 'clear_obs_mean');
  const rows = summary.zones.flatMap((zone) =>
    zone.years.map((y) => [...zoneColumns(zone), y.year, y.mean, y.sd, y.validHa, y.nodataHa, y.clearObsMean]),
  );
  return csv(columns, rows);
}

/** What the annual means are of: `fvc`, or the index's name. */
export function valueName(summary: Summary): string {
  return summary.fvc === null ? summary.index : 'fvc';
}

/** Hectares of each land state in each zone and year. */
export function stateTable(summary: Summary): string {
  const columns = ['zone_id', 'zone_name', 'role', 'year', 'undisturbed_ha', 'disturbed_ha', 'recovering_ha'];
  columns.push('recovered_ha', 'not_assessable_ha', 'nodata_ha', 'newly_disturbed_ha', 'newly_recovered_ha');
  columns.push('recovered_to_disturbed');
  const rows = summary.zones.flatMap((zone) =>
    zone.states.map((s) => [
      ...zoneColumns(zone),
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
  return csv(columns, rows);
}

/** Every scene, used or not, and why not. */
export function sceneTable(summary: Summary): string {
  const columns = ['scene_id', 'date', 'year', 'sensor', 'product', 'used', 'reason', 'clear_share', 'path'];
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
  return csv(columns, rows);
}

/** All tables by file name. */
export function allTables(summary: Summary): Record<string, string> {
  return {
    'trend_classes.csv': trendClassTable(summary),
    'zone_trends.csv': zoneTrendTable(summary),
    ...(summary.field === null ? {} : { 'trend_fdr.csv': fieldTable(summary) }),
    [`${valueName(summary)}_by_year.csv`]: yearTable(summary),
    ...(summary.fvc === null ? {} : { 'land_state_by_year.csv': stateTable(summary) }),
    'scenes.csv': sceneTable(summary),
  };
}
