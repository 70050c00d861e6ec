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
  /**
   * [polygon][ring][point] as they stand in the file: rings may be open, repeat points or have too few of them. Empty
   * where the feature has no polygon.
   */
  readonly polygons: Polygons;
  /** What geometry it is, in the file's words; for messages. */
  readonly geometryType: string;
}

/** How a format wants rings to run; `none` where their direction says nothing. */
export type RingOrder = 'rfc7946' | 'shapefile' | 'none';

/** The features of one layer. */
export interface FeatureSet {
  readonly features: readonly Feature[];
  readonly crs: Crs;
  readonly warnings: readonly string[];
  /** The format's name. */
  readonly format: string;
  readonly ringOrder: RingOrder;
  /** Whether rings of the format must repeat their first point at the end. */
  readonly closed: boolean;
  /** Whether points had heights or measures, which are dropped. */
  readonly hasZ: boolean;
  /** Files beside the named one that were read. */
  readonly sides: readonly SideFile[];
}

/** A file that belongs to another, such as the .dbf of a .shp. */
export interface SideFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The message of a file that cannot be used. */
export function fileError(path: string, what: string, details: Record<string, unknown> = {}): MineRsError {
  return new MineRsError('BAD_INPUT', `${path}: ${what}`, { path, ...details });
}

/** The message of a feature that cannot be used, with file and number in the details. */
export function featureError(path: string, number: number, what: string): MineRsError {
  return fileError(path, `feature ${number} ${what}`, { feature: number });
}

/** What is said of arcs: they are not straight edges, and are not made into such silently. */
export function curveText(type: string): string {
  return `is a ${type}, which has curves; they are not read. Make straight edges of them, such as with "ogr2ogr -nlt CONVERT_TO_LINEAR out.gpkg in"`;
}

/** A coordinate pair of numbers. @throws {RangeError} if one of them is not a finite number */
export function toPosition(point: unknown): Position {
  const [x, y] = Array.isArray(point) ? (point as unknown[]) : [];
  if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x) || !Number.isFinite(y)) {
    throw new RangeError(
      `has a coordinate that is not a finite number: ${(JSON.stringify(point) ?? String(point)).slice(0, 80)}`,
    );
  }
  return [x, y];
}

/** A ring without repeated points, closed; undefined where fewer than three points are left. */
export function cleanRing(points: readonly Position[]): Ring | undefined {
  const ring: Ring = [];
  for (const [x, y] of points) {
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
export function cleanPolygon(rings: readonly (readonly Position[])[]): Ring[] | undefined {
  const [outside, ...holes] = rings;
  if (outside === undefined) return undefined;
  const outer = cleanRing(outside);
  const inner = holes.map(cleanRing).filter((ring) => ring !== undefined);
  return outer === undefined ? undefined : [outer, ...inner];
}
