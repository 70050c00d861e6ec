/**
 * docs/statistics.md shows numbers: they are those that its own code gives.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/statistics.md'), 'utf8');

interface Results {
  trend: library.TrendTest;
  normal: library.TrendTest;
  change: library.PettittTest;
  seasons: library.SeasonalTest;
  field: { threshold: number; rejected: number; n: number };
  years: number;
}

/** Runs the page's code block with the library's functions in place of the import. */
function results(): Results {
  const [head, ...rest] = /```js\n(.*?)```/s.exec(PAGE)![1]!.split('\n');
  const names = /\{ (.*) \}/.exec(head!)![1]!.split(', ');
  for (const name of names) expect(library).toHaveProperty(name);
  const code = `${rest.join('\n')}\n({ trend, normal, change, seasons, field, years });`;
  return runInNewContext(code, { ...library }) as Results;
}

describe('docs/statistics.md', () => {
  it('shows what its code gives', () => {
    const { trend, normal, change, seasons, field, years } = results();
    const told = [
      `n ${trend.n}, s ${trend.s}, varS ${trend.varS}, z ${trend.z.toFixed(4)}, p ${trend.p.toFixed(4)} (exact), tau ${trend.tau.toFixed(4)}`,
      `slope ${trend.slope.toFixed(4)} a year, 95 % limits ${trend.slopeLow.toFixed(4)} and ${trend.slopeHigh.toFixed(4)}, lag1 ${trend.lag1.toFixed(4)}`,
      `after ${change.after}, k ${change.k}, p ${change.p.toFixed(4)}`,
      `s ${seasons.s}, varS ${seasons.varS.toFixed(4)} with the covariance between the seasons, p ${seasons.p.toFixed(4)}`,
      `p up to ${field.threshold} stands: ${field.rejected} of ${field.n}`,
      `// ${years}\n`,
    ];
    for (const text of told) expect(PAGE).toContain(text);
    expect(normal.varS).toBeCloseTo(165 * normal.varianceFactor, 9);
  });

  it('lists every function of statistics', () => {
    const listed = [...PAGE.matchAll(/^\| `(\w+)\(/gm)].map((match) => match[1]!);
    const functions = Object.entries(library).filter(([, value]) => typeof value === 'function');
    for (const name of listed) expect(functions.map(([key]) => key)).toContain(name);
    expect(listed).toHaveLength(8);
  });
});
