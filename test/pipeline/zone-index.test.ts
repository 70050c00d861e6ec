import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intersectWindows, type Window } from '../../src/geo/window.ts';
import { windowIndex } from '../../src/pipeline/zone-index.ts';

const side = fc.integer({ min: 0, max: 900 });
const place = fc.integer({ min: 0, max: 3000 });
const windows = fc.record({ col: place, row: place, width: side, height: side });

describe('the index of zones', () => {
  it('finds all boxes that a window touches, in order, and none twice', () => {
    fc.assert(
      fc.property(fc.array(windows, { maxLength: 40 }), windows, (boxes, window: Window) => {
        const found = windowIndex(boxes)(window);
        expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
        const touched = boxes.flatMap((box, k) => (intersectWindows(box, window) === undefined ? [] : [k]));
        expect(found).toEqual(expect.arrayContaining(touched));
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  it('leaves out what is far away, and boxes without cells', () => {
    const box = (col: number, row: number, width = 10) => ({ col, row, width, height: 10 });
    const near = windowIndex([box(0, 0), box(5000, 0), box(0, 0, 0), box(500, 500)]);
    expect(near({ col: 0, row: 0, width: 512, height: 512 })).toEqual([0, 3]);
    expect(near({ col: 4608, row: 0, width: 512, height: 512 })).toEqual([1]);
  });
});
