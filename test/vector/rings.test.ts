import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WGS84 } from '../../src/geo/crs.ts';
import { BUFFER_ERROR } from '../../src/vector/buffer.ts';
import { intersect } from '../../src/vector/clip.ts';
import { zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons, Position } from '../../src/vector/polygons.ts';
import { ringsAround, type Ring } from '../../src/vector/rings.ts';
import type { Zone } from '../../src/vector/zone.ts';

interface Oracle {
  rings: { name: string; mines: Position[][]; distances: number[]; areasM2: number[] }[];
}

const oracle = JSON.parse(readFileSync(new URL('../oracle/rings.json', import.meta.url), 'utf8')) as Oracle;

function mineOf(ring: Position[], k: number): Zone {
  const id = `mine-${k}`;
  return { id, name: id, role: 'mine', properties: {}, polygons: [[ring]], crs: WGS84 };
}

const named = (mine: Zone, from: number, to: number) => ({
  id: `${mine.id}:${from}-${to}`,
  name: 'ring',
  role: 'ring',
});

const areaOf = (zone: Zone, polygons: Polygons = zone.polygons) => zoneAreaM2({ ...zone, polygons });

describe('rings', () => {
  it.each(oracle.rings)('have the areas that shapely and pyproj find: $name', async ({ mines, distances, areasM2 }) => {
    const rings = await ringsAround(mines.map(mineOf), distances, named);
    expect(rings.map(({ toM }) => toM)).toEqual(mines.flatMap(() => distances));
    for (const [k, ring] of rings.entries())
      expect(Math.abs(areaOf(ring) / areasM2[k]! - 1)).toBeLessThan(2 * BUFFER_ERROR);
  });

  it('of one mine share no land, and none holds land of a mine', async () => {
    const [{ mines }] = oracle.rings as [Oracle['rings'][number]];
    const zones = mines.map(mineOf);
    const rings = await ringsAround(zones, [250, 500, 1000], named);
    const shared = async (a: Zone, b: Zone) => areaOf(a, await intersect(a.polygons, b.polygons));
    for (const ring of rings) for (const mine of zones) expect(await shared(ring, mine)).toBeLessThan(1e-3);
    const [a, b, c] = rings.filter(({ mine }) => mine === 'mine-0') as [Ring, Ring, Ring];
    for (const pair of [
      [a, b],
      [b, c],
      [a, c],
    ] as const) {
      expect(await shared(...pair)).toBeLessThan(1e-3);
    }
    // Rings of neighbouring mines do overlap: each is counted for its own mine.
    expect(await shared(c, rings.at(-1)!)).toBeGreaterThan(1e4);
  });

  it('leaves out a ring that is all land of another mine', async () => {
    const box = (x: number, y: number, size: number): Position[] => [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ];
    const outer: Zone = { ...mineOf([], 0), polygons: [[box(99, 38, 0.1), box(99.04, 38.04, 0.01).toReversed()]] };
    const inner = mineOf(box(99.04, 38.04, 0.01), 1);
    const rings = await ringsAround([outer, inner], [100, 500], named);
    expect(rings.map(({ mine, toM }) => `${mine} ${toM}`)).toEqual(['mine-0 100', 'mine-0 500']);
  });
});
