/**
 * Zones at the poles and on the antimeridian keep the budget: hectares on the grid and by the outline agree.
 */
import { describe, expect, it } from 'vitest';
import { crsFromEpsg, WGS84, type Crs } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import { BUDGET_TOLERANCE, prepareZones } from '../../src/pipeline/zones.ts';
import { normaliseLongitudes } from '../../src/vector/antimeridian.ts';
import { geodesicAreaM2, zoneAreaM2 } from '../../src/vector/geodesic-area.ts';
import type { Polygons, Ring } from '../../src/vector/polygons.ts';
import { projectZone } from '../../src/vector/project.ts';

const ARCTIC = crsFromEpsg(3413)!;
const zoneOf = (polygons: Polygons, crs: Crs) => ({ id: 'z', name: 'z', role: 'mine', properties: {}, polygons, crs });
const box = (w: number, s: number, e: number, n: number): Ring => [
  [w, s],
  [e, s],
  [e, n],
  [w, n],
  [w, s],
];

describe('the budget of a zone', () => {
  const polar: Grid = { width: 150, height: 150, transform: [1000, 0, -75_000, 0, -1000, 75_000], crs: ARCTIC };
  const utm: Grid = {
    width: 200,
    height: 200,
    transform: [100, 0, 815_000, 0, -100, 1_120_000],
    crs: crsFromEpsg(32660)!,
  };
  const round: Ring = [
    [0, 89.6],
    [90, 89.6],
    [180, 89.6],
    [-90, 89.6],
    [0, 89.6],
  ];

  it.each([
    ['round a pole, in the polar grid’s CRS', polar, zoneOf([[box(-50_000, -40_000, 50_000, 60_000)]], ARCTIC)],
    ['round a pole, in degrees', polar, zoneOf(normaliseLongitudes([[round]]).polygons, WGS84)],
    [
      'across the antimeridian, in degrees',
      utm,
      zoneOf(normaliseLongitudes([[box(179.95, 10, -179.95, 10.1)]]).polygons, WGS84),
    ],
    [
      'across the antimeridian, in UTM',
      utm,
      zoneOf([[box(820_000, 1_106_000, 830_000, 1_116_000)]], crsFromEpsg(32660)!),
    ],
  ])('%s', async (_name, grid, zone) => {
    const { zones } = await prepareZones('z', [zone], grid);
    const { weights, outsideM2, areaM2 } = zones[0]!;
    expect(outsideM2).toBe(0);
    expect(Math.abs(weights.insideM2 / areaM2 - 1)).toBeLessThan(BUDGET_TOLERANCE);
  });

  it('is measured alike in both ways where both can be used', () => {
    const zone = zoneOf([[box(900_000, 700_000, 1_000_000, 800_000)]], ARCTIC);
    // Both follow the edges to 3e-9 of the area.
    expect(Math.abs(zoneAreaM2(zone) / geodesicAreaM2(projectZone(zone, WGS84)) - 1)).toBeLessThan(6e-9);
  });
});
