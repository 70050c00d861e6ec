import geographiclib from 'geographiclib-geodesic';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../sample-data/generator/random.ts';
import { createTransformer, crsFromEpsg, WGS84, type Crs } from '../../src/geo/crs.ts';
import { BUFFER_ERROR, bufferZone } from '../../src/vector/buffer.ts';
import { dilate, DILATION_ERROR } from '../../src/vector/dilate.ts';
import { zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons, Position } from '../../src/vector/polygons.ts';
import type { Zone } from '../../src/vector/zone.ts';

const GEODESIC = geographiclib.Geodesic.WGS84;

/** Planar distance of a point from the nearest edge. */
function distanceTo(polygons: Polygons, x: number, y: number): number {
  let least = Infinity;
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [[ax, ay], [bx, by]] = [ring[k]!, ring[k + 1]!];
      const [dx, dy] = [bx - ax, by - ay];
      const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return least;
}

/** Corners and middles of all edges. */
function outlinePoints(polygons: Polygons): Position[] {
  return polygons.flat().flatMap((ring) =>
    ring.slice(0, -1).flatMap(([x, y], k): Position[] => {
      const next = ring[k + 1]!;
      return [
        [x, y],
        [(x + next[0]) / 2, (y + next[1]) / 2],
      ];
    }),
  );
}

function planarArea(polygons: Polygons): number {
  let twice = 0;
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) twice += ring[k]![0] * ring[k + 1]![1] - ring[k + 1]![0] * ring[k]![1];
  }
  return twice / 2;
}

/** By how much the grown outline's distance differs from the one wanted, at most; relative. */
function worstError(polygons: Polygons, distance: number): number {
  const ratios = outlinePoints(dilate(polygons, distance)).map(([x, y]) => distanceTo(polygons, x, y) / distance);
  return Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)));
}

const box = (x: number, y: number, width: number, height: number): Position[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];

/** A star-shaped outline of n corners. */
function star(seed: number, n: number, least: number, most: number): Position[] {
  const random = createRandom(seed);
  const ring = Array.from({ length: n }, (_, k): Position => {
    const angle = (2 * Math.PI * (k + 0.9 * random())) / n;
    const radius = least + (most - least) * random();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}

describe('dilate', () => {
  it('grows a square by its sides and four quarters of a disc', () => {
    const grown = dilate([[box(0, 0, 1000, 1000)]], 500);
    expect(grown).toHaveLength(1);
    expect(grown[0]).toHaveLength(1);
    const exact = 1e6 + 4 * 1000 * 500 + Math.PI * 500 ** 2;
    expect(Math.abs(planarArea(grown) / exact - 1)).toBeLessThan(2 * DILATION_ERROR);
    expect(worstError([[box(0, 0, 1000, 1000)]], 500)).toBeLessThan(DILATION_ERROR);
  });

  it('takes any direction of rings', () => {
    const forward = dilate([[box(0, 0, 100, 100)]], 30);
    expect(dilate([[box(0, 0, 100, 100).toReversed()]], 30)).toHaveLength(1);
    expect(planarArea(dilate([[box(0, 0, 100, 100).toReversed()]], 30))).toBeCloseTo(planarArea(forward), 6);
  });

  it.each([
    ['keeps a hole that is wider than two distances', 100, 2],
    ['closes one that is as wide', 300, 1],
    ['closes one that is narrower', 301, 1],
  ])('%s', (_, distance, rings) => {
    const holed = [[box(0, 0, 1000, 1000), box(200, 200, 600, 600)]];
    const grown = dilate(holed, distance);
    expect(grown.map((polygon) => polygon.length)).toEqual([rings]);
    expect(worstError(holed, distance)).toBeLessThan(DILATION_ERROR);
  });

  it.each([
    [49.9, 2],
    [50.1, 1],
  ])('joins two squares 100 apart from 50 on: %d', (distance, parts) => {
    const two = [[box(0, 0, 100, 100)], [box(200, 0, 100, 100)]];
    expect(dilate(two, distance)).toHaveLength(parts);
    expect(worstError(two, distance)).toBeLessThan(DILATION_ERROR);
  });

  it('lets two squares touch at half of what parts them', () => {
    const two = [[box(0, 0, 100, 100)], [box(200, 0, 100, 100)]];
    expect(planarArea(dilate(two, 50)) / planarArea(dilate([two[0]!], 50))).toBeCloseTo(2, 6);
    expect(worstError(two, 50)).toBeLessThan(DILATION_ERROR);
  });

  it('keeps a spike without width', () => {
    const spike: Position[] = [
      [0, 0],
      [100, 0],
      [100, 50],
      [300, 50],
      [100, 50],
      [100, 100],
      [0, 100],
      [0, 0],
    ];
    expect(worstError([[spike]], 30)).toBeLessThan(DILATION_ERROR);
    const east = Math.max(
      ...dilate([[spike]], 30)
        .flat(2)
        .map(([x]) => x),
    );
    expect(Math.abs(east - 330)).toBeLessThan(30 * DILATION_ERROR);
  });

  it('finds no outline inside: parts that share a long border, and a hole reached through a slit', () => {
    const parts = [[box(0, 0, 1000, 1000)], [box(1000, 0, 1000, 1000)]];
    const slit: Position[] = [
      [0, 0],
      [500, 0],
      [500, 400],
      [400, 400],
      [400, 600],
      [600, 600],
      [600, 400],
      [500, 400],
    ];
    slit.push([500, 0], [1000, 0], [1000, 1000], [0, 1000], [0, 0]);
    for (const distance of [10, 50, 90]) {
      expect(dilate(parts, distance).map((polygon) => polygon.length)).toEqual([1]);
      expect(planarArea(dilate(parts, distance)) / planarArea(dilate([[box(0, 0, 2000, 1000)]], distance))).toBeCloseTo(
        1,
        6,
      );
      const holed = dilate([[slit]], distance);
      expect(holed.map((polygon) => polygon.length)).toEqual([2]);
      expect(planarArea(holed)).toBeCloseTo(
        planarArea(dilate([[box(0, 0, 1000, 1000)]], distance)) - (200 - 2 * distance) ** 2,
        3,
      );
    }
  });

  it.each([
    ['side by side', [[box(0, 0, 100, 100)], [box(100, 0, 100, 100)]]],
    ['one over the other', [[box(0, 0, 100, 100)], [box(50, 0, 150, 100)]]],
    ['the same twice', [[box(0, 0, 200, 100)], [box(0, 0, 200, 100)]]],
  ])('counts parts once: %s', (_, parts) => {
    const exact = 200 * 100 + 2 * 300 * 50 + Math.PI * 2500;
    expect(Math.abs(planarArea(dilate(parts, 50)) / exact - 1)).toBeLessThan(2 * DILATION_ERROR);
  });

  it('keeps the distance from random outlines, at distances shorter and longer than their bays', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const outline = [[star(seed, 3 + (seed % 30), 200, 2000)]];
      for (const distance of [30, 200, 1000]) expect(worstError(outline, distance)).toBeLessThan(DILATION_ERROR);
    }
  });

  it('keeps the distance from the stairs of a polygonised raster', () => {
    const stairs: Position[] = [];
    for (let k = 0; k < 40; k++) stairs.push([30 * k, 30 * k], [30 * k + 30, 30 * k]);
    stairs.push([1200, 1200], [0, 1200], [0, 0]);
    for (const distance of [20, 250, 1000]) expect(worstError([[stairs]], distance)).toBeLessThan(DILATION_ERROR);
  });

  it('follows an outline of 100,000 corners in seconds', () => {
    const n = 100_000;
    const ring = Array.from({ length: n }, (_, k): Position => {
      const angle = (2 * Math.PI * k) / n;
      const radius = 2000 * (1 + 0.3 * Math.sin(5 * angle)) + 3 * (k % 2);
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
    const started = performance.now();
    const grown = dilate([[[...ring, ring[0]!]]], 250);
    // Some 0.15 s; JTS needs minutes for it.
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(grown).toHaveLength(1);
  });

  it('refuses distances that are none, and outlines without end', () => {
    expect(() => dilate([[box(0, 0, 1, 1)]], 0)).toThrow(RangeError);
    expect(() => dilate([[box(0, 0, 1, 1)]], Number.NaN)).toThrow(RangeError);
    expect(() => dilate([[box(0, 0, 1e9, 1e9)]], 1)).toThrow(/edges/);
  });
});

function zoneOf(polygons: Polygons, crs: Crs = WGS84): Zone {
  return { id: 'pit', name: 'Pit', role: 'mine', properties: {}, polygons, crs };
}

/** A polygon about a place, its corners given in metres east and north of it. */
function about(lon: number, lat: number, ring: readonly Position[]): Position[] {
  return ring.map(([x, y]): Position => {
    const there = GEODESIC.Direct(lat, lon, (Math.atan2(x, y) * 180) / Math.PI, Math.hypot(x, y));
    return [there.lon2!, there.lat2!];
  });
}

/**
 * Geodesic distance of a point from a polygon whose edges are straight in longitude and latitude: sought along each edge,
 * coarse first, then by thirds.
 */
function geodesicDistance(polygons: Polygons, [lon, lat]: Position): number {
  const metres = (x: number, y: number) => GEODESIC.Inverse(lat, lon, y, x).s12!;
  let least = Infinity;
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [[ax, ay], [bx, by]] = [ring[k]!, ring[k + 1]!];
      const at = (t: number) => metres(ax + (bx - ax) * t, ay + (by - ay) * t);
      let [low, high] = [0, 1];
      for (let step = 0; step < 30; step++) {
        const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
        if (at(a) < at(b)) high = b;
        else low = a;
      }
      least = Math.min(least, at((low + high) / 2));
    }
  }
  return least;
}

describe('bufferZone', () => {
  it.each([
    [99.49, 38.04, 1500, 1000],
    [99.49, 38.04, 1500, 250],
    [-70, 0.001, 3000, 2000],
    [25, 67.9, 20_000, 10_000],
    [150, -75, 5000, 2000],
    [10, 50, 100_000, 50_000],
  ])(
    'lies at its distance on the ellipsoid: at %d, %d, a mine of %d m, %d m around',
    async (lon, lat, size, distance) => {
      const mine = [[about(lon, lat, star(7, 9, size / 3, size))]];
      const grown = await bufferZone(zoneOf(mine), distance);
      const points = outlinePoints(grown);
      const ratios = points.filter((_, k) => k % 7 === 0).map((point) => geodesicDistance(mine, point) / distance);
      expect(ratios.length).toBeGreaterThan(10);
      expect(Math.min(...ratios)).toBeGreaterThan(1 - BUFFER_ERROR);
      expect(Math.max(...ratios)).toBeLessThan(1 + BUFFER_ERROR);
    },
  );

  it('is the same land in whatever CRS the zone is given', async () => {
    const mine = [[about(99.49, 38.04, star(3, 12, 500, 1500))]];
    const inDegrees = zoneAreaM2({ ...zoneOf(mine), polygons: await bufferZone(zoneOf(mine), 1000) });
    for (const epsg of [32647, 3857, 6933]) {
      const crs = crsFromEpsg(epsg)!;
      const way = createTransformer(WGS84, crs);
      const polygons = mine.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => way(x, y))));
      const zone = zoneOf(polygons, crs);
      const area = zoneAreaM2({ ...zone, polygons: await bufferZone(zone, 1000) });
      // The edges of the mine are straight in another CRS: decimetres of a kilometre.
      expect(Math.abs(area / inDegrees - 1)).toBeLessThan(1e-4);
    }
  });

  it('is cut at the antimeridian, whole or not', async () => {
    const ring = star(5, 9, 500, 1500);
    const here = zoneOf([[about(120, -17, ring)]]);
    const there = zoneOf([[about(179.98, -17, ring)]]);
    expect(Math.max(...there.polygons[0]![0]!.map(([x]) => x))).toBeLessThan(180);
    const grown = await bufferZone(there, 5000);
    const lons = grown.flat(2).map(([x]) => x);
    expect(Math.min(...lons)).toBe(-180);
    expect(Math.max(...lons)).toBe(180);
    const area = (zone: Zone, polygons: Polygons) => zoneAreaM2({ ...zone, polygons });
    expect(area(there, grown) / area(here, await bufferZone(here, 5000))).toBeCloseTo(1, 6);
    // A mine on both sides, in two parts as RFC 7946 asks for.
    const halves = zoneOf([
      [
        [
          [179.99, 0],
          [180, 0],
          [180, 0.01],
          [179.99, 0.01],
          [179.99, 0],
        ],
      ],
      [
        [
          [-180, 0],
          [-179.99, 0],
          [-179.99, 0.01],
          [-180, 0.01],
          [-180, 0],
        ],
      ],
    ]);
    const whole = zoneOf([[box(99.99, 0, 0.02, 0.01)]]);
    expect(area(halves, await bufferZone(halves, 1000)) / area(whole, await bufferZone(whole, 1000))).toBeCloseTo(1, 6);
  });

  it('refuses what it cannot measure: a zone of 600 km, a pole, an outline too long for its distance', async () => {
    await expect(bufferZone(zoneOf([[box(0, 0, 6, 1)]]), 1000)).rejects.toThrow(/zone pit: it reaches 3\d\d km/);
    await expect(bufferZone(zoneOf([[box(0, 89.9, 1, 0.05)]]), 20_000)).rejects.toThrow(/pole/);
    await expect(bufferZone(zoneOf([[box(0, 0, 0, 0)]]), 1)).rejects.toThrow(/zone pit: it has no area/);
    await expect(bufferZone(zoneOf([[box(0, 0, 3, 3)]]), 1)).rejects.toThrow(/zone pit: the outline has more/i);
  });
});
