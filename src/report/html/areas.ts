/**
 * The figures of zones and roles as the page's charts take them.
 * @module
 */
import type { RoleFigures, Summary, ZoneFigures } from '../model.ts';
import type { CohortFigures } from '../land-model.ts';
import type { Area, Cohort } from './payload.ts';
import { wordOr, type Say } from './text.ts';

/** Zones times years that the page holds; of a run with more, the first zones are shown, those of mines before others. */
const MOST_ZONE_YEARS = 3000;

/** Zones that the report shows one by one, mines first. */
export function shownZones(summary: Summary): ZoneFigures[] {
  const { zones, years } = summary;
  const most = Math.max(1, Math.floor(MOST_ZONE_YEARS / years.length));
  const first = ['mine', 'impact', 'reference'];
  const rank = ({ role }: ZoneFigures) => (first.includes(role) ? first.indexOf(role) : first.length);
  return zones.toSorted((a, b) => rank(a) - rank(b)).slice(0, most);
}

/** Roles of several zones, then zones. */
export function areasOf(summary: Summary, say: Say): Area[] {
  const roles = summary.totals.filter(({ zones }) => zones.length > 1);
  return [
    ...roles.map((total) =>
      areaOf(total, null, say('area.all', { role: wordOr(say, 'role', total.role), zones: total.zones.length }), say),
    ),
    ...shownZones(summary).map((zone) => areaOf(zone, zone.id, zone.name, say)),
  ];
}

/** The area that is shown first: all mines, or the only one, or whatever comes first. */
export function firstShown(areas: readonly Area[]): number {
  return Math.max(
    0,
    areas.findIndex(({ role }) => role === 'mine'),
  );
}

/** The reference that the others are held against: all reference zones, or the only one. */
export function referenceOf(areas: readonly Area[]): number | null {
  const found = areas.findIndex(({ role }) => role === 'reference');
  return found < 0 ? null : found;
}

function areaOf(figures: ZoneFigures | RoleFigures, id: string | null, label: string, say: Say): Area {
  const { years, states, meanTrend: t } = figures;
  // Runs of earlier versions do not have it.
  const land = figures.land ?? null;
  return {
    id,
    label,
    role: figures.role,
    roleLabel: wordOr(say, 'role', figures.role),
    areaHa: round(figures.areaHa),
    mean: years.map(({ mean }) => roundOrNull(mean)),
    sd: years.map(({ sd }) => roundOrNull(sd)),
    clear: years.map(({ clearObsMean }) => roundOrNull(clearObsMean)),
    trend: figures.trend.map(({ hectares }) => round(hectares)),
    sen: t && {
      slope: precise(t.slope),
      low: t.slopeLow === null ? null : precise(t.slopeLow),
      high: t.slopeHigh === null ? null : precise(t.slopeHigh),
      intercept: precise(t.intercept),
      p: t.p === null ? null : precise(t.p),
    },
    states:
      states.length === 0
        ? []
        : [
            states.map((s) => round(s.notAssessableHa)),
            states.map((s) => round(s.undisturbedHa)),
            states.map((s) => round(s.disturbedHa)),
            states.map((s) => round(s.recoveringHa)),
            states.map((s) => round(s.recoveredHa)),
          ],
    noDataHa: states.length === 0 ? years.map((y) => round(y.nodataHa)) : states.map((s) => round(s.nodataHa)),
    newlyDisturbed: states.map((s) => round(s.newlyDisturbedHa)),
    newlyRecovered: states.map((s) => round(s.newlyRecoveredHa)),
    everDisturbed: land === null || states.length === 0 ? null : round(land.recovery.disturbedHa),
    cohorts: land?.cohorts?.map(cohortOf) ?? null,
  };
}

function cohortOf({ year, years, medianYearsToRecovery }: CohortFigures): Cohort {
  const last = years.at(-1);
  const ha = (value: number | undefined): number => round(value ?? 0);
  const parts = [last?.notAssessableHa, 0, last?.disturbedHa, last?.recoveringHa, last?.recoveredHa, last?.nodataHa];
  return { year, last: parts.map(ha), median: medianYearsToRecovery };
}

/** The digits of the CSV tables, so that both hold the same figures. */
function round(value: number): number {
  return Number(value.toFixed(6)) + 0;
}

function precise(value: number): number {
  return Number(value.toPrecision(9)) + 0;
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value);
}
