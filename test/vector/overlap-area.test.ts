import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersect } from '../../src/vector/clip.ts';
import { sharedArea } from '../../src/vector/overlap-area.ts';
import { planarMeasures, type Polygons, type Position, type Ring } from '../../src/vector/polygons.ts';

const box = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];

/** A star around a middle, so that no ring crosses itself. */
function star(cx: number, cy: number, radii: readonly number[]): Polygons {
  const ring = radii.map((r, k): Position => {
    const t = (2 * Math.PI * k) / radii.length;
    return [cx + r * Math.cos(t), cy + r * Math.sin(t)];
  });
  return [[[...ring, ring[0]!]]];
}

describe('the area that polygons share', () => {
  it('by hand', () => {
    const square: Polygons = [[box(0, 0, 4, 4)]];
    expect(sharedArea(square, [[box(3, 3, 5, 5)]])).toBe(1);
    expect(sharedArea(square, [[box(1, 1, 2, 2)]])).toBe(1);
    expect(sharedArea([[box(0, 0, 4, 4), box(1, 1, 3, 3)]], [[box(2, 2, 6, 6)]])).toBe(3);
    expect(sharedArea([[box(0, 0, 1, 1)], [box(2, 0, 3, 1)]], [[box(0, 0, 3, 0.5)]])).toBe(1);
    const diamond: Polygons = [
      [
        [
          [2, 0],
          [4, 2],
          [2, 4],
          [0, 2],
          [2, 0],
        ],
      ],
    ];
    expect(sharedArea(diamond, [[box(0, 0, 4, 1)]])).toBe(1);
    expect(sharedArea(diamond, [[box(0, 0, 2, 4)]])).toBe(4);
  });

  it('is nothing along a common border, with or without corners in common', () => {
    const left: Polygons = [
      [
        [
          [0, 0],
          [7, 1],
          [3, 9],
          [0, 10],
          [0, 0],
        ],
      ],
    ];
    const right: Polygons = [
      [
        [
          [7, 1],
          [12, 1],
          [12, 9],
          [3, 9],
          [5, 5],
          [7, 1],
        ],
      ],
    ];
    expect(sharedArea(left, right)).toBe(0);
    expect(sharedArea([[box(0, 0, 1, 1)]], [[box(1, 0, 2, 1)]])).toBe(0);
    expect(sharedArea([[box(0, 0, 1, 1)]], [[box(0, 1, 1, 2)]])).toBe(0);
    expect(sharedArea([[box(0, 0, 9, 9), box(2, 2, 5, 5)]], [[box(2, 2, 5, 5)]])).toBe(0);
  });

  it('agrees with clipping', async () => {
    const radii = fc.array(fc.double({ min: 1, max: 9, noNaN: true }), { minLength: 3, maxLength: 25 });
    const centre = fc.double({ min: -6, max: 6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(radii, radii, centre, centre, async (ra, rb, cx, cy) => {
        const [a, b] = [star(0, 0, ra), star(cx, cy, rb)];
        const clipped = planarMeasures(await intersect(a, b)).area;
        // Clipping rounds its corners to about 1e-9.
        expect(Math.abs(sharedArea(a, b)! - clipped)).toBeLessThan(1e-6);
        expect(Math.abs(sharedArea(b, a)! - sharedArea(a, b)!)).toBeLessThan(1e-9);
      }),
      { seed: 9, numRuns: 150 },
    );
  });
});
