import { describe, expect, it } from 'vitest';
import { hamedRaoFactor, withoutLag1, yueWangFactor } from '../../src/kernels/serial-correction.ts';
import { trendTest, type SerialCorrection } from '../../src/kernels/trend-test.ts';
import { corrections, TOLERANCE } from './correction-oracle.ts';
import { relativeError } from './oracle.ts';

const KINDS: SerialCorrection[] = ['hamed-rao', 'yue-wang', 'tfpw', 'zhang'];

describe('corrections for serial correlation', () => {
  it('work by hand', () => {
    // r_1 = −3/4 of the alternating series ±1 of 4, r_2 = 1/2, r_3 = −1/4.
    const zigzag = [1, -1, 1, -1];
    expect(yueWangFactor(zigzag, 9)).toBeCloseTo(1 + 2 * (-0.75 * 0.75 + 0.5 * 0.5 - 0.25 * 0.25), 14);
    // Of Hamed & Rao's weights only lag 1 has one at n = 4: 3·2·1; |r_1| is below 1.96/2.
    expect(hamedRaoFactor(zigzag, 9, 0.05)).toBe(1);
    expect(hamedRaoFactor(zigzag, 9, 0.2)).toBeCloseTo(1 + (2 / 24) * 6 * -0.75, 14);
    expect([...withoutLag1([4, 6, NaN, 2, 3], 0.5)]).toEqual([NaN, 4, NaN, NaN, 2]);
  });

  it('agree with numpy and scipy', () => {
    for (const { values, lags, ...want } of corrections.series) {
      for (const kind of KINDS) {
        const expected = want[kind as 'tfpw'];
        const got = trendTest(values, { correction: kind, lags, method: 'normal' });
        const label = `${kind} n ${values.length} lags ${lags}`;
        const [z, p] = expected.zp ?? [NaN, NaN];
        const pairs: [string, number, number][] = [
          ['z', got.z, z],
          ['p', got.p, p],
          ['factor', got.varianceFactor, want[kind as 'yue-wang'].factor ?? 1],
          ['s', got.s, expected.s ?? got.s],
          ['varS', got.varS, expected.var ?? got.varS],
          ['slope', got.slope, expected.slope ?? got.slope],
          ['n', got.n, kind === 'zhang' ? want.zhang.n : got.n],
        ];
        expect(got.correction).toBe(kind);
        expect(Math.abs(got.lag1 - want.lag1), `${label} lag 1`).toBeLessThan(TOLERANCE);
        for (const [name, value, wanted] of pairs) {
          expect(relativeError(value, wanted), `${label} ${name}`).toBeLessThan(TOLERANCE);
        }
      }
    }
  });

  it('are refused below 10 values, with an exact p, and with several values a period', () => {
    const nine = [1, 3, 2, 5, 4, 7, 6, 9, 8];
    for (const correction of KINDS) {
      expect(() => trendTest([...nine, NaN], { correction })).toThrow(/at least 10 values.* got 9/);
      const periods = [1, 1, 2, 3, 4, 5, 6, 7, 8, 9];
      expect(() => trendTest([...nine, 10], { correction, periods })).toThrow(/one value a period/);
    }
    expect(() => trendTest([...nine, 10], { correction: 'hamed-rao', method: 'exact' })).toThrow(/method normal/);
    expect(trendTest(nine).lag1).not.toBeNaN();
  });

  it('never put values together that a gap divides', () => {
    // Without its gap the series is the same, but one pair of neighbours more.
    const x = [0.1, 0.5, 0.2, 0.8, 0.3, 0.9, 0.7, 0.6, 1.1, 0.4, 1.3, 1.2];
    const gapped = trendTest([...x.slice(0, 6), NaN, ...x.slice(6)], { correction: 'tfpw' });
    expect(gapped.n).toBe(x.length - 2);
    expect(trendTest(x, { correction: 'tfpw' }).n).toBe(x.length - 1);
  });

  it('say so when a correction takes all variance away', () => {
    const hopeless = corrections.series.map(({ values, lags }) => trendTest(values, { correction: 'yue-wang', lags }));
    for (const { varianceFactor, p, z } of hopeless) {
      expect(Number.isNaN(p)).toBe(varianceFactor <= 0);
      expect(Number.isNaN(z)).toBe(varianceFactor <= 0);
    }
    const constant = trendTest(
      Array.from({ length: 12 }, () => 3),
      { correction: 'hamed-rao' },
    );
    expect(constant).toMatchObject({ s: 0, p: 1, slope: 0, lag1: NaN, varianceFactor: 1 });
  });

  it('lower the error rate on correlated noise; only zhang comes near 5 %', () => {
    // AR(1) with 0.5, n = 40, no trend; a linear congruential generator with a fixed seed.
    let state = 20241105;
    const uniform = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const runs = 400;
    const rejected: Record<string, number> = { none: 0, zhang: 0, 'hamed-rao': 0, 'yue-wang': 0, tfpw: 0 };

    for (let run = 0; run < runs; run++) {
      let value = normal() / Math.sqrt(0.75);
      const x = Array.from({ length: 40 }, () => (value = 0.5 * value + normal()));
      for (const kind of Object.keys(rejected)) {
        if (trendTest(x, { correction: kind as SerialCorrection }).p < 0.05) rejected[kind]!++;
      }
    }
    const rate = (kind: SerialCorrection): number => rejected[kind]! / runs;
    // As docs/method.md says them, in percent.
    const told = { none: 20, zhang: 8, 'hamed-rao': 17, tfpw: 26, 'yue-wang': 48 };
    for (const [kind, percent] of Object.entries(told)) {
      expect(Math.abs(100 * rate(kind as SerialCorrection) - percent), `${kind}: ${rejected[kind]}`).toBeLessThan(1);
    }
  });
});
