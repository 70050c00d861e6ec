/**
 * Speed of the segmentation, one thread, and how many breaks it finds, on made-up, seeded series.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/segmentation.js
 * @module
 */
import { SEGMENTATION_DEFAULTS, segmenter } from '../src/kernels/segmentation-scratch.ts';
import { segmentPrepared, segmentSeries } from '../src/kernels/segmentation.ts';
import { brokenSeries, isFound, SHAPES } from '../test/helpers/broken-series.ts';

const METHODS = ['partition', 'landtrendr'] as const;
const PIXELS = 30_000;
const TURNS = 5;
const SERIES = 2000;
const MIXED = ['one loss', 'no break', 'loss and slow recovery', 'loss and gain'];

/** Pixels in [pixel][t] order: shapes in turn, 8 % of the years missing. */
function pixels(n: number): Float32Array {
  const next = MIXED.map((shape, k) => brokenSeries(shape, { n, size: 0.3, sd: 0.03, missing: 0.08 }, k));
  const values = new Float32Array(PIXELS * n);
  for (let p = 0; p < PIXELS; p++) values.set(next[p % next.length]!().values, p * n);
  return values;
}

for (const n of [20, 30, 40]) {
  const values = pixels(n);
  for (const method of METHODS) {
    const s = segmenter(n, SEGMENTATION_DEFAULTS[method]);
    const rates: number[] = [];
    for (let turn = 0; turn <= TURNS; turn++) {
      const start = process.cpuUsage();
      for (let p = 0; p < PIXELS; p++) {
        let m = 0;
        for (let t = 0; t < n; t++) {
          const value = values[p * n + t]!;
          if (value !== value) continue;
          s.t[m] = t;
          s.raw[m++] = value;
        }
        segmentPrepared(s, m);
      }
      const { user, system } = process.cpuUsage(start);
      if (turn > 0) rates.push(PIXELS / ((user + system) / 1e6));
    }
    rates.sort((a, b) => a - b);
    console.log(`${method} n = ${n}: ${Math.round(rates[TURNS >> 1]!)} pixels/s`);
  }
}

console.log('\nfound within one year, by size of the break and share of missing years; n = 30, noise 0.03');
const columns = [0.15, 0.2, 0.3].flatMap((size) => [0, 0.1, 0.2].map((missing) => ({ size, missing })));
console.log(`${''.padEnd(36)}${columns.map(({ size, missing }) => `${size}/${missing}`.padStart(9)).join('')}`);
for (const method of METHODS) {
  for (const shape of Object.keys(SHAPES).filter((name) => name !== 'no break')) {
    const shares = columns.map(({ size, missing }) => {
      const next = brokenSeries(shape, { n: 30, size, sd: 0.03, missing }, 7);
      let found = 0;
      let breaks = 0;
      for (let k = 0; k < SERIES; k++) {
        const series = next();
        const segmented = segmentSeries(series.values, { times: series.times, method });
        for (const one of series.breaks) found += isFound(one, segmented) ? 1 : 0;
        breaks += series.breaks.length;
      }
      return found / breaks;
    });
    console.log(
      `${method.padEnd(11)}${shape.padEnd(36).slice(0, 36)}${shares.map((x) => x.toFixed(3).padStart(9)).join('')}`,
    );
  }
}
