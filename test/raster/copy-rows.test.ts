import { describe, expect, it } from 'vitest';
import { copyRows } from '../../src/raster/copy-rows.ts';

describe('copyRows', () => {
  it('copies a part of an image into a larger one', () => {
    // 3 × 2 of an image of 4 × 3, from its second column and row on, to the corner of one of 5 × 3.
    const from = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, NaN, 22, 23);
    const to = new Float32Array(15).fill(-1);
    copyRows({ pixels: from, first: 5, stride: 4 }, { pixels: to, first: 7, stride: 5 }, 3, 2);
    expect([...to]).toEqual([-1, -1, -1, -1, -1, -1, -1, 11, 12, 13, -1, -1, NaN, 22, 23]);
  });

  it('copies arrays that lie within larger buffers', () => {
    const from = Uint16Array.of(9, 9, 1, 2, 3, 4).subarray(2);
    const to = new Uint16Array(6).subarray(2);
    copyRows({ pixels: from, first: 0, stride: 2 }, { pixels: to, first: 0, stride: 2 }, 2, 2);
    expect([...to]).toEqual([1, 2, 3, 4]);
    expect([...new Uint16Array(to.buffer)]).toEqual([0, 0, 1, 2, 3, 4]);
  });

  it('copies nothing where no row is wanted', () => {
    const to = new Uint8Array(2);
    copyRows({ pixels: Uint8Array.of(1, 2), first: 0, stride: 2 }, { pixels: to, first: 0, stride: 2 }, 2, -1);
    expect([...to]).toEqual([0, 0]);
  });
});
