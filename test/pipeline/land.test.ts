import { describe, expect, it } from 'vitest';
import { addLand, hasCohorts, landFigures, type LandTotals } from '../../src/pipeline/land.ts';
import { landLayout } from '../../src/tasks/land-sums.ts';

describe('hasCohorts', () => {
  it('bounds the rows of the table', () => {
    expect([hasCohorts(1, 200), hasCohorts(952, 20), hasCohorts(953, 20)]).toEqual([true, true, false]);
    expect([hasCohorts(243, 40), hasCohorts(244, 40), hasCohorts(10_000, 4)]).toEqual([true, false, true]);
  });
});

describe('landFigures', () => {
  const layout = landLayout(0, 1);
  const rule = { years: [2020, 2024], pairs: [[0, 1]] as const, cohorts: false, unitM2: 2 ** -22 };
  const area = { numbers: [0], areaHa: 2 ** 40, outsideHa: 0, states: [] };

  it('adds tiles in any order, also beyond 2^53 units', () => {
    // A tile of 2^18 cells of 2^32 units, many times: 2^66 units are 2^44 m².
    const tile = [{ zone: 0, keys: Float64Array.of(layout.transition(0, 1, 1)), values: Float64Array.of(2 ** 50) }];
    const odd = [{ zone: 0, keys: Float64Array.of(layout.transition(0, 1, 1)), values: Float64Array.of(1) }];
    const sum = (parts: (typeof tile)[]) => {
      const totals: LandTotals = new Map();
      for (const part of parts) addLand(totals, part);
      return totals.get(0)!.get(layout.transition(0, 1, 1))!;
    };
    const parts = [...Array.from({ length: 8 }, () => tile), odd, odd];
    expect(sum(parts)).toBe(2n ** 53n + 2n);
    expect(sum(parts.toReversed())).toBe(2n ** 53n + 2n);
  });

  it('has no cohorts where they are not wanted, and no land where there is none', () => {
    const totals: LandTotals = new Map([[0, new Map([[layout.transition(0, 5, 5), 2n ** 22n * 10n ** 4n]])]]);
    const found = landFigures(totals, { ...area, areaHa: 1 }, rule, 'a');
    expect(found.cohorts).toBeNull();
    expect(found.transitions).toEqual([{ fromYear: 2020, toYear: 2024, from: 'no data', to: 'no data', hectares: 1 }]);
    expect(found.recovery).toMatchObject({ disturbedHa: 0, recoveredHa: 0, r80p: { hectares: 0, mean: null } });
    expect(() => landFigures(totals, { ...area, areaHa: 2 }, rule, 'a')).toThrow(
      'The transitions of a from 2020 to 2024 add up to 1 ha, but should be 2 ha',
    );
  });
});
