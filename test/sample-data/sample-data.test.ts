/**
 * The committed sample is what its generator writes, and its truth is what a run can find in it.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSample } from '../../sample-data/generate.ts';
import { SCENES, sceneId } from '../../sample-data/generator/scenes.ts';
import { GRID, ZONES, zoneAt } from '../../sample-data/generator/zones.ts';
import { gridEquals } from '../../src/geo/grid.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';

const SAMPLE = 'sample-data';
const MOST_BYTES = 6_000_000;
/** What truth.json promises: clouds, noise and the endpoints' own error together. */
const FVC_TOLERANCE = 0.01;
const ENDPOINT_TOLERANCE = 0.006;

interface Truth {
  ndviEndpoints: { soil: number; vegetation: number };
  years: number[];
  zones: { id: string; role: string; byYear: { year: number; fvcMean: number; disturbedHa: number }[] }[];
}

let made = '';

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'mine-rs-sample-'));
  await generateSample(made);
});
afterAll(() => rm(made, { recursive: true, force: true }));

async function readPixels(path: string): Promise<{ pixels: Uint16Array; onGrid: boolean; place: readonly number[] }> {
  const file = await openGeoTiff(path);
  try {
    const { width, height, transform } = file.grid;
    const pixels = (await file.readWindow({ col: 0, row: 0, width, height })) as Uint16Array;
    return { pixels, onGrid: gridEquals(file.grid, GRID), place: [width, height, ...transform] };
  } finally {
    await file.close();
  }
}

function sha256(pixels: Uint16Array): string {
  return createHash('sha256').update(pixels).digest('hex');
}

describe('the generator', () => {
  it.each(['pits.geojson', 'plots.csv', 'species.csv', 'truth.json', 'PIXELS.sha256'])(
    'writes the committed %s again',
    async (name) => {
      expect(await readFile(join(made, name), 'utf8')).toBe(await readFile(join(SAMPLE, name), 'utf8'));
    },
  );

  it('writes the committed pixels again, and the digests are theirs', async () => {
    const names = (await readdir(join(SAMPLE, 'scenes'))).sort();
    expect((await readdir(join(made, 'scenes'))).sort()).toEqual(names);
    expect(names).toHaveLength(3 * SCENES.length);
    const sums = new Map(
      (await readFile(join(SAMPLE, 'PIXELS.sha256'), 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ').reverse() as [string, string]),
    );
    for (const name of names) {
      const committed = await readPixels(join(SAMPLE, 'scenes', name));
      const again = await readPixels(join(made, 'scenes', name));
      const digest = sums.get(`scenes/${name}`);
      expect([name, committed.place, sha256(committed.pixels)]).toEqual([name, again.place, digest]);
      expect([name, sha256(again.pixels)]).toEqual([name, digest]);
    }
  });
});

describe('the sample', () => {
  it('is below 6 MB', async () => {
    const files = (await readdir(SAMPLE, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });

  it('lists every scene in its README and calls itself synthetic', async () => {
    const readme = await readFile(join(SAMPLE, 'README.md'), 'utf8');
    expect(SCENES.map(sceneId).filter((id) => !readme.includes(id))).toEqual([]);
    expect(readme).toMatch(/SYNTHETIC/);
  });

  it('has zones that share no point: each vertex of an impact zone hole is one of its mine zone', async () => {
    const { features } = JSON.parse(await readFile(join(SAMPLE, 'pits.geojson'), 'utf8')) as {
      features: { properties: { id: string; synthetic: boolean }; geometry: { coordinates: number[][][] } }[];
    };
    expect(features.map(({ properties }) => properties.id)).toEqual(ZONES.map(({ id }) => id));
    expect(features.every(({ properties }) => properties.synthetic)).toBe(true);
    for (let k = 0; k < 3; k++) {
      const hole = features[k + 3]!.geometry.coordinates[1]!;
      expect(hole.toReversed()).toEqual(features[k]!.geometry.coordinates[0]);
    }
  });

  it('measures as its truth says: endpoints, and mean FVC of mines and background from 2020 on', async () => {
    const truth = JSON.parse(await readFile(join(SAMPLE, 'truth.json'), 'utf8')) as Truth;
    const { ndvi, zone } = await annualNdvi(truth.years);
    const all = Float64Array.from(ndvi.flatMap((values) => [...values].filter((v, i) => v === v && inBox(i)))).sort();
    const soil = all[Math.round(0.05 * (all.length - 1))]!;
    const vegetation = all[Math.round(0.95 * (all.length - 1))]!;
    expect(Math.abs(soil - truth.ndviEndpoints.soil)).toBeLessThan(ENDPOINT_TOLERANCE);
    expect(Math.abs(vegetation - truth.ndviEndpoints.vegetation)).toBeLessThan(ENDPOINT_TOLERANCE);
    for (const [k, { id, role, byYear }] of truth.zones.entries()) {
      if (role === 'impact') continue;
      for (const [t, { year, fvcMean }] of byYear.entries()) {
        if (year < 2020) continue;
        let sum = 0;
        let n = 0;
        ndvi[t]!.forEach((value, i) => {
          if (zone[i] !== k || Number.isNaN(value)) return;
          sum += Math.min(1, Math.max(0, (value - soil) / (vegetation - soil)));
          n++;
        });
        const error = Math.abs(sum / n - fvcMean);
        expect(error < FVC_TOLERANCE ? 'near' : `${id} ${year} is ${sum / n}, not ${fvcMean}`).toBe('near');
      }
    }
  });

  it('tells of a peak of disturbance in 2019', async () => {
    const truth = JSON.parse(await readFile(join(SAMPLE, 'truth.json'), 'utf8')) as Truth;
    const mines = truth.zones.filter(({ role }) => role === 'mine');
    const totals = truth.years.map((_, t) => mines.reduce((sum, { byYear }) => sum + byYear[t]!.disturbedHa, 0));
    expect(truth.years[totals.indexOf(Math.max(...totals))]).toBe(2019);
    expect(totals.at(-1)!).toBeLessThan(0.1 * Math.max(...totals));
  });
});

/** Maximum NDVI of the clear observations per year from the scenes on the common grid, and each pixel's zone. */
async function annualNdvi(years: number[]): Promise<{ ndvi: Float64Array[]; zone: Int8Array }> {
  const n = GRID.width * GRID.height;
  const ndvi = years.map(() => new Float64Array(n).fill(NaN));
  for (const scene of SCENES) {
    const bands = scene.platform === 'LE07' ? ['SR_B3', 'SR_B4', 'QA_PIXEL'] : ['SR_B4', 'SR_B5', 'QA_PIXEL'];
    const [red, nir, qa] = await Promise.all(
      bands.map((band) => readPixels(join(SAMPLE, 'scenes', `${sceneId(scene)}_${band}.TIF`))),
    );
    if (!red!.onGrid) continue;
    const annual = ndvi[years.indexOf(Number(scene.date.slice(0, 4)))]!;
    for (let i = 0; i < n; i++) {
      if ((qa!.pixels[i]! & 0b111111) !== 0) continue;
      const r = red!.pixels[i]! * 2.75e-5 - 0.2;
      const value = (nir!.pixels[i]! * 2.75e-5 - 0.2 - r) / (nir!.pixels[i]! * 2.75e-5 - 0.2 + r);
      if (!(annual[i]! >= value)) annual[i] = value;
    }
  }
  const zone = Int8Array.from({ length: n }, (_, i) =>
    zoneAt((i % GRID.width) + 0.5, Math.floor(i / GRID.width) + 0.5),
  );
  return { ndvi, zone };
}

/** Whether a pixel lies in the zones' bounding box, which is where a run takes its endpoints from. */
function inBox(i: number): boolean {
  const col = i % GRID.width;
  const row = Math.floor(i / GRID.width);
  return col >= 17 && col < 248 && row >= 17 && row < 202;
}
