import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { crsFromEpsg, WGS84 } from '../../src/geo/crs.ts';
import { normaliseLongitudes } from '../../src/vector/antimeridian.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { geodesicAreaM2, zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import { planarMeasures, type Polygons, type Ring } from '../../src/vector/polygons.ts';
import { projectZone } from '../../src/vector/project.ts';

const box = (w: number, s: number, e: number, n: number): Ring => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
];
const lons = (polygons: Polygons) => polygons.flat(2).map(([lon]) => lon);

describe('normaliseLongitudes', () => {
  it('leaves alone what needs nothing', () => {
    const polygons = [[box(99, 38, 100, 39)], [box(-180, 0, -179, 1)]];
    expect(normaliseLongitudes(polygons)).toEqual({ polygons, done: undefined });
  });

  it('cuts a leap from 179 to −179, and longitudes past 180, alike', () => {
    const leap = normaliseLongitudes([[box(179, 10, -179, 11)]]);
    const past = normaliseLongitudes([[box(179, 10, 181, 11)]]);
    const before = normaliseLongitudes([[box(-181, 10, -179, 11)]]);
    expect(leap.done).toBe('passes the antimeridian; it was cut there');
    for (const { polygons } of [leap, past, before]) {
      expect(polygons.map(([ring]) => new Set(ring!.map(([lon]) => lon)))).toEqual([
        new Set([179, 180]),
        new Set([-180, -179]),
      ]);
      expect(planarMeasures(polygons).area).toBe(2);
    }
  });

  it('moves what lies past 180 as a whole', () => {
    expect(normaliseLongitudes([[box(190, 10, 191, 11)]]).polygons).toEqual([[box(-170, 10, -169, 11)]]);
    expect(normaliseLongitudes([[box(-359, 10, -358, 11)]]).polygons).toEqual([[box(1, 10, 2, 11)]]);
  });

  it('keeps holes on their side, and parts those that are cut', () => {
    const outer = box(170, -10, 190, 10);
    const { polygons } = normaliseLongitudes([
      [outer, box(172, 0, 173, 1), box(-175, 0, -174, 1), box(179, 5, 181, 6)],
    ]);
    expect(planarMeasures(polygons).area).toBeCloseTo(400 - 1 - 1 - 2, 9);
    expect(Math.max(...lons(polygons))).toBe(180);
    expect(polygons.map((rings) => rings.length)).toEqual([2, 2]);
  });

  it('takes the pole in that an outline goes round', () => {
    const round = (lat: number): Ring => [
      [0, lat],
      [120, lat],
      [-120, lat],
      [0, lat],
    ];
    const north = normaliseLongitudes([[round(80)]]);
    expect(north.done).toBe('goes round the north pole, which was taken in');
    // The area north of 80 degrees by pyproj 3.4.1 Geod is that of the band; here, by the same integral as a full band.
    const band = normaliseLongitudes([[box(-180, 80, 180, 90)]]);
    expect(geodesicAreaM2(north.polygons) / geodesicAreaM2(band.polygons)).toBeCloseTo(1, 12);
    expect(normaliseLongitudes([[round(-80).toReversed()]]).done).toMatch(/south pole/);
  });

  it('is in doubt where an outline leaps and is wide, or goes round the globe at the equator', () => {
    const wide: Ring = [
      [100, 0],
      [-100, 0],
      [-20, 10],
      [100, 0],
    ];
    expect(() => normaliseLongitudes([[wide]])).toThrow(/not certain|wider than half the globe/);
    const equator: Ring = [
      [0, -10],
      [120, 10],
      [-120, 0],
      [0, -10],
    ];
    expect(() => normaliseLongitudes([[equator]])).toThrow(/not certain which pole/);
  });

  it('keeps the area of any star, wherever it lies', () => {
    const star = fc.record({
      lon: fc.double({ min: 150, max: 210, noNaN: true }),
      lat: fc.double({ min: -60, max: 60, noNaN: true }),
      radii: fc.array(fc.double({ min: 0.5, max: 20, noNaN: true }), { minLength: 3, maxLength: 30 }),
    });
    fc.assert(
      fc.property(star, fc.boolean(), ({ lon, lat, radii }, wrap) => {
        const ring = radii.map((radius, k): [number, number] => {
          const angle = (2 * Math.PI * k) / radii.length;
          const x = lon + radius * Math.cos(angle);
          return [wrap && x > 180 ? x - 360 : x, lat + (radius * Math.sin(angle)) / 2];
        });
        ring.push([...ring[0]!]);
        const straight = ring.map(([x, y]): [number, number] => [x < 0 ? x + 360 : x, y]);
        const { polygons } = normaliseLongitudes([[ring]]);
        const area = planarMeasures([[straight]]).area;
        // Cutting rounds each crossing once.
        expect(Math.abs(planarMeasures(polygons).area - area)).toBeLessThan(1e-9 * (1 + area));
        expect(lons(polygons).every((x) => x >= -180 && x <= 180)).toBe(true);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('leaves zones that lie right on a UTM grid', () => {
    const { polygons } = normaliseLongitudes([[box(179.9, 10, -179.9, 10.2)]]);
    const zone = { id: 'a', name: 'a', role: 'mine', properties: {}, polygons, crs: WGS84 };
    const utm = projectZone(zone, crsFromEpsg(32660)!);
    const [low, high] = [Math.min(...lons(utm)), Math.max(...lons(utm))];
    expect(high - low).toBeLessThan(23_000);
    expect(Math.abs(planarMeasures(utm).area / zoneAreaM2(zone) - 1)).toBeLessThan(2e-3);
  });
});

const data = `${process.env['MINE_RS_SHARED'] ?? '../shared'}/data/vector-antimeridian`;

describe.skipIf(!existsSync(data))('outlines that the antimeridian package cuts (real data)', () => {
  /** What it takes for another thing than is certain here: outlines round the globe on both sides of the equator. */
  const IN_DOUBT = new Set(['both-poles', 'extra-crossing', 'force-north-pole', 'issues-124', 'issues-164', 'overlap']);
  /** It leaves the hole out that goes beyond the outline, and the part that an outline crosses itself in. */
  const OTHERWISE = new Set(['issues-171', 'issues-81', 'simple-with-ccw-hole', 'one-ccw-hole', 'issues-182']);
  const names = existsSync(data)
    ? readdirSync(`${data}/input`)
        .map((name) => name.replace('.json', ''))
        .filter((name) => existsSync(`${data}/output/flat/${name}.json`) && !name.includes('line'))
    : [];
  const sure = names.filter((name) => !IN_DOUBT.has(name) && !OTHERWISE.has(name));

  it('are enough', () => {
    expect(sure.length).toBeGreaterThan(18);
  });

  it.each(sure)('%s: has the same area', async (name) => {
    const area = async (path: string) => (await readAoi(path)).zones.reduce((sum, zone) => sum + zoneAreaM2(zone), 0);
    const cut = await area(`${data}/output/flat/${name}.json`);
    // Its files hold seven digits and more of a crossing.
    expect(Math.abs((await area(`${data}/input/${name}.json`)) / cut - 1)).toBeLessThan(1e-6);
  });

  it.each([...IN_DOUBT])('%s: is refused, saying why', async (name) => {
    await expect(readAoi(`${data}/input/${name}.json`)).rejects.toThrow(
      /feature 1 (goes round the globe|has edges that leap)/,
    );
  });
});

const holes = `${process.env['MINE_RS_SHARED'] ?? '../shared'}/data/vector-geoblaze/antimeridian`;

describe.skipIf(!existsSync(holes))('zones at the antimeridian in degrees and in EASE-Grid 2.0 (real data)', () => {
  it.each(['split', 'right-edge'])('%s: both have one area', async (name) => {
    const [degrees, grid] = await Promise.all(
      ['geojson', 'shp'].map((ending) => readAoi(`${holes}/${name}.${ending}`)),
    );
    expect(grid!.zones[0]!.crs.epsg).toBe(6933);
    // The program that projected it kept every digit of metres.
    expect(Math.abs(zoneAreaM2(grid!.zones[0]!) / zoneAreaM2(degrees!.zones[0]!) - 1)).toBeLessThan(1e-9);
  });

  it('an outline that leaps is cut in degrees, and refused where it runs over the whole map', async () => {
    const { zones } = await readAoi(`${holes}/across.geojson`);
    const split = await readAoi(`${holes}/split.geojson`);
    expect(Math.abs(zoneAreaM2(zones[0]!) / zoneAreaM2(split.zones[0]!) - 1)).toBeLessThan(1e-12);
    await expect(readAoi(`${holes}/across.shp`)).rejects.toThrow(
      /feature 1 has an edge round more than half the globe/,
    );
  });
});
