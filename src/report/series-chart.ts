/**
 * A series of years drawn in characters.
 * @module
 */

export interface ChartLine {
  /** One a year; null leaves a gap. */
  readonly values: readonly (number | null)[];
  readonly mark: string;
}

/** Rows of the drawing, and most characters across. */
const ROWS = 13;
const WIDTH = 72;

/**
 * Draws lines over years, years without a value left out of the line but not of the axis.
 *
 * @param years Ascending calendar years; missing ones leave a gap.
 * @param lines Drawn one over the other: the last is on top.
 * @param range Values of the lowest and the highest row.
 * @param below One character a year, beneath the axis; empty for none.
 */
export function seriesChart(
  years: readonly number[],
  lines: readonly ChartLine[],
  range: readonly [low: number, high: number],
  below: readonly string[] = [],
): string {
  const first = years[0]!;
  const span = years.at(-1)! - first + 1;
  const step = Math.max(1, Math.min(6, Math.floor(WIDTH / span)));
  const width = span * step;
  const [low, high] = range;
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: width }, () => ' '));
  const columnOf = (t: number) => (years[t]! - first) * step + Math.floor(step / 2);
  for (const { values, mark } of lines) {
    for (const [t, value] of values.entries()) {
      if (value === null) continue;
      const share = Math.max(0, Math.min(1, (value - low) / (high - low)));
      cells[ROWS - 1 - Math.round(share * (ROWS - 1))]![columnOf(t)] = mark;
    }
  }
  const labelled = new Map([
    [0, high],
    [(ROWS - 1) / 2, (low + high) / 2],
    [ROWS - 1, low],
  ]);
  const out = cells.map((row, k) => {
    const label = labelled.get(k);
    const side = (label === undefined ? '' : label.toFixed(2)).padStart(6);
    return `${side} ${label === undefined ? '│' : '┤'}${row.join('')}`.trimEnd();
  });
  out.push(`${' '.repeat(7)}└${'─'.repeat(width)}`);
  if (below.length > 0) {
    const row = Array.from({ length: width }, () => ' ');
    for (const [t, mark] of below.entries()) row[columnOf(t)] = mark;
    out.push(`${' '.repeat(8)}${row.join('')}`.trimEnd());
  }
  out.push(`${' '.repeat(8)}${yearLabels(first, span, step)}`.trimEnd());
  return out.join('\n');
}

/** Years beneath the axis, as many as have room. */
function yearLabels(first: number, span: number, step: number): string {
  const every = [1, 2, 5, 10, 20, 50].find((n) => n * step >= 6) ?? 100;
  let text = '';
  for (let k = 0; k < span; k++) {
    if ((first + k) % every !== 0 && !(every === 1 || k === 0)) continue;
    const at = k * step + Math.max(0, Math.floor(step / 2) - 2);
    if (at < text.length + (text === '' ? 0 : 1)) continue;
    text = text.padEnd(at) + String(first + k);
  }
  return text;
}
