/**
 * What a run says on standard output.
 * @module
 */
import Table from 'cli-table3';
import { auditNotes } from './audit-tables.ts';
import { influenceText } from './influence-text.ts';
import type { Plan, StateFigures, Summary, ZoneFigures } from './model.ts';
import { permutationNotes } from './permutation-table.ts';
import { seasonalText } from './seasonal-tables.ts';
import { segmentationNotes } from './segmentation-table.ts';
import { valueName } from './tables.ts';

/** Thin lines between the head and the rows, none around: it can be copied into a letter. */
const BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table whose first columns, and those named besides, are aligned to the left. */
export function table(
  head: readonly string[],
  rows: readonly string[][],
  leftColumns: number,
  alsoLeft: readonly number[] = [],
): string {
  const made = new Table({
    chars: BORDERS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: head.map((_, k) => (k < leftColumns || alsoLeft.includes(k) ? 'left' : 'right')),
  });
  made.push([...head], ...rows);
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function hectares(value: number): string {
  return value.toFixed(1);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

/** Land state in the last year, FVC through the years, trend classes: a screen's worth. */
export function summaryText(summary: Summary, folder: string): string {
  const parts = [headline(summary)];
  if (summary.fvc !== null) parts.push(stateText(summary), timingText(summary));
  parts.push(
    valueText(summary),
    trendText(summary),
    seasonalText(summary, table, shorten),
    influenceText(summary.influence, valueName(summary).toUpperCase(), table, shorten),
    notes(summary),
    `Maps, tables and the record of this run: ${folder}`,
  );
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline(summary: Summary): string {
  const used = summary.scenes.filter((scene) => scene.used).length;
  const { years, missingYears } = summary;
  const gaps = missingYears.length === 0 ? '' : `, none of ${missingYears.join(', ')}`;
  const { width, height, crs } = summary.grid;
  return `${used} scenes of ${years.length} years, ${years[0]} to ${years.at(-1)}${gaps}; ${width} × ${height} pixels, ${crs}`;
}

/** A line of the tables: a zone, or all zones of a role. */
type Line = Pick<ZoneFigures, 'areaHa' | 'trend' | 'years' | 'states'> & { label: string; role: string };

const LONGEST_LABEL = 28;

/** The zones, and behind them a total for each role of several zones. */
function linesOf(summary: Summary): Line[] {
  const zones = summary.zones.map((zone) => ({ ...zone, label: shorten(zone.name) }));
  const totals = summary.totals.filter((total) => total.zones.length > 1);
  return [...zones, ...totals.map((total) => ({ ...total, label: `All ${shorten(total.role)}` }))];
}

/** A name that fits a line: white space folded, nothing that steers a terminal, and cut where it is long. */
function shorten(name: string): string {
  const text = name
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1)}…`;
}

function stateText(summary: Summary): string {
  const head = ['Zone', 'role', 'area', 'undisturbed', 'disturbed', 'recovering', 'recovered', 'not ass.', 'no data'];
  const rows = linesOf(summary).map((line) => {
    const last = line.states.at(-1)!;
    return [
      line.label,
      line.role,
      hectares(line.areaHa),
      hectares(last.undisturbedHa),
      hectares(last.disturbedHa),
      hectares(last.recoveringHa),
      hectares(last.recoveredHa),
      hectares(last.notAssessableHa),
      hectares(last.nodataHa),
    ];
  });
  return `Land state in ${summary.years.at(-1)}, hectares\n${table(head, rows, 2)}`;
}

/** The years in which most happened, hectares in brackets. */
function timingText(summary: Summary): string {
  const head = [
    'Zone',
    'role',
    'disturbed most in',
    'newly disturbed most in',
    'newly recovered most in',
    'recovered of disturbed',
  ];
  const rows = linesOf(summary).map((line) => [
    line.label,
    line.role,
    greatest(line.states, 'disturbedHa'),
    greatest(line.states, 'newlyDisturbedHa'),
    greatest(line.states, 'newlyRecoveredHa'),
    percent(line.states.at(-1)!.recoveredToDisturbed),
  ]);
  return `When, with hectares of that year\n${table(head, rows, 2)}`;
}

function greatest(
  states: readonly StateFigures[],
  key: 'disturbedHa' | 'newlyDisturbedHa' | 'newlyRecoveredHa',
): string {
  const most = states.reduce((best, state) => (state[key] > best[key] ? state : best));
  return most[key] > 0 ? `${most.year} (${hectares(most[key])})` : '–';
}

/** Columns of years that fit a screen: the first, the last and some between. */
function shownYears(years: readonly number[]): number[] {
  const most = 9;
  if (years.length <= most) return [...years];
  const picked = Array.from({ length: most }, (_, k) => Math.round((k * (years.length - 1)) / (most - 1)));
  return picked.map((k) => years[k]!);
}

function valueText(summary: Summary): string {
  const years = shownYears(summary.years);
  const cover = summary.fvc !== null;
  const show = (mean: number | null) => (cover ? percent(mean) : (mean?.toFixed(3) ?? '–'));
  const rows = linesOf(summary).map((line) => [
    line.label,
    line.role,
    ...years.map((year) => show(line.years.find((y) => y.year === year)!.mean)),
  ]);
  const name = valueName(summary).toUpperCase();
  const text = cover ? `Mean fractional vegetation cover (${name})` : `Mean ${name}`;
  return `${text}\n${table(['Zone', 'role', ...years.map(String)], rows, 2)}`;
}

function trendText(summary: Summary): string {
  // Classes that no zone has are left out; the CSV table has them all.
  const codes = summary.zones[0]!.trend.map((c) => c.code).filter((code) =>
    summary.zones.some((z) => classHa(z, code) > 0),
  );
  const names = codes.map((code) => summary.zones[0]!.trend.find((c) => c.code === code)!.name);
  const rows = linesOf(summary).map((line) => [
    line.label,
    line.role,
    ...codes.map((code) => hectares(classHa(line, code))),
  ]);
  const on = summary.trend.on === 'fvc' ? 'FVC' : summary.trend.on.toUpperCase();
  const head = ['Zone', 'role', ...names.map(shortClass)];
  const slight = summary.trend.legend === 'five' ? '' : ' slight p < 0.10,';
  const key = `sig. p < 0.05,${slight} (no) not significant`;
  const span = `${summary.years[0]} to ${summary.years.at(-1)}`;
  return `Trend of ${on}, ${span}, hectares (${summary.trend.legend === 'nine' ? `extreme p < 0.01, ${key}` : key})\n${table(head, rows, 2)}`;
}

function shortClass(name: string): string {
  return name
    .replace('extremely significant', 'extreme')
    .replace('slightly significant', 'slight')
    .replace(/^no significant (.*)$/, '($1)')
    .replace('significant', 'sig.');
}

function classHa(line: Pick<ZoneFigures, 'trend'>, code: number): number {
  return line.trend.find((c) => c.code === code)!.hectares;
}

function notes(summary: Summary): string {
  const lines: string[] = [];
  if (summary.fvc !== null) {
    const { soil, vegetation, source } = summary.fvc.endpoints;
    lines.push(`FVC endpoints: bare soil ${soil.toFixed(4)}, full vegetation ${vegetation.toFixed(4)} (${source}).`);
    const { disturbedBelow: d, recoveredAbove: r, recoveredYears: k } = summary.thresholds!;
    lines.push(
      `Baseline: ${summary.baseline!.text}; disturbed at or below ${d} of it, recovered from ${r} of it on for ${k} years.`,
      ...cleaningNotes(summary.thresholds!),
    );
  }
  lines.push(...segmentationNotes(summary));
  lines.push(...significanceNotes(summary), ...permutationNotes(summary), ...auditNotes(summary.audit));
  lines.push('A spectral change is evidence, not a compliance finding.');
  return lines.join('\n');
}

/** What was cleaned out of the land states. */
function cleaningNotes({ fillGaps, filterFlips, minPatch }: NonNullable<Summary['thresholds']>): string[] {
  const lines: string[] = [];
  if (fillGaps) lines.push('A year without data between two years alike has their land state.');
  if (filterFlips) lines.push('A single year unlike the years before and after does not count for the land states.');
  if (minPatch !== null) {
    const { cells, neighbours } = minPatch;
    lines.push(`Disturbed patches of fewer than ${cells} cells (${neighbours} neighbours) count as undisturbed.`);
  }
  return lines;
}

/** What the p-values of so many pixels and so few years can show. */
function significanceNotes({ years, trend, field }: Summary): string[] {
  const lines: string[] = [];
  if (trend.smallestP >= 0.05) {
    const p = trend.smallestP.toFixed(4);
    lines.push(`${years.length} years cannot reach 95 % significance: the smallest p there can be is ${p}.`);
  }
  if (field === null) return lines;
  const stands = field.threshold === null ? 'no p stands' : `p up to ${field.threshold.toPrecision(3)} stands`;
  const cells = field.cells.toLocaleString('en-GB');
  lines.push(
    `Tested at ${cells} cells of the zones: at a false discovery rate of ${field.rate} ${stands} (tables/trend_fdr.csv).`,
  );
  if (field.leastShare > 1) {
    lines.push('At this rate nothing could stand, whatever the data: the smallest p there can be is too large.');
  } else if (field.threshold === null && field.leastShare > 0.1) {
    const share = Math.ceil(100 * field.leastShare);
    lines.push(`For any to stand, ${share} % of the cells would have to reach the smallest p there can be.`);
  }
  return lines;
}

function memoryText({ workers, blockWidth, blockHeight, memoryMb }: Plan['resources']): string {
  const who = workers === 0 ? 'no worker' : workers === 1 ? '1 worker' : `${workers} workers`;
  return `Memory: about ${memoryMb} MB, with ${who} and blocks of ${blockWidth} × ${blockHeight} pixels`;
}

/** What a dry run shows. */
export function planText(plan: Plan): string {
  const used = plan.scenes.filter((scene) => scene.used);
  const { width, height, crs, chosen } = plan.grid;
  const gaps = plan.missingYears.length === 0 ? '' : ` (none of ${plan.missingYears.join(', ')})`;
  const zones = plan.zones.map((zone) => [zone.id, zone.name, zone.role, hectares(zone.areaHa)]);
  const scenes = plan.scenes.map((scene) => [scene.date ?? '–', scene.id, scene.used ? 'used' : scene.reason]);
  const lines = [
    `${used.length} of ${plan.scenes.length} scenes, ${plan.years.length} years ${plan.years[0]} to ${plan.years.at(-1)}${gaps}`,
    `Grid: ${width} × ${height} pixels, ${crs}; ${chosen}`,
    `Baseline: ${plan.baseline}`,
    memoryText(plan.resources),
    ...plan.resampled.map((r) => `Resampled: ${r.path}, ${r.method}, from ${r.from}`),
    '',
    table(['Zone', 'name', 'role', 'hectares'], zones, 3),
    '',
    table(['Date', 'scene', ''], scenes, 3),
  ];
  return `${lines.join('\n')}\n`;
}
