/**
 * The zones that a run makes itself: impact zones of one distance, and rings by distance around the mines.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Aoi } from '../vector/aoi.ts';
import { LEAST_BUFFER_M, MOST_BUFFER_M } from '../vector/buffer.ts';
import { ringsAround, type Ring } from '../vector/rings.ts';
import type { Zone } from '../vector/zone.ts';
import type { TrendOptions } from './options.ts';

/** Rings of one mine, and of all mines. */
const MOST_DISTANCES = 50;
const MOST_RINGS = 5000;

/** Rings of one mine must differ by this much, so that each has land. */
const LEAST_STEP_M = 1;

export interface MadeZones {
  /** Zones of the role impact, one a mine. */
  impact: Ring[];
  /** Zones of the role ring, by mine, then by distance; no part of the zones' totals. */
  rings: Ring[];
  warnings: string[];
}

/** A distance such as `250m` or `1.5km`, in metres. @throws {MineRsError} USAGE for others, and beyond 1 m … 100 km */
export function parseDistance(text: string, option: string): number {
  const found = /^(\d{1,6}(?:\.\d{1,3})?)\s*(m|km)$/.exec(text.trim());
  const metres = found === null ? Number.NaN : Number(found[1]) * (found[2] === 'km' ? 1000 : 1);
  if (metres >= LEAST_BUFFER_M && metres <= MOST_BUFFER_M) return metres;
  const range = `from ${LEAST_BUFFER_M} m to ${MOST_BUFFER_M / 1000} km`;
  throw new MineRsError('USAGE', `${option}: '${text.slice(0, 40)}' is no distance such as 250m or 1km, ${range}`);
}

/** The outer distances of `--rings`, ascending, in metres. @throws {MineRsError} USAGE if they are not ascending */
export function parseRings(texts: readonly string[]): number[] {
  if (texts.length > MOST_DISTANCES) {
    throw new MineRsError('USAGE', `--rings: at most ${MOST_DISTANCES} distances, these are ${texts.length}`);
  }
  const distances = texts.map((text) => parseDistance(text, '--rings'));
  for (const [k, distance] of distances.entries()) {
    const before = distances[k - 1] ?? 0;
    if (distance - before >= LEAST_STEP_M) continue;
    const text = `--rings: ${distance} m after ${before} m`;
    throw new MineRsError('USAGE', `${text}: distances must rise by at least ${LEAST_STEP_M} m`);
  }
  return distances;
}

/**
 * Makes the zones that the options ask for.
 *
 * @throws {MineRsError} USAGE without a mine; BAD_INPUT for an outline that no ring can be made around, or an id that the
 *   AOI has already
 */
export async function makeZones(aoi: Aoi, options: Pick<TrendOptions, 'impactBuffer' | 'rings'>): Promise<MadeZones> {
  const made: MadeZones = { impact: [], rings: [], warnings: [] };
  const mines = aoi.zones.filter((zone) => zone.role === 'mine');
  const buffer = options.impactBuffer === undefined ? null : parseDistance(options.impactBuffer, '--impact-buffer');
  const distances = options.rings === undefined ? [] : parseRings(options.rings);
  const option = buffer === null ? '--rings' : '--impact-buffer';
  if (buffer === null && distances.length === 0) return made;
  if (mines.length === 0) {
    throw new MineRsError(
      'USAGE',
      `${option}: no zone of ${aoi.path} has the role mine, so there is nothing to go around`,
    );
  }
  if (mines.length * distances.length > MOST_RINGS) {
    const n = `${mines.length} mines with ${distances.length} rings each`;
    throw new MineRsError(
      'USAGE',
      `--rings: ${n} are more than ${MOST_RINGS} zones; take fewer distances or fewer mines`,
    );
  }
  const given = aoi.zones.filter((zone) => zone.role === 'impact').length;
  if (buffer !== null && given > 0) {
    const has = `${given} ${given === 1 ? 'zone' : 'zones'} of the role impact`;
    made.warnings.push(`--impact-buffer is not used: ${aoi.path} has ${has}`);
  } else if (buffer !== null) {
    made.impact = await ringsAround(mines, [buffer], (mine) => {
      return { id: `impact-of-${mine.id}`, name: `${mine.name}, ${distance(buffer)} around`, role: 'impact' };
    });
    made.warnings.push(...missing(mines, [buffer], made.impact, 'impact zone'));
  }
  if (distances.length > 0) {
    made.rings = await ringsAround(mines, distances, (mine, from, to) => {
      const place = `${from}-${to}m`;
      return { id: `${mine.id}:${place}`, name: `${mine.name}, ${place} around`, role: 'ring' };
    });
    made.warnings.push(...missing(mines, distances, made.rings, 'ring'));
  }
  const ids = new Set(aoi.zones.map((zone) => zone.id));
  for (const { id } of [...made.impact, ...made.rings]) {
    if (ids.has(id)) {
      throw new MineRsError(
        'BAD_INPUT',
        `${aoi.path}: the id '${id}' is wanted for a zone made by ${option}: rename it`,
      );
    }
    ids.add(id);
  }
  return made;
}

/** Distances in words. */
export function distance(metres: number): string {
  return metres >= 1000 && metres % 100 === 0 ? `${metres / 1000} km` : `${metres} m`;
}

/** Zones that were not made, as all of their land is mines. */
function missing(mines: readonly Zone[], distances: readonly number[], made: readonly Ring[], what: string): string[] {
  return mines.flatMap((mine) =>
    distances
      .filter((toM) => !made.some((ring) => ring.mine === mine.id && ring.toM === toM))
      .map((toM) => `Zone ${mine.id} has no ${what} to ${distance(toM)}: all land there belongs to mines`),
  );
}
