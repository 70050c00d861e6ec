/**
 * Bounding boxes in CRS coordinates.
 * @module
 */

/** minX, minY, maxX, maxY. */
export type Bbox = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** The smallest box around both. */
export function uniteBboxes(a: Bbox, b: Bbox): Bbox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Whether two boxes share some area. */
export function bboxesOverlap(a: Bbox, b: Bbox): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
