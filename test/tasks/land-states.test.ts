import { describe, expect, it } from 'vitest';
import { statesOfTile, statesOfZones } from '../../src/tasks/land-states.ts';
import { uniform } from '../helpers/twins.ts';

const [nTimes, nPixels] = [6, 20_000];
const random = uniform(3);
const fvc = Float32Array.from({ length: nTimes * nPixels }, () => (random() < 0.1 ? NaN : random()));
const states = { disturbedBelow: 0.5, recoveredAbove: 0.8, disturbedYears: 1, recoveredYears: 2, assessableFrom: 0.1 };
const shared = {
  scratch: { folder: '', width: nPixels, height: 1, nTimes },
  years: Float64Array.from({ length: nTimes }, (_, t) => 2001 + t),
  states,
};

describe('statesOfZones', () => {
  it.each([
    { kind: 'years', from: 0, to: 3 } as const,
    { kind: 'zones', perYear: Float64Array.of(0.5, 0.6, 0.7, 0.8, 0.9, NaN) } as const,
  ])('gives the states of the tile in zones that overlap: baseline of $kind', (baseline) => {
    const task = { ...shared, baseline };
    // Copies: the arrays are used again by the next call.
    const tile = structuredClone(statesOfTile(task, fvc, nPixels));
    const every = (step: number) => Uint32Array.from({ length: Math.floor(nPixels / step) }, (_, k) => k * step);
    const zones = [{ index: every(3) }, { index: Uint32Array.of(5) }, { index: every(2) }];
    const found = statesOfZones(task, fvc, nPixels, zones);
    expect(found.referencePer).toBe(tile.referencePer);
    for (const { index } of zones) {
      const at = (values: ArrayLike<number>, first = 0) => Array.from(index, (pixel) => values[first + pixel]!);
      for (let t = 0; t < nTimes; t++) expect(at(found.state, t * nPixels)).toEqual(at(tile.state, t * nPixels));
      expect(at(found.disturbedYear)).toEqual(at(tile.disturbedYear));
      expect(at(found.recoveredYear)).toEqual(at(tile.recoveredYear));
      const levels = ({ reference, referencePer }: typeof tile) =>
        referencePer === 'pixel' ? at(reference) : [...reference];
      expect(levels(found)).toEqual(levels(tile));
    }
  });
});
