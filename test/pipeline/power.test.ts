import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { powerPage } from '../../src/pipeline/power.ts';
import { powerText } from '../../src/report/power-text.ts';
import { summaryOf, zoneOf } from '../report/figures.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('power');
const YEARS = Array.from({ length: 12 }, (_, k) => 2010 + k);
/** Up and down by 0.01 about 0.4 + 0.02 a year. */
const MEANS = YEARS.map((_, k) => 0.4 + 0.02 * k + (k % 2 === 0 ? 0.01 : -0.01));

/** A folder with the summary of a run of one zone with these means, and one zone without data. */
function pilot(means: readonly (number | null)[], levels?: readonly number[]): string {
  const folder = newFolder();
  const yearsOf = (values: readonly (number | null)[]) =>
    YEARS.slice(0, values.length).map((year, k) => ({
      year,
      mean: values[k] ?? null,
      sd: 0,
      validHa: 1,
      nodataHa: 0,
      clearObsMean: 1,
    }));
  const base = summaryOf();
  const reference = levels && { text: 'far', levels: levels.map((fvc, k) => ({ year: YEARS[k]!, fvc })) };
  const summary = summaryOf({
    years: YEARS.slice(0, means.length),
    zones: [zoneOf('pit', { years: yearsOf(means) }), zoneOf('empty', { years: yearsOf(means.map(() => null)) })],
    trend: { ...base.trend, reference: reference ?? null },
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(summary));
  return folder;
}

describe('powerPage', () => {
  it('works from numbers, as text or as numbers', () => {
    const page = powerPage({ slope: '0.01', noise: '0', alpha: '0.1' });
    expect(page).toMatchObject({ alpha: 0.1, power: 0.8, runs: 2000, seed: 1, run: null });
    expect(page.rows).toMatchObject([{ zone: null, slope: 0.01, noise: 0, lag1: 0, years: 4 }]);
    expect(powerText(page)).toContain('probability of 80 % (Mann–Kendall, two-sided p < 0.1)');
    expect(powerText(page).split('\n')[1]).toBe('slope per year  noise  lag 1  years  false alarms');
  });

  it('takes slope, noise and lag 1 of the zones of a pilot run', () => {
    const page = powerPage({ run: pilot(MEANS), runs: 500 });
    expect(page.rows.map(({ zone }) => zone!.id)).toEqual(['pit']);
    const row = page.rows[0]!;
    expect(row.slope).toBeCloseTo(0.02, 2);
    // Residuals of ±0.01, divisor n − 2.
    expect(row.noise).toBeCloseTo(Math.sqrt((12 * 0.01 ** 2) / 10), 3);
    // Neighbours are opposed; noise that helps is not counted on.
    expect(row.lag1).toBe(0);
    expect(row.years!).toBeLessThan(12);
    const given = powerPage({ run: pilot(MEANS), runs: 500, slope: 0.001, noise: 0.05, lag1: 0.3, mostYears: 20 });
    expect(given.rows[0]).toMatchObject({ slope: 0.001, noise: 0.05, lag1: 0.3, years: null });
    expect(powerText(given)).toMatch(/over 20 +–/);
  });

  it('takes the reference off, as the run did', () => {
    const levels = MEANS.map((mean) => mean - 0.2);
    const page = powerPage({ run: pilot(MEANS, levels), slope: 0.01, runs: 200 });
    expect(page.rows[0]!.noise).toBeLessThan(1e-12);
    expect(page.rows[0]!.years).toBe(5);
  });

  it('asks for what it needs', () => {
    expect(() => powerPage({ slope: 0.01 })).toThrow(/--slope and --noise/);
    expect(() => powerPage({ slope: 0, noise: 1 })).toThrow(/--slope 0/);
    expect(() => powerPage({ slope: 1, noise: 1, alpha: 2 })).toThrow(/'alpha'.*less than 1/);
    expect(() => powerPage({ run: '/no/such/folder' })).toThrow(/No finished run in \/no\/such\/folder/);
    expect(() => powerPage({ run: pilot(MEANS.slice(0, 3)) })).toThrow(/3 years: too few/);
    const folder = newFolder();
    writeFileSync(join(folder, 'summary.json'), '{"zones":[]}');
    expect(() => powerPage({ run: folder })).toThrow(/is not the summary of a trend run/);
  });
});
