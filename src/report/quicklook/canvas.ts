/**
 * A picture to draw on: rectangles, lines and text with smooth edges.
 * @module
 */
import { rgbOf, type Colour } from '../palette.ts';
import { CAP_HEIGHT, layOut } from './font.ts';

/** Thickness of strokes as a share of the height of capitals. */
const STROKE = 0.14;

export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue of each pixel, row by row. */
  readonly rgb: Uint8Array;
}

/** A white picture. */
export function newCanvas(width: number, height: number): Canvas {
  return { width, height, rgb: new Uint8Array(3 * width * height).fill(255) };
}

/** Fills a rectangle; what lies outside of the picture is left out. */
export function fillBox(canvas: Canvas, x: number, y: number, width: number, height: number, colour: Colour): void {
  const [red, green, blue] = rgbOf(colour);
  const [right, bottom] = [Math.min(canvas.width, x + width), Math.min(canvas.height, y + height)];
  for (let row = Math.max(0, y); row < bottom; row++) {
    for (let col = Math.max(0, x); col < right; col++)
      canvas.rgb.set([red, green, blue], 3 * (row * canvas.width + col));
  }
}

/** A limit of the drawing: pixels from `left`, `top` up to `right`, `bottom`. */
export interface Clip {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Draws a line through points x, y, x, y, … */
export function drawLine(
  canvas: Canvas,
  points: readonly number[],
  thickness: number,
  colour: Colour,
  clip?: Clip,
): void {
  for (let k = 0; k + 3 < points.length; k += 2) {
    drawSegments(canvas, points.slice(k, k + 4), thickness, colour, clip);
  }
}

/** How far a text reaches. @param size Height of capitals in pixels. */
export function textWidth(text: string, size: number): number {
  return (layOut(text).width * size) / CAP_HEIGHT;
}

/** Writes a text from `x` on; `y` is its base line. @param size Height of capitals in pixels. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, size: number, colour: Colour): void {
  const scale = size / CAP_HEIGHT;
  for (const glyph of layOut(text).glyphs) {
    const left = x + glyph.x * scale;
    const segments: number[] = [];
    for (const line of glyph.lines) {
      for (let k = 1; k < line.length; k++) {
        const [from, to] = [line[k - 1]!, line[k]!];
        segments.push(left + from[0] * scale, y - from[1] * scale, left + to[0] * scale, y - to[1] * scale);
      }
    }
    drawSegments(canvas, segments, Math.max(1.2, size * STROKE), colour, undefined);
  }
}

/**
 * Draws segments as one shape: where they meet, nothing is drawn twice.
 *
 * @param segments Both ends of each: x, y, x, y.
 */
function drawSegments(
  canvas: Canvas,
  segments: readonly number[],
  thickness: number,
  colour: Colour,
  clip: Clip = { left: 0, top: 0, right: canvas.width, bottom: canvas.height },
): void {
  const reach = thickness / 2 + 1;
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < segments.length; k += 2) {
    west = Math.min(west, segments[k]!);
    east = Math.max(east, segments[k]!);
    north = Math.min(north, segments[k + 1]!);
    south = Math.max(south, segments[k + 1]!);
  }
  const box = around(west, north, east, south, reach, clip);
  const width = box.right - box.left;
  if (width <= 0 || box.bottom <= box.top) return;
  // By pixel of the box: the distance from its middle to the nearest segment.
  const distances = new Float64Array(width * (box.bottom - box.top)).fill(Infinity);
  for (let k = 0; k < segments.length; k += 4) {
    const [x0, y0, x1, y1] = [segments[k]!, segments[k + 1]!, segments[k + 2]!, segments[k + 3]!];
    const near = around(Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1), reach, clip);
    for (let row = near.top; row < near.bottom; row++) {
      const first = (row - box.top) * width - box.left;
      for (let col = near.left; col < near.right; col++) {
        const found = distance(x0, y0, x1, y1, col + 0.5, row + 0.5);
        if (found < distances[first + col]!) distances[first + col] = found;
      }
    }
  }
  const [red, green, blue] = rgbOf(colour);
  for (let row = box.top, k = 0; row < box.bottom; row++) {
    for (let at = 3 * (row * canvas.width + box.left), n = width; n > 0; n--, at += 3) {
      const share = Math.min(1, thickness / 2 + 0.5 - distances[k++]!);
      if (share > 0) blend(canvas.rgb, at, red, green, blue, share);
    }
  }
}

/** The pixels up to `reach` around a box, within the clip. */
function around(x0: number, y0: number, x1: number, y1: number, reach: number, clip: Clip): Clip {
  return {
    left: Math.max(clip.left, Math.floor(x0 - reach)),
    top: Math.max(clip.top, Math.floor(y0 - reach)),
    right: Math.min(clip.right, Math.ceil(x1 + reach)),
    bottom: Math.min(clip.bottom, Math.ceil(y1 + reach)),
  };
}

/** From a point to a segment. */
function distance(x0: number, y0: number, x1: number, y1: number, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
  const [awayX, awayY] = [x - x0 - t * dx, y - y0 - t * dy];
  return Math.sqrt(awayX * awayX + awayY * awayY);
}

function blend(rgb: Uint8Array, at: number, red: number, green: number, blue: number, share: number): void {
  rgb[at] = Math.round(rgb[at]! + (red - rgb[at]!) * share);
  rgb[at + 1] = Math.round(rgb[at + 1]! + (green - rgb[at + 1]!) * share);
  rgb[at + 2] = Math.round(rgb[at + 2]! + (blue - rgb[at + 2]!) * share);
}
