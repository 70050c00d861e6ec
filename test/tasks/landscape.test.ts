import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLASS_SLOTS } from '../../src/kernels/landscape-scan.ts';
import { landcoverTask } from '../../src/tasks/landcover.ts';
import { landscapeTask } from '../../src/tasks/landscape.ts';
import { scanOf } from '../helpers/landscape.ts';
import { paint, utmGrid, writeRaster } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const tempFolder = tempFolders('landscape-task');

describe('the landscape task', () => {
  it('counts a window of several strips as one', async () => {
    // 4.6 million cells are read in two parts.
    const [width, height] = [65_536, 70];
    const path = join(tempFolder(), 'wide.tif');
    const codes = paint(new Uint8Array(width * height), width, (col, row) => ((col >> 9) + (row >> 3)) % 3);
    await writeRaster(path, utmGrid(width, height), codes, { nodata: 0, overview: 'mode' });
    // All but the first and the last column; the last row is no part of the zone.
    const rows = Array.from({ length: height - 1 }, (_, row) => row);
    const found = await landscapeTask({
      path,
      band: 1,
      rule: { kind: 'codes', noData: [] },
      window: { col: 0, row: 0, width, height },
      start: Uint32Array.from(rows, (row) => row * width + 1),
      length: new Uint32Array(height - 1).fill(width - 2),
      cellWidthM: 30,
      cellHeightM: 30,
      neighbours: 4,
      connectDistanceM: null,
    });
    expect(found.codes).toEqual([1, 2]);
    expect(found.cells).toBe((height - 1) * (width - 2));
    const classes = codes.map((code, i) => {
      const [col, row] = [i % width, Math.floor(i / width)];
      return col === 0 || col === width - 1 || row === height - 1 ? 0 : code;
    });
    const whole = scanOf({ width, height, classes }, 4, 30);
    expect(found.classes).toEqual(whole.classes);
    for (const { a, b, beside, below } of found.adjacencies) {
      const at = a * CLASS_SLOTS + b;
      expect([beside, below]).toEqual([whole.beside[at], whole.below[at]]);
    }
    expect(found.joins).toBeNull();
  });
});

describe('the land-cover task', () => {
  it('sums units of area by class and by change, apart for each zone', async () => {
    const folder = tempFolder();
    const grid = utmGrid(3, 1);
    const band = async (name: string, codes: number[]) => {
      const path = join(folder, name);
      await writeRaster(path, grid, Uint8Array.from(codes), { nodata: 0, overview: 'mode' });
      return { path, band: 1, rule: { kind: 'codes' as const, noData: [9] } };
    };
    const { codes, zones } = await landcoverTask({
      window: { col: 0, row: 0, width: 3, height: 1 },
      bands: [await band('a.tif', [5, 5, 9]), await band('b.tif', [5, 7, 0])],
      zones: [
        { zone: 4, index: Uint32Array.of(0, 1, 2), weight: Float64Array.of(10, 20, 40) },
        { zone: 6, index: Uint32Array.of(1), weight: Float64Array.of(3) },
      ],
      pairs: [[0, 1]],
    });
    expect(codes).toEqual([5, 7]);
    const [first, second] = zones;
    expect(first).toMatchObject({ zone: 4 });
    expect(first!.years.map(({ classes, units }) => [[...classes], [...units]])).toEqual([
      [
        [0, 1],
        [40, 30],
      ],
      [
        [0, 1, 2],
        [40, 10, 20],
      ],
    ]);
    const [change] = first!.changes;
    expect([[...change!.from], [...change!.to], [...change!.units]]).toEqual([
      [0, 1, 1],
      [0, 1, 2],
      [40, 10, 20],
    ]);
    expect([...second!.changes[0]!.units]).toEqual([3]);
  });
});
