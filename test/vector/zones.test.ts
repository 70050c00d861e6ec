import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { createTransformer, crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import { findCrossings } from '../../src/vector/crossings.ts';
import { zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import { findOverlaps, roleUnions } from '../../src/vector/overlaps.ts';
import { signedRingArea, type Polygons, type Ring } from '../../src/vector/polygons.ts';
import { projectZone } from '../../src/vector/project.ts';
import type { Zone } from '../../src/vector/zone.ts';
import { zonesGeoJson } from '../../src/vector/zones-geojson.ts';

const UTM = crsFromEpsg(32647)!;
const box = (x0: number, y0: number, x1: number, y1: number): Ring => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
  [x0, y0],
];
const zone = (id: string, role: string, polygons: Polygons, crs = WGS84): Zone => ({
  id,
  name: id.toUpperCase(),
  role,
  properties: { since: 2009 },
  polygons,
  crs,
});

describe('projectZone', () => {
  it('leaves a zone in its own CRS alone', () => {
    const z = zone('a', 'mine', [[box(540_000, 4_210_000, 541_000, 4_211_000)]], UTM);
    expect(projectZone(z, UTM)).toBe(z.polygons);
  });

  it('keeps corners and holes, and bends edges as the projection does', () => {
    const z = zone('a', 'mine', [[box(99, 38, 99.5, 38.4), box(99.1, 38.1, 99.2, 38.2)]]);
    const projected = projectZone(z, UTM);
    expect(projected.map((rings) => rings.length)).toEqual([2]);
    const forward = createTransformer(WGS84, UTM);
    const back = createTransformer(UTM, WGS84);
    for (const [r, ring] of projected[0]!.entries()) {
      expect(ring[0]).toEqual(ring.at(-1));
      for (const [x, y] of z.polygons[0]![r]!) {
        const corner = forward(x, y);
        expect(ring).toContainEqual(corner);
      }
      for (let k = 0; k + 1 < ring.length; k++) {
        // The middle of each chord lies on the edge, which runs along a parallel or a meridian, within 0.1 mm.
        const [lon, lat] = back((ring[k]![0] + ring[k + 1]![0]) / 2, (ring[k]![1] + ring[k + 1]![1]) / 2);
        const [w, e, s, n] = r === 0 ? [99, 99.5, 38, 38.4] : [99.1, 99.2, 38.1, 38.2];
        const off = Math.min(...[lon - w, lon - e, lat - s, lat - n].map(Math.abs));
        expect(off * 111_000).toBeLessThan(1e-4);
      }
    }
  });

  it('refuses a zone that the CRS cannot represent', () => {
    expect(() => projectZone(zone('far', 'mine', [[box(20, -3, 21, -2)]]), UTM)).toThrow(MineRsError);
    expect(() => projectZone(zone('far', 'mine', [[box(20, -3, 21, -2)]]), UTM)).toThrow(
      /Zone 'far' .* EPSG:32647 cannot represent/,
    );
    // The corners are the poles, which it can; the edges between them it cannot.
    expect(() => projectZone(zone('globe', 'mine', [[box(-180, -90, 180, 90)]]), UTM)).toThrow(
      /Zone 'globe' .* EPSG:32647 cannot represent/,
    );
  });
});

describe('findCrossings', () => {
  it('finds where a ring crosses itself', () => {
    const bow: Ring = [
      [0, 0],
      [2, 2],
      [2, 0],
      [0, 2],
      [0, 0],
    ];
    expect(findCrossings([[bow]])).toEqual([[1, 1]]);
  });

  it('finds a hole that leaves its outside, and parts that cross', () => {
    expect(findCrossings([[box(0, 0, 4, 4), box(3, 1, 5, 2)]])!.length).toBe(2);
    expect(findCrossings([[box(0, 0, 4, 4)], [box(3, 3, 5, 5)]])!.length).toBe(2);
  });

  it('says nothing of what only touches', () => {
    const touching: Ring = [
      [0, 0],
      [4, 0],
      [2, 2],
      [4, 4],
      [0, 4],
      [2, 2],
      [0, 0],
    ];
    expect(findCrossings([[touching]])).toEqual([]);
    expect(findCrossings([[box(0, 0, 4, 4), box(0, 1, 2, 2)]])).toEqual([]);
  });
});

describe('overlaps', () => {
  const a = zone('a', 'mine', [[box(99, 38, 99.02, 38.01)]]);
  const b = zone('b', 'mine', [[box(99.01, 38, 99.03, 38.01)]]);
  const neighbour = zone('c', 'mine', [[box(99.03, 38, 99.04, 38.01)]]);
  const around = zone('d', 'impact', [[box(98.9, 37.9, 99.2, 38.1)]]);

  it('are measured, and a common border is none', async () => {
    const overlaps = await findOverlaps([a, b, neighbour]);
    expect(overlaps.map((overlap) => [overlap.a, overlap.b])).toEqual([['a', 'b']]);
    // Half of a, as cells between two meridians are as large as they are wide.
    expect(Math.abs(overlaps[0]!.areaM2 / (zoneAreaM2(a) / 2) - 1)).toBeLessThan(1e-9);
  });

  it('are found between roles, in the order of the zones', async () => {
    const overlaps = await findOverlaps([around, b, a]);
    expect(overlaps.map((overlap) => [overlap.a, overlap.b])).toEqual([
      ['d', 'b'],
      ['d', 'a'],
      ['b', 'a'],
    ]);
    expect(Math.abs(overlaps[0]!.areaM2 / zoneAreaM2(b) - 1)).toBeLessThan(1e-9);
  });

  it('make one union for each role that has some', async () => {
    const zones = [a, b, neighbour, around];
    const unions = await roleUnions(zones, await findOverlaps(zones));
    expect(unions.map(({ id, role }) => [id, role])).toEqual([['role:mine', 'mine']]);
    // From 99.00 to 99.04: twice the width of a.
    expect(Math.abs(zoneAreaM2(unions[0]!) / (2 * zoneAreaM2(a)) - 1)).toBeLessThan(1e-9);
  });

  it('make one union of all that hangs together, and keep the rest', async () => {
    // Four chains of three zones each, half a zone apart, and a zone alone.
    const step = (chain: number, k: number) =>
      box(99 + 0.01 * k, 38 + 0.05 * chain, 99.02 + 0.01 * k, 38.01 + 0.05 * chain);
    const chains = [0, 1, 2, 3].flatMap((chain) =>
      [2, 0, 1].map((k) => zone(`${chain}-${k}`, 'mine', [[step(chain, k)]])),
    );
    const zones = [...chains, zone('alone', 'mine', [[box(99.5, 38, 99.52, 38.01)]])];
    const overlaps = await findOverlaps(zones);
    expect(overlaps).toHaveLength(8);
    const [union, ...others] = await roleUnions(zones, overlaps);
    expect(others).toEqual([]);
    expect(union!.polygons).toHaveLength(5);
    const wanted = [0, 1, 2, 3].reduce(
      (sum, chain) => sum + zoneAreaM2(zone('c', 'mine', [[box(99, 38 + 0.05 * chain, 99.04, 38.01 + 0.05 * chain)]])),
      zoneAreaM2(zones.at(-1)!),
    );
    expect(Math.abs(zoneAreaM2(union!) / wanted - 1)).toBeLessThan(1e-9);
  });

  it('of ten thousand neighbours are looked for in a moment, and found where they are', async () => {
    const side = 100;
    const zones = Array.from({ length: side * side }, (_, k) => {
      const [x, y] = [500_000 + 100 * (k % side), 4_200_000 + 100 * Math.floor(k / side)];
      // One zone reaches a metre into its neighbour.
      return zone(String(k), 'mine', [[box(x, y, x + (k === 5050 ? 101 : 100), y + 100)]], UTM);
    });
    const overlaps = await findOverlaps(zones);
    expect(overlaps.map(({ a, b }) => [a, b])).toEqual([['5050', '5051']]);
    // A metre by a hundred; UTM is 1/2500 too small at its middle.
    expect(Math.abs(overlaps[0]!.areaM2 / 100.08 - 1)).toBeLessThan(1e-4);
  });

  it('are refused where there are too many to look for', async () => {
    const zones = Array.from({ length: 1500 }, (_, k) => zone(String(k), 'mine', [[box(99, 38, 99.1, 38.1)]]));
    await expect(findOverlaps(zones)).rejects.toThrow(/More than 1000000 pairs/);
  });

  it('make no union where only roles overlap', async () => {
    const zones = [a, around];
    expect(await roleUnions(zones, await findOverlaps(zones))).toEqual([]);
  });

  it('of zones in two CRS are measured in the first', async () => {
    const projected: Zone = { ...b, crs: UTM, polygons: projectZone(b, UTM) };
    const [overlap] = await findOverlaps([a, projected]);
    expect(Math.abs(overlap!.areaM2 / (zoneAreaM2(a) / 2) - 1)).toBeLessThan(1e-7);
  });
});

describe('zonesGeoJson', () => {
  interface Collection {
    type: string;
    features: { id: string; properties: Record<string, unknown>; geometry: { type: string; coordinates: unknown } }[];
  }

  it('keeps attributes, adds figures, and winds rings as RFC 7946 asks for', () => {
    const z = zone('a', 'mine', [[box(99, 38, 99.1, 38.1).toReversed(), box(99.02, 38.02, 99.05, 38.05)]]);
    const json = JSON.parse(zonesGeoJson([z], { a: { disturbed_ha: 12.5, note: null }, b: { x: 1 } })) as Collection;
    expect(json.features[0]!.properties).toEqual({
      since: 2009,
      id: 'a',
      name: 'A',
      role: 'mine',
      disturbed_ha: 12.5,
      note: null,
    });
    expect(json.features[0]!.geometry.type).toBe('Polygon');
    const [outer, hole] = json.features[0]!.geometry.coordinates as Ring[];
    expect(signedRingArea(outer!)).toBeGreaterThan(0);
    expect(signedRingArea(hole!)).toBeLessThan(0);
  });

  it('brings a projected zone to longitude and latitude without a change of its area', () => {
    const z = zone(
      'p',
      'mine',
      [[box(540_000, 4_210_000, 541_000, 4_211_000)], [box(542_000, 4_210_000, 543_000, 4_211_000)]],
      UTM,
    );
    const json = JSON.parse(zonesGeoJson([z], {})) as Collection;
    expect(json.features[0]!.geometry.type).toBe('MultiPolygon');
    const area = zoneAreaM2({ ...z, crs: WGS84, polygons: json.features[0]!.geometry.coordinates as Polygons });
    // Nine decimals are 0.1 mm on the ground; edges of 1 km may be 1 mm off their curve.
    expect(Math.abs(area / zoneAreaM2(z) - 1)).toBeLessThan(2e-6);
  });

  it('is the same text every time', () => {
    const z = zone('a', 'mine', [[box(99, 38, 99.1, 38.1)]]);
    expect(zonesGeoJson([z], { a: { x: 1 } })).toBe(zonesGeoJson([z], { a: { x: 1 } }));
    expect(zonesGeoJson([], {})).toBe('{"type":"FeatureCollection","features":[\n\n]}\n');
  });
});
