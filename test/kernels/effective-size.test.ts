/**
 * The effective number of pixels against a slow version that goes through all pairs, and where the answer is known.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniformRandom } from '../../src/kernels/random.ts';
import { effectiveSize } from '../../src/kernels/effective-size.ts';

/** n²/ΣΣρ pixel by pixel. */
function slowEffective(values: Float32Array, width: number): number {
  const at = Array.from(values.keys()).filter((i) => !Number.isNaN(values[i]!));
  const n = at.length;
  const mean = at.reduce((sum, i) => sum + values[i]!, 0) / n;
  const variance = at.reduce((sum, i) => sum + (values[i]! - mean) ** 2, 0) / n;
  if (!(variance > 0)) return n;
  const byDistance = new Map<number, { pairs: number; product: number }>();
  for (const i of at) {
    for (const j of at) {
      if (i === j) continue;
      const d = Math.round(Math.hypot((i % width) - (j % width), Math.floor(i / width) - Math.floor(j / width)));
      const found = byDistance.get(d) ?? { pairs: 0, product: 0 };
      byDistance.set(d, { pairs: found.pairs + 1, product: found.product + (values[i]! - mean) * (values[j]! - mean) });
    }
  }
  let correlated = n;
  for (let d = 1; byDistance.has(d); d++) {
    const { pairs, product } = byDistance.get(d)!;
    const rho = product / pairs / variance;
    if (!(rho > 0)) break;
    correlated += pairs * rho;
  }
  return Math.max(1, (n * n) / correlated);
}

const pixel = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 100 }).map((v) => v / 100) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);

describe('the effective number of pixels', () => {
  it('is that of a walk through all pairs', () => {
    const maps = fc.integer({ min: 1, max: 7 }).chain((width) => {
      return fc.tuple(
        fc.constant(width),
        fc.array(fc.array(pixel, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    });
    fc.assert(
      fc.property(maps, ([width, rows]) => {
        const values = Float32Array.from(rows.flat());
        fc.pre(values.some((value) => !Number.isNaN(value)));
        expect(effectiveSize(values, width).effective).toBeCloseTo(slowEffective(values, width), 8);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('of noise is nearly their number, of blocks of 5 × 5 nearly the number of blocks', () => {
    const random = uniformRandom(7);
    const noise = Float32Array.from({ length: 100 * 100 }, () => random());
    expect(effectiveSize(noise, 100).effective).toBeGreaterThan(8000);
    const blocks = Float32Array.from(noise, (_, i) => noise[Math.floor((i % 100) / 5) + 100 * Math.floor(i / 500)]!);
    const found = effectiveSize(blocks, 100);
    expect(found.effective).toBeGreaterThan(250);
    expect(found.effective).toBeLessThan(550);
    expect(found.neighbour).toBeGreaterThan(0.5);
  });

  it('says mean and spread', () => {
    const slope = Float32Array.from({ length: 400 }, (_, i) => i % 20);
    expect(effectiveSize(slope, 20)).toMatchObject({ n: 400, mean: 9.5 });
    expect(effectiveSize(slope, 20).sd).toBeCloseTo(Math.sqrt((400 / 399) * (399 / 12)), 10);
  });

  it('of a large region is nearly the same from a part of its pairs', () => {
    const random = uniformRandom(9);
    const coarse = Float32Array.from({ length: 20 * 20 }, () => random());
    const hills = Float32Array.from({ length: 200 * 200 }, (_, i) => {
      const [u, v] = [(i % 200) / 10, Math.floor(i / 2000)];
      const [from, to] = [Math.floor(u), Math.min(19, Math.floor(u) + 1)];
      return coarse[20 * v + from]! * (1 - u + from) + coarse[20 * v + to]! * (u - from) + 0.1 * random();
    });
    const whole = effectiveSize(hills, 200, Infinity);
    const part = effectiveSize(hills, 200, 20_000);
    expect(whole.effective).toBeLessThan(1000);
    expect(Math.abs(part.reach - whole.reach)).toBeLessThanOrEqual(1);
    expect(Math.abs(part.effective / whole.effective - 1)).toBeLessThan(0.1);
  });

  it('of nothing is none, of equal pixels their number', () => {
    expect(effectiveSize(new Float32Array(0), 1)).toMatchObject({ n: 0, mean: NaN, effective: NaN });
    expect(effectiveSize(Float32Array.of(0.5, NaN, 0.5, 0.5), 2)).toMatchObject({ n: 3, sd: 0, effective: 3 });
    expect(() => effectiveSize(new Float32Array(5), 2)).toThrow(RangeError);
  });
});
