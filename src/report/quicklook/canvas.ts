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
  const xs = segments.filter((_, k) => k % 2 === 0);
  const ys = segments.filter((_, k) => k % 2 === 1);
  const left = Math.max(clip.left, Math.floor(Math.min(...xs) - reach));
  const right = Math.min(clip.right, Math.ceil(Math.max(...xs) + reach));
  const top = Math.max(clip.top, Math.floor(Math.min(...ys) - reach));
  const bottom = Math.min(clip.bottom, Math.ceil(Math.max(...ys) + reach));
  const [red, green, blue] = rgbOf(colour);
  const { rgb, width } = canvas;
  for (let row = top; row < bottom; row++) {
    for (let col = left; col < right; col++) {
      const share = Math.min(1, thickness / 2 + 0.5 - distance(segments, col + 0.5, row + 0.5));
      if (share <= 0) continue;
      const at = 3 * (row * width + col);
      rgb[at] = mixed(rgb[at]!, red, share);
      rgb[at + 1] = mixed(rgb[at + 1]!, green, share);
      rgb[at + 2] = mixed(rgb[at + 2]!, blue, share);
    }
  }
}

function mixed(under: number, over: number, share: number): number {
  return Math.round(under + (over - under) * share);
}

/** From a point to the nearest of the segments. */
function distance(segments: readonly number[], x: number, y: number): number {
  let least = Infinity;
  for (let k = 0; k < segments.length; k += 4) {
    const fromX = x - segments[k]!;
    const fromY = y - segments[k + 1]!;
    const dx = segments[k + 2]! - segments[k]!;
    const dy = segments[k + 3]! - segments[k + 1]!;
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, (fromX * dx + fromY * dy) / length));
    const awayX = fromX - t * dx;
    const awayY = fromY - t * dy;
    least = Math.min(least, awayX * awayX + awayY * awayY);
  }
  return Math.sqrt(least);
}
