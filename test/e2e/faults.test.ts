/**
 * Runs that are killed, stopped or robbed of what they work with: the same bytes, or a clear error and the earlier result.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../sample-data/generator/random.ts';
import { digestsOf, preload, PROGRAM, resultOf, runCli, startCli } from '../helpers/cli.ts';
import { noisyScene, utmGrid, writeLandsat, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('faults');
const GRID = utmGrid(150, 120);
const YEARS = [2001, 2002, 2003, 2004, 2005, 2006];
const LAST = 2007;

/** The scenes of a stack, and how its results look: of the years before the last one, and of all. */
let aoi = '';
let before = '';
let all = '';
let expectedBefore: Record<string, string> = {};
let expected: Record<string, string> = {};
/** A folder with the results of the years before the last one. */
let earlier = '';

const argsOf = (out: string, ...more: string[]) => ['trend', '--aoi', aoi, '--out', out, '--quiet', ...more];

beforeAll(async () => {
  const place = newFolder();
  const zones = [
    { id: 'pit', col: 30.3, row: 25.7, width: 60.2, height: 55.5 },
    { id: 'far', role: 'reference', col: 115, row: 12.25, width: 25.5, height: 60 },
  ];
  aoi = writeZones(join(place, 'pits.geojson'), GRID, zones);
  before = join(place, 'before');
  all = join(place, 'scenes');
  await writeNoisyStack(before, GRID, YEARS);
  cpSync(before, all, { recursive: true });
  for (const day of ['0715', '0816']) await writeLandsat(all, noisyScene(GRID, `${LAST}${day}`, YEARS.length, 1));
  const whole = join(place, 'whole');
  await runCli(argsOf(whole));
  expected = digestsOf(whole);
  // The earlier run is one of the same folder of scenes, with the last year not there yet.
  earlier = join(place, 'earlier');
  const hidden = join(place, 'hidden');
  mkdirSync(hidden);
  moveLast(all, hidden);
  await runCli(argsOf(earlier));
  moveLast(hidden, all);
  expectedBefore = digestsOf(earlier);
});

function moveLast(from: string, to: string): void {
  for (const name of readdirSync(from).filter((file) => file.includes(`_${LAST}`))) {
    copyFileSync(join(from, name), join(to, name));
    rmSync(join(from, name));
  }
}

/** A copy of the earlier run's folder, with what it keeps for the next one. */
function copyOfEarlier(): string {
  const out = join(newFolder(), 'out');
  cpSync(earlier, out, { recursive: true, preserveTimestamps: true });
  return out;
}

/** What a folder holds: no whole run, the earlier one, the new one, or something that there must not be. */
function contentsOf(out: string): 'none' | 'earlier' | 'new' | 'wrong' {
  if (!existsSync(join(out, 'run.json'))) return 'none';
  const digests = JSON.stringify(productDigests(out));
  if (digests === JSON.stringify(expectedBefore)) return 'earlier';
  return digests === JSON.stringify(expected) ? 'new' : 'wrong';
}

/** Digests of the products, whatever else lies there while a run is under way. */
function productDigests(out: string): Record<string, string> {
  const digests = Object.entries(digestsOf(out));
  return Object.fromEntries(digests.filter(([name]) => !name.startsWith('.mine-rs')));
}

/** The n-th of some places spread over the writes of a run, 0 ≤ n < count. */
function placeOf(n: number, count: number, writes: number): number {
  const random = createRandom(77 + n);
  return 1 + Math.floor((writes * (n + random())) / count);
}

/** How often a run writes to the disk. */
async function writesOf(out: string): Promise<number> {
  const count = join(newFolder(), 'count');
  const { code } = await runCli(argsOf(out, '--workers', '0'), undefined, preload('write-fault', { count }));
  expect(code).toBe(0);
  return Number(readFileSync(count, 'utf8'));
}

/** Runs again with `--resume`, which ends well, in the expected bytes, and leaves nothing but what it keeps. */
async function expectResumed(out: string): Promise<void> {
  expect(await runCli(argsOf(out, '--resume', '--workers', '0'))).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(digestsOf(out)).toEqual(expected);
  expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual(['.mine-rs-cache']);
}

describe('the stack of these tests', () => {
  it('has results before and after the last year, and they differ', () => {
    expect(Object.keys(expectedBefore).length).toBeGreaterThan(20);
    expect(Object.keys(expected).length).toBeGreaterThan(Object.keys(expectedBefore).length);
    expect([contentsOf(earlier), contentsOf(newFolder())]).toEqual(['earlier', 'none']);
  });
});

describe('kill -9, then --resume', () => {
  const AT_ONCE = 5;
  let duration = 0;

  beforeAll(async () => {
    const started = performance.now();
    const run = () => runCli(argsOf(join(newFolder(), 'out'), '--workers', '1'));
    await Promise.all(Array.from({ length: AT_ONCE }, run));
    duration = performance.now() - started;
  });

  const random = createRandom(20_261_120);
  it.concurrent.each(Array.from({ length: 15 }, (_, k) => [k, random(), random()] as const))(
    'ends in the same bytes at any time, and so does what goes on with it (%i)',
    async (k, ...moments) => {
      const out = k % 2 === 0 ? join(newFolder(), 'out') : copyOfEarlier();
      for (const [time, moment] of moments.entries()) {
        const child = startCli(argsOf(out, '--workers', String((k + time) % 3), ...(time === 0 ? [] : ['--resume'])));
        const ended = resultOf(child);
        // From when the program has loaded to a little beyond its end.
        await sleep((0.2 + 0.9 * moment) * duration);
        child.kill('SIGKILL');
        await ended;
        expect(contentsOf(out)).not.toBe('wrong');
      }
      await expectResumed(out);
    },
  );

  const places = [() => join(newFolder(), 'out'), copyOfEarlier];
  let writes: number[] = [];
  beforeAll(async () => {
    writes = await Promise.all(places.map((place) => writesOf(place())));
  });

  it.concurrent.each(Array.from({ length: 20 }, (_, k) => k))('ends in the same bytes at any write (%i)', async (k) => {
    const out = places[k % 2]!();
    const at = placeOf(Math.floor(k / 2), 10, writes[k % 2]!);
    const killed = startCli(argsOf(out, '--workers', '0'), undefined, preload('write-fault', { at, kill: 1 }));
    await resultOf(killed);
    expect(killed.signalCode).toBe('SIGKILL');
    expect(contentsOf(out)).not.toBe('wrong');
    await expectResumed(out);
  });
});

describe('a full disk', () => {
  let writes = 0;
  beforeAll(async () => {
    writes = await writesOf(copyOfEarlier());
  });

  it.concurrent.each(Array.from({ length: 15 }, (_, k) => k))(
    'is said, leaves the earlier result, and --resume goes on once there is room (%i)',
    async (k) => {
      const out = copyOfEarlier();
      const at = placeOf(k, 15, writes);
      const said = await runCli(argsOf(out, '--workers', '0'), undefined, preload('write-fault', { at }));
      // With 0 all was in its place already, and only what is kept for the next run could not be written.
      const told = /disk is full|no space left/.test(said.stderr) && !/ at .*\.js:/.test(said.stderr);
      expect([said.code === 0 && contentsOf(out) === 'new', said.code === 3 && told]).toContain(true);
      expect(contentsOf(out)).not.toBe('wrong');
      await expectResumed(out);
    },
  );
});

describe('too many open files', () => {
  it.skipIf(process.platform === 'win32')('are said, or do no harm', async () => {
    let refused = 0;
    for (const limit of [24, 28, 34, 44, 60, 200]) {
      const out = copyOfEarlier();
      const quoted = [process.execPath, PROGRAM, ...argsOf(out, '--workers', '2')].map((arg) => `'${arg}'`).join(' ');
      const { status, stderr } = spawnSync('sh', ['-c', `ulimit -n ${limit}; exec ${quoted}`], { encoding: 'utf8' });
      // With too few, Node cannot even load the program.
      const told = status !== 0 && /too many open files/i.test(stderr);
      expect([limit, contentsOf(out), told]).toEqual([limit, told ? 'earlier' : 'new', status !== 0]);
      if (told) refused++;
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(6);
  });
});

describe('workers that die', () => {
  // One after the other, some while they load; close together, the ones that take their places die before they are ready.
  it.each(['1', '4', '9', '14', '2,6', '3,8,12', '2,5,9', '8,9,10'])('are replaced (after task %s)', async (tasks) => {
    const out = copyOfEarlier();
    const said = await runCli(
      argsOf(out, '--workers', '2', '--no-cache'),
      undefined,
      preload('workers-die', { tasks }),
    );
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(digestsOf(out)).toEqual(expected);
  });

  it('are given up when they die again and again, and the earlier result stays', async () => {
    const out = copyOfEarlier();
    const tasks = Array.from({ length: 60 }, (_, k) => k + 1).join(',');
    const said = await runCli(
      argsOf(out, '--workers', '2', '--no-cache'),
      undefined,
      preload('workers-die', { tasks }),
    );
    expect([said.code, said.stderr]).toEqual([1, expect.stringMatching(/worker ended.*fewer --workers/)]);
    expect(digestsOf(out)).toEqual(expectedBefore);
  });
});

describe('a clock that jumps', () => {
  it('does not matter', async () => {
    const out = copyOfEarlier();
    const said = await runCli(argsOf(out, '--workers', '2'), undefined, preload('clock-jumps'));
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(digestsOf(out)).toEqual(expected);
    // Nor does it make the next run work in vain.
    const again = await runCli(['trend', '--aoi', aoi, '--out', out], undefined, preload('clock-jumps'));
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('Nothing to do')]);
  });
});

describe('two runs on one folder', () => {
  it('the second is refused, the first is not disturbed', async () => {
    const out = copyOfEarlier();
    const first = startCli(argsOf(out, '--workers', '1', '--no-cache'));
    const ended = resultOf(first);
    while (!existsSync(join(out, '.mine-rs-lock'))) await sleep(5);
    const second = await runCli(argsOf(out, '--workers', '0'));
    expect([second.code, second.stderr]).toEqual([3, expect.stringMatching(/Another run \(process \d+ on .*--out/)]);
    expect((await ended).code).toBe(0);
    expect(digestsOf(out)).toEqual(expected);
  });
});

describe('SIGTERM with --resume', () => {
  it('leaves what is finished for the next run, and no result', async () => {
    const out = copyOfEarlier();
    const args = argsOf(out, '--workers', '0', '--resume', '--no-cache').filter((arg) => arg !== '--quiet');
    const child = startCli(args);
    const ended = resultOf(child);
    // The earlier run's years are kept here; the stopped one adds to them.
    const years = join(out, '.mine-rs-cache', 'years');
    const had = readdirSync(years).length;
    while (readdirSync(years).length === had && child.exitCode === null) await sleep(1);
    child.kill('SIGTERM');
    const stopped = await ended;
    expect([stopped.code, stopped.stderr]).toEqual([143, expect.stringContaining('--resume')]);
    expect(digestsOf(out)).toEqual(expectedBefore);
    const { code } = await runCli(args);
    expect(code).toBe(0);
    expect(digestsOf(out)).toEqual(expected);
    expect(existsSync(join(out, '.mine-rs-cache'))).toBe(false);
  });
});

describe('an output folder that cannot be written', () => {
  it('is said at once (a file stands in its place)', async () => {
    const out = join(newFolder(), 'file');
    writeFileSync(out, 'mine');
    const said = await runCli(argsOf(join(out, 'deeper')));
    expect([said.code, said.stderr]).toEqual([3, expect.stringContaining(out)]);
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  it.skipIf(process.getuid?.() === 0)('is said at once (read-only; the superuser may write everywhere)', async () => {
    const out = copyOfEarlier();
    chmodSync(out, 0o500);
    try {
      const said = await runCli(argsOf(out));
      expect([said.code, said.stderr]).toEqual([3, expect.stringMatching(/Cannot write to the output folder/)]);
      expect(digestsOf(out)).toEqual(expectedBefore);
    } finally {
      chmodSync(out, 0o700);
    }
  });
});

describe('paths', () => {
  it.skipIf(process.platform === 'win32')('may hold spaces, quotes, signs and any script', async () => {
    const place = join(newFolder(), `it's a "pit" – 矿山 ü; $HOME %20 #1? & (x) [y]`);
    mkdirSync(place);
    cpSync(all, join(place, 'scènes 1'), { recursive: true });
    copyFileSync(aoi, join(place, 'pïts & dumps.geojson'));
    writeFileSync(join(place, `çonfig '1'.yaml`), `scenes: "scènes 1"\naoi: pïts & dumps.geojson\n`);
    const config = join(place, `çonfig '1'.yaml`);
    const said = await runCli(['trend', '--config', config, '--out', 'résultat "1" #2', '--quiet'], place);
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    const found = digestsOf(join(place, 'résultat "1" #2'));
    for (const name of Object.keys(expected).filter((file) => file.startsWith('maps/'))) {
      expect([name, found[name]]).toEqual([name, expected[name]]);
    }
  });
});
