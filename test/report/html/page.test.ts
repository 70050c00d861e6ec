/**
 * The report as text: what stands in it, and what cannot.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportHtml, type ReportInput } from '../../../src/report/html/page.ts';
import type { Payload } from '../../../src/report/html/payload.ts';
import { packLayer } from '../../../src/report/html/pixels.ts';
import { summaryOf, YEARS, zoneOf } from '../figures.ts';

const RECORD = {
  parameters: { index: 'ndvi', fvcModel: 'linear' },
  radiometry: [
    {
      scene: 's1',
      product: 'landsat-c2l2',
      bands: { red: { scale: 2.75e-5, offset: -0.2, nodata: 0, source: 'product definition' } },
      masks: [{ description: 'QA_PIXEL bits 0-5' }],
      adjustments: [],
    },
  ],
  resampled: [],
};

function inputOf(change: Partial<ReportInput> = {}): ReportInput {
  const data = { kind: 'class', width: 2, height: 1, times: [], factor: 1, low: 0, step: 0.02 } as const;
  return {
    summary: summaryOf(),
    record: RECORD,
    language: 'en',
    map: {
      widthM: 600,
      heightM: 300,
      places: { nodes: 2, lon: [99, 99.1, 99, 99.1], lat: [38, 38, 37.9, 37.9] },
      outlines: [{ id: 'a', rings: [[0, 0, 300, 0, 300, 300, 0, 0]] }],
      layers: [packLayer({ ...data, times: [] }, new Uint8Array([1, 7]))],
    },
    ...change,
  };
}

function payloadOf(page: string): Payload {
  return JSON.parse(/<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(page)![1]!) as Payload;
}

/** The text of a section, without markup. */
function sectionText(page: string, id: string): string {
  const found = new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page);
  return found === null ? '' : found[0].replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

/** The headings' anchors, in order. */
function sectionIds(page: string): string[] {
  return [...page.matchAll(/<section id="([\w-]+)"/g)].map((match) => match[1]!);
}

describe('the report', () => {
  const page = reportHtml(inputOf());

  it('answers first: a sentence for each mine, then a table', () => {
    const text = sectionText(page, 'answer');
    expect(sectionIds(page)[0]).toBe('answer');
    // 10 ha; 5.25 ha ever disturbed; 4 ha at once in 2020; in 2023 3, 1 and 1.25 ha.
    expect(text).toContain('Of 10.0 ha, 5.3 ha (53 %) have been disturbed at some time since 2019');
    expect(text).toContain('the most at once in 2020 (4.0 ha)');
    expect(text).toContain('by 2023, 1.3 ha (24 % of the disturbed land seen in that year) have recovered');
    expect(text).toContain('1.0 ha are recovering and 3.0 ha are still disturbed');
    expect(text).toContain('A spectral change is evidence, not a compliance finding.');
  });

  it('says nothing of a reference to itself, and says how sure the trend is', () => {
    const text = sectionText(page, 'answer');
    expect(text).toContain('Trend of mean FVC: +1.3 points a year, p 0.333, not significant.');
    expect(text).toContain('0.5 ha without data in 2023.');
  });

  it('says so where nothing was disturbed', () => {
    const zone = zoneOf('a');
    const calm = zone.states.map((s) => ({
      ...s,
      disturbedHa: 0,
      recoveringHa: 0,
      recoveredHa: 0,
      undisturbedHa: 9.25,
    }));
    const land = { ...zone.land!, cohorts: [], recovery: { ...zone.land!.recovery, disturbedHa: 0 } };
    const summary = summaryOf({ zones: [{ ...zone, states: calm, land }], totals: [] });
    expect(sectionText(reportHtml(inputOf({ summary })), 'answer')).toContain(
      'Of 10.0 ha, no land was disturbed from 2019 to 2023.',
    );
  });

  it('tells of the trend where a run has no states, and leaves their sections out', () => {
    const zones = [zoneOf('a', { states: [], land: null })];
    const summary = summaryOf({ zones, totals: [], fvc: null, baseline: null, thresholds: null });
    const without = reportHtml(inputOf({ summary }));
    expect(sectionText(without, 'answer')).toContain(
      'NDVI rose significantly on 5.5 ha and fell significantly on 2.5 ha',
    );
    expect(sectionIds(without)).not.toContain('states');
    expect(sectionIds(without)).not.toContain('cohorts');
    expect(sectionIds(page)).toEqual(expect.arrayContaining(['states', 'cohorts']));
  });

  it('has the sections once each, with headings that name them', () => {
    const ids = sectionIds(page);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(page).toContain(`<h2 id="${id}-title">`);
    expect(ids).toEqual(
      expect.arrayContaining(['map', 'cover', 'trend', 'certainty', 'warnings', 'method', 'radiometry']),
    );
  });

  it('has no two elements of one id', () => {
    const ids = [...page.slice(0, page.indexOf('<script>')).matchAll(/ id="([^"]+)"/g)].map((match) => match[1]!);
    expect(ids.filter((id, k) => ids.indexOf(id) !== k)).toEqual([]);
  });

  it('names the sources of its formulas, and the parameters', () => {
    const text = sectionText(page, 'method');
    expect(text).toContain('Sen PK 1968');
    expect(text).toContain('--fvc-model linear');
    expect(sectionText(page, 'radiometry')).toContain('0.0000275 -0.2 0 1');
  });

  it('gives equal bytes for equal input', () => {
    expect(reportHtml(inputOf())).toBe(page);
  });

  it('speaks Chinese', () => {
    const chinese = reportHtml(inputOf({ language: 'zh' }));
    expect(chinese).toContain('<html lang="zh-Hans">');
    expect(sectionText(chinese, 'answer')).toContain('光谱变化是证据，不是合规结论。');
    expect(payloadOf(chinese).classes.map(({ label }) => label)).toContain('显著上升');
  });

  it.each([
    ['median FVC of each pixel in 2019, 2020', '各像元在2019, 2020年的 FVC 中位数'],
    ['mean FVC of the reference zone (meadow) in the same year', '参考区（meadow）同年的平均 FVC'],
    ['mean FVC of zone m 1 in the same year', '分区m 1同年的平均 FVC'],
    ['of another kind', '<span lang="en">of another kind</span>'],
  ])('says in Chinese what a run says of itself in English: %s', (text, expected) => {
    const summary = summaryOf({ baseline: { text, levels: null } });
    expect(reportHtml(inputOf({ summary, language: 'zh' }))).toContain(`基准: ${expected}`);
  });

  it('gives the script the digits of the CSV tables', () => {
    const { areas, years } = payloadOf(page);
    expect(years).toEqual(YEARS);
    const zone = areas.find(({ id }) => id !== null)!;
    expect(zone.states.map((row) => row.at(-1))).toEqual([0.25, 4, 3, 1, 1.25]);
    expect(zone.trend.reduce((sum, ha) => sum + ha, 0)).toBeCloseTo(10, 9);
    expect(zone.mean).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('leaves zones out beyond what a page can hold, and says so', () => {
    const zones = Array.from({ length: 3000 }, (_, k) => zoneOf(`z${k}`, { role: k < 2500 ? 'impact' : 'mine' }));
    const summary = summaryOf({ zones, totals: [] });
    const many = reportHtml(inputOf({ summary }));
    const { areas } = payloadOf(many);
    expect(areas).toHaveLength(750);
    // Mines come first.
    expect(areas.filter(({ role }) => role === 'mine')).toHaveLength(500);
    expect(many).toContain('The 750 first of 3000 zones are shown one by one');
    expect(many.length).toBeLessThan(2e6);
  });
});

describe('safety', () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&{ha}`;
  const zones = [zoneOf('a', { name: evil, role: evil }), zoneOf('b', { id: evil })];
  const scenes = summaryOf().scenes.map((scene) => ({ ...scene, id: evil, reason: evil, used: false }));
  const summary = summaryOf({
    zones,
    totals: [],
    scenes,
    aoi: evil,
    warnings: [evil],
    overlaps: [{ a: evil, b: evil, hectares: null }],
  });
  const record = {
    ...RECORD,
    parameters: { [evil]: evil },
    radiometry: RECORD.radiometry.map((scene) => ({ ...scene, product: evil, adjustments: [evil] })),
  };
  const page = reportHtml(inputOf({ summary, record }));

  it('is not touched by what names hold', () => {
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<img src=x');
    // The payload, the one layer, and the script.
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(payloadOf(page).areas.map(({ label }) => label)).toContain(evil);
  });

  it('runs one script, and loads nothing', () => {
    const script = /<script>(.*)<\/script>/s.exec(page)![1]!;
    const digest = createHash('sha256').update(script).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${digest}'`);
    const tags = page.replaceAll(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, '').matchAll(/<[a-z][^>]*>/g);
    const targets = [...tags].flatMap(([tag]) => [...tag.matchAll(/(?:src|href|data|action)="([^"]*)"/g)]);
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.map((match) => match[1]!).filter((target) => !target.startsWith('#'))).toEqual([]);
    expect(/<style>([\s\S]*?)<\/style>/.exec(page)![1]).not.toMatch(/url\(|@import/);
  });

  it('keeps the licences of the libraries in it', () => {
    for (const name of ['leaflet 1.9.4 (BSD-2-Clause)', '@observablehq/plot 0.6.17 (ISC)', 'd3-array']) {
      expect(page).toContain(name);
    }
    expect(page).toContain('Redistribution and use in source and binary forms');
  });
});
