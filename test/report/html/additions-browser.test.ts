/**
 * The charts of later commands in a browser: what is drawn, how wide, and what they say.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportHtml } from '../../../src/report/html/page.ts';
import { findChromium, launch, openOffline, type View } from '../../helpers/browser.ts';
import { tempFolders } from '../../helpers/temp.ts';
import { summaryOf } from '../figures.ts';
import { additionOf, EVIL, FLOWS, LINES, NETWORK, SCATTER } from './addition-figures.ts';

const newFolder = tempFolders('additions-browser');
const chromium = findChromium();
const KINDS = ['lines', 'flows', 'network', 'scatter'] as const;
type Kind = (typeof KINDS)[number];

let browser: Browser;
const files: Record<'en' | 'zh', string> = { en: '', zh: '' };

async function open(view: View = {}, language: 'en' | 'zh' = 'en') {
  const watched = await openOffline(browser, files[language], view);
  for (const kind of KINDS) await watched.page.waitForSelector(`${placeOf(kind)} svg`);
  return watched;
}

/** The figure of a kind, not of the area. */
function placeOf(kind: Kind): string {
  return `figure[data-figure][data-chart=${kind}]`;
}

/** How many shapes the marks of a name have, such as `line` or `dot`. */
function count(page: Page, kind: Kind, mark: string): Promise<number> {
  return page.locator(`${placeOf(kind)} .plot g[aria-label=${mark}] > *`).count();
}

async function textOf(page: Page, kind: Kind): Promise<string> {
  return (await page.locator(`${placeOf(kind)} .plot`).textContent()) ?? '';
}

/** Attributes of the shapes of a mark. */
function attributes(page: Page, kind: Kind, mark: string, name: string): Promise<string[]> {
  return page
    .locator(`${placeOf(kind)} .plot g[aria-label=${mark}] > *`)
    .evaluateAll((shapes, key) => shapes.map((shape) => shape.getAttribute(key) ?? ''), name);
}

describe.skipIf(chromium === undefined)('charts of additions (skipped where no Chromium is found)', () => {
  beforeAll(async () => {
    const folder = newFolder();
    for (const language of ['en', 'zh'] as const) {
      files[language] = join(folder, `${language}.html`);
      const record = { parameters: {}, radiometry: [], resampled: [] };
      const additions = [additionOf([LINES, FLOWS, NETWORK, SCATTER])];
      writeFileSync(files[language], reportHtml({ summary: summaryOf(), record, language, map: null, additions }));
    }
    browser = await launch(chromium!);
  });

  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    ['desktop', { width: 1280, height: 900 }],
    ['desktop in the dark', { width: 1280, height: 900, dark: true }],
    ['phone', { width: 390, height: 844 }],
  ] as const)('are drawn on a %s from the data, as wide as their place, without an error', async (_name, view) => {
    const { page, trouble } = await open(view);
    // A line each, and one more under that with a colour of its own.
    expect(await count(page, 'lines', 'line')).toBe(4);
    expect(await count(page, 'lines', 'dot')).toBe(9);
    expect(await count(page, 'lines', 'rect')).toBe(2);
    expect(await count(page, 'lines', 'rule')).toBe(2);
    for (const name of ['begin', 'accelerated', 'yield', 'elastic', 'index']) {
      expect(await textOf(page, 'lines')).toContain(name);
    }
    expect(await count(page, 'flows', 'area')).toBe(5);
    expect(await count(page, 'flows', 'rect')).toBe(5);
    expect(await count(page, 'network', 'link')).toBe(2);
    expect(await count(page, 'network', 'dot')).toBe(3);
    // In whole, at its node or below the picture.
    for (const name of NETWORK.nodes) expect(await textOf(page, 'network')).toContain(name);
    expect((await textOf(page, 'network')).includes('2 height')).toBe(view.width < 500);
    expect(await count(page, 'scatter', 'dot')).toBe(2);
    expect(await count(page, 'scatter', 'line')).toBe(2);
    for (const kind of KINDS) {
      const [place, drawn] = await Promise.all([
        page.locator(`${placeOf(kind)} .plot`).boundingBox(),
        page
          .locator(`${placeOf(kind)} .plot svg`)
          .last()
          .boundingBox(),
      ]);
      const full = kind === 'scatter' ? Math.min(520, place!.width) : place!.width;
      expect(Math.abs(drawn!.width - full)).toBeLessThan(1);
    }
    const [wide, inner] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
    expect(wide).toBeLessThanOrEqual(inner!);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('leave gaps, keep lines apart without colour, and take names as text', async () => {
    const { page } = await open();
    const paths = await attributes(page, 'lines', 'line', 'd');
    expect(paths[0]!.match(/M/g)).toHaveLength(2);
    const dashes = await page
      .locator(`${placeOf('lines')} g[aria-label=line]`)
      .evaluateAll((groups) => groups.map((group) => group.getAttribute('stroke-dasharray')));
    expect(new Set(dashes.slice(0, 2)).size).toBe(2);
    const symbols = new Set((await attributes(page, 'lines', 'dot', 'd')).map((d) => d.replaceAll(/[\d.-]+/g, '')));
    expect(symbols.size).toBeGreaterThan(1);
    expect(await textOf(page, 'lines')).toContain(EVIL);
    expect(await page.locator('img').count()).toBe(0);
    await page.context().close();
  });

  it('are as high as the hectares, the first class at the top', async () => {
    const { page } = await open();
    const [tops, heights, colours] = await Promise.all(
      ['y', 'height', 'fill'].map((name) => attributes(page, 'flows', 'rect', name)),
    );
    const all = Number(heights![0]) + Number(heights![1]);
    // Mine and grass in 2000, 2010; all is mine in 2020.
    for (const [k, share] of [0.1, 0.9, 0.7, 0.3, 1].entries()) expect(Number(heights![k]) / all).toBeCloseTo(share, 6);
    expect(colours).toEqual(['#aa0000', '#00aa00', '#aa0000', '#00aa00', '#aa0000']);
    expect(Number(tops![1])).toBeLessThan(Number(tops![0]));
    expect(await textOf(page, 'flows')).toContain('mine: 100.0 ha');
    await page.context().close();
  });

  it('show strong ties wide and negative ones dashed, and the fitted line within its square', async () => {
    const { page } = await open();
    const widths = await attributes(page, 'network', 'link', 'stroke-width');
    expect(widths.map(Number)).toEqual([5, 2.75]);
    const dashes = await page
      .locator(`${placeOf('network')} g[aria-label=link]`)
      .evaluateAll((groups) => groups.map((group) => group.getAttribute('stroke-dasharray')));
    expect(dashes).toEqual([null, '8,5']);
    const clips = await page
      .locator(`${placeOf('scatter')} g[aria-label=line]`)
      .evaluateAll((groups) => groups.map((group) => group.getAttribute('clip-path')));
    expect(clips).toEqual([null, expect.stringMatching(/^url\(/)]);
    await page.context().close();
  });

  it.each([
    ['lines', [0.65, 0.5], 'pit|2012: 0.7500'],
    ['flows', [0.2, 0.5], '2000 grass|→ 2010 mine: 60.0 ha'],
    ['network', [0.6, 0.5], 'cover – height|1.00'],
    ['scatter', [0.5, 0.65], 'p1|FVC: 0.50|field cover: 0.25'],
  ] as const)('say the values under the pointer: %s', async (kind, [u, v], said) => {
    const { page } = await open();
    const svg = page.locator(`${placeOf(kind)} .plot svg`).last();
    await svg.scrollIntoViewIfNeeded();
    const box = (await svg.boundingBox())!;
    await page.mouse.move(box.x + u * box.width, box.y + v * box.height);
    const lines = page.locator(`${placeOf(kind)} g[aria-label=tip] tspan`);
    // Plot begins each line with a space of no width.
    const told = async () => (await lines.allTextContents()).join('|').replaceAll('\u200b', '');
    await expect.poll(told).toBe(said);
    await page.context().close();
  });

  it('speak to a screen reader, in the language of the page', async () => {
    const { page, trouble } = await open({}, 'zh');
    const place = page.locator(`${placeOf('flows')} .plot`);
    expect(await place.getAttribute('role')).toBe('img');
    expect(await place.getAttribute('aria-label')).toBe('流向图. Where the land went. 数字见下方各表格。');
    expect(await textOf(page, 'network')).toContain('负相关（虚线）');
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('stay as they are when another area is chosen, and are drawn again in another width', async () => {
    const { page } = await open();
    const mark = `document.querySelector('${placeOf('lines')} .plot').firstChild.dataset.same = 'yes'`;
    await page.evaluate(mark);
    const same = page.locator(`${placeOf('lines')} .plot > [data-same]`);
    const cover = page.locator('figure[data-chart=cover] .plot');
    const before = await cover.innerHTML();
    await page.locator('#area').selectOption('1');
    expect(await cover.innerHTML()).not.toBe(before);
    expect(await same.count()).toBe(1);
    await page.setViewportSize({ width: 600, height: 800 });
    await expect.poll(() => same.count()).toBe(0);
    await page.context().close();
  });

  it('are printed in the width of paper, without tables that would shrink it', async () => {
    const { page, trouble } = await open();
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    for (const kind of ['lines', 'flows', 'network'] as const) {
      expect(
        await page
          .locator(`${placeOf(kind)} .plot svg`)
          .last()
          .getAttribute('width'),
      ).toBe('680');
    }
    expect(await page.getByRole('table', { name: 'Narrow' }).isVisible()).toBe(true);
    expect(await page.getByRole('table', { name: 'Wide', includeHidden: true }).isVisible()).toBe(false);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator('#landcover details[open]').count()).toBe(0);
    expect(
      await page
        .locator(`${placeOf('lines')} .plot svg`)
        .last()
        .getAttribute('width'),
    ).not.toBe('680');
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(1000);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});
