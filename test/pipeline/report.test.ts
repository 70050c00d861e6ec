/**
 * report.html from what a run leaves.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { packedLayers } from '../../src/pipeline/report-layers.ts';
import { buildReport, rebuildReport } from '../../src/pipeline/report.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { LayerKind, MapData, Payload } from '../../src/report/html/payload.ts';
import type { Summary } from '../../src/report/model.ts';
import { paint, utmGrid, writeNoisyStack, writeRaster, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('report');
const [WIDTH, HEIGHT] = [200, 150];
const GRID = utmGrid(WIDTH, HEIGHT);
const YEARS = [2015, 2016, 2018, 2019, 2020];
const ZONES = [
  { id: 'pit', name: 'The "pit" <1>', role: 'mine', col: 60, row: 50, width: 40, height: 45 },
  { id: 'meadow', role: 'reference', col: 130, row: 20, width: 30, height: 30 },
];

let folder: string;
let scenes: string;
let aoi: string;

const run = async (out: string, options: Partial<OptionsInput> = {}) =>
  (await runTrend({ aoi, scenes: [scenes], out, workers: 0, extent: 'scene', ...options })).summary!;

function payloadOf(page: string): Payload {
  return JSON.parse(/<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(page)![1]!) as Payload;
}

function pixelsOf(page: string, kind: LayerKind): Uint8Array {
  const packed = new RegExp(`id="raster-${kind}">([^<]*)<`).exec(page)![1]!;
  return new Uint8Array(inflateSync(Buffer.from(packed, 'base64')));
}

async function pixelsOfMap(
  path: string,
  window: { col: number; row: number; width: number; height: number },
  band = 1,
) {
  const file = await openGeoTiff(path);
  try {
    return await file.readWindow(window, { band });
  } finally {
    await file.close();
  }
}

beforeAll(async () => {
  const root = newFolder();
  scenes = join(root, 'scenes');
  await writeNoisyStack(scenes, GRID, YEARS, 3);
  aoi = writeZones(join(root, 'pits.geojson'), GRID, ZONES);
  folder = join(root, 'out');
  await run(folder);
});

describe('report.html', () => {
  it('is left by a run, and mine-rs report makes the same bytes again', async () => {
    const left = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(await buildReport(folder, 'en')).toBe(left);
    const out = join(newFolder(), 'again.html');
    expect(await rebuildReport(folder, { out })).toBe(out);
    expect(readFileSync(out, 'utf8')).toBe(left);
  });

  it('holds nothing of the time or the place of the run', async () => {
    const moved = join(newFolder(), 'moved');
    await run(moved, { workers: 0 });
    expect(readFileSync(join(moved, 'report.html'), 'utf8')).toBe(readFileSync(join(folder, 'report.html'), 'utf8'));
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).not.toContain(folder);
  });

  it('is left out with --no-report, and an older one goes', async () => {
    const out = join(newFolder(), 'out');
    await run(out, { maps: 'none' });
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    await run(out, { maps: 'none', report: false });
    expect(existsSync(join(out, 'report.html'))).toBe(false);
  });

  it('is made again when only its language changes', async () => {
    const out = join(newFolder(), 'out');
    await run(out, { maps: 'none' });
    await run(out, { maps: 'none', lang: 'zh' });
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('<html lang="zh-Hans">');
  });

  it('says in Chinese what the run warned of', async () => {
    const place = newFolder();
    const zones = [
      ...ZONES,
      { id: 'heap', role: 'dump', col: 80, row: 60, width: 60, height: 20 },
      { id: 'edge', role: 'mine', col: 190, row: 100, width: 30, height: 20 },
    ];
    const out = join(place, 'out');
    const found = await run(out, {
      aoi: writeZones(join(place, 'zones.geojson'), GRID, zones),
      lang: 'zh',
      fdr: '0.01',
    });
    expect(found.warnings.length).toBeGreaterThanOrEqual(4);
    const [, list] = /<ul class="warnings">(.*?)<\/ul>/s.exec(readFileSync(join(out, 'report.html'), 'utf8'))!;
    expect(list!.match(/<li>/g)).toHaveLength(found.warnings.length);
    expect(list).not.toContain('lang="en"');
    for (const word of ['“dump”', '5 年的数据', '重叠', '位于影像之外']) expect(list).toContain(word);
  });

  it('has the figures of summary.json', () => {
    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
    const { areas } = payloadOf(readFileSync(join(folder, 'report.html'), 'utf8'));
    expect(areas.map(({ id }) => id)).toEqual(['pit', 'meadow']);
    for (const [k, zone] of summary.zones.entries()) {
      const area = areas[k]!;
      const rounded = (value: number) => Number(value.toFixed(6));
      expect(area.label).toBe(zone.name);
      expect(area.trend).toEqual(zone.trend.map((c) => rounded(c.hectares)));
      expect(area.states[2]).toEqual(zone.states.map((s) => rounded(s.disturbedHa)));
      expect(area.noDataHa).toEqual(zone.states.map((s) => rounded(s.nodataHa)));
      expect(area.mean).toEqual(zone.years.map((y) => (y.mean === null ? null : rounded(y.mean))));
    }
  });
});

describe('the map', () => {
  const page = () => readFileSync(join(folder, 'report.html'), 'utf8');
  const mapOf = (): MapData => payloadOf(page()).map!;
  /** The zones span columns 60 to 160 and rows 20 to 95; with a margin of 15 % and corners at multiples of 64. */
  const window = { col: 0, row: 0, width: 192, height: 128 };

  it('shows the zones with some land around, in metres', () => {
    const map = mapOf();
    // A UTM pixel of 30 m near the central meridian is 30 m / 0.9996 on the ground, within a part in 10^4.
    expect(map.widthM / (window.width * 30)).toBeCloseTo(1 / 0.9996, 3);
    expect(map.heightM / (window.height * 30)).toBeCloseTo(1 / 0.9996, 3);
    const [ring] = map.zones.find(({ area }) => area === 0)!.rings;
    const xs = ring!.filter((_, k) => k % 2 === 0);
    const ys = ring!.filter((_, k) => k % 2 === 1);
    const pixel = map.widthM / window.width;
    // Coordinates are kept to the decimetre.
    expect(Math.min(...xs) / pixel).toBeCloseTo(60, 1);
    expect(Math.max(...xs) / pixel).toBeCloseTo(100, 1);
    expect(Math.min(...ys) / pixel).toBeCloseTo(50, 1);
    expect(Math.max(...ys) / pixel).toBeCloseTo(95, 1);
  });

  it('has the pixels of the maps', async () => {
    const { layers } = mapOf();
    expect(layers.map(({ kind }) => kind)).toEqual(['class', 'state', 'disturbed', 'recovered', 'value']);
    expect(layers.every(({ factor, width, height }) => factor === 1 && width === 192 && height === 128)).toBe(true);
    const maps = join(folder, 'maps');
    expect(pixelsOf(page(), 'class')).toEqual(await pixelsOfMap(join(maps, 'trend_class.tif'), window));
    const states = pixelsOf(page(), 'state');
    const size = window.width * window.height;
    expect(states).toHaveLength(size * YEARS.length);
    expect(states.subarray(3 * size, 4 * size)).toEqual(await pixelsOfMap(join(maps, 'state.tif'), window, 4));
    const years = await pixelsOfMap(join(maps, 'disturbed_year.tif'), window);
    expect([...pixelsOf(page(), 'disturbed')]).toEqual(Array.from(years, (year) => YEARS.indexOf(year) + 1));
    expect(new Set(years).size).toBeGreaterThan(1);
  });

  it('keeps annual values to two percent', async () => {
    const { low, step } = mapOf().layers.find(({ kind }) => kind === 'value')!;
    const bytes = pixelsOf(page(), 'value');
    const cover = await pixelsOfMap(join(folder, 'maps', 'fvc_2018.tif'), window);
    const from = 2 * cover.length;
    const shown = Array.from(cover, (_, i) => (bytes[from + i] === 255 ? NaN : low + bytes[from + i]! * step));
    const missing = (value: number) => Number.isNaN(value);
    expect(shown.map(missing)).toEqual(Array.from(cover, missing));
    const off = shown.map((value, i) => Math.abs(value - cover[i]!)).filter((value) => !missing(value));
    // Half a step, and the rounding of float32.
    expect(off.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(0.0100001);
  });

  it('knows where it is: between its points, longitude and latitude miss by less than a metre', () => {
    const { places } = mapOf();
    const toLonLat = createTransformer(GRID.crs, WGS84);
    const n = places.nodes;
    for (const [u, v] of [
      [0.06, 0.06],
      [0.5, 0.44],
      [0.94, 0.69],
    ] as const) {
      const [i, j] = [Math.floor(u * (n - 1)), Math.floor(v * (n - 1))];
      const [s, t] = [u * (n - 1) - i, v * (n - 1) - j];
      const at = (list: readonly number[], k: number) => list[j * n + i + k]! * (1 - s) + list[j * n + i + k + 1]! * s;
      const blend = (list: readonly number[]) => at(list, 0) * (1 - t) + at(list, n) * t;
      const [lon, lat] = toLonLat(...applyAffine(GRID.transform, u * window.width, v * window.height));
      // 1e-5 degrees are at most 1.1 m.
      expect(Math.abs(blend(places.lon) - lon)).toBeLessThan(1e-5);
      expect(Math.abs(blend(places.lat) - lat)).toBeLessThan(1e-5);
    }
  });

  it('has only what the run kept: the trend, or the outlines', async () => {
    const out = join(newFolder(), 'out');
    await run(out, { maps: 'trend' });
    const trend = readFileSync(join(out, 'report.html'), 'utf8');
    expect(payloadOf(trend).map!.layers.map(({ kind }) => kind)).toEqual(['class']);
    expect(trend).toContain('--maps all keeps them');
    await run(out.replace(/out$/, 'none'), { maps: 'none' });
    const none = readFileSync(join(out.replace(/out$/, 'none'), 'report.html'), 'utf8');
    expect(payloadOf(none).map!.layers).toEqual([]);
    expect(payloadOf(none).map!.zones).toHaveLength(2);
    expect(none).toContain('only the zones are drawn');
  });

  it('shows the index where a run makes no FVC', async () => {
    const out = join(newFolder(), 'out');
    await run(out, { fvc: 'none' });
    const without = readFileSync(join(out, 'report.html'), 'utf8');
    expect(payloadOf(without).map!.layers.map(({ kind }) => kind)).toEqual(['class', 'value']);
    expect(payloadOf(without).value).toEqual({ name: 'ndvi', percent: false });
    const { low, step } = payloadOf(without).map!.layers[1]!;
    const ndvi = await pixelsOfMap(join(out, 'maps', 'ndvi_2015.tif'), window);
    const shown = low + pixelsOf(without, 'value')[5000]! * step;
    expect(Math.abs(shown - ndvi[5000]!)).toBeLessThan(0.0100001);
  });
});

describe('the size of the map', () => {
  it('stays within what a page can carry, however full of detail the land is', async () => {
    // Noise cannot be packed: the worst there is.
    const maps = newFolder();
    const side = 2000;
    const grid = utmGrid(side, side);
    let seed = 1;
    const noise = (range: number) => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * range);
    };
    await writeRaster(
      join(maps, 'trend_class.tif'),
      grid,
      paint(new Uint8Array(side * side), side, () => noise(8)),
    );
    for (const name of ['disturbed_year', 'recovered_year']) {
      const years = paint(new Uint16Array(side * side), side, () => 1990 + noise(30));
      await writeRaster(join(maps, `${name}.tif`), grid, years);
    }
    const years = Array.from({ length: 30 }, (_, k) => 1990 + k);
    const window = { col: 0, row: 0, width: side, height: side };
    const summary = { years, fvc: {}, index: 'ndvi' } as unknown as Summary;
    const size = (layers: readonly { packed: string }[]) => layers.reduce((sum, { packed }) => sum + packed.length, 0);
    const whole = await packedLayers(maps, summary, window);
    expect(size(whole)).toBeLessThanOrEqual(4_000_000);
    expect(whole.map(({ data }) => data.factor)).toEqual([4, 4, 4]);
    const tight = await packedLayers(maps, summary, window, 200_000);
    expect(size(tight)).toBeLessThanOrEqual(200_000);
    expect(tight.map(({ data }) => [data.kind, data.factor > 4])).toEqual([
      ['class', expect.any(Boolean)],
      ['disturbed', true],
      ['recovered', true],
    ]);
  });
});

describe('a folder that is no finished run', () => {
  it('is refused by name', async () => {
    const empty = newFolder();
    await expect(buildReport(empty, 'en')).rejects.toThrow(`No finished run in ${empty}`);
  });

  it.each([
    ['summary.json', '{"zones": []}', /not the summary of a trend run/],
    ['summary.json', '{"schemaVersion": "2.0", "zones": [], "years": [], "trend": {}}', /version 2\.0/],
    ['run.json', '{"parameters": {}, "radiometry": 3}', /not the record of a trend run: see radiometry/],
    ['run.json', '[]', /does not hold an object/],
    ['zones.geojson', '{"features": [{"properties": {"id": "x"}, "geometry": null}]}', /does not hold zones/],
    [
      'zones.geojson',
      '{"features": [{"properties": {"id": "pit"}, "geometry": {"type": "Polygon", "coordinates": [[["x", 1]]]}}]}',
      /does not hold zones: see the coordinates of pit/,
    ],
    ['maps/trend_class.tif', 'no TIFF', /trend_class\.tif/],
  ])('says what is wrong with %s', async (name, text, message) => {
    const path = join(folder, name);
    renameSync(path, `${path}.kept`);
    try {
      writeFileSync(path, text);
      await expect(buildReport(folder, 'en')).rejects.toThrow(message);
    } finally {
      rmSync(path);
      renameSync(`${path}.kept`, path);
    }
  });

  it('gets no half-written file', async () => {
    const place = newFolder();
    await expect(rebuildReport(place, { out: join(place, 'r.html') })).rejects.toThrow(/No finished run/);
    await expect(rebuildReport(join(place, 'none'), {})).rejects.toThrow(/No finished run/);
    expect(readdirSync(place)).toEqual([]);
  });
});

describe('options of mine-rs report', () => {
  it.each([
    [{ lang: 'fr' }, /--lang.*en, zh/],
    [{ language: 'zh' }, /language/],
  ])('%o is refused', async (input, message) => {
    await expect(rebuildReport(folder, input)).rejects.toThrow(message);
  });

  it('refuses a folder as file, and a place that is not there', async () => {
    await expect(rebuildReport(folder, { out: folder })).rejects.toThrow(/is a folder/);
    await expect(rebuildReport(folder, { out: join(folder, 'no', 'r.html') })).rejects.toThrow(/no folder/);
  });
});
