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
    [`${valueName(summary)}_by_year.csv`]: yearTable(summary),
    ...(summary.fvc === null ? {} : { 'land_state_by_year.csv': stateTable(summary) }),
    'scenes.csv': sceneTable(summary),
  };
}
