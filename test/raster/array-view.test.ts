import { describe, expect, it } from 'vitest';
import { viewStack, viewWindow } from '../../src/raster/array-view.ts';

describe('viewWindow', () => {
  it('is row, then column, of the same memory', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const view = viewWindow(pixels, { width: 3, height: 2 });
    expect(view.shape).toEqual([2, 3]);
    expect(view.get(1, 0)).toBe(4);
    view.set(0, 2, 9);
    expect(pixels[2]).toBe(9);
    expect(() => viewWindow(pixels, { width: 2, height: 2 })).toThrow(/Expected 4 pixels, got 6/);
  });
});

describe('viewStack', () => {
  it('is time, then row, then column', () => {
    const stack = Float32Array.from({ length: 12 }, (_, i) => i);
    const view = viewStack(stack, { width: 3, height: 2 });
    expect(view.shape).toEqual([2, 2, 3]);
    expect(view.get(1, 0, 2)).toBe(8);
    expect(() => viewStack(stack, { width: 5, height: 1 })).toThrow(/multiple of 5 pixels, got 12/);
  });
});
