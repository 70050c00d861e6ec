/**
 * Outlines without the detail that does not show at a distance, for {@link ./dilate.ts}.
 * @module
 */
import { signedRingArea, type Ring } from './polygons.ts';

/** A notch this wide, relative to the distance, is filled: a disc that rests on its rims dips w²/8 = 2e-4 into it. */
const NOTCH = 0.04;
/** Corners that stand out by less than this are cut, relative to the distance; twice, in two passes. */
const BUMP = 5e-5;
/** Vertices that one chord may replace in one pass. */
const CHORD_REACH = 64;

/** An open ring with land on its left, simplified. */
export function prepareRing(ring: Ring, outer: boolean, distance: number): Ring {
  const closed = signedRingArea(ring) > 0 === outer ? ring : ring.toReversed();
  let points = closed.slice(0, -1).filter((p, k, all) => {
    const next = all[(k + 1) % all.length]!;
    return p[0] !== next[0] || p[1] !== next[1];
  });
  for (let pass = 0; pass < 2; pass++) points = simplified(points, NOTCH * distance, BUMP * distance);
  return points;
}

/**
 * Replaces runs of vertices by chords of at most `width` to whose outer side no vertex lies farther than `bump`. What lies
 * on the inner side is a notch: filling it moves the grown outline by width²/(8·distance) at most, however deep it is.
 */
function simplified(points: Ring, width: number, bump: number): Ring {
  const n = points.length;
  if (n < 5) return points;
  const out: Ring = [];
  for (let k = 0; k < n;) {
    out.push(points[k]!);
    let next = k + 1;
    for (let last = k + 2; last <= Math.min(n, k + CHORD_REACH); last++) {
      if (chordFits(points, k, last, width, bump)) next = last;
    }
    k = next;
  }
  return out.length < 3 ? points : out;
}

function chordFits(points: Ring, from: number, to: number, width: number, bump: number): boolean {
  const [x0, y0] = points[from]!;
  const [x1, y1] = points[to % points.length]!;
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length > width || length === 0) return false;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  for (let k = from + 1; k < to; k++) {
    const [dx, dy] = [points[k]![0] - x0, points[k]![1] - y0];
    // Right of the chord is outside.
    if (uy * dx - ux * dy > bump) return false;
  }
  return true;
}
