/**
 * Trends of zones season by season: tables, and a part of the screen.
 * @module
 */
import type { Summary } from './model.ts';
import type { SeasonTrend } from './seasonal-model.ts';
import { integer, real, significant, text, type Cell, type Column, type Table } from './table.ts';

/** What a test of all seasons is called in the column of seasons. */
const ALL = 'all';

const ZONE: readonly Column[] = ['zone_id', 'zone_name', 'role', 'season'].map(text);

function trendCells(trend: SeasonTrend | null): Cell[] {
  if (trend === null) return Array.from({ length: 9 }, () => null);
  const { n, s, varS, z, p, tau, slope, slopeLow, slopeHigh } = trend;
  return [n, s, varS, z, p, tau, slope, slopeLow, slopeHigh];
}

/**
 * The seasonal Kendall test of each zone, each season's own trend, and the means that they are of; none without seasons.
 *
 * @param value What the means are of.
 */
export function seasonalTables({ seasonal }: Summary, value: string): Table[] {
  if (!seasonal) return [];
  const test = [integer('n'), significant('s'), significant('var_s'), significant('z'), significant('p')];
  const slopes = ['slope', 'slope_low', 'slope_high'].map((name) => significant(name, '1/year'));
  const trends = seasonal.zones.flatMap(({ id, name, role, all, seasons }) => [
    [id, name, role, ALL, ...trendCells(all)],
    ...seasons.map(({ season, trend }) => [id, name, role, season, ...trendCells(trend)]),
  ]);
  const means = seasonal.zones.flatMap(({ id, name, role, seasons }) =>
    seasons.flatMap(({ season, years }) => years.map((y) => [id, name, role, season, y.year, y.mean, y.validHa])),
  );
  return [
    {
      name: 'zone_trends_seasonal',
      title: 'Trend of the mean of each zone over all seasons, and in each',
      columns: [...ZONE, ...test, significant('tau'), ...slopes],
      rows: trends,
    },
    {
      name: `${value}_by_season`,
      title: `Mean ${value.toUpperCase()} of each zone by season and year`,
      columns: [...ZONE, integer('year', 'year'), real(`${value}_mean`), real('valid_ha', 'ha')],
      rows: means,
    },
  ];
}

/** A screen's part; empty without seasons. @param table Lays out a table. @param shorten Makes a name fit a line. */
export function seasonalText(
  { seasonal }: Summary,
  table: (head: readonly string[], rows: readonly string[][], leftColumns: number) => string,
  shorten: (name: string) => string,
): string {
  if (!seasonal) return '';
  const figure = (value: number | null | undefined, digits: number) => value?.toFixed(digits) ?? '–';
  const rows = seasonal.zones.map(({ name, role, all }) => [
    shorten(name),
    role,
    figure(all?.n, 0),
    figure(all?.slope, 4),
    figure(all?.slopeLow, 4),
    figure(all?.slopeHigh, 4),
    figure(all?.p, 4),
  ]);
  const names = seasonal.seasons.map(({ season }) => season).join(', ');
  return `Trend over the seasons ${names}\n${table(['Zone', 'role', 'n', 'slope', 'low', 'high', 'p'], rows, 2)}`;
}
