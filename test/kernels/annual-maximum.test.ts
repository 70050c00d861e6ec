/**
 * The annual maximum in one pass: the same bits as mask, index and composite one after the other, by either twin.
 */
import { describe, expect, it } from 'vitest';
import { AnnualMaximum } from '../../src/kernels/annual-maximum.ts';
import { maxComposite } from '../../src/kernels/composite.ts';
import { clearWhereBitsUnset, clearWherePresent } from '../../src/kernels/mask.ts';
import { countHighKeys, KEY_COUNT } from '../../src/kernels/order-statistics.ts';
import { addToHistogram, INDEX_BINS, REFLECTANCE_BINS, type Bins } from '../../src/kernels/reflectance-histogram.ts';
import { spectralIndex } from '../../src/kernels/spectral-index.ts';
import { bitsOf, uniform } from '../helpers/twins.ts';

const RED = { scale: 2.75e-5, offset: -0.2 };
const NIR = { scale: 1e-4, offset: 0 };
const BITS = 0b11111;

interface Scene {
  qa: Uint16Array;
  red: Uint16Array;
  nir: Uint16Array;
}

/** Scenes with fields of cloud, no data, and digital numbers over the whole range. */
function scenesOf(nPixels: number, nScenes: number): Scene[] {
  const random = uniform(nPixels + nScenes);
  const band = () =>
    Uint16Array.from({ length: nPixels }, (_, i) =>
      random() < 0.05 ? 0 : i % 7 === 0 ? 65_535 * random() : 1 + 20_000 * random(),
    );
  return Array.from({ length: nScenes }, () => ({
    qa: Uint16Array.from({ length: nPixels }, (_, i) => (i % 100 < 30 ? 22_280 : random() < 0.05 ? 1 : 21_824)),
    red: band(),
    nir: band(),
  }));
}

function stepByStep(scenes: readonly Scene[], nPixels: number) {
  const values = new Float32Array(nPixels).fill(NaN);
  const seen = new Uint16Array(nPixels);
  const valid = scenes.map(({ qa, red, nir }) => {
    const clear = new Uint8Array(nPixels).fill(1);
    clearWhereBitsUnset(qa, BITS, clear);
    clearWherePresent(nir, 0, clear);
    clearWherePresent(red, 0, clear);
    const index = new Float32Array(nPixels);
    spectralIndex('ndvi', { red: { data: red, ...RED }, nir: { data: nir, ...NIR } }, clear, index);
    maxComposite(index, values, seen);
    return index.filter((value) => value === value).length;
  });
  const counts = new Float64Array(KEY_COUNT);
  countHighKeys(values, counts);
  return { values, seen, valid, counts };
}

function inOnePass(space: AnnualMaximum, scenes: readonly Scene[], nPixels: number) {
  space.begin(nPixels);
  const valid = scenes.map(({ qa, red, nir }) => {
    space.beginScene();
    space.mask.set(qa);
    space.dropBits(BITS);
    space.first.set(nir);
    space.dropMissing('first', 0);
    space.second.set(red);
    space.dropMissing('second', 0);
    return space.takeScene(NIR, RED);
  });
  const { keys, counts } = space.highKeys();
  return { values: space.values.slice(), seen: space.seen.slice(), valid, keys, counts };
}

describe.each([
  ['SIMD', true],
  ['plain', false],
])('the annual maximum, %s', (_, simd) => {
  it('has the bits of mask, index and composite one after the other', () => {
    const space = new AnnualMaximum(simd);
    // Lengths that are no whole vectors, then smaller and larger blocks in the same arrays.
    for (const [nPixels, nScenes] of [
      [1, 1],
      [1000, 3],
      [555, 2],
      [557, 3],
      [70_001, 4],
      [16, 2],
    ] as const) {
      const scenes = scenesOf(nPixels, nScenes);
      const expected = stepByStep(scenes, nPixels);
      const found = inOnePass(space, scenes, nPixels);
      expect(bitsOf(found.values)).toBe(bitsOf(expected.values));
      expect(bitsOf(found.seen)).toBe(bitsOf(expected.seen));
      expect(found.valid).toEqual(expected.valid);
      const counts = new Float64Array(KEY_COUNT);
      for (const [k, key] of found.keys.entries()) counts[key] = found.counts[k]!;
      expect(bitsOf(counts)).toBe(bitsOf(expected.counts));
      expect([...found.keys]).toEqual([...found.keys].toSorted((a, b) => a - b));
    }
  });

  it('counts reflectances as the histograms do, with whatever step', () => {
    const space = new AnnualMaximum(simd);
    const [width, height] = [61, 40];
    const [scene] = scenesOf(width * height, 1) as [Scene];
    const clear = new Uint8Array(width * height).fill(1);
    clearWhereBitsUnset(scene.qa, BITS, clear);
    const index = new Float32Array(width * height);
    const bands = { red: { data: scene.red, ...RED }, nir: { data: scene.nir, ...NIR } };
    spectralIndex('ndvi', bands, clear, index);
    for (const step of [1, 4]) {
      const lattice = { width, col: 6, row: 9, step };
      const counted = (data: Uint16Array | Float32Array, scale: number, offset: number, bins: Bins) => {
        const counts = new Float64Array(bins.count);
        addToHistogram(data, scale, offset, clear, lattice, bins, counts);
        return counts;
      };
      space.begin(width * height);
      space.beginScene();
      space.mask.set(scene.qa);
      space.dropBits(BITS);
      space.first.set(scene.nir);
      space.second.set(scene.red);
      const found = space.reflectances(lattice, NIR, RED);
      expect(found.first).toEqual(counted(scene.nir, NIR.scale, NIR.offset, REFLECTANCE_BINS));
      expect(found.second).toEqual(counted(scene.red, RED.scale, RED.offset, REFLECTANCE_BINS));
      expect(found.difference).toEqual(counted(index, 1, 0, INDEX_BINS));
      expect(found.difference.some((n) => n > 0)).toBe(true);
      // What it leaves behind does not count among the keys.
      expect(space.highKeys().keys).toHaveLength(0);
    }
  });

  it('leaves pixels without an observation NaN and 0', () => {
    const space = new AnnualMaximum(simd);
    space.begin(3);
    space.beginScene();
    space.mask.set([0, 2, 0]);
    space.dropBits(2);
    space.first.set([2, 9, 0]);
    space.dropMissing('first', null);
    space.dropMissing('first', NaN);
    space.dropMissing('first', -1);
    space.dropMissing('first', 65_536);
    space.second.set([1, 1, 0]);
    const one = { scale: 1, offset: 0 };
    expect(space.takeScene(one, one)).toBe(1);
    // (2 − 1)/(2 + 1); cloud; no positive sum.
    expect([...space.values]).toEqual([Math.fround(1 / 3), NaN, NaN]);
    expect([...space.seen]).toEqual([1, 0, 0]);
    expect(space.highKeys().counts).toEqual(Float64Array.of(1));
  });
});
