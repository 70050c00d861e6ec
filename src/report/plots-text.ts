/**
 * What `mine-rs plots` says on standard output.
 * @module
 */
import type { Addition } from './addition.ts';
import { plotsAddition } from './plots-addition.ts';
import type { PlotsPage } from './plots-model.ts';
import { cellValue, headOf, type Cell, type Column, type Table } from './table.ts';
import { table as screenTable } from './terminal.ts';

/** Lines of a table that are shown: the files hold all. */
const MOST_LINES = 25;

/** Digits on the screen. */
const DIGITS = 5;

/** All tables, long ones cut off, and how they were made. */
export function plotsText(page: PlotsPage): string {
  const groups = page.groups.length === 0 ? '' : ` in ${page.groups.length} groups`;
  return `${page.plots} plots${groups}\n\n${tablesText(plotsAddition(page))}`;
}

/** The tables and notes of an addition. */
export function tablesText({ tables, notes }: Addition): string {
  return [...tables.map(tableText), ...notes].join('\n\n').concat('\n');
}

function tableText({ name, title, columns, rows }: Table): string {
  const shown = columns.map((_, k) => k).filter((k) => rows.some((row) => row[k] !== null && row[k] !== ''));
  const lines = rows.slice(0, MOST_LINES).map((row) => shown.map((k) => cellText(columns[k]!, row[k]!)));
  const left = shown.flatMap((k, at) => (columns[k]!.type === 'text' ? [at] : []));
  const more =
    rows.length > MOST_LINES ? `\n… and ${rows.length - MOST_LINES} more: --out or --run writes ${name}.csv` : '';
  const heads = shown.map((k) => headOf(columns[k]!));
  return `${title}\n${screenTable(heads, lines, 0, left)}${more}`;
}

function cellText(column: Column, cell: Cell): string {
  const value = cellValue(column, cell);
  if (value === null) return '–';
  if (typeof value === 'string') return value.replaceAll(/\p{Cc}/gu, '?');
  if (column.type === 'integer') return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}
