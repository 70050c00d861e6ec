import { describe, expect, it } from 'vitest';
import type { Preparation } from '../../src/pipeline/prepare.ts';
import { addAgreement, segmentationFigures, type SegmentationTotals } from '../../src/pipeline/segmentation.ts';
import { AGREEMENT_LENGTH, differenceSlot, oneSidedSlot } from '../../src/tasks/segmentation.ts';

/** Two mines of 3 ha and 2 ha that overlap in 1 ha; a unit is 1 m². */
const zone = (number: number, id: string, areaM2: number, outsideM2 = 0) => ({
  number,
  zone: { id, name: `Pit ${id}`, role: 'mine' },
  areaM2,
  outsideM2,
});
const preparation = (segmentation: string) =>
  ({
    options: { segmentation },
    zones: {
      zones: [zone(0, 'a', 30_000), zone(1, 'b', 20_000, 5000)],
      unions: [zone(2, 'union', 40_000, 5000)],
      unitM2: 1,
    },
  }) as unknown as Preparation;

/** Land on the grid: some disturbed in the same year, the rest in neither; nothing recovered. */
function tile(number: number, same: number, neither: number) {
  const values = new Float64Array(AGREEMENT_LENGTH);
  values[differenceSlot(0, 0)] = same;
  values[oneSidedSlot(0, 2)] = neither;
  values[oneSidedSlot(1, 2)] = same + neither;
  return { zone: number, values };
}

function totals(): SegmentationTotals {
  const sums: SegmentationTotals = new Map();
  addAgreement(sums, [tile(0, 10_000, 15_000), tile(1, 4000, 11_000)]);
  addAgreement(sums, [tile(0, 0, 5000), tile(2, 12_000, 23_000)]);
  return sums;
}

describe('segmentationFigures', () => {
  it('adds tiles up; land beyond the scenes is not compared; a role is its union', () => {
    const figures = segmentationFigures(preparation('landtrendr'), totals())!;
    expect(figures).toMatchObject({ method: 'landtrendr', parameters: { maxSegments: 6, recoveryThreshold: 0.25 } });
    expect(figures.zones.map(({ id, disturbed }) => [id, disturbed.bothHa, disturbed.neitherHa])).toEqual([
      ['a', 1, 2],
      ['b', 0.4, 1.1],
    ]);
    expect(figures.zones[1]!.disturbed.notComparedHa).toBe(0.5);
    expect(figures.zones[1]!.recovered).toMatchObject({ bothHa: 0, neitherHa: 1.5, notComparedHa: 0.5 });
    expect(figures.totals).toHaveLength(1);
    expect(figures.totals[0]!.disturbed).toMatchObject({ bothHa: 1.2, neitherHa: 2.3, notComparedHa: 0.5 });
    expect(figures.zones[0]!.disturbed.differences.map(({ years }) => years)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  });

  it('is null where it is off', () => {
    expect(segmentationFigures(preparation('off'), new Map())).toBeNull();
  });

  it('fails if the hectares do not add up to the zone', () => {
    const sums = totals();
    addAgreement(sums, [tile(0, 1, 0)]);
    expect(() => segmentationFigures(preparation('partition'), sums)).toThrow(
      /disturbed by states and by segmentation in a: hectares add up to 3\.000\d+ ha, but the area is 3 ha/,
    );
  });
});
