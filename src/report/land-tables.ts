/**
 * Tables on what became of the land: transitions between years, cohorts, recovery metrics.
 * @module
 */
import type { MetricFigures, RecoveryFigures } from './land-model.ts';
import type { Summary, ZoneFigures } from './model.ts';
import { integer, real, text, type Cell, type Column, type Table } from './table.ts';

const ZONE_COLUMNS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role')];

function zoneCells(zone: ZoneFigures): Cell[] {
  return [zone.id, zone.name, zone.role];
}

/** Hectares by land state in one year and in a later one. */
export function transitionTable(summary: Summary): Table {
  const columns = [...ZONE_COLUMNS, integer('from_year', 'year'), integer('to_year', 'year')];
  columns.push(text('from_state'), text('to_state'), real('hectares', 'ha'));
  const rows = summary.zones.flatMap((zone) =>
    zone.land!.transitions.map((t) => [...zoneCells(zone), t.fromYear, t.toYear, t.from, t.to, t.hectares]),
  );
  return { name: 'land_transitions', title: 'Hectares by land state in two years', columns, rows };
}

/** What became of the land that was first disturbed in each year. */
export function cohortTable(summary: Summary): Table {
  const columns = [...ZONE_COLUMNS, integer('cohort_year', 'year'), real('cohort_ha', 'ha'), integer('year', 'year')];
  columns.push(real('disturbed_ha', 'ha'), real('recovering_ha', 'ha'), real('recovered_ha', 'ha'));
  columns.push(real('not_assessable_ha', 'ha'), real('nodata_ha', 'ha'), real('recovered_share'));
  columns.push(integer('median_years_to_recovery', 'year'));
  const rows = summary.zones.flatMap((zone) =>
    (zone.land!.cohorts ?? []).flatMap((cohort) =>
      cohort.years.map((y) => [
        ...zoneCells(zone),
        cohort.year,
        cohort.hectares,
        y.year,
        y.disturbedHa,
        y.recoveringHa,
        y.recoveredHa,
        y.notAssessableHa,
        y.nodataHa,
        y.recoveredShare,
        cohort.medianYearsToRecovery,
      ]),
    ),
  );
  return { name: 'recovery_by_cohort', title: 'Land by the year of its first disturbance', columns, rows };
}

const METRIC_COLUMNS: readonly (readonly [name: string, unit: string, read: (r: RecoveryFigures) => MetricFigures])[] =
  [
    ['magnitude', '1', (r) => r.magnitude],
    ['years_to_recovery', 'year', (r) => r.yearsToRecovery],
    ['y2r', 'year', (r) => r.y2r],
    ['r80p', '1', (r) => r.r80p],
    ['yryr', '1/year', (r) => r.yryr],
    ['rri', '1', (r) => r.rri],
  ];

/** Mean recovery metrics of each zone, and the land that each is of. */
export function recoveryTable(summary: Summary): Table {
  const columns = [...ZONE_COLUMNS, real('disturbed_ha', 'ha'), real('recovered_ha', 'ha')];
  for (const [name, unit] of METRIC_COLUMNS) columns.push(real(`${name}_mean`, unit), real(`${name}_ha`, 'ha'));
  const rows = summary.zones.map((zone) => {
    const { recovery } = zone.land!;
    const metrics = METRIC_COLUMNS.flatMap(([, , read]) => [read(recovery).mean, read(recovery).hectares]);
    return [...zoneCells(zone), recovery.disturbedHa, recovery.recoveredHa, ...metrics];
  });
  return { name: 'recovery_metrics', title: 'Recovery metrics of the land that was disturbed', columns, rows };
}

/** These tables, where the run makes states. */
export function landTables(summary: Summary): Table[] {
  if (summary.fvc === null) return [];
  const cohorts = summary.zones.some((zone) => zone.land!.cohorts !== null);
  return [transitionTable(summary), ...(cohorts ? [cohortTable(summary)] : []), recoveryTable(summary)];
}
