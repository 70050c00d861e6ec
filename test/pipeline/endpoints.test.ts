import { describe, expect, it } from 'vitest';
import { createRandom } from '../../sample-data/generator/random.ts';
import { countHighKeys, KEY_COUNT } from '../../src/kernels/order-statistics.ts';
import { percentileEndpoints } from '../../src/pipeline/endpoints.ts';
import { createRunner } from '../../src/pipeline/pool.ts';
import { SILENT } from '../../src/pipeline/progress.ts';
import type { Scratch } from '../../src/tasks/contract.ts';
import { createScratch, tileWindow, writeAnnual } from '../../src/tasks/scratch.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('endpoints');

/** numpy.percentile(values, p), method linear, by its definition: between the order statistics around p/100·(n − 1). */
function numpyPercentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (p / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
  return low + (high - low) * (position - Math.floor(position));
}

/** Endpoints of two years of values, in the way of a run: counted by pass 1, refined tile by tile. */
async function endpointsOf(
  width: number,
  height: number,
  years: readonly Float32Array[],
  percentile: number,
  selection: Uint8Array | null = null,
) {
  const scratch: Scratch = { folder: newFolder(), width, height, nTimes: years.length };
  createScratch(scratch);
  const counts = new Float64Array(KEY_COUNT);
  for (const [time, values] of years.entries()) {
    writeAnnual(scratch, time, { col: 0, row: 0, width, height }, values, new Uint16Array(width * height));
    countHighKeys(values, counts, selection ?? undefined);
  }
  const runner = await createRunner(0, new AbortController().signal);
  const n = Math.ceil(width / 512) * Math.ceil(height / 512);
  const tiles = Array.from({ length: n }, (_, k) => tileWindow(width, height, k));
  try {
    return await percentileEndpoints(runner, SILENT, scratch, tiles, counts, percentile, () => selection);
  } finally {
    await runner.close();
  }
}

function randomValues(n: number, seed: number): Float32Array {
  const random = createRandom(seed);
  // A tenth without data; negative and positive values; many ties.
  return Float32Array.from({ length: n }, () => {
    const u = random();
    if (u < 0.1) return NaN;
    return u < 0.3 ? Math.round(20 * random()) / 20 : 1.4 * random() - 0.4;
  });
}

const validOf = (years: readonly Float32Array[]) => years.flatMap((year) => [...year].filter((v) => !Number.isNaN(v)));
/** Interpolation of float64 numbers in another order of operations. */
const ROUNDING = 1e-15;

describe('percentileEndpoints', () => {
  it.each([
    [31, 17, 5],
    [31, 17, 2],
    [530, 20, 5],
    [40, 25, 0.5],
    [40, 25, 0],
    [40, 25, 49],
  ])('of a %i × %i grid equals numpy for p %f', async (width, height, p) => {
    const years = [randomValues(width * height, 1), randomValues(width * height, 2)];
    const { soil, vegetation } = await endpointsOf(width, height, years, p);
    const valid = validOf(years);
    expect(Math.abs(soil - numpyPercentile(valid, p))).toBeLessThanOrEqual(ROUNDING);
    expect(Math.abs(vegetation - numpyPercentile(valid, 100 - p))).toBeLessThanOrEqual(ROUNDING);
  });

  it('counts selected cells only', async () => {
    const years = [randomValues(100, 3)];
    const selection = Uint8Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const { soil } = await endpointsOf(10, 10, years, 5, selection);
    const valid = [...years[0]!].filter((v, i) => i % 3 === 0 && !Number.isNaN(v));
    expect(Math.abs(soil - numpyPercentile(valid, 5))).toBeLessThanOrEqual(ROUNDING);
  });

  it('are refused where there is no value, or no contrast', async () => {
    await expect(endpointsOf(4, 4, [new Float32Array(16).fill(NaN)], 5)).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(endpointsOf(4, 4, [new Float32Array(16).fill(0.5)], 5)).rejects.toThrow(/coincide.*--fvc/);
  });
});
