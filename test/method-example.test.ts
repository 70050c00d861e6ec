/**
 * The figures that docs/method.md works out by hand.
 */
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../src/geo/crs.ts';
import { fractionalCover } from '../src/kernels/fvc.ts';
import { spectralIndex } from '../src/kernels/spectral-index.ts';
import { landStates } from '../src/kernels/states.ts';
import { attainableClasses, classifyTrend, trendTest } from '../src/kernels/trend.ts';
import { cellAreaM2 } from '../src/vector/cell-area.ts';

/** float32 pixels. */
const FLOAT32 = 6;

const years = Float64Array.of(2017, 2018, 2019, 2021, 2022, 2023, 2024);
const fvc = Float32Array.of(0.7, 0.1, 0.2, 0.5, 0.6, 0.8, 0.78);

describe('the worked example', () => {
  it('turns digital numbers into NDVI', () => {
    const out = new Float32Array(1);
    const band = (dn: number) => ({ data: Uint16Array.of(dn), scale: 2.75e-5, offset: -0.2 });
    spectralIndex('ndvi', { red: band(9091), nir: band(18182) }, Uint8Array.of(1), out);
    expect(out[0]).toBeCloseTo(0.7143, 4);
  });

  it('turns NDVI into FVC', () => {
    const ndvi = Float32Array.of(0.59, 0.17, 0.24, 0.45, 0.52, 0.66, 0.646);
    const out = new Float32Array(7);
    fractionalCover(ndvi, 0.1, 0.8, 'linear', out);
    for (const [k, value] of fvc.entries()) expect(out[k]).toBeCloseTo(value, FLOAT32);
  });

  it('has the trend of the text', () => {
    const values = [0.7, 0.1, 0.2, 0.5, 0.6, 0.8, 0.78];
    const found = trendTest(values, { times: years });
    expect(found).toMatchObject({ n: 7, s: 11 });
    expect(found.varS).toBeCloseTo(44.333, 3);
    expect(found.z).toBeCloseTo(1.502, 3);
    expect(found.p).toBeCloseTo((2 * 343) / 5040, 12);
    expect(found.slope).toBeCloseTo(0.1, 12);
    expect(found.smallestP).toBeCloseTo(0.0004, 4);
    expect(classifyTrend(found.slope, found.s, found.p, found.smallestP, 'seven', 0.0005)).toBe(5);
  });

  it('has the states of the text', () => {
    const state = new Uint8Array(7);
    const [disturbedYear, recoveredYear] = [new Uint16Array(1), new Uint16Array(1)];
    const options = {
      disturbedBelow: 0.5,
      recoveredAbove: 0.8,
      disturbedYears: 1,
      recoveredYears: 2,
      assessableFrom: 0.1,
    };
    const reference = new Float64Array(7).fill(0.8);
    landStates(fvc, 7, 1, reference, 'year', years, options, { state, disturbedYear, recoveredYear });
    expect([...state]).toEqual([1, 2, 2, 3, 3, 3, 4]);
    expect([disturbedYear[0], recoveredYear[0]]).toEqual([2018, 2024]);
  });

  it('has the classes that few years can reach', () => {
    const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => from + k);
    expect(attainableClasses(4, 'seven')).toEqual(range(2, 6));
    expect(attainableClasses(4, 'nine')).toEqual(range(3, 7));
    expect(attainableClasses(4, 'five')).toEqual([0]);
    expect(attainableClasses(5, 'seven')).toEqual(range(1, 7));
    expect(attainableClasses(5, 'nine')).toEqual(range(2, 8));
    expect(attainableClasses(6, 'nine')).toEqual(range(1, 9));
    expect(trendTest([1, 2, 2, 3]).smallestP).toBeCloseTo(1 / 6, 12);
  });

  it('has the cell areas of the text', () => {
    const second = 1 / 3600;
    const cell = { width: 1, height: 1, transform: [second, 0, 99.5, 0, -second, 38.1 + second / 2] as const };
    expect(cellAreaM2({ ...cell, crs: crsFromEpsg(4326)! }).at(0, 0)).toBeCloseTo(751.235, 3);
    const utm = { width: 1, height: 1, transform: [30, 0, 543_000, 0, -30, 4_210_000] as const };
    expect(cellAreaM2({ ...utm, crs: crsFromEpsg(32647)! }).at(0, 0)).toBeCloseTo(900.68, 2);
  });
});
