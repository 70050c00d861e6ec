import { describe, expect, it } from 'vitest';
import { legendClasses, type Legend } from '../../src/kernels/trend-classes.ts';
import { fallsTo, fieldSums, isSignificant, splitKey } from '../../src/tasks/field-sums.ts';

const bitsOf = (p: number): number => new Uint32Array(Float32Array.of(p).buffer)[0]!;

describe('fieldSums', () => {
  it('counts the testable cells of the zones once, and their land by class and p', () => {
    // Cells: significant increase, the same p again, slight decrease, not testable, no data, outside the zones.
    const trendClass = Uint8Array.of(7, 7, 2, 0, 255, 7);
    const p = Float32Array.of(0.01, 0.01, 0.08, 1, NaN, 0.01);
    const a = { zone: 0, index: Uint32Array.of(0, 2, 3), weight: Float64Array.of(5, 6, 7) };
    const b = { zone: 4, index: Uint32Array.of(0, 1, 4), weight: Float64Array.of(1, 2, 3) };
    const got = fieldSums([a, b], trendClass, p, 'seven', 0.05);
    expect(got.n).toBe(3);
    // 0.08 is above the rate: it cannot stand, so it is in n only.
    expect([...got.bits]).toEqual([bitsOf(0.01)]);
    expect([...got.counts]).toEqual([2]);
    expect(got.zones.map(({ zone, weights }) => [zone, ...weights])).toEqual([
      [0, 5, 6],
      [4, 3],
    ]);
    expect(splitKey(got.zones[0]!.keys[1]!)).toEqual({ code: 2, bits: bitsOf(0.08) });
  });

  it('is empty for a tile without zones', () => {
    const got = fieldSums([], Uint8Array.of(7), Float32Array.of(0.01), 'seven', 0.1);
    expect(got).toMatchObject({ n: 0, zones: [] });
    expect(got.bits).toHaveLength(0);
  });

  it('knows the significant classes of each legend, and where they fall to', () => {
    for (const legend of ['seven', 'nine', 'five'] satisfies Legend[]) {
      const classes = legendClasses(legend);
      for (const { code, name } of classes) {
        expect([name, isSignificant(code, legend)]).toEqual([name, /^(extremely |slightly )?significant/.test(name)]);
      }
      for (const { code, name } of classes.filter((c) => isSignificant(c.code, legend))) {
        const lower = classes.find((c) => c.code === fallsTo(code, legend))!.name;
        expect(lower).toBe(`no significant ${name.endsWith('increase') ? 'increase' : 'decrease'}`);
      }
    }
  });
});
