import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import { orientation } from '../../src/vector/orientation.ts';
import { overlay } from '../../src/vector/overlay.ts';
import { planarMeasures, type Polygons, type Position, type Ring } from '../../src/vector/polygons.ts';
import { lintPolygons } from '../../src/vector/lint/geometry.ts';
import { lintAoi, repairAoi } from '../../src/vector/lint/lint.ts';
import { repairPolygons } from '../../src/vector/lint/repair.ts';

const UTM = crsFromEpsg(32647)!;
const RULES = { ringOrder: 'rfc7946', closed: true } as const;
const box = (w: number, s: number, e: number, n: number): Ring => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
];
const hole = (w: number, s: number, e: number, n: number): Ring => box(w, s, e, n).toReversed();

/** Kinds and places of what is found: `kind part.ring.vertex`. */
function found(polygons: Polygons): string[] {
  const out: string[] = [];
  lintPolygons(polygons, UTM, RULES, (kind, _text, { part, ring, vertex }) => {
    out.push(`${kind} ${part}.${ring}${vertex === undefined ? '' : `.${vertex}`}`);
  });
  return out;
}

describe('lint of one feature', () => {
  it.each<[string, Polygons, string[]]>([
    ['a square', [[box(0, 0, 100, 100)]], []],
    ['a hole', [[box(0, 0, 100, 100), hole(10, 10, 20, 20)]], []],
    [
      'a hole that touches the outline in a point',
      [
        [
          box(0, 0, 100, 100),
          [
            [0, 0],
            [20, 40],
            [40, 20],
            [0, 0],
          ],
        ],
      ],
      [],
    ],
    ['parts that touch in a corner', [[box(0, 0, 100, 100)], [box(100, 100, 200, 200)]], []],
    [
      'a bow',
      [
        [
          [
            [0, 0],
            [200, 100],
            [200, 0],
            [0, 100],
            [0, 0],
          ],
        ],
      ],
      ['self-intersection 1.1.1'],
    ],
    [
      'a bow through a vertex',
      [
        [
          [
            [0, 0],
            [50, 50],
            [100, 0],
            [100, 100],
            [50, 50],
            [0, 100],
            [0, 0],
          ],
        ],
      ],
      ['self-touch 1.1.5'],
    ],
    [
      'a ring that crosses itself in a vertex',
      [
        [
          [
            [0, 0],
            [50, 50],
            [100, 100],
            [100, 0],
            [50, 50],
            [0, 100],
            [0, 0],
          ],
        ],
      ],
      ['self-intersection 1.1.2'],
    ],
    [
      'a repeated vertex',
      [
        [
          [
            [0, 0],
            [100, 0],
            [100, 0],
            [100, 100],
            [0, 100],
            [0, 0],
          ],
        ],
      ],
      ['duplicate-vertex 1.1.3'],
    ],
    ['an open ring', [[box(0, 0, 100, 100).slice(0, -1)]], ['unclosed-ring 1.1.4']],
    [
      'two points',
      [
        [
          [
            [0, 0],
            [100, 0],
            [0, 0],
          ],
        ],
      ],
      ['too-few-points 1.1'],
    ],
    [
      'a line there and back',
      [
        [
          [
            [0, 0],
            [100, 0],
            [200, 0],
            [0, 0],
          ],
        ],
      ],
      ['spike 1.1.1', 'spike 1.1.3', 'no-area 1.1'],
    ],
    [
      'a spike',
      [
        [
          [
            [0, 0],
            [100, 0],
            [100, 50],
            [300, 50],
            [100, 50],
            [100, 100],
            [0, 100],
            [0, 0],
          ],
        ],
      ],
      ['spike 1.1.4'],
    ],
    [
      'a sliver',
      [
        [
          [
            [0, 0],
            [100, 0],
            [100, 0.2],
            [0, 0.2],
            [0, 0],
          ],
        ],
      ],
      ['sliver 1.1'],
    ],
    ['a clockwise outline', [[hole(0, 0, 100, 100)]], ['ring-order 1.1']],
    ['a counter-clockwise hole', [[box(0, 0, 100, 100), box(10, 10, 20, 20)]], ['ring-order 1.2']],
    ['a hole outside', [[box(0, 0, 100, 100), hole(110, 10, 120, 20)]], ['hole-outside 1.2']],
    ['a hole in a hole', [[box(0, 0, 100, 100), hole(10, 10, 50, 50), hole(20, 20, 30, 30)]], ['nested-rings 1.3']],
    [
      'a hole across the outline',
      [[box(0, 0, 100, 100), hole(90, 10, 120, 20)]],
      ['rings-cross 1.1.2', 'rings-cross 1.1.2'],
    ],
    [
      'parts that overlap',
      [[box(0, 0, 100, 100)], [box(50, 50, 150, 150)]],
      ['rings-cross 1.1.2', 'rings-cross 1.1.3'],
    ],
    ['a part in a part', [[box(0, 0, 100, 100)], [box(10, 10, 20, 20)]], ['nested-rings 2.1']],
    ['an island in a hole', [[box(0, 0, 100, 100), hole(10, 10, 50, 50)], [box(20, 20, 30, 30)]], []],
    ['parts with a common border', [[box(0, 0, 100, 100)], [box(100, 0, 200, 100)]], ['shared-edge 2.1.1']],
    ['the same part twice', [[box(0, 0, 100, 100)], [box(0, 0, 100, 100)]], ['shared-edge 2.1.1']],
  ])('%s', (_name, polygons, expected) => {
    expect(found(polygons)).toEqual(expected);
  });

  it('gives up on a hatch of thousands of lines rather than compare each with each', () => {
    const hatch = Array.from({ length: 12_000 }, (_, k): Position => [
      500_000 + k + (k % 2) * 9000,
      4_000_000 + k / 2 + (k % 2) * 9000,
    ]);
    hatch.push([500_000, 4_100_000], hatch[0]!);
    expect(found([[hatch]]).at(-1)).toMatch(/^too-intricate/);
  });

  it('is exact: a vertex beside an edge by one unit in the last place neither touches nor crosses', () => {
    const y = 4_000_000 + 2 ** -30 * 2;
    const beside: Ring = [
      [500_000, 4_000_000],
      [500_100, 4_000_000],
      [500_100, 4_000_100],
      [500_050, y],
      [500_000, 4_000_100],
      [500_000, 4_000_000],
    ];
    expect(found([[beside]])).toEqual([]);
    const on = beside.map(([x, v]): Position => [x, v === y ? 4_000_000 : v]);
    expect(found([[on]])).toEqual(['self-touch 1.1.4']);
  });
});

describe('orientation', () => {
  it('agrees with whole-number arithmetic next to a line', () => {
    const near = fc.integer({ min: -8, max: 8 });
    fc.assert(
      fc.property(near, near, near, near, (i, j, k, l) => {
        const ulp = 2 ** -53;
        const [ax, ay] = [0.5 + i * ulp, 0.5 + j * ulp];
        const [bx, by, cx, cy] = [12 + k * 2 ** -49, 12, 24, 24 + l * 2 ** -48];
        const big = (v: number) => BigInt(v * 2 ** 54);
        const det = (big(ax) - big(cx)) * (big(by) - big(cy)) - (big(ay) - big(cy)) * (big(bx) - big(cx));
        expect(orientation(ax, ay, bx, by, cx, cy)).toBe(det > 0n ? 1 : det < 0n ? -1 : 0);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('repair', () => {
  const oracle = JSON.parse(readFileSync(new URL('../oracle/repair.json', import.meta.url), 'utf8')) as {
    cases: { polygons: Polygons; area: number }[];
  };

  it.each(oracle.cases.map((c, k): [number, (typeof oracle.cases)[number]] => [k, c]))(
    'case %i has the area that GEOS gives it, and nothing to find',
    (_k, { polygons, area }) => {
      const moved = polygons.map((polygon) =>
        polygon.map((ring) => ring.map(([x, y]): Position => [500_000 + x * 100, 4_000_000 + y * 100])),
      );
      const mended = repairPolygons(moved, UTM)!;
      expect(mended).toBeDefined();
      expect(found(mended)).toEqual([]);
      // GEOS rounds crossings elsewhere; parts and holes thinner than half a metre are dropped here.
      expect(Math.abs(planarMeasures(mended).area - area * 1e4)).toBeLessThanOrEqual(1e-6 * area * 1e4 + 50);
    },
  );

  it('leaves nothing to find in any drawing, and mending twice changes nothing', () => {
    const lattice = fc.integer({ min: 0, max: 12 });
    const smooth = fc.double({ min: 0, max: 1000, noNaN: true });
    const ringOf = (value: fc.Arbitrary<number>) => fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 16 });
    const polygon = fc.oneof(
      fc.array(ringOf(lattice.map((v) => v * 80)), { minLength: 1, maxLength: 3 }),
      fc.array(ringOf(smooth), { minLength: 1, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(polygon, { minLength: 1, maxLength: 3 }), (drawn) => {
        const polygons = drawn.map((rings) =>
          rings.map((ring) => ring.map(([x, y]): Position => [500_000 + x, 4_000_000 + y])),
        );
        const mended = repairPolygons(polygons, UTM);
        expect(mended).toBeDefined();
        expect(found(mended!)).toEqual([]);
        expect(repairPolygons(mended!, UTM)).toEqual(mended);
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it('does so in degrees too', () => {
    const degrees = fc.array(
      fc.tuple(fc.double({ min: 99, max: 99.01, noNaN: true }), fc.double({ min: 38, max: 38.01, noNaN: true })),
      { minLength: 4, maxLength: 30 },
    );
    fc.assert(
      fc.property(degrees, (ring) => {
        const mended = repairPolygons([[ring.map(([x, y]): Position => [x, y])]], crsFromEpsg(4326)!);
        expect(mended).toBeDefined();
        const kinds: string[] = [];
        lintPolygons(mended!, crsFromEpsg(4326)!, RULES, (kind) => kinds.push(kind));
        expect(kinds).toEqual([]);
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('sets roles right where the hole stands before the outline', () => {
    const mended = repairPolygons([[box(10, 10, 20, 20), box(0, 0, 100, 100)]], UTM)!;
    expect(mended.map((rings) => rings.length)).toEqual([2]);
    expect(planarMeasures(mended).area).toBe(9900);
  });

  it('makes a part of a hole outside, and drops a hole that covers all', () => {
    const apart = repairPolygons([[box(0, 0, 100, 100), hole(200, 0, 300, 100)]], UTM)!;
    expect(planarMeasures(apart).area).toBe(20_000);
    expect(apart.length).toBe(2);
    const across = repairPolygons([[box(0, 0, 100, 100), hole(50, -10, 300, 110)]], UTM)!;
    expect(planarMeasures(across).area).toBe(5000);
  });

  it('keeps every coordinate of what is right', () => {
    const polygons = [[box(0.1, 0.2, 100.3, 100.4), hole(10, 10, 20, 20)]];
    expect(repairPolygons(polygons, UTM)).toEqual(polygons);
  });
});

describe('overlay', () => {
  it('takes what a ring goes round twice once', () => {
    const twice = [...box(0, 0, 10, 10), ...box(0, 0, 10, 10).slice(1)];
    const polygons = overlay([{ ring: twice, group: 0 }], (turns) => turns !== 0)!;
    expect(planarMeasures(polygons).area).toBe(100);
  });

  it('finds lobes, and holes that lie apart', () => {
    const rings = [box(0, 0, 10, 10), hole(2, 2, 4, 4), box(20, 0, 30, 10)];
    const polygons = overlay(
      rings.map((ring) => ({ ring, group: 0 as const })),
      (turns) => turns > 0,
    )!;
    expect(polygons.map((polygon) => polygon.length)).toEqual([2, 1]);
  });
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mine-rs-lint-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(features: object[], crs?: number): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'f-')), 'zones.geojson');
  const member = crs === undefined ? {} : { crs: { type: 'name', properties: { name: `EPSG:${crs}` } } };
  await writeFile(path, JSON.stringify({ type: 'FeatureCollection', ...member, features }));
  return path;
}
const feature = (properties: object, ...coordinates: Ring[]) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates },
});

describe('lint of a file', () => {
  const lonLat = (x: number, y = 38, size = 0.01) => box(x, y, x + size, y + size);

  it('names ids, features without polygons, and overlaps, and counts by level', async () => {
    const path = await file([
      feature({ id: 'a' }, lonLat(99)),
      feature({ id: 'a' }, lonLat(99.1)),
      feature({}, lonLat(99.2)),
      { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [99, 38] } },
      feature({ id: 'b' }, lonLat(99.005)),
    ]);
    const { findings, zones, features } = await lintAoi(path);
    expect([zones, features]).toEqual([4, 5]);
    expect(findings.listed.map(({ kind, feature: number, level }) => [kind, number, level])).toEqual([
      ['double-id', 2, 'error'],
      ['missing-id', 3, 'warning'],
      ['no-polygon', 4, 'note'],
      ['overlap', 1, 'note'],
    ]);
    expect(findings.listed.at(-1)!.text).toMatch(/shares 48\.\d+ ha with zone 'b'/);
    expect([findings.count('error'), findings.count('warning'), findings.count('note')]).toEqual([1, 1, 2]);
  });

  it.each<[string, number | undefined, Ring, RegExp]>([
    ['degrees in a projected CRS', 32647, lonLat(99), /are these degrees of longitude and latitude/],
    ['x and y swapped', 32647, box(4_210_000, 540_000, 4_211_000, 541_000), /x and y swapped/],
    [
      'the other side of the equator',
      32647,
      box(540_000, -4_210_000, 541_000, -4_209_000),
      /other side of the equator/,
    ],
    ['a polar CRS of the other pole', 3413, box(9e6, 9e6, 9.1e6, 9.1e6), /other side of the equator/],
    ['coordinates of a plan', 4326, box(0.1, 0.1, 0.2, 0.2), /near longitude 0, latitude 0/],
  ])('suspects %s', async (_name, crs, ring, message) => {
    const { findings } = await lintAoi(await file([feature({ id: 'a' }, ring)], crs));
    expect(findings.listed.find(({ kind }) => kind === 'suspicious-crs')?.text).toMatch(message);
  });

  it('says nothing of a zone in its place', async () => {
    const { findings } = await lintAoi(
      await file([feature({ id: 'a' }, box(540_000, 4_210_000, 541_000, 4_211_000))], 32647),
    );
    expect(findings.listed).toEqual([]);
  });

  it('names what passes the antimeridian, and what is not certain', async () => {
    const { findings } = await lintAoi(
      await file([
        feature({ id: 'a' }, [
          [179, 10],
          [-179, 10],
          [-179, 11],
          [179, 11],
          [179, 10],
        ]),
        feature({ id: 'b' }, [
          [0, -10],
          [120, 10],
          [-120, 0],
          [0, -10],
        ]),
      ]),
    );
    expect(findings.listed.map(({ kind, feature: number }) => [kind, number])).toEqual([
      ['ring-order', 1],
      ['cut-at-180', 1],
      ['antimeridian', 2],
    ]);
  });

  it('mends ids and outlines, and says what was left out', async () => {
    const bow: Ring = [
      [99, 38],
      [99.02, 38.01],
      [99.02, 38],
      [99, 38.01],
      [99, 38],
    ];
    const path = await file([
      feature({ id: 'a', note: 'kept' }, bow),
      feature({ id: 'a' }, lonLat(99.1)),
      feature({}, lonLat(99.2)),
      feature({ id: 'line' }, [
        [99.3, 38],
        [99.4, 38],
        [99.3, 38],
      ]),
    ]);
    const { zones, mended, leftOut } = await repairAoi(path);
    expect(zones.map(({ id, properties }) => [id, properties])).toEqual([
      ['a', { id: 'a', note: 'kept' }],
      ['a-2', { id: 'a-2' }],
      ['3', { id: '3' }],
    ]);
    expect(mended.map(({ feature: number, newId }) => [number, newId])).toEqual([
      [1, null],
      [2, 'a-2'],
      [3, '3'],
    ]);
    expect(mended[0]!.areaBeforeM2).toBeLessThan(1);
    // Two triangles of half a cell of 0.01 by 0.01 degrees each.
    expect(Math.abs(mended[0]!.areaAfterM2 / mended[1]!.areaAfterM2 - 1)).toBeLessThan(1e-3);
    expect(leftOut).toEqual([{ feature: 4, why: 'it encloses no area' }]);
  });

  it('looks at 100,000 vertices and at 10,000 zones in seconds', async () => {
    const n = 100_000;
    const ring = Array.from({ length: n }, (_, k): Position => {
      const angle = (2 * Math.PI * k) / n;
      const radius = 10_000 * (1 + 0.3 * Math.sin(20 * angle)) + (k % 2);
      return [540_000 + radius * Math.cos(angle), 4_210_000 + radius * Math.sin(angle)];
    });
    ring.push(ring[0]!);
    const zones = Array.from({ length: 10_000 }, (_, k) => {
      const [x, y] = [400_000 + 300 * (k % 100), 4_300_000 + 300 * Math.floor(k / 100)];
      return feature({ id: k }, box(x, y, x + 300, y + 300));
    });
    const [one, many] = [await file([feature({ id: 'big' }, ring)], 32647), await file(zones, 32647)];
    const start = performance.now();
    expect((await lintAoi(one)).findings.listed).toEqual([]);
    expect((await lintAoi(many)).findings.listed).toEqual([]);
    // Some 3 s on one core; comparing every edge with every other would take minutes.
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
