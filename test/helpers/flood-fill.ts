/**
 * Connected patches the slow way.
 * @module
 */
import type { Neighbours } from '../../src/kernels/patches.ts';

/** Patches by a walk from each cell that was not seen yet. */
export function floodFill(mask: Uint8Array, width: number, height: number, neighbours: Neighbours): Int32Array {
  const labels = new Int32Array(mask.length);
  let count = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    const stack = [start];
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      const [col, row] = [i % width, Math.floor(i / width)];
      for (const [dc, dr] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ] as const) {
        if (neighbours === 4 && dc !== 0 && dr !== 0) continue;
        const [c, r] = [col + dc, row + dr];
        const j = r * width + c;
        if (c < 0 || r < 0 || c >= width || r >= height || mask[j] === 0 || labels[j] !== 0) continue;
        labels[j] = count;
        stack.push(j);
      }
    }
  }
  return labels;
}
