/**
 * What the readers of vector files hand to the door: features with polygons, not yet zones.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Crs } from '../geo/crs.ts';
import type { Polygons, Position, Ring } from './polygons.ts';

/** A feature of a vector file. */
export interface Feature {
  /** 1-based place in the file. */
  readonly number: number;
  /** The file's own identifier of the feature, if it has one. */
  readonly fileId: string | number | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Empty where the feature has no polygon. */
  readonly polygons: Polygons;
  /** What geometry it is, in the file's words; for messages. */
  readonly geometryType: string;
}

/** The features of one layer. */
export interface FeatureSet {
  readonly features: readonly Feature[];
  readonly crs: Crs;
  readonly warnings: readonly string[];
}

/** The message of a feature that cannot be used, with file and number in the details. */
export function featureError(path: string, number: number, what: string): MineRsError {
  return new MineRsError('BAD_INPUT', `${path}: feature ${number} ${what}`, { path, feature: number });
}

/**
 * A ring without repeated points, closed; undefined where fewer than three points are left.
 * @throws {RangeError} if a coordinate is not a finite number
 */
export function cleanRing(points: readonly (readonly unknown[])[]): Ring | undefined {
  const ring: Ring = [];
  for (const point of points) {
    const [x, y] = point;
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) {
      throw new RangeError(`has a coordinate that is not a finite number: ${JSON.stringify(point)}`);
    }
    const last: Position | undefined = ring[ring.length - 1];
    if (last === undefined || last[0] !== x || last[1] !== y) ring.push([x, y]);
  }
  const first = ring[0];
  const last = ring[ring.length - 1];
  if (first === undefined || last === undefined) return undefined;
  if (first[0] !== last[0] || first[1] !== last[1]) ring.push([first[0], first[1]]);
  return ring.length >= 4 ? ring : undefined;
}

/** A polygon of cleaned rings; undefined where its outside has no area to speak of. Holes of no area are dropped. */
export function cleanPolygon(rings: readonly (readonly (readonly unknown[])[])[]): Ring[] | undefined {
  const [outside, ...holes] = rings;
  if (outside === undefined) return undefined;
  const outer = cleanRing(outside);
  const inner = holes.map(cleanRing).filter((ring) => ring !== undefined);
  return outer === undefined ? undefined : [outer, ...inner];
}
