/**
 * The plan of a run's memory: what it says, how it obeys a budget, and that the result does not depend on it.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { overBudget, parseMemory, planMemory } from '../../src/pipeline/memory.ts';
import type { Preparation } from '../../src/pipeline/prepare.ts';
import { callMain, digestsOf } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const MB = 1024 * 1024;
const newFolder = tempFolders('memory');

interface Case {
  side?: number;
  nYears?: number;
  perYear?: number;
  workers?: number;
  memory?: string;
  composite?: string;
  tile?: number;
}

/** As much of a plan as its memory depends on. */
function planned({ side = 2048, nYears = 20, perYear = 2, workers = 2, memory, composite = 'max', tile = 256 }: Case) {
  const years = Array.from({ length: nYears }, (_, t) => 2001 + t);
  const info = { layout: 'tiled', blockWidth: tile, blockHeight: tile, bandCount: 1, width: side, height: side };
  const run = {
    gridPlan: { grid: utmGrid(side, side), source: { info, grid: utmGrid(side, side) } },
    years,
    scenes: years.flatMap((year) => Array.from({ length: perYear }, () => ({ scene: { year, bands: {}, masks: [] } }))),
    permutation: null,
    options: { workers, memory, composite },
  };
  return planMemory(run as unknown as Preparation);
}

describe('parseMemory', () => {
  it('reads sizes in powers of 1024, with either spelling of the unit', () => {
    expect(['800MB', '2GB', '1.5 gib', '64MiB'].map(parseMemory)).toEqual([800 * MB, 2048 * MB, 1536 * MB, 64 * MB]);
  });
});

describe('planMemory', () => {
  it('without a budget takes the workers that were asked for and blocks near 512 × 512', () => {
    expect(planned({})).toMatchObject({ workers: 2, blockSize: { width: 512, height: 512 }, budget: null });
  });

  it('does not grow with the raster, but with years and workers', () => {
    const { bytes } = planned({});
    expect(planned({ side: 6144 }).bytes).toBe(bytes);
    expect(planned({ side: 60_000 }).bytes).toBe(bytes);
    expect(planned({ nYears: 40 }).bytes).toBeGreaterThan(bytes);
    expect(planned({ workers: 8 }).bytes).toBeGreaterThan(bytes);
    expect(planned({ workers: 0 }).bytes).toBeLessThan(bytes);
    expect(planned({ side: 100 }).bytes).toBeLessThan(bytes);
  });

  it('obeys a budget: smaller blocks first, where they are what takes the memory, then fewer workers', () => {
    const many = { composite: 'median', perYear: 60 };
    const free = planned(many);
    const smaller = planned({ ...many, memory: `${Math.floor(free.bytes / MB) - 1}MB` });
    expect(smaller).toMatchObject({ workers: 2, blockSize: { width: 256, height: 256 } });
    expect(smaller.bytes).toBeLessThanOrEqual(smaller.budget!);
    const fewer = planned({ workers: 8, memory: '1GB' });
    expect(fewer.workers).toBeLessThan(8);
    expect(fewer.workers).toBeGreaterThan(1);
    expect(fewer.bytes).toBeLessThanOrEqual(1024 * MB);
    // One more would not have fitted.
    expect(planned({ workers: fewer.workers + 1 }).bytes).toBeGreaterThan(1024 * MB);
  });

  it('refuses a budget that nothing fits into, and says what would', () => {
    const message = (() => {
      try {
        planned({ memory: '100MB' });
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    const needed = /--memory 100MB is too little: this run takes (\d+) MB at the least, with one worker/.exec(
      message,
    )?.[1];
    expect(planned({ memory: `${needed}MB` }).workers).toBe(1);
  });
});

describe('overBudget', () => {
  it('warns of a run that held more, and of no other', () => {
    const plan = { ...planned({}), budget: 400 * MB };
    expect(overBudget(plan, 400 * MB)).toBeUndefined();
    expect(overBudget(plan, 450 * MB)).toBe('The run held 450 MB at its peak, more than the 400 MB of --memory');
    expect(overBudget({ ...plan, budget: null }, 2 ** 40)).toBeUndefined();
  });
});

describe('a run with --memory', () => {
  it('leaves the same bytes as one without, says its plan beforehand, and refuses what is no size', async () => {
    const folder = newFolder();
    const grid = utmGrid(150, 120);
    await writeNoisyStack(join(folder, 'scenes'), grid, [2001, 2002, 2003, 2004]);
    writeZones(join(folder, 'pits.geojson'), grid, [{ id: 'pit', col: 30.3, row: 25.7, width: 60.2, height: 55.5 }]);
    const run = (out: string, ...more: string[]) => {
      const args = ['--aoi', join(folder, 'pits.geojson'), '--out', join(folder, out), '--workers', '0', '--no-cache'];
      return callMain(['trend', ...args, ...more]);
    };
    expect((await run('free')).code).toBe(0);
    expect((await run('tight', '--memory', '1GB')).code).toBe(0);
    expect(digestsOf(join(folder, 'tight'))).toEqual(digestsOf(join(folder, 'free')));
    const plan = await run('none', '--memory', '1GB', '--dry-run');
    expect(plan.stdout).toMatch(/Memory: about \d+ MB, with no worker and blocks of \d+ × \d+ pixels/);
    expect(await run('none', '--memory', 'lots')).toMatchObject({ code: 2 });
    expect(await run('none', '--memory', '10MB')).toMatchObject({ code: 2 });
  });
});
