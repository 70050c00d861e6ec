/**
 * Whole runs of `mine-rs trend`, turn about with another build of it or another program: wall clock, processor time and
 * peak memory, and the medians of the ratios.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/run.js STACK TURNS 'COMMAND' ['COMMAND' ...]
 * where STACK holds scenes and a pits.geojson, and a command is the program up to its options, such as
 * 'node dist/src/cli.js'; {stack} and {out} stand for the folders in a command that is no mine-rs. Each turn begins with an
 * empty output folder.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, medians, ratios, type Measured } from './measure.ts';

const [stack, turns, ...commands] = process.argv.slice(2);
if (stack === undefined || commands.length === 0) throw new Error('usage: run.js STACK TURNS COMMAND...');

function runOnce(command: string, out: string): Measured {
  rmSync(out, { recursive: true, force: true });
  const options = `trend --aoi ${stack}/pits.geojson --scenes ${stack} --extent scene --maps trend --workers 2 --quiet`;
  const whole = command.includes('{out}')
    ? command.replaceAll('{stack}', stack!).replaceAll('{out}', out)
    : `${command} ${options} --out ${out}`;
  return measure(whole.split(' '));
}

const folder = mkdtempSync(join(tmpdir(), 'run-bench-'));
try {
  const results: Measured[][] = commands.map(() => []);
  for (let turn = 0; turn < Number(turns); turn++) {
    for (const [k, command] of commands.entries()) results[k]!.push(runOnce(command, join(folder, `out-${k}`)));
  }
  for (const [k, command] of commands.entries()) {
    console.log(`${command}: ${medians(results[k]!)}`);
    if (k < commands.length - 1) console.log(`  to the last: ${ratios(results[k]!, results.at(-1)!)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
