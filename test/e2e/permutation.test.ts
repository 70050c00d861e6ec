/**
 * The permutation test over whole years in a run, on a landscape whose figures are known.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { permutationTest } from '../../src/kernels/permutation.ts';
import { normalRandom, uniformRandom } from '../../src/kernels/random.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import type { PermutationFigures } from '../../src/report/permutation-model.ts';
import type { Summary } from '../../src/report/model.ts';
import { summarySchema } from '../report/summary-schema.ts';
import { builtLibrary, digestsOf, filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeLandsat, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('permutation');

const YEARS = [2010, 2011, 2012, 2014, 2015, 2016, 2017, 2018, 2019, 2020];
/** Wider than a tile, so that a patch crosses tiles. */
const GRID = utmGrid(540, 20);
/** Columns that lose cover; the tile ends at 512. */
const [LOSS_FROM, LOSS_TO] = [505, 520];
const ZONES = [
  { id: 'across', name: 'Across', role: 'mine', col: 500, row: 0, width: 30, height: 20 },
  { id: 'noise', name: 'Noise', role: 'mine', col: 0, row: 5, width: 12.5, height: 10 },
  { id: 'twice', name: 'Twice', role: 'mine', col: 510, row: 10, width: 15, height: 10 },
];

let folder = '';
let aoi = '';
/** NDVI by [year][row · width + column]. */
const stack: Float32Array[] = [];

beforeAll(async () => {
  folder = newFolder();
  aoi = writeZones(join(folder, 'pits.geojson'), GRID, ZONES);
  const normal = normalRandom(uniformRandom(3));
  for (const [k, year] of YEARS.entries()) {
    const weather = 0.02 * normal();
    const values = Float32Array.from({ length: GRID.width * GRID.height }, (_, i) => {
      const col = i % GRID.width;
      const loss = col >= LOSS_FROM && col < LOSS_TO ? 0.02 * k : 0;
      return 0.5 + weather + 0.02 * normal() - loss;
    });
    stack.push(values);
    const ndvi = (col: number, row: number) => values[row * GRID.width + col]!;
    await writeLandsat(join(folder, 'scenes'), { grid: GRID, date: `${year}0715`, ndvi });
  }
});

async function run(options: Partial<OptionsInput> = {}): Promise<{ summary: Summary; out: string }> {
  const out = join(newFolder(), 'out');
  const shared = { aoi, out, workers: 0, fvc: '0,1', maps: 'none', report: false, permutations: 199 } as const;
  const { summary } = await runTrend({ ...shared, ...options });
  return { summary: summary!, out };
}

const hectares = (found: PermutationFigures, id: string, code: number) =>
  found.zones.find((zone) => zone.id === id)!.classes.find((c) => c.code === code)!;

describe('--permutations', () => {
  it('takes back what stands by chance alone, and keeps the patch that trends, across tiles', async () => {
    const { summary, out } = await run();
    const found = summary.permutation!;
    expect(found).toMatchObject({ permutations: 199, seed: 1, alpha: 0.05, patchP: 0.1, smallestP: 1 / 200 });
    // 600 cells of one zone, 130 of the other, half a column of it; the third lies in the first.
    expect(found.cells).toBe(730);
    const lost = hectares(found, 'across', 1);
    const cellHa = summary.zones[0]!.areaHa / 600;
    expect(lost.rawHa).toBeGreaterThan(299 * cellHa);
    expect(lost.patchHa).toBeGreaterThan(299 * cellHa);
    const noise = found.zones.find(({ id }) => id === 'noise')!.classes;
    const significant = noise.filter(({ name }) => /^(slightly )?significant/.test(name));
    expect(significant.reduce((sum, c) => sum + c.rawHa, 0)).toBeGreaterThan(0);
    expect(significant.reduce((sum, c) => sum + c.patchHa, 0)).toBe(0);
    expect(found.patchesStanding).toBe(1);
    expect(found.patches).toBeGreaterThan(5);

    const rows = readTable(join(out, 'tables/trend_permutation.csv'));
    for (const zone of summary.zones) {
      const own = rows.filter((row) => row['zone_id'] === zone.id);
      for (const column of ['raw_ha', 'max_statistic_ha', 'cluster_ha']) {
        const sum = own.reduce((total, row) => total + Number(row[column]), 0);
        expect(Math.abs(sum - zone.areaHa) / zone.areaHa).toBeLessThan(1e-6);
      }
      expect(own.map((row) => Number(row['raw_ha']))).toEqual(zone.trend.map((c) => Number(c.hectares.toFixed(6))));
    }
    // The overlap counts once: the role has as much land that stands as the two zones that do not overlap.
    const role = found.totals[0]!.classes.find(({ code }) => code === 1)!;
    expect(role.patchHa).toBeCloseTo(lost.patchHa + hectares(found, 'noise', 1).patchHa, 6);
    // The published schema knows every field of it.
    expect(summarySchema.parse(summary).permutation).toEqual(found);
  });

  it('agrees with the test of the library on the same cells', async () => {
    const { summary } = await run();
    const values = new Float32Array(YEARS.length * stack[0]!.length).fill(NaN);
    for (const [k, year] of stack.entries()) {
      for (const [i, value] of year.entries()) {
        const [col, row] = [i % GRID.width, Math.floor(i / GRID.width)];
        const inZone = ZONES.some(
          (z) => col >= z.col && col < z.col + z.width && row >= z.row && row < z.row + z.height,
        );
        // As the scenes hold it: reflectances of red and near infrared as whole numbers.
        const dn = (rho: number) => Math.round((rho + 0.2) / 2.75e-5) * 2.75e-5 - 0.2;
        const [red, nir] = [dn(0.2 * (1 - value)), dn(0.2 * (1 + value))];
        if (inZone) values[k * year.length + i] = (nir - red) / (nir + red);
      }
    }
    const options = { permutations: 199, seed: 1, clusterP: 0.1 };
    const want = permutationTest(values, YEARS.length, GRID.width, GRID.height, options);
    const found = summary.permutation!;
    const standing = want.clusters.filter(({ pixels }) => pixels > found.patchAbove);
    expect(standing.map(({ p }) => p <= 0.05)).toEqual([true]);
    expect(want.clusters.length).toBe(found.patches);
    expect(found.zAbove).toBe([...want.largestZ].sort((a, b) => b - a)[10]);
    expect(found.patchAbove).toBe([...want.largestCluster].sort((a, b) => b - a)[10]);
    const stands = [...want.p].filter((p) => p <= 0.05).length;
    const sum = found.totals[0]!.classes.filter(({ code }) => [1, 2, 6, 7].includes(code));
    // Whole cells but for half a column of the noise, in which nothing stands or it would not be a whole number.
    const cellHa = summary.zones[0]!.areaHa / 600;
    expect(sum.reduce((total, c) => total + c.maximumHa, 0) / cellHa).toBeCloseTo(stands, 3);
  });

  it('is the same to the byte with any number of workers, and another with another seed', async () => {
    const { runTrend: runBuilt } = await builtLibrary();
    const digests = async (workers: number) => {
      const out = join(newFolder(), 'out');
      await runBuilt({ aoi, out, workers, fvc: '0,1', maps: 'none', report: false, permutations: 199 });
      return digestsOf(out);
    };
    const none = await digests(0);
    expect(Object.keys(none)).toContain('tables/trend_permutation.csv');
    expect(await digests(2)).toEqual(none);
    const [one, two] = [await run({ permutations: 99 }), await run({ permutations: 99, seed: 2 })];
    expect(one.summary.permutation!.zAbove).not.toBe(two.summary.permutation!.zAbove);
  });

  it('is off unless asked for, and says what it cannot do', async () => {
    const { summary, out } = await run({ permutations: 'off' });
    expect(summary.permutation).toBeNull();
    expect(filesBelow(join(out, 'tables'))).not.toContain('trend_permutation.csv');
    await expect(run({ correction: 'yue-wang' })).rejects.toThrow(/shuffles years as if .* leave out --correction/);
    await expect(run({ permutations: 5 })).rejects.toThrow(/permutations.*at least 19|19 to 100000/);
    const four = await run({ years: '2017..2020' });
    expect(four.summary.warnings.join('\n')).toContain(
      '4 years cannot show anything by shuffling them: even a perfect trend is as strong in 0.0833 of their orders',
    );
    const sum = four.summary.permutation!.totals[0]!.classes.filter(({ code }) => [1, 2, 6, 7].includes(code));
    expect(sum.reduce((total, c) => total + c.maximumHa + c.patchHa, 0)).toBe(0);
  });
});
