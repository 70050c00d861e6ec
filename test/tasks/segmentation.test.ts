import { describe, expect, it } from 'vitest';
import { segmentationOut } from '../../src/kernels/segmentation-stack.ts';
import {
  AGREEMENT_LENGTH,
  differenceSlot,
  ONE_SIDED,
  oneSidedSlot,
  SEGMENTATION_MAPS,
  segmentationMapSpecs,
  sumAgreement,
} from '../../src/tasks/segmentation.ts';
import { utmGrid } from '../helpers/stack.ts';

describe('sumAgreement', () => {
  // By pixel: the same year, two years later, far earlier, states only, segmentation only, neither, not compared.
  const states = {
    disturbedYear: Uint16Array.of(2010, 2010, 2015, 2010, 0, 0, 2010),
    recoveredYear: Uint16Array.of(0, 2016, 0, 2018, 0, 0, 0),
  };
  const found = segmentationOut(7);
  found.disturbedYear.set([2010, 2012, 2002, 0, 2011, 0, 0]);
  found.recoveredYear.set([0, 2016, 2007, 0, 0, 0, 0]);
  found.compared.set([1, 1, 1, 1, 1, 1, 0]);
  const weight = Float64Array.of(1, 10, 100, 1000, 10_000, 100_000, 1_000_000);
  const zone = { zone: 4, index: Uint32Array.of(0, 1, 2, 3, 4, 5, 6), weight };
  const [sums] = sumAgreement([zone], states, found);

  it('counts each pixel once, by what the two say and by how many years they differ', () => {
    expect(sums!.zone).toBe(4);
    const at = (slot: number) => sums!.values[slot];
    expect([0, 2, -3, -13].map((years) => at(differenceSlot(0, years)))).toEqual([1, 10, 100, 100]);
    expect(ONE_SIDED.map((_, which) => at(oneSidedSlot(0, which)))).toEqual([1000, 10_000, 100_000, 1_000_000]);
    expect(at(differenceSlot(1, 0))).toBe(10);
    expect(ONE_SIDED.map((_, which) => at(oneSidedSlot(1, which)))).toEqual([1000, 100, 110_001, 1_000_000]);
  });

  it('adds up to the zone for each event', () => {
    const half = AGREEMENT_LENGTH / 2;
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    expect([sum(sums!.values.subarray(0, half)), sum(sums!.values.subarray(half))]).toEqual([1_111_111, 1_111_111]);
  });

  it('keeps all slots apart', () => {
    const slots = [0, 1].flatMap((event) => [
      ...[-3, -2, -1, 0, 1, 2, 3].map((years) => differenceSlot(event, years)),
      ...ONE_SIDED.map((_, which) => oneSidedSlot(event, which)),
    ]);
    expect(slots.toSorted((a, b) => a - b)).toEqual(Array.from({ length: AGREEMENT_LENGTH }, (_, k) => k));
  });
});

describe('segmentationMapSpecs', () => {
  it('stores years and counts with 0 as no data, the others as float with NaN', () => {
    const specs = segmentationMapSpecs(utmGrid(4, 4));
    expect(specs.map(({ key }) => key)).toEqual(SEGMENTATION_MAPS.map(({ key }) => key));
    const byKey = new Map(specs.map(({ key, spec }) => [key, spec]));
    expect(byKey.get('seg_disturbed_year')).toMatchObject({ pixelType: 'uint16', nodata: 0, overview: 'mode' });
    expect(byKey.get('seg_vertices')).toMatchObject({ pixelType: 'uint8', nodata: 0 });
    expect(byKey.get('seg_magnitude')).toMatchObject({ pixelType: 'float32', nodata: NaN, overview: 'average' });
  });
});
