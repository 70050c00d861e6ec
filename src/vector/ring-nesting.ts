/**
 * Which rings are outlines and which are holes, where a format does not tell it.
 * @module
 */
import { BoxTree } from './box-tree.ts';
import { signedRingArea, type Polygons, type Position, type Ring } from './polygons.ts';

/** Rings and edges to look at before giving up, some seconds. */
const MAX_WORK = 50_000_000;

interface Placed {
  readonly ring: Ring;
  readonly closed: Ring;
  /** Signed. */
  readonly area: number;
  readonly box: readonly [number, number, number, number];
  depth: number;
  parent: Placed | undefined;
  holes: Ring[];
}

/**
 * Polygons of rings by nesting: a ring in no other, or in an even number of others, is an outline; one in an odd number
 * is a hole of the smallest around it. Their direction decides nothing. The order of outlines is that of the file.
 *
 * @throws {RangeError} for more rings within rings than can be looked at
 */
export function nestRings(rings: readonly Ring[]): Polygons {
  const placed = rings.map((ring): Placed => {
    const closed = closedRing(ring);
    return {
      ring,
      closed,
      area: signedRingArea(closed),
      box: boxOf(ring),
      depth: 0,
      parent: undefined,
      holes: [],
    };
  });
  const bySize = placed.toSorted((a, b) => Math.abs(b.area) - Math.abs(a.area));
  const boxes = new Float64Array(bySize.length * 4);
  for (const [k, { box }] of bySize.entries()) boxes.set(box, k * 4);
  const tree = new BoxTree(boxes);
  let work = 0;
  for (const [k, inner] of bySize.entries()) {
    const around: number[] = [];
    tree.search(inner.box[0], inner.box[1], inner.box[0], inner.box[1], (j) => {
      work++;
      if (j < k && boxInside(inner.box, bySize[j]!.box)) around.push(j);
    });
    if (work > MAX_WORK) throw new RangeError('has too many rings within rings');
    // From the smallest that is larger: the first around it is its parent.
    around.sort((p, q) => q - p);
    for (const j of around) {
      const outer = bySize[j]!;
      work += outer.closed.length;
      if (work > MAX_WORK) throw new RangeError('has too many rings within rings');
      if (!ringInside(inner, outer)) continue;
      inner.parent = outer;
      inner.depth = outer.depth + 1;
      break;
    }
  }
  for (const { ring, depth, parent } of placed) if (depth % 2 === 1) parent!.holes.push(ring);
  return placed.filter(({ depth }) => depth % 2 === 0).map(({ ring, holes }) => [ring, ...holes]);
}

/** A ring with its first point repeated at the end, if it was not. */
function closedRing(ring: Ring): Ring {
  const [first, last] = [ring[0], ring.at(-1)];
  if (first === undefined || last === undefined || (first[0] === last[0] && first[1] === last[1])) return ring;
  return [...ring, first];
}

function boxOf(ring: Ring): [number, number, number, number] {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring) {
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return [minX, minY, maxX, maxY];
}

function boxInside(a: Placed['box'], b: Placed['box']): boolean {
  return a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3];
}

/**
 * Whether a ring lies in another: by its first point, or middle of an edge, off the other's edges. Of two rings that run
 * the same way, which formats give to outlines, all points must do so: they may be parts that overlap a little.
 */
function ringInside({ closed: inner, area: innerArea }: Placed, { closed: outer, area: outerArea }: Placed): boolean {
  if (innerArea > 0 === outerArea > 0 && inner.some((point) => pointInRing(point, outer) < 0)) return false;
  for (let k = 0; k + 1 < inner.length; k++) {
    const here = pointInRing(inner[k]!, outer);
    if (here !== 0) return here > 0;
  }
  for (let k = 0; k + 1 < inner.length; k++) {
    const [a, b] = [inner[k]!, inner[k + 1]!];
    const here = pointInRing([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], outer);
    if (here !== 0) return here > 0;
  }
  return false;
}

/** 1 inside, −1 outside, 0 on an edge; even-odd. */
export function pointInRing([x, y]: Position, ring: Ring): number {
  let inside = false;
  for (let k = 0; k + 1 < ring.length; k++) {
    const [x0, y0] = ring[k]!;
    const [x1, y1] = ring[k + 1]!;
    if (y0 === y && y1 === y) {
      if (x >= Math.min(x0, x1) && x <= Math.max(x0, x1)) return 0;
      continue;
    }
    if (y < Math.min(y0, y1) || y > Math.max(y0, y1)) continue;
    const side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0);
    if (side === 0) return 0;
    if (y0 > y !== y1 > y && side > 0 === y1 > y0) inside = !inside;
  }
  return inside ? 1 : -1;
}
