import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedPatches, type ClassJoins } from '../../src/kernels/landscape-connect.ts';
import { addRows, beginScan, CLASS_SLOTS, endScan, patchFractal } from '../../src/kernels/landscape-scan.ts';
import { labelPatches, type Neighbours } from '../../src/kernels/patches.ts';
import { drawn, scanOf } from '../helpers/landscape.ts';

/** Random maps of up to five classes and background. */
const maps = fc
  .record({ width: fc.integer({ min: 1, max: 12 }), height: fc.integer({ min: 1, max: 12 }) })
  .chain(({ width, height }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      classes: fc
        .array(fc.integer({ min: 0, max: 5 }), { minLength: width * height, maxLength: width * height })
        .map((values) => Uint8Array.from(values)),
    }),
  );
const either = fc.constantFrom<Neighbours>(4, 8);

interface SlowPatch {
  class: number;
  cells: [col: number, row: number][];
}

/** Patches by flooding, one cell after the other. */
function slowPatches(classes: Uint8Array, width: number, height: number, neighbours: Neighbours): SlowPatch[] {
  const seen = new Set<number>();
  const out: SlowPatch[] = [];
  for (let start = 0; start < classes.length; start++) {
    if (classes[start] === 0 || seen.has(start)) continue;
    const cells: [number, number][] = [];
    const queue = [start];
    seen.add(start);
    for (const at of queue) {
      const [col, row] = [at % width, Math.floor(at / width)];
      cells.push([col, row]);
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const [x, y] = [col + dx, row + dy];
          if ((neighbours === 4 && dx !== 0 && dy !== 0) || x < 0 || y < 0 || x >= width || y >= height) continue;
          const other = y * width + x;
          if (classes[other] !== classes[start] || seen.has(other)) continue;
          seen.add(other);
          queue.push(other);
        }
      }
    }
    out.push({ class: classes[start]!, cells });
  }
  return out;
}

function slowJoins(patches: SlowPatch[], distance: number, cellWidth: number, cellHeight: number): ClassJoins[] {
  const out: ClassJoins[] = [];
  for (const wanted of [...new Set(patches.map((p) => p.class))].toSorted((a, b) => a - b)) {
    const own = patches.filter((p) => p.class === wanted);
    let joined = 0;
    for (const [j, a] of own.entries()) {
      for (const b of own.slice(j + 1)) {
        const near = a.cells.some(([ax, ay]) =>
          b.cells.some(
            ([bx, by]) => Math.hypot((ax - bx) * cellWidth, (ay - by) * cellHeight) <= distance * (1 + 1e-12),
          ),
        );
        if (near) joined++;
      }
    }
    out.push({ class: wanted, patches: own.length, joined });
  }
  return out;
}

const bytesOf = (values: Float64Array) => Buffer.from(values.buffer);

describe('the scan of a class map', () => {
  it('counts a drawn map', () => {
    // 1 1 2
    // 2 1 2    4-neighbours: class 1 one patch of 3, class 2 patches of 2 and 1
    const map = drawn('112', '212');
    const { classes, beside, below } = scanOf(map, 4, 30);
    expect(classes).toMatchObject([
      { class: 1, cells: 3, patches: 1, largestCells: 3, perimeterSides: 8 },
      { class: 2, cells: 3, patches: 2, largestCells: 2, perimeterSides: 10 },
    ]);
    expect(classes[1]!.perimeterRootArea).toBe(6 * Math.sqrt(2) + 4);
    const at = (table: Float64Array, a: number, b: number) => table[a * CLASS_SLOTS + b];
    expect([at(beside, 1, 1), at(beside, 1, 2), at(beside, 2, 1), at(beside, 2, 2)]).toEqual([1, 3, 3, 0]);
    expect([at(below, 1, 1), at(below, 1, 2), at(below, 2, 2)]).toEqual([1, 1, 1]);
    // Ten sides lie on the map's edge.
    expect([at(beside, 0, 1), at(beside, 0, 2), at(below, 0, 1), at(below, 0, 2)]).toEqual([1, 3, 3, 3]);
  });

  it('joins patches over corners by the rule of eight, and closes one that returns from below', () => {
    const map = drawn('1.1', '.1.', '1.1');
    expect(scanOf(map, 8, 1).classes).toMatchObject([{ patches: 1, largestCells: 5, perimeterSides: 20 }]);
    expect(scanOf(map, 4, 1).classes).toMatchObject([{ patches: 5, largestCells: 1, perimeterSides: 20 }]);
    const arms = drawn('1.1.1', '1.1.1', '111.1', '....1', '11111');
    expect(scanOf(arms, 4, 1).classes).toMatchObject([{ patches: 2, cells: 16, largestCells: 9 }]);
  });

  it('has nothing to say of background', () => {
    expect(scanOf(drawn('...', '...'), 8, 30).classes).toEqual([]);
  });

  it('gives the perimeter of cells that are not square', () => {
    const scan = beginScan(2, 20, 30, 8);
    addRows(scan, Uint8Array.of(1, 1));
    // 2·40 m + 2·30 m round an area of 1,200 m².
    expect(endScan(scan).classes[0]!.fractal).toBe((2 * Math.log(35)) / Math.log(1200));
    expect(patchFractal(1, 100, 600)).toBe(1);
    expect(patchFractal(4, 4, 0.25)).toBe(1);
  });

  it('equals a slow count of random maps', () => {
    fc.assert(
      fc.property(maps, either, ({ width, height, classes }, neighbours) => {
        const counts = scanOf({ width, height, classes }, neighbours, 30);
        const patches = slowPatches(classes, width, height, neighbours);
        const classAt = (x: number, y: number) =>
          x < 0 || y < 0 || x >= width || y >= height ? 0 : classes[y * width + x]!;
        for (const c of counts.classes) {
          const own = patches.filter((p) => p.class === c.class);
          const sidesOf = ({ cells }: SlowPatch) =>
            cells.flatMap(([x, y]) =>
              [classAt(x - 1, y), classAt(x + 1, y), classAt(x, y - 1), classAt(x, y + 1)].filter((o) => o !== c.class),
            ).length;
          expect(c.patches).toBe(own.length);
          expect(c.cells).toBe(own.reduce((sum, p) => sum + p.cells.length, 0));
          expect(c.largestCells).toBe(Math.max(...own.map((p) => p.cells.length)));
          expect(c.perimeterSides).toBe(own.reduce((sum, p) => sum + sidesOf(p), 0));
          const fractal = own.reduce(
            (sum, p) => sum + (2 * Math.log(0.25 * 30 * sidesOf(p))) / Math.log(900 * p.cells.length),
            0,
          );
          // Sums in another order.
          expect(c.fractal).toBeCloseTo(fractal, 9);
          expect(c.perimeterRootArea).toBeCloseTo(
            own.reduce((sum, p) => sum + sidesOf(p) * Math.sqrt(p.cells.length), 0),
            9,
          );
        }
        expect(counts.classes.map((c) => c.class)).toEqual(
          [...new Set(patches.map((p) => p.class))].toSorted((a, b) => a - b),
        );
        let pairs = 0;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) if (classAt(x, y) !== 0 && classAt(x, y) === classAt(x + 1, y)) pairs++;
        }
        expect(counts.classes.reduce((sum, c) => sum + counts.beside[c.class * CLASS_SLOTS + c.class]!, 0)).toBe(pairs);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('does not depend on how many rows are added at once', () => {
    fc.assert(
      fc.property(maps, either, ({ width, classes }, neighbours) => {
        const whole = beginScan(width, 30, 20, neighbours);
        addRows(whole, classes);
        const rows = beginScan(width, 30, 20, neighbours);
        for (let i = 0; i < classes.length; i += width) addRows(rows, classes.subarray(i, i + width));
        const [a, b] = [endScan(rows), endScan(whole)];
        expect(a.classes).toEqual(b.classes);
        const same = (x: Float64Array, y: Float64Array) => Buffer.compare(bytesOf(x), bytesOf(y)) === 0;
        expect([same(a.beside, b.beside), same(a.below, b.below)]).toEqual([true, true]);
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  it('finds the patches that labelPatches finds', () => {
    fc.assert(
      fc.property(maps, either, ({ width, height, classes }, neighbours) => {
        for (const c of scanOf({ width, height, classes }, neighbours, 30).classes) {
          const mask = classes.map((value) => (value === c.class ? 1 : 0));
          const cells = labelPatches(mask, width, height, neighbours, new Int32Array(classes.length));
          expect([c.patches, c.largestCells]).toEqual([cells.length - 1, Math.max(...cells)]);
        }
      }),
      { seed: 9, numRuns: 100 },
    );
  });

  it('refuses parts of rows and sizes of nothing', () => {
    expect(() => addRows(beginScan(3, 1, 1, 8), new Uint8Array(4))).toThrow(RangeError);
    expect(() => beginScan(0, 1, 1, 8)).toThrow(RangeError);
    expect(() => beginScan(3, 0, 1, 8)).toThrow(RangeError);
  });
});

describe('joined patches', () => {
  it('are those whose cells lie within the distance from centre to centre', () => {
    // Centres of the first two patches lie 2 cells apart, of the first and the last 5.
    const map = drawn('1.1..1');
    const joined = (distance: number) =>
      joinedPatches(map.classes, 6, 1, 8, { distance, cellWidth: 30, cellHeight: 30 })[0]!.joined;
    expect([59.9, 60, 89.9, 90, 149.9, 150].map(joined)).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('are held apart by class, and by corners as the rule says', () => {
    const map = drawn('12', '21');
    const joins = (neighbours: Neighbours, distance: number) =>
      joinedPatches(map.classes, 2, 2, neighbours, { distance, cellWidth: 1, cellHeight: 1 });
    expect(joins(8, 5)).toEqual([
      { class: 1, patches: 1, joined: 0 },
      { class: 2, patches: 1, joined: 0 },
    ]);
    expect(joins(4, 1.41).map((c) => c.joined)).toEqual([0, 0]);
    expect(joins(4, Math.SQRT2).map((c) => c.joined)).toEqual([1, 1]);
  });

  it('equal a slow count of random maps', () => {
    const size = fc.constantFrom(1, 20, 30);
    fc.assert(
      fc.property(maps, either, fc.double({ min: 0, max: 200, noNaN: true }), size, size, (map, n, distance, w, h) => {
        const { width, height, classes } = map;
        const fast = joinedPatches(classes, width, height, n, { distance, cellWidth: w, cellHeight: h });
        expect(fast).toEqual(slowJoins(slowPatches(classes, width, height, n), distance, w, h));
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('are found over many columns', () => {
    // Wider than a stretch of the index.
    const random = fc.sample(fc.integer({ min: 0, max: 9 }), { seed: 3, numRuns: 300 * 9 });
    const classes = Uint8Array.from(random, (v) => (v < 2 ? v + 1 : 0));
    for (const distance of [1, 4, 13, 70]) {
      const fast = joinedPatches(classes, 300, 9, 8, { distance, cellWidth: 1, cellHeight: 2 });
      expect(fast).toEqual(slowJoins(slowPatches(classes, 300, 9, 8), distance, 1, 2));
    }
  });

  it('refuses a distance below 0', () => {
    expect(() => joinedPatches(new Uint8Array(1), 1, 1, 8, { distance: -1, cellWidth: 1, cellHeight: 1 })).toThrow(
      RangeError,
    );
  });
});
