import { describe, expect, it } from 'vitest';
import { segmentSeries, type SegmentSeriesOptions } from '../../src/kernels/segmentation.ts';
import { brokenSeries, isFound } from '../helpers/broken-series.ts';

const SERIES = 1000;

function foundShare(shape: string, missing: number, seed: number, options: SegmentSeriesOptions = {}): number {
  const next = brokenSeries(shape, { n: 30, size: 0.15, sd: 0.03, missing }, seed);
  let found = 0;
  let breaks = 0;
  for (let k = 0; k < SERIES; k++) {
    const series = next();
    const segmented = segmentSeries(series.values, { ...options, times: series.times });
    for (const one of series.breaks) found += isFound(one, segmented) ? 1 : 0;
    breaks += series.breaks.length;
  }
  return found / breaks;
}

describe('breaks of 0.15 with noise of sd 0.03, within one year', () => {
  it.each([
    'one loss',
    'one gain',
    'loss on a slope',
    'loss and slow recovery',
    'two losses',
    'loss and gain',
    'opened twice, each time recovering',
    'three breaks',
  ])('%s: 95 %% and more are found', (shape) => {
    expect(foundShare(shape, 0, 1)).toBeGreaterThanOrEqual(0.95);
  });

  it.each(['one loss', 'one gain', 'loss and slow recovery', 'two losses', 'loss and gain'])(
    '%s, every tenth year missing: 95 %% and more are found',
    (shape) => {
      expect(foundShare(shape, 0.1, 2)).toBeGreaterThanOrEqual(0.95);
    },
  );

  // Why the published search is not the default; these are its figures, not a wish.
  it('landtrendr misses more of them, and every second gain because of the rule of recovery', () => {
    expect(foundShare('one loss', 0, 1, { method: 'landtrendr' })).toBeLessThan(0.9);
    expect(foundShare('one gain', 0, 1, { method: 'landtrendr' })).toBeLessThan(0.5);
  });

  it('one bad year of 0.4 below the land does not hide a break, and is rarely taken for one', () => {
    let found = 0;
    let fooled = 0;
    for (const shape of ['one loss', 'no break']) {
      const next = brokenSeries(shape, { n: 30, size: 0.15, sd: 0.03 }, 4);
      for (let k = 0; k < SERIES; k++) {
        const { values, times, breaks } = next();
        values[1 + ((k * 7) % 28)]! -= 0.4;
        const segmented = segmentSeries(values, { times });
        for (const one of breaks) found += isFound(one, segmented) ? 1 : 0;
        if (breaks.length === 0 && segmented.segments.some(({ magnitude }) => magnitude < -0.25)) fooled++;
      }
    }
    expect(found / SERIES).toBeGreaterThanOrEqual(0.95);
    expect(fooled / SERIES).toBeLessThan(0.03);
  });

  it('a series of noise rarely gets a loss of 0.1', () => {
    const next = brokenSeries('no break', { n: 30, size: 0, sd: 0.03 }, 3);
    let lost = 0;
    for (let k = 0; k < SERIES; k++) {
      const { segments } = segmentSeries(next().values);
      if (segments.some((segment) => segment.magnitude < -0.1)) lost++;
    }
    expect(lost / SERIES).toBeLessThan(0.04);
  });
});
