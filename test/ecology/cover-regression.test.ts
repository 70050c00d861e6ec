/**
 * Field cover on FVC by hand; test/ecology/plots-oracle.test.ts holds the line against R.
 */
import { describe, expect, it } from 'vitest';
import { coverAgreement } from '../../src/ecology/cover-regression.ts';

describe('the agreement of FVC and field cover', () => {
  it('by hand: FVC is 0.1 too high, and once 0.1 more', () => {
    const found = coverAgreement([0.3, 0.5, 0.7, 1], [0.2, 0.4, 0.6, 0.8], 0.95)!;
    expect(found.bias).toBeCloseTo(0.125, 12);
    expect(found.mae).toBeCloseTo(0.125, 12);
    expect(found.rmse).toBeCloseTo(Math.sqrt((3 * 0.01 + 0.04) / 4), 12);
    const spread = Math.sqrt((3 * 0.025 ** 2 + 0.075 ** 2) / 3);
    expect(found.agreementHigh - found.bias).toBeCloseTo(1.96 * spread, 12);
    // Sums about the means 0.625 and 0.5: xy 0.23, xx 0.2675, yy 0.2.
    expect(found.slope).toBeCloseTo(0.23 / 0.2675, 12);
    expect(found.intercept).toBeCloseTo(0.5 - (0.23 / 0.2675) * 0.625, 12);
    expect(found.r2).toBeCloseTo(0.23 ** 2 / (0.2675 * 0.2), 12);
  });

  it('needs three plots, and has no line where FVC is everywhere the same', () => {
    expect(coverAgreement([0.3, 0.4], [0.3, 0.4], 0.95)).toBeUndefined();
    expect(coverAgreement([0.5, 0.5, 0.5], [0.4, 0.5, 0.6], 0.95)).toMatchObject({ slope: NaN, p: NaN, bias: 0 });
    expect(() => coverAgreement([0.5], [], 0.95)).toThrow(RangeError);
  });
});
