import { describe, expect, it } from 'vitest';
import type { FlowFigure } from '../../../src/report/addition.ts';
import { flowFigure } from '../../../src/report/html/flow-figure.ts';

const figure: FlowFigure = {
  kind: 'flows',
  caption: 'Pit <1>',
  years: [2000, 2010],
  classes: [
    { label: 'grass & herbs', colour: '#00aa00' },
    { label: 'mine', colour: '#aa0000' },
  ],
  flows: [
    { step: 0, from: 0, to: 0, hectares: 30 },
    { step: 0, from: 0, to: 1, hectares: 60 },
    { step: 0, from: 1, to: 1, hectares: 10 },
  ],
};

describe('the picture of flows', () => {
  const text = flowFigure(figure)!.text;

  it('draws a band a flow and a bar a class and year, as high as their hectares', () => {
    expect(text.match(/<path/g)).toHaveLength(3);
    const bars = [...text.matchAll(/<rect\s[^>]*?\sheight="([\d.]+)"/g)].map(([, height]) => Number(height));
    const all = bars[0]! + bars[1]!;
    const shares = bars.map((height) => height / all);
    for (const [k, share] of [0.9, 0.1, 0.3, 0.7].entries()) expect(shares[k]).toBeCloseTo(share, 2);
    expect(text).toContain('2000 grass &amp; herbs – 2010 mine: 60.00 ha');
    expect(text).toContain('mine: 70.0 ha');
    expect(text).not.toContain('<1>');
  });

  it('is none where nothing flows', () => {
    expect(flowFigure({ ...figure, flows: [] })).toBeNull();
    expect(flowFigure({ ...figure, flows: [{ step: 0, from: 0, to: 0, hectares: 0 }] })).toBeNull();
  });
});
