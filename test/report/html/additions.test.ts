/**
 * What the report holds of the charts of later commands.
 */
import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../src/report/addition.ts';
import { reportHtml } from '../../../src/report/html/page.ts';
import type { Payload } from '../../../src/report/html/payload.ts';
import { summaryOf } from '../figures.ts';
import { additionOf, FLOWS, LINES, NETWORK, SCATTER } from './addition-figures.ts';

function report(figures: readonly Figure[]): { text: string; payload: Payload; places: string[][] } {
  const record = { parameters: {}, radiometry: [], resampled: [] };
  const additions = [additionOf(figures)];
  const text = reportHtml({ summary: summaryOf(), record, language: 'en', map: null, additions });
  const payload = JSON.parse(/id="payload">(.*?)<\/script>/s.exec(text)![1]!) as Payload;
  const places = [...text.matchAll(/data-chart="(\w+)" data-figure="(\d+)"/g)].map(([, kind, at]) => [kind!, at!]);
  return { text, payload, places };
}

describe('the charts of additions', () => {
  it('have their data in the payload, and a place on the page that says which', () => {
    const figures = [LINES, FLOWS, NETWORK, SCATTER];
    const { payload, places } = report(figures);
    expect(payload.figures).toEqual(figures);
    expect(places).toEqual(figures.map(({ kind }, k) => [kind, String(k)]));
  });

  it('have their figures in tables that can be read without a script', () => {
    const { text } = report([LINES]);
    const section = /<section id="landcover"[\s\S]*?<\/section>/.exec(text)![0];
    expect(section).toContain('<span lang="en">Index by year</span>');
    expect(section).toContain('<caption>\nNarrow\n</caption>');
    expect(section).toContain('<td>12.5</td>');
    expect(section).not.toContain('<svg');
  });

  it('are left out where they would show nothing, and the others keep their data', () => {
    const empty: Figure[] = [
      { ...LINES, series: [{ label: 'a', points: [[2010, null]] }] },
      { ...LINES, series: [] },
      { ...FLOWS, flows: [{ step: 0, from: 0, to: 0, hectares: 0 }] },
      { ...FLOWS, flows: [] },
      { ...NETWORK, nodes: [], edges: [] },
      { ...SCATTER, points: [] },
    ];
    const { payload, places } = report([...empty, SCATTER]);
    expect(payload.figures).toEqual([SCATTER]);
    expect(places).toEqual([['scatter', '0']]);
  });
});
