/**
 * What `mine-rs power` says on standard output.
 * @module
 */
import type { PowerPage, PowerRow } from './power-model.ts';
import { table } from './terminal.ts';

/** A line for each zone, or for the numbers given. */
export function powerText(page: PowerPage): string {
  const { alpha, power, runs, seed, rows } = page;
  const zones = rows.some((row) => row.zone !== null);
  const head = [...(zones ? ['Zone', 'role'] : []), 'slope per year', 'noise', 'lag 1', 'years', 'false alarms'];
  const lines = rows.map((row) => [
    ...(row.zone === null ? [] : [row.zone.name, row.zone.role]),
    number(row.slope),
    number(row.noise),
    row.lag1.toFixed(2),
    yearsText(row, page.mostYears),
    row.falseAlarms === null ? '–' : `${(100 * row.falseAlarms).toFixed(1)} %`,
  ]);
  const title = `Years until a trend is seen with a probability of ${100 * power} % (Mann–Kendall, two-sided p < ${alpha})`;
  const notes = [
    `From ${runs} simulated series of each length, seed ${seed}.`,
    'False alarms: series without a trend that would pass; with lag 1 above 0 they are more than p says.',
  ];
  return `${title}\n${table(head, lines, zones ? 2 : 0)}\n\n${notes.join('\n')}\n`;
}

function yearsText(row: PowerRow, most: number): string {
  if (row.years !== null) return String(row.years);
  return row.slope === 0 ? 'no trend' : `over ${most}`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
