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

type Segment = readonly [x0: number, y0: number, x1: number, y1: number];

/** Draws a line through points x, y, x, y, … */
export function drawLine(
  canvas: Canvas,
  points: readonly number[],
  thickness: number,
  colour: Colour,
  clip?: Clip,
): void {
  for (let k = 0; k + 3 < points.length; k += 2) {
    drawSegments(canvas, [[points[k]!, points[k + 1]!, points[k + 2]!, points[k + 3]!]], thickness, colour, clip);
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
    const segments: Segment[] = [];
    for (const line of glyph.lines) {
      for (let k = 1; k < line.length; k++) {
        const [[ax, ay], [bx, by]] = [line[k - 1]!, line[k]!];
        const left = x + glyph.x * scale;
        segments.push([left + ax * scale, y - ay * scale, left + bx * scale, y - by * scale]);
      }
    }
    drawSegments(canvas, segments, Math.max(1.2, size * STROKE), colour, undefined);
  }
}

/** Draws segments as one shape: where they meet, nothing is drawn twice. */
function drawSegments(
  canvas: Canvas,
  segments: readonly Segment[],
  thickness: number,
  colour: Colour,
  clip: Clip = { left: 0, top: 0, right: canvas.width, bottom: canvas.height },
): void {
  const reach = thickness / 2 + 1;
  const xs = segments.flatMap(([ax, , bx]) => [ax, bx]);
  const ys = segments.flatMap(([, ay, , by]) => [ay, by]);
  const left = Math.max(clip.left, Math.floor(Math.min(...xs) - reach));
  const right = Math.min(clip.right, Math.ceil(Math.max(...xs) + reach));
  const top = Math.max(clip.top, Math.floor(Math.min(...ys) - reach));
  const bottom = Math.min(clip.bottom, Math.ceil(Math.max(...ys) + reach));
  const [red, green, blue] = rgbOf(colour);
  const { rgb, width } = canvas;
  for (let row = top; row < bottom; row++) {
    for (let col = left; col < right; col++) {
      let least = Infinity;
      for (const segment of segments) least = Math.min(least, distance(segment, col + 0.5, row + 0.5));
      const share = Math.min(1, thickness / 2 + 0.5 - least);
      if (share <= 0) continue;
      const at = 3 * (row * width + col);
      rgb[at] = Math.round(rgb[at]! + (red - rgb[at]!) * share);
      rgb[at + 1] = Math.round(rgb[at + 1]! + (green - rgb[at + 1]!) * share);
      rgb[at + 2] = Math.round(rgb[at + 2]! + (blue - rgb[at + 2]!) * share);
    }
  }
}

function distance([x0, y0, x1, y1]: Segment, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
