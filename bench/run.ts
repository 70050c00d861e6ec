/**
 * Whole runs of `mine-rs trend`, turn about with another build of it or another program: wall clock, processor time and
 * peak memory, and the median of the ratios.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/run.js STACK TURNS 'COMMAND' ['COMMAND' ...]
 * where STACK holds scenes and a pits.geojson, and a command is the program up to its options, such as
 * 'node dist/src/cli.js'; {stack} and {out} stand for the folders in a command that is no mine-rs.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [stack, turns, ...commands] = process.argv.slice(2);
if (stack === undefined || commands.length === 0) throw new Error('usage: run.js STACK TURNS COMMAND...');

interface Measured {
  wall: number;
  processor: number;
  peakMb: number;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

function measure(command: string, out: string): Measured {
  rmSync(out, { recursive: true, force: true });
  const options = `trend --aoi ${stack}/pits.geojson --scenes ${stack} --extent scene --maps trend --workers 2 --quiet`;
  const whole = command.includes('{out}')
    ? command.replaceAll('{stack}', stack!).replaceAll('{out}', out)
    : `${command} ${options} --no-cache --out ${out}`;
  const done = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', ...whole.split(' ')], { encoding: 'utf8' });
  const line = done.stderr.trimEnd().split('\n').at(-1)!;
  if (done.status !== 0) throw new Error(`${whole}: ${done.stderr}`);
  const [wall, user, system, kilobytes] = line.split(' ').map(Number) as [number, number, number, number];
  return { wall, processor: user + system, peakMb: kilobytes / 1024 };
}

const folder = mkdtempSync(join(tmpdir(), 'run-bench-'));
try {
  const results: Measured[][] = commands.map(() => []);
  for (let turn = 0; turn < Number(turns); turn++) {
    for (const [k, command] of commands.entries()) results[k]!.push(measure(command, join(folder, `out-${k}`)));
  }
  for (const [k, command] of commands.entries()) {
    const of = (key: keyof Measured) => median(results[k]!.map((result) => result[key])).toFixed(1);
    const ratio = (key: keyof Measured) =>
      median(results[k]!.map((result, turn) => result[key] / results.at(-1)![turn]![key])).toFixed(2);
    console.log(`${command}: wall ${of('wall')} s, processor ${of('processor')} s, peak ${of('peakMb')} MB`);
    if (k < commands.length - 1) console.log(`  to the last: wall ${ratio('wall')}, processor ${ratio('processor')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
