/**
 * Zones made around mines: impact zones of one distance, and rings by distance.
 *
 * A made zone never holds land of a mine, its own or another: mines are taken out of it. Zones of neighbouring mines may
 * overlap; each is counted for its own mine.
 * @module
 */
import { MineRsError, messageOf } from '../errors.ts';
import { bboxesOverlap } from '../geo/bbox.ts';
import { bufferZone } from './buffer.ts';
import { subtract } from './clip.ts';
import { sharedArea } from './overlap-area.ts';
import { polygonsBbox, type Polygons } from './polygons.ts';
import { projectZone } from './project.ts';
import { nestRings } from './ring-nesting.ts';
import type { Zone } from './zone.ts';

/** A zone between two distances from a mine. */
export interface Ring extends Zone {
  /** Id of the mine. */
  readonly mine: string;
  /** Metres from the mine's outline. */
  readonly fromM: number;
  readonly toM: number;
}

/**
 * Around each mine the land between the distances, without the land of any mine.
 *
 * @param mines Zones in the file's order.
 * @param distancesM Outer distances, ascending; the first ring begins at the mine's outline.
 * @param named Id, name and role of a ring.
 * @returns By mine, then by distance. A ring that is all mine land is left out.
 * @throws {MineRsError} BAD_INPUT where an outline cannot be followed
 */
export async function ringsAround(
  mines: readonly Zone[],
  distancesM: readonly number[],
  named: (mine: Zone, fromM: number, toM: number) => Pick<Zone, 'id' | 'name' | 'role'>,
): Promise<Ring[]> {
  const rings: Ring[] = [];
  for (const mine of mines) {
    const grown: Polygons[] = [];
    for (const distance of distancesM) grown.push(await bufferZone(mine, distance));
    const others = minesNear(mine, mines, grown.at(-1)!);
    for (const [k, toM] of distancesM.entries()) {
      const fromM = distancesM[k - 1] ?? 0;
      const inner = grown[k - 1] ?? mine.polygons;
      // What is taken off lies within, so its rings are the holes.
      const whole = nestRings([...grown[k]!.flat(), ...inner.flat()]);
      const polygons = await without(mine, whole, others);
      if (polygons.length === 0) continue;
      const properties = { mine_id: mine.id, from_m: fromM, to_m: toM };
      rings.push({ ...named(mine, fromM, toM), mine: mine.id, fromM, toM, properties, polygons, crs: mine.crs });
    }
  }
  return rings;
}

/** Land without what is taken. Only what shares land with it is clipped: clipping takes the longest of all. */
async function without(mine: Zone, land: Polygons, taken: readonly Polygons[]): Promise<Polygons> {
  try {
    return await subtract(
      land,
      taken.filter((polygons) => sharedArea(land, polygons) !== 0),
    );
  } catch (error) {
    const advice = 'mend the outlines of the mines near it';
    throw new MineRsError(
      'BAD_INPUT',
      `No ring can be cut out around zone ${mine.id} (${messageOf(error)}): ${advice}`,
      {
        zone: mine.id,
      },
    );
  }
}

/** Polygons, in the mine's CRS, of the other mines whose bounding box meets that of `around`. */
function minesNear(mine: Zone, mines: readonly Zone[], around: Polygons): Polygons[] {
  const box = polygonsBbox(around);
  const others = mines.filter((other) => other !== mine).map((other) => projectZone(other, mine.crs));
  return others.filter((polygons) => bboxesOverlap(box, polygonsBbox(polygons)));
}
