/**
 * Wall clock, processor time and peak memory of a program, and the medians of several turns.
 * @module
 */
import { spawnSync } from 'node:child_process';

export interface Measured {
  wall: number;
  processor: number;
  peakMb: number;
}

/** Runs a program to its end by /usr/bin/time. @throws {Error} with what it said if it fails */
export function measure(words: readonly string[]): Measured {
  const done = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', ...words], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr}`);
  const line = done.stderr.trimEnd().split('\n').at(-1)!;
  const [wall, user, system, kilobytes] = line.split(' ').map(Number) as [number, number, number, number];
  return { wall, processor: user + system, peakMb: kilobytes / 1024 };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** One line of medians. */
export function medians(results: readonly Measured[]): string {
  const of = (key: keyof Measured, digits: number) => median(results.map((result) => result[key])).toFixed(digits);
  return `wall ${of('wall', 2)} s, processor ${of('processor', 2)} s, peak ${of('peakMb', 0)} MB`;
}

/** Medians of the ratios turn by turn. */
export function ratios(results: readonly Measured[], to: readonly Measured[]): string {
  const of = (key: keyof Measured) => median(results.map((result, turn) => result[key] / to[turn]![key])).toFixed(3);
  return `wall ${of('wall')}, processor ${of('processor')}, peak ${of('peakMb')}`;
}
