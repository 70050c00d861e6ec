import { describe, expect, it } from 'vitest';
import { seriesChart } from '../../src/report/series-chart.ts';

describe('seriesChart', () => {
  it('draws values at their height and leaves missing years open', () => {
    const lines = [
      { values: [0.5, 0.5, 0.5], mark: '─' },
      { values: [0, 1, null], mark: '●' },
    ];
    // 2002 has no scene: its column stays empty. Six columns a year; the middle of each is its fourth.
    expect(seriesChart([2000, 2001, 2003], lines, [0, 1], ['D', 'U', ' ']).split('\n')).toEqual([
      '  1.00 ┤         ●',
      '       │',
      '       │',
      '       │',
      '       │',
      '       │',
      '  0.50 ┤   ─     ─           ─',
      '       │',
      '       │',
      '       │',
      '       │',
      '       │',
      '  0.00 ┤   ●',
      '       └────────────────────────',
      '           D     U',
      '         2000  2001  2002  2003',
    ]);
  });

  it('stays within a screen for long series, and within its rows for values beyond the range', () => {
    const years = Array.from({ length: 60 }, (_, k) => 1965 + k);
    const drawn = seriesChart(years, [{ values: years.map((y) => (y % 2 === 0 ? 9 : -9)), mark: '●' }], [0, 1]);
    const rows = drawn.split('\n');
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
    expect(rows[0]!.split('●').length - 1).toBe(30);
    expect(rows[12]!.split('●').length - 1).toBe(30);
    expect(rows.at(-1)).toMatch(/^ +1965 +1970 +1980 +1990 +2000 +2010 +2020$/);
  });
});
