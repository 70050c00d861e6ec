/**
 * What a run says about itself, in the other languages of the report.
 */
import { describe, expect, it } from 'vitest';
import { fillIn } from '../../../src/report/html/fill-in.ts';
import { PHRASES } from '../../../src/report/html/phrase-texts.ts';
import { phrase } from '../../../src/report/html/phrases.ts';
import type { Page } from '../../../src/report/html/section.ts';
import { checkRadiometry, type CheckedScene } from '../../../src/scenes/radiometry-check.ts';

const pageIn = (language: 'en' | 'zh') => ({ input: { language } }) as Page;
const inChinese = (text: string): string => phrase(pageIn('zh'), text).text;
const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted();

describe('phrases', () => {
  it.each(PHRASES.map(({ en, zh }) => [en, zh]))('%s', (en, zh) => {
    expect(namesIn(zh)).toEqual(namesIn(en));
    const fills = Object.fromEntries(namesIn(en).map((name, k) => [name, `${name} ${k}`]));
    expect(inChinese(fillIn(en, fills))).toBe(fillIn(zh, fills));
  });

  it('stay as they are in English, and where nobody has translated them', () => {
    expect(phrase(pageIn('en'), 'given with --fvc').text).toBe('given with --fvc');
    expect(inChinese('feature 3: <b>')).toBe('<span lang="en">feature 3: &lt;b&gt;</span>');
  });

  it('take any name, but no sentence that is made to keep them busy', () => {
    const said = inChinese('Zones a (1) [x] $& <i> and b overlap by 2.00 ha: each counts it, totals count it once');
    expect(said).toBe('分区 a (1) [x] $&amp; &lt;i&gt; 与 b 重叠 2.00 ha：各自计入，合计只计一次');
    const long = `Zones ${'x and '.repeat(1000)}`;
    expect(inChinese(long)).toBe(`<span lang="en">${long}</span>`);
  });
});

/** Figures of a scene that looks as it should, from which the tests depart. */
function sceneOf(id: string, red: number, nir: number, more: Partial<CheckedScene['figures']> = {}): CheckedScene {
  const band = (dark: number) => ({ p1: dark, p5: dark + 0.01, p25: dark + 0.03, p50: dark + 0.05, p75: dark + 0.08 });
  const figures = { pixels: 1000, red: band(red), nir: band(nir), ndviP95: 0.7, ...more };
  return { id, date: '2020-07-01', product: 'landsat-c2l2', figures };
}

describe('warnings of radiometry', () => {
  const flat = (value: number) => ({ p1: value, p5: value, p25: value, p50: value, p75: value });
  const wrong: [string, CheckedScene][] = [
    ['too bright', sceneOf('s', 2, 2)],
    ['nothing', sceneOf('s', 0, 0, { red: flat(0), nir: flat(0) })],
    ['red below 0', sceneOf('s', -0.2, 0.2)],
    ['near infrared below 0', sceneOf('s', 0.03, -0.2)],
    ['NDVI of 1', sceneOf('s', -0.03, 0.2, { ndviP95: 1 })],
    ['no dark red', sceneOf('s', 0.2, 0.4)],
  ];
  it.each(wrong)('%s', (_what, scene) => {
    const [found] = checkRadiometry([scene]);
    expect(inChinese(`Radiometry of ${found!.scene}: ${found!.message}`)).toMatch(/^s 的辐射：.+？$/);
  });

  it.each([0.2, -0.2])('apart from the others by %f', (offset) => {
    const others = [0, 1, 2].map((k) => sceneOf(`o${k}`, 0.3 - 0.15, 0.45, { ndviP95: null }));
    const [found] = checkRadiometry([...others, sceneOf('s', 0.15 + offset, 0.45 + offset, { ndviP95: null })]);
    expect(inChinese(`Radiometry of ${found!.scene}: ${found!.message}`)).toMatch(/^s 的辐射：.+？$/);
  });
});
