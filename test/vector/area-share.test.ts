import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { areaCoverage } from '../../src/vector/area-share.ts';
import { cellAreaM2 } from '../../src/vector/cell-area.ts';
import { coverage } from '../../src/vector/coverage.ts';
import { geodesicAreaM2, zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons } from '../../src/vector/polygons.ts';
import { polygonsBbox, projectZone } from '../../src/vector/project.ts';
import { zoneWeights } from '../../src/vector/weights.ts';
import type { Zone } from '../../src/vector/zone.ts';

/** What the budget of every run must keep. */
const BUDGET_TOLERANCE = 1e-6;

const triangle = (lon: number, lat: number, size: number): Polygons => [
  [
    [
      [lon, lat],
      [lon + size, lat + 0.1 * size],
      [lon + 0.3 * size, lat + size],
      [lon, lat],
    ],
  ],
];

function around(polygons: Polygons, epsg: number, size: number): Grid {
  const [minX, minY, maxX, maxY] = polygonsBbox(polygons);
  const [left, top] = [Math.floor(minX / size), Math.ceil(maxY / size)];
  return {
    width: Math.ceil(maxX / size) - left,
    height: top - Math.floor(minY / size),
    transform: [size, 0, left * size, 0, -size, top * size],
    crs: crsFromEpsg(epsg)!,
  };
}

describe('shares of area', () => {
  it('are those of the plane where cells are small for their zone', () => {
    const polygons = triangle(99, 38, 0.05);
    const grid = around(polygons, 4326, 1 / 7200);
    const plain = coverage(polygons, grid);
    expect(areaCoverage(polygons, grid, cellAreaM2(grid))).toEqual(plain);
    expect(plain.cellAreaShare).toBe(plain.cellFraction);
  });

  it('are larger on the side of the equator', () => {
    const grid: Grid = { width: 1, height: 1, transform: [1, 0, 20, 0, -1, 61], crs: WGS84 };
    const half = (south: number, north: number): Polygons => [
      [
        [
          [20, south],
          [21, south],
          [21, north],
          [20, north],
          [20, south],
        ],
      ],
    ];
    const area = cellAreaM2(grid);
    for (const polygons of [half(60, 60.5), half(60.5, 61)]) {
      const share = areaCoverage(polygons, grid, area).cellAreaShare[0]!;
      // Between parallels the parts of the cell are exact.
      expect(Math.abs(share - geodesicAreaM2(polygons) / area.at(0, 0))).toBeLessThan(1e-12);
    }
  });

  it.each([0.3, 0.03, 0.003, 3e-4, 1e-5])('hold for a zone %f as wide as the cell of a degree it lies in', (size) => {
    const grid: Grid = { width: 360, height: 180, transform: [1, 0, -180, 0, -1, 90], crs: WGS84 };
    const area = cellAreaM2(grid);
    for (const [lon, lat] of [
      [99.412, 38.03],
      [99.412, 38.6],
      [-70.3, -52.66],
      // Over a parallel, and below the equator's cell.
      [20.1, 0.99999],
    ] as const) {
      const polygons = triangle(lon, lat, size);
      const { bounds, cellAreaShare } = areaCoverage(polygons, grid, area);
      expect([bounds.width, bounds.height]).toEqual([1, cellAreaShare.length]);
      const found = cellAreaShare.reduce((sum, share, k) => sum + share * area.at(bounds.col, bounds.row + k), 0);
      const wanted = zoneAreaM2({ id: 'a', name: 'a', role: 'mine', properties: {}, crs: WGS84, polygons });
      // A tenth of what the budget must keep.
      expect(Math.abs(found / wanted - 1)).toBeLessThan(BUDGET_TOLERANCE / 10);
    }
  });

  it.each([
    ['degrees', 4326, [1e-5, 1 / 3600, 0.01, 0.25, 1]],
    ['web Mercator', 3857, [0.01, 30, 1000, 10_000]],
    ['UTM', 32647, [0.01, 30, 1000]],
    ['Albers', 5070, [0.01, 30, 1000, 10_000]],
  ] as const)('close the budget of zones of half a cell to fifty cells in %s', (_name, epsg, sizes) => {
    const lons = { 4326: 20, 3857: 20, 32647: 99.3, 5070: -97 };
    for (const size of sizes) {
      const degrees = epsg === 4326 ? size : size / 90_000;
      fc.assert(
        fc.property(
          fc.double({ min: 0.5, max: 50, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 30, max: 60, noNaN: true }),
          (cells, shift, lat) => {
            const side = Math.min(cells * degrees, 20);
            const polygons = triangle(
              lons[epsg] + shift * degrees,
              epsg === 5070 ? 38 : Math.min(lat, 62 - side),
              side,
            );
            const zone: Zone = { id: 'z', name: 'z', role: 'mine', properties: {}, polygons, crs: WGS84 };
            const projected = projectZone(zone, crsFromEpsg(epsg)!);
            const grid = around(projected, epsg, size);
            const area = cellAreaM2(grid);
            const { insideM2 } = zoneWeights(areaCoverage(projected, grid, area), area, 0);
            expect(Math.abs(insideM2 / zoneAreaM2(zone) - 1)).toBeLessThan(BUDGET_TOLERANCE);
          },
        ),
        { seed: 4, numRuns: 12 },
      );
    }
  });
});
