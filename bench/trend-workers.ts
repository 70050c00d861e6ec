/**
 * The trend kernel in two threads: how much of a second thread is gained, by processor time, which other work on the
 * machine does not change, and by the clock. By processor time it is 2 where no thread slows the other.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/trend-workers.js
 * @module
 */
/* oxlint-disable unicorn/require-post-message-target-origin -- messages to threads have no origin */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { uniformRandom } from '../src/kernels/random.ts';
import { trendStack } from '../src/kernels/trend.ts';

const YEARS = 20;
const PIXELS = 256 * 512;
const WARM_UP = 8;
const ROUNDS = 20;
const REPEATS = 5;

function work(): void {
  const random = uniformRandom(YEARS);
  const stack = Float32Array.from({ length: YEARS * PIXELS }, () => (random() < 0.08 ? NaN : random()));
  const years = Float64Array.from({ length: YEARS }, (_, t) => 2000 + t);
  const options = { years, minYears: 4, epsilon: 0.0005, legend: 'seven', pMethod: 'exact' } as const;
  const out = {
    trendClass: new Uint8Array(PIXELS),
    slope: new Float32Array(PIXELS),
    p: new Float32Array(PIXELS),
    z: new Float32Array(PIXELS),
    n: new Uint16Array(PIXELS),
  };
  const rounds = (n: number): void => {
    for (let k = 0; k < n; k++) trendStack(stack, YEARS, PIXELS, options, out);
  };
  rounds(WARM_UP);
  parentPort!.on('message', () => {
    rounds(ROUNDS);
    parentPort!.postMessage('done');
  });
  parentPort!.postMessage('ready');
}

const answers = (workers: readonly Worker[]) =>
  Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('message', resolve))));

/** Milliseconds of the clock, and of the processor for each thread. */
async function timed(threads: number): Promise<{ clock: number; processor: number }> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  await answers(workers);
  const before = process.cpuUsage();
  const start = performance.now();
  const done = answers(workers);
  for (const worker of workers) worker.postMessage('go');
  await done;
  const clock = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { clock, processor: (user + system) / 1000 / threads };
}

if (isMainThread) {
  for (let k = 0; k < REPEATS; k++) {
    const [one, two] = [await timed(1), await timed(2)];
    const gain = (what: 'clock' | 'processor') => ((2 * one[what]) / two[what]).toFixed(2);
    console.log(`two threads: ${gain('processor')} times one by processor time, ${gain('clock')} by the clock`);
  }
} else {
  work();
}
