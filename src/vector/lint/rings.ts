/**
 * What can be wrong with one ring by itself, but for crossings.
 * @module
 */
import { cleanRing } from '../features.ts';
import { signedRingArea, type Position, type Ring } from '../polygons.ts';
import type { Scale } from './scale.ts';

/** A needle is thinner than this at its tip's foot, and a hundred times as long. */
const SPIKE_WIDTH_M = 0.01;
const SPIKE_RATIO = 100;

/** A ring is a sliver where its mean width is less than this, and it is much longer than wide. */
const SLIVER_WIDTH_M = 0.5;
const SLIVER_THINNESS = 0.05;

/** Vertices (from 0) that repeat the one before. The closing point does not count. */
export function repeatedVertices(ring: Ring): number[] {
  const found: number[] = [];
  for (let k = 1; k < ring.length; k++) {
    if (ring[k]![0] === ring[k - 1]![0] && ring[k]![1] === ring[k - 1]![1]) found.push(k);
  }
  return found;
}

/** Whether the last point repeats the first. */
export function isClosed(ring: Ring): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return first !== undefined && last !== undefined && ring.length > 1 && first[0] === last[0] && first[1] === last[1];
}

/** Whether the vertex b between a and c is the tip of a spike. */
export function isSpike(a: Position, b: Position, c: Position, { x: sx, y: sy }: Scale): boolean {
  const [ux, uy] = [(a[0] - b[0]) * sx, (a[1] - b[1]) * sy];
  const [vx, vy] = [(c[0] - b[0]) * sx, (c[1] - b[1]) * sy];
  if (ux * vx + uy * vy <= 0) return false;
  const [u, v] = [Math.hypot(ux, uy), Math.hypot(vx, vy)];
  // The distance of the nearer neighbour from the other arm.
  const width = (Math.abs(ux * vy - uy * vx) / (u * v)) * Math.min(u, v);
  return width < SPIKE_WIDTH_M && width * SPIKE_RATIO < Math.min(u, v);
}

/** Vertices (from 0) of a closed ring that are tips of spikes. */
export function spikes(ring: Ring, scale: Scale): number[] {
  const n = ring.length - 1;
  const found: number[] = [];
  for (let k = 0; k < n; k++) {
    if (isSpike(ring[(k + n - 1) % n]!, ring[k]!, ring[k + 1]!, scale)) found.push(k);
  }
  return found;
}

/** A closed ring without its spikes; undefined where nothing is left. */
export function withoutSpikes(ring: Ring, scale: Scale): Ring | undefined {
  let current: Ring | undefined = ring;
  for (;;) {
    if (current === undefined) return undefined;
    const [first] = spikes(current, scale);
    if (first === undefined) return current;
    // One pass over the ring with a stack: cutting a tip may leave another.
    const stack: Ring = [];
    for (const point of current.slice(0, -1)) {
      stack.push(point);
      while (stack.length > 2 && isSpike(stack.at(-3)!, stack.at(-2)!, stack.at(-1)!, scale)) stack.splice(-2, 1);
      if (stack.length > 1 && same(stack.at(-1)!, stack.at(-2)!)) stack.pop();
    }
    while (stack.length > 2 && isSpike(stack.at(-2)!, stack.at(-1)!, stack[0]!, scale)) stack.pop();
    while (stack.length > 2 && isSpike(stack.at(-1)!, stack[0]!, stack[1]!, scale)) stack.shift();
    const next: Ring | undefined = cleanRing(stack);
    if (next !== undefined && next.length >= current.length) return next;
    current = next;
  }
}

function same(a: Position, b: Position): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

/** Whether a closed ring is a sliver, by its mean width 2·area/perimeter. */
export function isSliver(ring: Ring, { x: sx, y: sy }: Scale): boolean {
  const area = Math.abs(signedRingArea(ring)) * sx * sy;
  let perimeter = 0;
  for (let k = 0; k + 1 < ring.length; k++) {
    perimeter += Math.hypot((ring[k + 1]![0] - ring[k]![0]) * sx, (ring[k + 1]![1] - ring[k]![1]) * sy);
  }
  return (2 * area) / perimeter < SLIVER_WIDTH_M && (4 * Math.PI * area) / perimeter ** 2 < SLIVER_THINNESS;
}
