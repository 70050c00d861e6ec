import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INDEX_BINS, REFLECTANCE_BINS } from '../../src/kernels/reflectance-histogram.ts';
import { SILENT } from '../../src/pipeline/progress.ts';
import { histogramStep, mergeHistograms, reflectanceFigures } from '../../src/pipeline/radiometry.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { utmGrid, writeSentinel2, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('radiometry');

const histogram = (count: number, bin: number, n: number): Float64Array => {
  const counts = new Float64Array(count);
  counts[bin] = n;
  return counts;
};

describe('histograms of scenes', () => {
  it('add up over windows, and become percentiles', () => {
    const part = (bin: number) => ({
      red: histogram(REFLECTANCE_BINS.count, bin, 100),
      nir: null,
      ndvi: histogram(INDEX_BINS.count, 150, 50),
    });
    const merged = mergeHistograms(mergeHistograms(null, part(110)), part(120))!;
    expect(merged.red![110]! + merged.red![120]!).toBe(200);
    expect(merged.nir).toBeNull();
    const { pixels, red, nir, ndviP95 } = reflectanceFigures(merged);
    // bin 110 begins at −0.5 + 110 · 0.005 = 0.05; 5 % of 200 are the first 10 of its 100
    expect([pixels, red!.p5, nir]).toEqual([200, expect.closeTo(0.0505, 12), null]);
    expect(ndviP95).toBeCloseTo(0.5 + 0.95 * 0.01, 12);
    expect(mergeHistograms(null, null)).toBeNull();
  });

  it('have no figures of bands without clear pixels', () => {
    const empty = {
      red: new Float64Array(REFLECTANCE_BINS.count),
      nir: null,
      ndvi: new Float64Array(INDEX_BINS.count),
    };
    expect(reflectanceFigures(empty)).toEqual({ pixels: 0, red: null, nir: null, ndviP95: null });
  });

  it('look at every pixel of small grids only', () => {
    expect([histogramStep(512, 512), histogramStep(512, 513)]).toEqual([1, 4]);
  });
});

describe('a run', () => {
  const grid = utmGrid(64, 48);
  const ndvi = (col: number, row: number): number =>
    Math.hypot(col - 32, row - 24) < 8 ? 0.1 : 0.6 + 0.01 * (col % 25);

  it('warns of scenes whose offset is missing, in summary and on the screen, and records what it saw', async () => {
    const folder = newFolder();
    const years = [2017, 2018, 2019, 2020, 2021, 2022, 2023];
    for (const year of years) {
      const id = await writeSentinel2(folder, { grid, date: `${year}0715`, ndvi }, 1000);
      if (year === 2017) continue;
      const path = join(folder, id, `${id}.json`);
      // the item says that there is no offset, the pixels have it
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"offset":-0.1', '"offset":0'));
    }
    const aoi = writeZones(join(folder, 'a.geojson'), grid, [
      { id: 'a', role: 'mine', col: 4, row: 4, width: 50, height: 40 },
    ]);
    const said: string[] = [];
    const run = async (out: string, blockSize: { width: number; height: number }) => {
      const progress = { ...SILENT, warn: (text: string) => said.push(text) };
      await runTrend({ aoi, scenes: folder, out, workers: 0, maps: 'none' }, { progress, blockSize });
      return JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { radiometry: Record<string, unknown>[] };
    };
    const out = join(folder, 'out');
    const record = await run(out, { width: 64, height: 64 });
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as { warnings: string[] };
    const warned = summary.warnings.filter((text) => text.startsWith('Radiometry of '));
    expect(warned.map((text) => /_(\d{4})\d{4}_/.exec(text)![1])).toEqual([
      '2018',
      '2019',
      '2020',
      '2021',
      '2022',
      '2023',
    ]);
    for (const text of warned) expect(text).toMatch(/is the offset missing\?$/);
    expect(said.slice(0, 5)).toEqual(warned.slice(0, 5));
    expect(said[5]).toMatch(/1 more scene; mine-rs scenes lists them all/);

    expect(record.radiometry).toHaveLength(7);
    expect(record.radiometry[0]).toMatchObject({
      product: 'sentinel-2-l2a',
      bands: { red: { scale: 1e-4, offset: -0.1, source: expect.stringMatching(/raster:bands/) } },
      reflectance: { red: { p1: expect.any(Number) }, nir: { p50: expect.any(Number) }, ndviP95: expect.any(Number) },
    });
    // the cut into blocks makes no difference
    const other = await run(join(folder, 'out2'), { width: 24, height: 16 });
    expect(other.radiometry).toEqual(record.radiometry);
  });
});
