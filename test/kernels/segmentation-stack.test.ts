import { describe, expect, it } from 'vitest';
import { SEGMENTATION_DEFAULTS } from '../../src/kernels/segmentation-scratch.ts';
import { segmentationOut, segmentStack, type SegmentationOut } from '../../src/kernels/segmentation-stack.ts';
import { segmentSeries } from '../../src/kernels/segmentation.ts';
import { brokenSeries, SHAPES } from '../helpers/broken-series.ts';

const RULE = { disturbedBelow: 0.5, recoveredAbove: 0.8, recoveredYears: 2, assessableFrom: 0.1 };
const YEARS = Float64Array.from({ length: 20 }, (_, i) => 2001 + i);
const NONE = NaN;

/** Pixels one after the other → [t][pixel]. */
function stackOf(pixels: readonly (readonly number[])[]): Float32Array {
  const stack = new Float32Array(pixels.length * pixels[0]!.length);
  for (const [p, values] of pixels.entries()) {
    for (const [t, value] of values.entries()) stack[t * pixels.length + p] = value;
  }
  return stack;
}

function segmented(
  pixels: readonly (readonly number[])[],
  reference: Float64Array = new Float64Array(pixels.length).fill(0.7),
  wanted: Uint8Array | null = null,
): SegmentationOut {
  const out = segmentationOut(pixels.length);
  const per = reference.length === pixels.length ? 'pixel' : 'year';
  const options = SEGMENTATION_DEFAULTS.partition;
  segmentStack(stackOf(pixels), 20, pixels.length, YEARS, reference, per, RULE, options, wanted, out);
  return out;
}

const years = (count: number, value: number) => Array.from({ length: count }, () => value);
/** From a to b in equal steps, both included. */
const ramp = (count: number, a: number, b: number) => years(count, 0).map((_, i) => a + ((b - a) * i) / (count - 1));

describe('segmentStack', () => {
  // Disturbed at or below 0.35, recovered from 0.56 on in the second such year.
  const opened = [...years(6, 0.7), ...years(4, 0.2), ...years(10, 0.7)];
  const grown = [...years(6, 0.7), ...ramp(11, 0.2, 0.7), ...years(3, 0.7)];
  const declined = [...years(4, 0.7), ...ramp(11, 0.65, 0.15), ...years(5, 0.15)];
  const bare = years(20, 0.1);
  const thinned = [...years(10, 0.7), ...years(10, 0.5)];
  const cloudy = [...years(5, 0.7), ...years(15, NONE)];
  const out = segmented([opened, grown, declined, bare, thinned, cloudy]);

  it('reads the disturbance: its first year on the trajectory, and the year of the recovery', () => {
    // Of the slow decline the first year, not the year of the threshold (2011).
    expect([...out.disturbedYear]).toEqual([2007, 2007, 2005, 2001, 0, 0]);
    // grown: 0.2 in 2007 and 0.05 a year: 0.6 in 2015 and 0.65 in 2016.
    expect([...out.recoveredYear]).toEqual([2012, 2016, 0, 0, 0, 0]);
  });

  it('reads the greatest loss, whether or not it disturbs', () => {
    expect([...out.lossYear]).toEqual([2007, 2007, 2005, 0, 2011, 0]);
    for (const [k, magnitude] of [0.5, 0.5, 0.55, 0, 0.2].entries()) expect(out.magnitude[k]).toBeCloseTo(magnitude, 6);
    expect([...out.duration]).toEqual([1, 1, 11, 0, 1, 0]);
  });

  it('leaves pixels with too few years without a trajectory', () => {
    expect([...out.vertices]).toEqual([6, 5, 4, 2, 4, 0]);
    expect([out.magnitude[5], out.rmse[5]]).toEqual([NaN, NaN]);
    expect([...out.compared]).toEqual([1, 1, 1, 1, 1, 0]);
    for (const rmse of out.rmse.subarray(0, 5)) expect(rmse).toBeLessThan(0.02);
  });

  it('does not compare where there is no reference, and skips years without one', () => {
    const none = segmented([opened, grown], Float64Array.of(NaN, 0.05));
    expect([...none.compared]).toEqual([0, 0]);
    expect([...none.disturbedYear]).toEqual([0, 0]);
    expect([...none.lossYear]).toEqual([2007, 2007]);
    // Without a level in the years 2007 to 2009 only 2010 can say that the land is disturbed; the fall began in 2007.
    const level = new Float64Array(20).fill(0.7).fill(NaN, 6, 9);
    expect([...segmented([opened], level).disturbedYear]).toEqual([2010]);
  });

  it('segments the wanted pixels only', () => {
    const some = segmented([opened, grown, declined], undefined, Uint8Array.of(0, 1, 0));
    expect([...some.vertices]).toEqual([0, 5, 0]);
    expect([...some.disturbedYear]).toEqual([0, 2007, 0]);
  });

  it('finds the same trajectories as segmentSeries, gaps included', () => {
    const next = brokenSeries('loss and slow recovery', { n: 20, size: 0.4, sd: 0.03, missing: 0.15 }, 5);
    const pixels = Array.from({ length: 60 }, () => next().values);
    const found = segmented(pixels);
    for (const [p, values] of pixels.entries()) {
      const one = segmentSeries(values, { times: YEARS });
      expect(found.vertices[p]).toBe(one.vertices.length);
      expect(found.rmse[p]).toBe(Math.fround(one.rmse));
      const loss = one.segments.toSorted((a, b) => a.magnitude - b.magnitude)[0]!;
      if (loss.magnitude >= 0) continue;
      // oxlint-disable-next-line vitest/no-conditional-expect -- a series of noise has no loss
      expect(found.lossYear[p]).toBe(loss.firstYear);
    }
  });

  it('does not carry anything from one pixel to the next', () => {
    const shapes = Object.keys(SHAPES);
    const next = shapes.map((shape, k) => brokenSeries(shape, { n: 20, size: 0.3, sd: 0.05, missing: 0.2 }, k));
    const pixels = Array.from({ length: 90 }, (_, k) => next[k % next.length]!().values);
    const together = segmented(pixels);
    for (const [p, values] of pixels.entries()) {
      const alone = segmented([values]);
      for (const [name, array] of Object.entries(alone)) {
        expect([name, together[name as keyof SegmentationOut][p]]).toEqual([name, array[0]]);
      }
    }
  });

  it('refuses arrays of another length', () => {
    const out2 = segmentationOut(2);
    const call = (reference: Float64Array, wanted: Uint8Array | null) =>
      segmentStack(
        new Float32Array(40),
        20,
        2,
        YEARS,
        reference,
        'pixel',
        RULE,
        SEGMENTATION_DEFAULTS.partition,
        wanted,
        out2,
      );
    expect(() => call(new Float64Array(3), null)).toThrow(/Expected 2 elements of reference, got 3/);
    expect(() => call(new Float64Array(2), new Uint8Array(1))).toThrow(/Expected 2 elements of wanted, got 1/);
  });
});
