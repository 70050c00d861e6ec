import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import type { AnnualTask, SceneRead } from '../../src/tasks/contract.ts';
import { readScenes, type SceneOutcome } from '../../src/tasks/read-ahead.ts';
import { releaseResources, useRemote } from '../../src/tasks/resources.ts';
import { utmGrid } from '../helpers/stack.ts';
import { startRangeServer, type RangeServer } from '../raster/source/range-server.ts';

const GRID = utmGrid(4, 4);
const BLOCK = { col: 0, row: 0, width: 4, height: 4 };
let server: RangeServer;

beforeAll(async () => {
  server = await startRangeServer();
});

afterAll(async () => {
  await releaseResources();
  await server.close();
});

function sceneAt(path: string): SceneRead {
  const placement = { kind: 'aligned' as const, ...BLOCK };
  const index = { path, band: 1, scale: 1, offset: 0, nodata: null, placement };
  return { id: path, bands: {}, index, masks: [] };
}

function taskOf(paths: string[]): AnnualTask {
  const scratch = { folder: '', width: 4, height: 4, nTimes: 1 };
  const rest = { time: 0, index: 'ndvi', composite: { kind: 'max' }, histogramStep: 1 } as const;
  return { grid: GRID, block: BLOCK, scenes: paths.map(sceneAt), scratch, ...rest };
}

async function outcomesOf(task: AnnualTask): Promise<SceneOutcome[]> {
  const outcomes: SceneOutcome[] = [];
  for await (const outcome of readScenes(task)) outcomes.push(outcome);
  return outcomes;
}

describe('readScenes', () => {
  it('has up to four remote scenes on their way, and gives them in their order', async () => {
    let [running, most] = [0, 0];
    server.trick = async (request, response) => {
      most = Math.max(most, ++running);
      // The first is answered last.
      await sleep(request.url === '/0.tif' ? 60 : 10);
      running--;
      response.writeHead(404).end();
      return true;
    };
    const paths = Array.from({ length: 9 }, (_, k) => `${server.origin}/${k}.tif`);
    const outcomes = await outcomesOf(taskOf(paths));
    expect(outcomes.map(({ failure }) => failure)).toEqual(
      paths.map((path) => `${path}: does not exist (the server answers 404)`),
    );
    expect(most).toBe(4);
  });

  it('tells why a local scene cannot be read, and goes on', async () => {
    const outcomes = await outcomesOf(taskOf(['/none/a.tif', '/none/b.tif']));
    expect(outcomes.map(({ failure }) => failure?.slice(0, 30))).toEqual([
      '/none/a.tif: cannot be opened ',
      '/none/b.tif: cannot be opened ',
    ]);
  });

  it('ends when it is interrupted', async () => {
    const controller = new AbortController();
    useRemote({ signal: controller.signal });
    server.trick = () => {
      controller.abort();
      return true;
    };
    const reading = outcomesOf(taskOf([`${server.origin}/a.tif`]));
    await expect(reading).rejects.toThrow(MineRsError);
    await expect(reading).rejects.toThrow(/Interrupted/);
  });
});
