/**
 * Connected patches of a mask: labels by two passes and union-find (Rosenfeld & Pfaltz 1966, doi:10.1145/321356.321357).
 * @module
 */
import { checkLength } from './pixel-array.ts';

/** Cells of a patch touch by their sides (4), or by sides and corners (8). */
export type Neighbours = 4 | 8;

/**
 * Labels the patches of a window.
 *
 * @param mask Row-major, any number but 0 belongs to a patch.
 * @param labels Row-major, filled with 0 outside of patches, else with the patch's number; patches are numbered from 1 in
 *   the row-major order of their first cells.
 * @returns Cells of each patch by its number; element 0 is 0.
 * @throws {RangeError} if lengths differ.
 */
export function labelPatches(
  mask: Uint8Array,
  width: number,
  height: number,
  neighbours: Neighbours,
  labels: Int32Array,
): Int32Array {
  checkLength('mask', mask.length, width * height);
  checkLength('labels', labels.length, width * height);
  const roots: number[] = [0];
  for (let row = 0, i = 0; row < height; row++) {
    for (let col = 0; col < width; col++, i++) {
      if (mask[i] === 0) {
        labels[i] = 0;
        continue;
      }
      let label = col > 0 ? labels[i - 1]! : 0;
      if (row > 0) {
        label = joined(roots, label, labels[i - width]!);
        if (neighbours === 8) {
          if (col > 0) label = joined(roots, label, labels[i - width - 1]!);
          if (col + 1 < width) label = joined(roots, label, labels[i - width + 1]!);
        }
      }
      if (label === 0) {
        label = roots.length;
        roots.push(label);
      }
      labels[i] = label;
    }
  }
  // The smallest label of a patch is that of its first cell, so counting up keeps the order.
  const numbers = new Int32Array(roots.length);
  let count = 0;
  for (let label = 1; label < roots.length; label++) {
    const root = rootOf(roots, label);
    numbers[label] = root === label ? ++count : numbers[root]!;
  }
  const cells = new Int32Array(count + 1);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label === 0) continue;
    const number = numbers[label]!;
    labels[i] = number;
    cells[number]!++;
  }
  return cells;
}

/** Joins two labels, 0 being none, and gives the smaller root. */
function joined(roots: number[], a: number, b: number): number {
  if (a === 0 || b === 0 || a === b) return a === 0 ? b : a;
  return joinRoots(roots, a, b);
}

/** The root of a label: the smallest label that it was joined with. */
export function rootOf(roots: number[], label: number): number {
  let at = label;
  while (roots[at] !== at) {
    roots[at] = roots[roots[at]!]!;
    at = roots[at]!;
  }
  return at;
}

/** Makes two labels one; returns the smaller root, which is the root of both from now on. */
export function joinRoots(roots: number[], a: number, b: number): number {
  const [first, second] = [rootOf(roots, a), rootOf(roots, b)];
  const root = Math.min(first, second);
  roots[Math.max(first, second)] = root;
  return root;
}
