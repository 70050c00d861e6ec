/**
 * A batch as a table on the screen and as CSV.
 * @module
 */
import type { BatchSummary, SiteResult } from './batch-model.ts';
import { integer, real, tableCsv, text } from './table.ts';
import { table } from './terminal.ts';

/** One line a site. */
export function batchCsv(summary: BatchSummary): string {
  const columns = [
    text('site'),
    text('status'),
    integer('exit_code'),
    text('message'),
    text('out'),
    real('seconds', 's'),
    integer('scenes'),
    integer('skipped'),
    integer('first_year', 'year'),
    integer('last_year', 'year'),
    real('mine_ha', 'ha'),
    real('disturbed_ha', 'ha'),
    real('recovering_ha', 'ha'),
    real('recovered_ha', 'ha'),
    integer('warnings'),
  ];
  const rows = summary.sites.map((s) => {
    const how = [s.name, s.status, s.exitCode, s.message, s.out, s.seconds, s.scenes, s.skipped];
    const what = [s.firstYear, s.lastYear, s.mineHa, s.disturbedHa, s.recoveringHa, s.recoveredHa, s.warnings];
    return [...how, ...what];
  });
  return tableCsv({ name: 'batch', title: 'The sites of a batch', columns, rows });
}

/** The sites, then what went wrong with each that failed. */
export function batchText(summary: BatchSummary): string {
  const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
  const years = ({ firstYear, lastYear }: SiteResult): string =>
    firstYear === null ? '–' : `${firstYear}–${lastYear}`;
  const head = ['Site', 'status', 'scenes', 'years', 'mine ha', 'disturbed', 'recovering', 'recovered', 'seconds'];
  const rows = summary.sites.map((site) => {
    const land = [site.mineHa, site.disturbedHa, site.recoveringHa, site.recoveredHa].map(figure);
    const scenes = site.scenes === null ? '–' : String(site.scenes);
    return [site.name, site.status, scenes, years(site), ...land, site.seconds.toFixed(1)];
  });
  const counts = Object.entries(summary.counts).filter(([, n]) => n > 0);
  const lines = [
    `${summary.sites.length} sites: ${counts.map(([status, n]) => `${n} ${status}`).join(', ')}`,
    '',
    table(head, rows, 2),
  ];
  const troubled = summary.sites.filter(({ message }) => message !== '');
  if (troubled.length > 0) lines.push('', ...troubled.map(({ name, message }) => `${name}: ${message}`));
  return `${lines.join('\n')}\n`;
}
