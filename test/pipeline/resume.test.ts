/**
 * Runs that were stopped in the middle of the annual pass, and go on.
 */
import { cpSync, existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { SILENT, type Stage } from '../../src/pipeline/progress.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { digestsOf } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('resume');
const GRID = utmGrid(150, 120);
const YEARS = [2001, 2002, 2003, 2004, 2005];
/** Five by four blocks a year. */
const BLOCK = { width: 32, height: 32 };
const BLOCKS = 20;

let template = '';
let expected: Record<string, string> = {};
let place = '';

/** Runs, and stops after so many blocks of the annual pass. Gives the lines that were said and the blocks that were wanted. */
async function run(more: Partial<OptionsInput>, stopAfter = Infinity, blockSize = BLOCK) {
  const controller = new AbortController();
  const said: string[] = [];
  let [stage, wanted, done] = ['find' as Stage, 0, 0];
  const progress = {
    ...SILENT,
    begin(begun: Stage, total: number) {
      stage = begun;
      if (begun === 'annual') wanted = total;
    },
    step() {
      if (stage === 'annual' && ++done === stopAfter) controller.abort();
    },
    info: (text: string) => said.push(text),
  };
  const options = { aoi: join(place, 'pits.geojson'), out: join(place, 'out'), workers: 0, extent: 'scene' } as const;
  const control = { progress, signal: controller.signal, blockSize };
  const ended = await runTrend({ ...options, ...more }, control).then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  return { ended, said: said.join('\n'), wanted };
}

/** Digests of the products but of those that name the folder. */
function resultsIn(folder: string): Record<string, string> {
  const digests = Object.entries(digestsOf(join(folder, 'out')));
  return Object.fromEntries(digests.filter(([name]) => name.startsWith('maps/') || name.startsWith('tables/')));
}

const copyTemplate = (): string => {
  const folder = newFolder();
  cpSync(template, folder, { recursive: true, preserveTimestamps: true });
  return folder;
};

beforeAll(async () => {
  template = newFolder();
  writeZones(join(template, 'pits.geojson'), GRID, [{ id: 'pit', col: 30, row: 25, width: 60, height: 55 }]);
  await writeNoisyStack(join(template, 'scenes'), GRID, YEARS);
  place = copyTemplate();
  await run({});
  expected = resultsIn(place);
});

beforeEach(() => {
  place = copyTemplate();
});

describe('--resume', () => {
  it('computes the blocks that are missing, and ends in the same bytes', async () => {
    const stopped = await run({ resume: true }, 2 * BLOCKS + 7);
    expect([stopped.ended, stopped.wanted]).toEqual(['INTERRUPTED', YEARS.length * BLOCKS]);
    expect(existsSync(join(place, 'out', 'run.json'))).toBe(false);
    const again = await run({ resume: true });
    expect(again.said).toContain('2 years of 5 are kept from an earlier run');
    expect(again.said).toContain('2003 is gone on with: 7 of 20 blocks are done');
    expect([again.ended, again.wanted]).toEqual(['done', YEARS.length * BLOCKS - (2 * BLOCKS + 7)]);
    expect(resultsIn(place)).toEqual(expected);
  });

  it('may be stopped again and again', async () => {
    const wanted: number[] = [];
    for (let k = 0; k < 6; k++) wanted.push((await run({ resume: true }, 15)).wanted);
    expect(wanted).toEqual([100, 85, 70, 55, 40, 25]);
    expect((await run({ resume: true })).wanted).toBe(10);
    expect(resultsIn(place)).toEqual(expected);
  });

  it('notices what has changed since, and says why it computes that again', async () => {
    await run({ resume: true }, 2 * BLOCKS + 7);
    const scene = readdirSync(join(place, 'scenes')).find((name) => name.includes('_20010816'))!;
    utimesSync(join(place, 'scenes', scene), 1, 1);
    const again = await run({ resume: true });
    expect(again.said).toMatch(/2001 is computed again: scene \S*20010816\S* has changed/);
    expect(again.wanted).toBe(YEARS.length * BLOCKS - (BLOCKS + 7));
    expect(resultsIn(place)).toEqual(expected);
  });

  it('notices other options', async () => {
    await run({ resume: true }, 30);
    const again = await run({ resume: true, composite: 'mean' });
    expect(again.said).toContain('2001 is computed again: the composite was max, now mean');
    expect(again.wanted).toBe(YEARS.length * BLOCKS);
    expect(resultsIn(place)).not.toEqual(expected);
  });

  it('computes years anew that were cut into other blocks, unless they are whole', async () => {
    await run({ resume: true }, BLOCKS + 7);
    const again = await run({ resume: true }, Infinity, { width: 75, height: 60 });
    expect([again.ended, again.wanted]).toEqual(['done', 4 * (YEARS.length - 1)]);
    expect(resultsIn(place)).toEqual(expected);
  });

  it('is needed for a run to leave anything when it is stopped', async () => {
    expect((await run({}, 30)).ended).toBe('INTERRUPTED');
    expect(existsSync(join(place, 'out'))).toBe(false);
  });
});

describe('without --resume', () => {
  it('whole years are used, parts of years are not', async () => {
    await run({ resume: true }, 2 * BLOCKS + 7);
    const again = await run({});
    expect(again.said).toContain('2003 is computed again: it was not finished, or is damaged');
    expect([again.ended, again.wanted]).toEqual(['done', (YEARS.length - 2) * BLOCKS]);
    expect(resultsIn(place)).toEqual(expected);
  });
});
