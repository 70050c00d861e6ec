/**
 * The report of the sample in a browser, with the network off: what is seen, and what the keyboard can do.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../../src/pipeline/report.ts';
import { runTrend } from '../../../src/pipeline/trend.ts';
import type { Payload } from '../../../src/report/html/payload.ts';
import { findChromium, launch, openOffline, type View } from '../../helpers/browser.ts';
import { tempFolders } from '../../helpers/temp.ts';

const newFolder = tempFolders('browser');
const chromium = findChromium();
const LAYERS = ['class', 'state', 'disturbed', 'recovered', 'value'] as const;
const CHARTS = ['states', 'cover', 'timing', 'cohorts', 'trend', 'observations'] as const;
/** Where pictures are kept for looking at; nowhere without it. */
const PICTURES = process.env.REPORT_PICTURES;

let browser: Browser;
let folder: string;
let report: string;

async function keep(name: string, picture: Buffer): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(dirname(join(PICTURES, name)), { recursive: true });
  writeFileSync(join(PICTURES, name), picture);
}

/** The page when its charts and its map are drawn. */
async function ready(page: Page): Promise<void> {
  await page.waitForSelector('#map-view[data-ready]');
  for (const name of CHARTS) await page.waitForSelector(`figure[data-chart=${name}] svg`);
}

async function open(view: View = {}, file = report) {
  const watched = await openOffline(browser, file, view);
  await ready(watched.page);
  return watched;
}

const payload = (): Payload =>
  JSON.parse(/id="payload">(.*?)<\/script>/s.exec(readFileSync(report, 'utf8'))![1]!) as Payload;

/** The colours of the canvas by count. */
const CANVAS_COLOURS = `(() => {
  const shown = document.querySelector('#map-view canvas');
  const copy = new OffscreenCanvas(shown.width, shown.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(shown, 0, 0);
  const words = new Uint32Array(copy.getImageData(0, 0, shown.width, shown.height).data.buffer);
  const counts = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return Object.values(counts);
})()`;

/** What has the focus, in a word or two. */
const FOCUS = `(() => {
  const e = document.activeElement;
  if (e === document.body) return 'body';
  if (e.id !== '') return '#' + e.id;
  if (e.tagName === 'INPUT') return 'layer';
  if (e.tagName === 'path') return 'zone ' + e.getAttribute('aria-label');
  if (e.tagName === 'SUMMARY') return 'details';
  if (e.classList.contains('scroll')) return 'table';
  return e.tagName.toLowerCase() + ' ' + (e.getAttribute('aria-label') ?? e.textContent).trim();
})()`;

describe.skipIf(chromium === undefined)('the report in a browser (skipped where no Chromium is found)', () => {
  beforeAll(async () => {
    folder = newFolder();
    await runTrend({ aoi: 'sample-data/pits.geojson', out: join(folder, 'out'), workers: 0 });
    report = join(folder, 'out', 'report.html');
    browser = await launch(chromium!);
  });

  afterAll(async () => {
    await browser?.close();
  });

  it.each([
    ['desktop', { width: 1440, height: 900 }],
    ['desktop in the dark', { width: 1440, height: 900, dark: true }],
    ['phone', { width: 390, height: 844 }],
  ] as const)('shows every chart and layer on a %s, without an error and without a request', async (name, view) => {
    const { page, trouble } = await open(view);
    const pictures = new Set<string>();
    for (const kind of LAYERS) {
      await page.locator(`input[value=${kind}]`).check({ force: true });
      const counts: number[] = await page.evaluate(CANVAS_COLOURS);
      expect(counts.length).toBeGreaterThan(2);
      const picture = await page.locator('#map-view').screenshot();
      await keep(`${name}/map-${kind}.png`, picture);
      pictures.add(picture.toString('base64'));
      expect(await page.locator('#legend li').count()).toBeGreaterThan(0);
    }
    expect(pictures.size).toBe(LAYERS.length);
    for (const chart of CHARTS) {
      const figure = page.locator(`figure[data-chart=${chart}]`);
      const picture = await figure.screenshot();
      await keep(`${name}/chart-${chart}.png`, picture);
      pictures.add(picture.toString('base64'));
      const box = (await figure.locator('svg').last().boundingBox())!;
      expect(box.width).toBeGreaterThan(Math.min(view.width, 1184) * 0.7);
      expect(await figure.locator('svg rect, svg path, svg circle').count()).toBeGreaterThan(5);
    }
    expect(pictures.size).toBe(LAYERS.length + CHARTS.length);
    // Nothing sticks out to the side.
    const [wide, inner] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as number[];
    expect(wide).toBeLessThanOrEqual(inner!);
    await keep(`${name}/page.png`, await page.screenshot({ fullPage: true }));
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('prints on A4: charts, map and the table of trend classes, on white, without controls', async () => {
    const { page, trouble } = await open({ dark: true });
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    await keep('print.pdf', pdf);
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)!.length;
    expect(pages).toBeGreaterThan(4);
    expect(pages).toBeLessThan(16);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('#tools').isVisible()).toBe(false);
    expect(await page.locator('.home').isVisible()).toBe(false);
    for (const chart of CHARTS) expect(await page.locator(`figure[data-chart=${chart}]`).isVisible()).toBe(true);
    expect(await page.locator('#map-view canvas').isVisible()).toBe(true);
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('#trend table').isVisible()).toBe(true);
    expect(await page.locator('#states table').isVisible()).toBe(false);
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await page.locator('#trend details').getAttribute('open')).toBeNull();
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('shows the state of any year with the slider', async () => {
    const { page } = await open();
    const { years } = payload();
    const pictures = new Set<string>();
    await page.locator('#year').focus();
    await page.keyboard.press('Home');
    for (const year of years) {
      expect(await page.locator('#year-shown').textContent()).toBe(String(year));
      pictures.add(String(await page.evaluate(CANVAS_COLOURS)));
      await page.keyboard.press('ArrowRight');
    }
    expect(pictures.size).toBe(years.length);
    expect(await page.locator('#year').getAttribute('aria-valuetext')).toBe(String(years.at(-1)));
    await page.context().close();
  });

  it('says the values under the pointer, and those under the cross', async () => {
    const { page } = await open();
    await page.locator('#map-view').scrollIntoViewIfNeeded();
    const box = (await page.locator('#map-view canvas').boundingBox())!;
    const { map, states, years } = payload();
    const layer = map!.layers.find(({ kind }) => kind === 'state')!;
    const packed = /id="raster-state">([^<]*)</.exec(readFileSync(report, 'utf8'))![1]!;
    const pixels = inflateSync(Buffer.from(packed, 'base64'));
    for (const [u, v] of [
      [0.2, 0.42],
      [0.78, 0.55],
      [0.5, 0.3],
      [0.25, 0.8],
    ] as const) {
      await page.mouse.move(box.x + u * box.width, box.y + v * box.height);
      const col = Math.floor(u * layer.width);
      const row = Math.floor(v * layer.height);
      const code = pixels[(years.length - 1) * layer.width * layer.height + row * layer.width + col]!;
      const label = states.find((entry) => entry.code === code)?.label ?? 'no data';
      const text = await page.locator('#reading').innerText();
      expect(text.replaceAll(/\s+/g, ' ')).toContain(`Land state ${years.at(-1)} ${label}`);
      expect(text).toMatch(/38\.0\d+° N, 99\.[45]\d+° E/);
    }
    await page.context().close();
  });

  it('is worked by keyboard alone: Tab reaches every control, and none holds the focus', async () => {
    const { page, trouble } = await open();
    const reached: string[] = [];
    for (let k = 0; k < 120; k++) {
      await page.keyboard.press('Tab');
      const focus = (await page.evaluate(FOCUS)) as string;
      if (focus === 'body') break;
      reached.push(focus);
    }
    expect(reached[0]).toBe('a Skip to the answer');
    expect(reached).toEqual(expect.arrayContaining(['#area', '#theme', 'layer', '#year', '#map-view']));
    expect(reached).toEqual(expect.arrayContaining(['a Zoom in', 'a Zoom out', 'a Whole map', 'details', 'table']));
    const zones = payload().areas.filter(({ id }) => id !== null);
    const zonesReached = new Set(reached.filter((name) => name.startsWith('zone ')));
    expect(zonesReached.size).toBe(zones.length);
    expect(reached.at(-1)).toBe('details');
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('does by keyboard what a pointer does', async () => {
    const { page, trouble } = await open();
    const focusOn = async (name: string) => {
      for (let k = 0; k < 150; k++) {
        await page.keyboard.press('Tab');
        const focus: string = await page.evaluate(FOCUS);
        if (focus.startsWith(name)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    // Another area for the charts.
    const charts = () => page.locator('figure[data-chart=states]').innerHTML();
    const before = await charts();
    await focusOn('#area');
    await page.keyboard.press('ArrowDown');
    await expect.poll(charts).not.toBe(before);
    // Another theme.
    await focusOn('#theme');
    await page.keyboard.press('End');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    const dark = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    await page.keyboard.press('ArrowUp');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(dark);
    // Another layer, and with it another legend.
    await focusOn('layer');
    const legend = await page.locator('#legend').innerText();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#legend').innerText()).not.toBe(legend);
    // The map: move, zoom, read.
    await focusOn('#map-view');
    const reading = () => page.locator('#reading').innerText();
    const first = await reading();
    expect(first).toContain('° N');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(reading).not.toBe(first);
    const scale = () => page.locator('.leaflet-control-scale-line').innerText();
    const whole = await scale();
    const closer = async () => {
      await page.keyboard.press('+');
      return scale();
    };
    // A key that comes while the map still moves is passed over.
    await expect.poll(closer, { interval: 300, timeout: 5000 }).not.toBe(whole);
    await focusOn('a Whole map');
    await page.keyboard.press('Enter');
    await expect.poll(scale).toBe(whole);
    // A zone and its figures.
    await focusOn('zone Synthetic pit 5');
    await page.keyboard.press('Enter');
    expect(await page.locator('#zone-card').innerText()).toContain('Synthetic pit 5');
    expect(await page.locator('figure[data-chart=cover] .area-name').innerText()).toBe('Synthetic pit 5');
    expect(await page.locator('path[aria-pressed=true]').count()).toBe(1);
    // The table behind a chart.
    await focusOn('details');
    await page.keyboard.press('Enter');
    expect(await page.locator('#states table').isVisible()).toBe(true);
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('shows the values of a chart under the pointer', async () => {
    const { page } = await open();
    const svg = page.locator('figure[data-chart=cover] svg').last();
    await svg.scrollIntoViewIfNeeded();
    const box = (await svg.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.6);
    await expect
      .poll(() => page.locator('figure[data-chart=cover] g[aria-label=tip]').innerHTML())
      .toMatch(/20\d\d: [\d.]+ %/);
    await page.context().close();
  });

  it('speaks to a screen reader: names, captions, headings in order, labels', async () => {
    const { page } = await open();
    const unnamed = await page.evaluate(`(() => {
      const named = (e) => (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent ?? '').trim() !== '';
      return [...document.querySelectorAll('select, input, button, [role], a, summary')].filter((e) => !named(e)).map((e) => e.outerHTML.slice(0, 120));
    })()`);
    expect(unnamed).toEqual([]);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
    expect(await page.locator('h1').count()).toBe(1);
    const levels = (await page.evaluate(
      `[...document.querySelectorAll('h1, h2, h3, h4')].map((e) => Number(e.tagName[1]))`,
    )) as number[];
    expect(levels.every((level, k) => k === 0 || level - levels[k - 1]! <= 1)).toBe(true);
    for (const chart of CHARTS) {
      const label = await page.locator(`figure[data-chart=${chart}] .plot`).getAttribute('aria-label');
      expect(label).toMatch(/chart\..+The figures are in the table below\./);
      expect(await page.locator(`figure[data-chart=${chart}] + details table`).count()).toBe(1);
    }
    await page.context().close();
  });

  it('is the same in Chinese', async () => {
    const file = join(folder, 'zh.html');
    writeFileSync(file, await buildReport(join(folder, 'out'), 'zh'));
    const { page, trouble } = await open({}, file);
    await keep('zh/page.png', await page.screenshot({ fullPage: true }));
    expect(await page.locator('#legend').innerText()).toContain('已恢复');
    expect(await page.locator('figure[data-chart=states] .plot').innerText()).toContain('受扰动');
    expect(trouble).toEqual([]);
    await page.context().close();
  });

  it('runs nothing that a name holds', async () => {
    const file = join(folder, 'evil.html');
    const evil = String.raw`</script><script>alert(1)</script><img src=x onerror=alert(2)>`;
    const text = readFileSync(join(folder, 'out', 'summary.json'), 'utf8');
    const summary = JSON.parse(text) as { zones: { name: string }[] };
    for (const zone of summary.zones) zone.name = evil;
    writeFileSync(join(folder, 'out', 'summary.json'), JSON.stringify(summary));
    try {
      writeFileSync(file, await buildReport(join(folder, 'out'), 'en'));
    } finally {
      writeFileSync(join(folder, 'out', 'summary.json'), text);
    }
    const { page, trouble } = await open({}, file);
    await page.locator('path.zone').first().hover({ force: true });
    await page.locator('path.zone').first().press('Enter');
    expect(await page.locator('#zone-card').innerText()).toContain(evil);
    expect(await page.locator('.card h3').first().innerText()).toBe(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(trouble).toEqual([]);
    await page.context().close();
  });
});
