/**
 * Zones on the run's grid: weights, areas, overlaps and totals per role.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { areaCoverage } from '../vector/area-share.ts';
import { cellAreaM2 } from '../vector/cell-area.ts';
import type { Coverage } from '../vector/coverage.ts';
import { zoneAreaM2 } from '../vector/geodesic-area.ts';
import { findOverlaps, roleUnions, type Overlap } from '../vector/overlaps.ts';
import { projectZone } from '../vector/project.ts';
import { zoneWeights, type ZoneSlice, type ZoneWeights } from '../vector/weights.ts';
import type { Zone } from '../vector/zone.ts';
import { windowIndex } from './zone-index.ts';

/** One zone on the grid. */
export interface PreparedZone {
  /** Its number in the run: the zones of the AOI, then the rings around mines, then the unions of roles. */
  number: number;
  zone: Zone;
  coverage: Coverage;
  weights: ZoneWeights;
  /** Geodesic area of the whole polygon. */
  areaM2: number;
  /** The part of it beyond the grid: land that no scene shows. */
  outsideM2: number;
}

export interface PreparedZones {
  /** The AOI's zones, in the file's order. */
  zones: PreparedZone[];
  /** One pseudo zone for each role whose zones overlap. */
  unions: PreparedZone[];
  /** Rings around mines; no part of any total. */
  rings: PreparedZone[];
  overlaps: readonly Overlap[];
  /** m² of one unit of weight. */
  unitM2: number;
  warnings: string[];
  /** Numbers of the zones (or of the union) that make up a role with nothing counted twice. */
  withoutOverlap(role: string): number[];
  /** The weights of all zones, unions and rings in a window. */
  slices(window: Window): ZoneSlice[];
}

/**
 * Largest misfit of a zone's hectares on the grid and its geodesic area. It is what the budget of every table must keep.
 */
export const BUDGET_TOLERANCE = 1e-6;

/**
 * Lays the zones of a file on a grid.
 *
 * @param pixels What the grid is of, in words.
 * @param rings Zones that are summed up apart: they are in no overlap and no total.
 * @throws {MineRsError} BAD_INPUT if the areas of a zone disagree
 */
export async function prepareZones(
  path: string,
  zones: readonly Zone[],
  grid: Grid,
  pixels = 'scenes',
  rings: readonly Zone[] = [],
): Promise<PreparedZones> {
  const cellArea = cellAreaM2(grid);
  const place = (zone: Zone, number: number): PreparedZone => {
    const covered = areaCoverage(projectZone(zone, grid.crs), grid, cellArea);
    const weights = zoneWeights(covered, cellArea, number);
    const areaM2 = zoneAreaM2(zone);
    const outsideM2 = covered.outsideArea > 0 ? Math.max(0, areaM2 - weights.insideM2) : 0;
    return { number, zone, coverage: covered, weights, areaM2, outsideM2 };
  };
  const placed = zones.map(place);
  const apart = rings.map((ring, k) => place(ring, zones.length + k));
  for (const { zone, weights, areaM2, outsideM2 } of [...placed, ...apart]) {
    if (!(areaM2 > 0))
      throw new MineRsError('BAD_INPUT', `${path}: zone ${zone.id} has no area: remove or mend its polygon`);
    const misfit = Math.abs(weights.insideM2 + outsideM2 - areaM2) / areaM2;
    if (misfit > BUDGET_TOLERANCE) {
      const figures = `${(weights.insideM2 / 1e4).toFixed(6)} ha on the grid, ${(areaM2 / 1e4).toFixed(6)} ha by its outline`;
      const hint = 'its outline crosses itself, parts of it overlap, or it is too small to be measured; mend it';
      throw new MineRsError('BAD_INPUT', `${path}: the area of zone ${zone.id} is not certain: ${figures}; ${hint}`, {
        zone: zone.id,
      });
    }
  }
  const beyond: string[] = [];
  for (const { zone, areaM2, outsideM2 } of [...placed, ...apart]) {
    if (outsideM2 / areaM2 < BUDGET_TOLERANCE) continue;
    const percent = (100 * outsideM2) / areaM2;
    const size = `${hectares(outsideM2)} (${percent < 0.1 ? 'less than 0.1' : percent.toFixed(1)} %)`;
    beyond.push(`Zone ${zone.id}: ${size} lie beyond the ${pixels} and are counted as no data`);
  }
  const shared: string[] = [];
  const found = await findOverlaps(zones);
  for (const { a, b, areaM2, problem } of found) {
    const size = problem === undefined ? `by ${(areaM2 / 1e4).toFixed(2)} ha` : `by an unknown area (${problem})`;
    shared.push(`Zones ${a} and ${b} overlap ${size}: each counts it, totals count it once`);
  }
  const first = zones.length + rings.length;
  const unions = (await roleUnions(zones, found)).map((zone, k) => place(zone, first + k));
  const all = [...placed, ...apart, ...unions];
  const near = windowIndex(all.map((zone) => zone.coverage.bounds));
  return {
    zones: placed,
    unions,
    rings: apart,
    overlaps: found,
    unitM2: placed[0]!.weights.unitM2,
    warnings: [...shortened(beyond, 'zones lie beyond it in part'), ...shortened(shared, 'pairs of zones overlap')],
    withoutOverlap: (role) => {
      const union = unions.find((zone) => zone.zone.role === role);
      return union === undefined ? placed.filter((z) => z.zone.role === role).map((z) => z.number) : [union.number];
    },
    slices: (window) => near(window).flatMap((k) => all[k]!.weights.slice(window) ?? []),
  };
}

/** Warnings of one kind that are worth reading one by one. */
const WARNINGS_SHOWN = 20;

function shortened(texts: readonly string[], what: string): string[] {
  const more = texts.length - WARNINGS_SHOWN;
  return more <= 0 ? [...texts] : [...texts.slice(0, WARNINGS_SHOWN), `… and ${more} more ${what}`];
}

/** An area in words. */
function hectares(areaM2: number): string {
  return areaM2 < 100 ? `${areaM2.toPrecision(2)} m²` : `${(areaM2 / 1e4).toFixed(2)} ha`;
}

/** Cells of a window that lie at least half inside a zone, row-major: 1 inside. */
export function insideSelection(zone: Pick<PreparedZone, 'coverage'>, window: Window): Uint8Array {
  const out = new Uint8Array(window.width * window.height);
  const { bounds, rowStart, cellCol, cellFraction, runStart, runFrom, runTo } = zone.coverage;
  const inside = intersectWindows(window, bounds);
  if (inside === undefined) return out;
  for (let row = inside.row; row < inside.row + inside.height; row++) {
    const r = row - bounds.row;
    const at = (row - window.row) * window.width - window.col;
    for (let k = runStart[r]!; k < runStart[r + 1]!; k++) {
      const from = Math.max(runFrom[k]!, window.col);
      const to = Math.min(runTo[k]!, window.col + window.width);
      if (from < to) out.fill(1, at + from, at + to);
    }
    for (let k = rowStart[r]!; k < rowStart[r + 1]!; k++) {
      const col = cellCol[k]!;
      if (cellFraction[k]! >= 0.5 && col >= window.col && col < window.col + window.width) out[at + col] = 1;
    }
  }
  return out;
}
