/**
 * Lines over years as SVG.
 */
import { describe, expect, it } from 'vitest';
import type { LineFigure } from '../../../src/report/addition.ts';
import { lineFigure } from '../../../src/report/html/line-figure.ts';

const figure = (over: Partial<LineFigure> = {}): LineFigure => ({
  kind: 'lines',
  caption: 'Cover',
  label: '%',
  series: [
    {
      label: 'pit',
      points: [
        [2010, 0],
        [2015, null],
        [2020, 100],
      ],
    },
  ],
  bands: [],
  levels: [],
  ...over,
});

describe('lineFigure', () => {
  it('puts the first and last value into the corners of its box, and leaves gaps', () => {
    const { text } = lineFigure(figure())!;
    expect(text).toContain('d="M64 266M696 26"');
    expect([...text.matchAll(/<circle/g)]).toHaveLength(2);
    expect(text).toContain('>2010</text>');
  });

  it('shows bands and levels, and escapes what it is told', () => {
    const bands = [{ from: 2010, to: 2014, label: '<stable>' }];
    const { text } = lineFigure(figure({ bands, levels: [{ value: 150, label: 'a & b' }] }))!;
    expect(text).toContain('&lt;stable&gt;');
    expect(text).toContain('a &amp; b');
    // The scale has room for the level.
    expect(text).toContain('>150</text>');
  });

  it('stands one year, values that are alike, and values below 0', () => {
    const one = lineFigure(figure({ series: [{ label: 'a', points: [[2010, 3]] }] }))!;
    expect(one.text).not.toMatch(/NaN|Infinity/);
    const points = [2010, 2011].map((year) => [year, -2.5] as const);
    const below = lineFigure(figure({ series: [{ label: 'a', points }] }))!;
    expect(below.text).not.toMatch(/NaN|Infinity/);
    expect(below.text).toContain('>-2.5</text>');
  });

  it('is none without values', () => {
    expect(lineFigure(figure({ series: [{ label: 'a', points: [[2010, null]] }] }))).toBeNull();
    expect(lineFigure(figure({ series: [] }))).toBeNull();
  });
});
