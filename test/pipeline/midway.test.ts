/**
 * Scenes that change, or turn unreadable, while a run reads them.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import type { Progress, Stage } from '../../src/pipeline/progress.ts';
import { SILENT } from '../../src/pipeline/progress.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { digestsOf, filesBelow, readTable } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('midway');
const GRID = utmGrid(150, 120);
const YEARS = [2001, 2002, 2003, 2004, 2005];

let template = '';

beforeAll(async () => {
  template = newFolder();
  writeZones(join(template, 'pits.geojson'), GRID, [{ id: 'pit', col: 30, row: 25, width: 60, height: 55 }]);
  await writeNoisyStack(join(template, 'scenes'), GRID, YEARS);
});

/** Runs in a copy of the scenes; something happens to a file when a stage begins, once. */
async function run(stage: Stage, happens: (file: string) => void, more: Partial<OptionsInput>) {
  const place = newFolder();
  cpSync(template, place, { recursive: true });
  const names = readdirSync(join(place, 'scenes')).filter((name) => name.includes('_20040816'));
  const file = join(
    place,
    'scenes',
    names.find((name) => name.includes('SR_B5'))!,
  );
  let over = false;
  const progress: Progress = {
    ...SILENT,
    begin(begun) {
      if (begun === stage && !over) happens(file);
      if (begun === stage) over = true;
    },
  };
  const [aoi, out] = [join(place, 'pits.geojson'), join(place, 'out')];
  const result = await runTrend({ aoi, out, workers: 0, ...more }, { progress }).catch((error: unknown) => error);
  return { place, out, file, result, error: result as { code: string; message: string } };
}

const cutOff = (file: string) => truncateSync(file, 2000);

describe('a run that is interrupted', () => {
  it('while its products reach the disk leaves the earlier one as it is', async () => {
    const place = newFolder();
    cpSync(template, place, { recursive: true });
    const options = { aoi: join(place, 'pits.geojson'), out: join(place, 'out'), workers: 0 } as const;
    await runTrend(options);
    const earlier = digestsOf(options.out);
    const scene = readdirSync(join(place, 'scenes')).filter((name) => name.includes('_20050816'));
    for (const name of scene) rmSync(join(place, 'scenes', name));
    const controller = new AbortController();
    let stage: Stage = 'find';
    const progress: Progress = {
      ...SILENT,
      begin: (begun) => (stage = begun),
      end() {
        // The report is the last product; what comes next waits for the disk.
        if (stage === 'report') setImmediate(() => controller.abort());
      },
    };
    const interrupted = runTrend(options, { progress, signal: controller.signal });
    await expect(interrupted).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(digestsOf(options.out)).toEqual(earlier);
  });
});

describe('a scene that turns unreadable midway', () => {
  it('ends the run where scenes may not be skipped, and leaves nothing', async () => {
    const { out, file, error } = await run('annual', cutOff, {});
    expect(error).toMatchObject({ code: 'BAD_INPUT', message: expect.stringContaining(file) });
    expect(error.message).toContain('--on-error skip');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['cut off', cutOff],
    ['removed', (file: string) => rmSync(file)],
    ['made something else', (file: string) => writeFileSync(file, 'no longer a picture')],
  ] as const)('is left out with --on-error skip, and named: %s', async (_, happens) => {
    const { place, out, file, result } = await run('annual', happens, { onError: 'skip' });
    expect(result).toMatchObject({ skipped: 1 });
    const row = readTable(join(out, 'tables', 'scenes.csv')).find(({ scene_id: id }) => id?.includes('20040816'));
    expect(row).toMatchObject({ used: 'no', reason: expect.stringMatching(/\S/) });
    // The same bytes as of a run to which it was unreadable from the start.
    const again = join(place, 'again');
    await runTrend({ aoi: join(place, 'pits.geojson'), out: again, workers: 0, onError: 'skip' });
    const maps = (folder: string) => Object.entries(digestsOf(folder)).filter(([name]) => name.startsWith('maps/'));
    expect(maps(out)).toEqual(maps(again));
    expect(file).toContain('20040816');
  });
});

describe('a scene that is replaced midway', () => {
  it.each(['annual', 'series'] as const)('ends the run (%s): its results would be of two versions', async (stage) => {
    const replace = (file: string): void => writeFileSync(file, readFileSync(file.replaceAll('20040816', '20040715')));
    const { out, error } = await run(stage, replace, {});
    expect(error).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/was changed while it was being read: run again/),
    });
    expect(filesBelow(out)).toEqual([]);
  });
});
