import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import geographiclib from 'geographiclib-geodesic';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { cellAreaM2, planarCellArea } from '../../src/vector/cell-area.ts';
import { coverage } from '../../src/vector/coverage.ts';
import { geodesicAreaM2, zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons, Position } from '../../src/vector/polygons.ts';
import { polygonsBbox, projectZone } from '../../src/vector/project.ts';
import { zoneWeights } from '../../src/vector/weights.ts';
import type { Zone } from '../../src/vector/zone.ts';

interface Oracle {
  grids: {
    name: string;
    epsg: number;
    size: number;
    origin: [number, number];
    width: number;
    height: number;
    block: number;
    cells: [col: number, row: number, areaM2: number][];
  }[];
  polygons: { name: string; epsg: number; coordinates: Polygons; areaM2: number }[];
}
const oracle = JSON.parse(readFileSync(new URL('../oracle/areas.json', import.meta.url), 'utf8')) as Oracle;

/** The oracle's own blocks are outlined by geodesics, and the inverse of LAEA is a series good to about 1e-9. */
const CELL_TOLERANCE = 2e-9;
const POLYGON_TOLERANCE = 1e-8;
/** The share of a zone's area by which its budget must close. */
const BUDGET_TOLERANCE = 1e-6;

const zoneOf = (epsg: number, polygons: Polygons): Zone => ({
  id: 'z',
  name: 'z',
  role: 'mine',
  properties: {},
  polygons,
  crs: crsFromEpsg(epsg)!,
});

const gridOf = (epsg: number, size: number, x: number, y: number, width: number, height: number): Grid => ({
  width,
  height,
  transform: [size, 0, x, 0, -size, y],
  crs: crsFromEpsg(epsg)!,
});

describe('cell area', () => {
  it.each([
    [0, 949.774],
    [38.1, 751.235],
    [60, 479.692],
  ])('of one arc second at latitude %d is %d m²', (lat, areaM2) => {
    // The published values belong to the cell that has this latitude in its middle or at its corner: both round alike.
    const area = cellAreaM2(gridOf(4326, 1 / 3600, 99, lat + 0.5 / 3600, 1, 1)).at(0, 0);
    expect(Math.abs(area - areaM2)).toBeLessThan(0.0006);
  });

  it.each(oracle.grids)(
    'agrees with geodesic polygons: $name',
    ({ epsg, size, origin, width, height, block, cells }) => {
      const area = cellAreaM2(gridOf(epsg, size, origin[0], origin[1], width, height));
      let worst = 0;
      for (const [col, row, areaM2] of cells) {
        let sum = 0;
        for (let r = 0; r < block; r++) for (let c = 0; c < block; c++) sum += area.at(col + c, row + r);
        worst = Math.max(worst, Math.abs(sum / areaM2 - 1));
        expect(area.at(col, row)).toBeLessThanOrEqual(area.maximum);
      }
      expect(worst).toBeLessThan(CELL_TOLERANCE);
    },
  );

  it('is the same one by one, in rows, and in any order', () => {
    const grid = gridOf(3857, 30, 11_060_000, 4_620_000, 700, 300);
    const forwards = cellAreaM2(grid);
    const backwards = cellAreaM2(grid);
    const row = new Float64Array(700);
    const part = new Float64Array(100);
    for (const r of [299, 0, 150]) backwards.fillRow(r, 0, row);
    for (const r of [0, 150, 299]) {
      backwards.fillRow(r, 0, row);
      forwards.fillRow(r, 600, part);
      expect(part).toEqual(row.slice(600));
      expect(forwards.at(17, r)).toBe(row[17]);
    }
  });

  it('covers the whole ellipsoid with a global grid of degrees', () => {
    const area = cellAreaM2(gridOf(4326, 1, -180, 90, 360, 180));
    let sum = 0;
    for (let row = 0; row < 180; row++) sum += 360 * area.at(0, row);
    // 510,065,621.7240885 km², the surface of WGS 84.
    expect(Math.abs(sum / 510_065_621_724_088.5 - 1)).toBeLessThan(1e-12);
  });

  it('of a turned grid of degrees agrees with the polygon of the cell', () => {
    const grid: Grid = { width: 50, height: 40, transform: [0.0009, 0.0004, 99, 0.0003, -0.0008, 38.2], crs: WGS84 };
    const at = (col: number, row: number): [number, number] => [
      99 + 0.0009 * col + 0.0004 * row,
      38.2 + 0.0003 * col - 0.0008 * row,
    ];
    const area = cellAreaM2(grid);
    for (const [col, row] of [
      [0, 0],
      [49, 39],
      [20, 7],
    ] as const) {
      const polygon = geodesicAreaM2([
        [[at(col, row), at(col + 1, row), at(col + 1, row + 1), at(col, row + 1), at(col, row)]],
      ]);
      expect(Math.abs(area.at(col, row) / polygon - 1)).toBeLessThan(CELL_TOLERANCE);
    }
  });

  it('can be planar', () => {
    const area = planarCellArea(gridOf(32647, 30, 540_000, 4_225_000, 10, 10));
    expect(area.at(3, 4)).toBe(900);
    expect(area.maximum).toBe(900);
  });
});

describe('area of polygons', () => {
  it.each(oracle.polygons)('agrees with pyproj: $name', ({ epsg, coordinates, areaM2 }) => {
    expect(Math.abs(zoneAreaM2(zoneOf(epsg, coordinates)) / areaM2 - 1)).toBeLessThan(POLYGON_TOLERANCE);
  });

  it('agrees with GeographicLib on densified edges, for any triangle', () => {
    const lon = fc.double({ min: -170, max: 170, noNaN: true });
    const lat = fc.double({ min: -85, max: 84, noNaN: true });
    const shift = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(lon, lat, fc.array(shift, { minLength: 4, maxLength: 4 }), (x, y, [dx1, dy1, dx2, dy2]) => {
        const ring: Position[] = [
          [x, y],
          [x + dx1!, y + dy1!],
          [x + dx2!, y + dy2!],
          [x, y],
        ];
        const outline = geographiclib.Geodesic.WGS84.Polygon();
        for (let k = 0; k < 3; k++) {
          const [x0, y0] = ring[k]!;
          const [x1, y1] = ring[k + 1]!;
          for (let i = 0; i < 400; i++) outline.AddPoint(y0 + ((y1 - y0) * i) / 400, x0 + ((x1 - x0) * i) / 400);
        }
        const areaM2 = Math.abs(outline.Compute(false, true).area ?? Number.NaN);
        // Between a geodesic of length L and the straight edge in degrees lies at most a lens of L³·tanφ/(12·R); beyond
        // it, GeographicLib's sums of 1,200 edges carry noise of some 1e-3 m².
        const metres = 111_700 / 400;
        const lengths = [Math.hypot(dx1!, dy1!), Math.hypot(dx2!, dy2!), Math.hypot(dx2! - dx1!, dy2! - dy1!)];
        const tangent = Math.tan(((Math.abs(y) + 0.5) * Math.PI) / 180);
        const lenses = lengths.reduce(
          (sum, degrees) => sum + (400 * (degrees * metres) ** 3 * tangent) / (12 * 6.36e6),
          0,
        );
        expect(Math.abs(geodesicAreaM2([[ring]]) - areaM2)).toBeLessThan(lenses + 5e-3);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it('goes on past the antimeridian', () => {
    const at = (lon: number): Polygons => [
      [
        [
          [lon, 10],
          [lon + 1, 10],
          [lon + 1, 11],
          [lon, 11],
          [lon, 10],
        ],
      ],
    ];
    const across: Polygons = [
      [
        [
          [179.5, 10],
          [-179.5, 10],
          [-179.5, 11],
          [179.5, 11],
          [179.5, 10],
        ],
      ],
    ];
    expect(geodesicAreaM2(across) / geodesicAreaM2(at(20))).toBeCloseTo(1, 12);
  });

  it('is nothing for a ring without area', () => {
    expect(
      geodesicAreaM2([
        [
          [
            [1, 1],
            [2, 2],
            [1, 1],
          ],
        ],
      ]),
    ).toBe(0);
  });
});

describe('the budget', () => {
  const pit = oracle.polygons[0]!;
  const country = oracle.polygons[2]!;
  it.each([
    ['UTM 47N, 30 m', 32647, 30, pit],
    ['UTM 47N, 500 m', 32647, 500, pit],
    ['UTM 48N, its neighbour', 32648, 30, pit],
    ['Web Mercator, 30 m', 3857, 30, pit],
    ['Albers of Australia, far from home', 3577, 60, pit],
    ['degrees, 1 second', 4326, 1 / 3600, pit],
    ['UTM 44N, a country', 32644, 3000, country],
    ['Web Mercator, a country', 3857, 3000, country],
    ['degrees, a country', 4326, 0.05, country],
  ] as const)(
    'closes: Σ coverage × cell area is the area of the polygon in %s',
    (_name, epsg, size, { coordinates, areaM2 }) => {
      const crs = crsFromEpsg(epsg)!;
      const polygons = projectZone(zoneOf(4326, coordinates), crs);
      const [minX, minY, maxX, maxY] = polygonsBbox(polygons);
      const left = Math.floor(minX / size) * size;
      const top = Math.ceil(maxY / size) * size;
      const grid = gridOf(epsg, size, left, top, Math.ceil((maxX - left) / size), Math.ceil((top - minY) / size));
      const covered = coverage(polygons, grid);
      expect(covered.outsideArea).toBe(0);
      const { insideM2 } = zoneWeights(covered, cellAreaM2(grid), 0);
      expect(Math.abs(insideM2 / areaM2 - 1)).toBeLessThan(BUDGET_TOLERANCE);
    },
  );
});
