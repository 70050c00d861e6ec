/**
 * A map as a picture to look at: title, pixels in the style's colours, outlines of zones, legend and scale bar.
 * @module
 */
import { NO_DATA_COLOUR, type Colour } from '../palette.ts';
import type { MapStyle, StyleEntry } from '../styles/map-style.ts';
import { ZONE_LINES } from '../styles/zone-style.ts';
import { drawLine, drawText, fillBox, newCanvas, textWidth, type Canvas } from './canvas.ts';
import { encodePng } from './png.ts';

export interface PictureInput {
  readonly title: string;
  readonly subtitle: string;
  readonly style: MapStyle;
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
  readonly nodata: number | null;
  /** Metres from pixel to pixel along a row. */
  readonly pixelM: number;
  /** Outlines in pixels: x, y, x, y, …, closed. */
  readonly outlines: readonly { readonly role: string; readonly ring: readonly number[] }[];
  readonly note: string;
}

const MARGIN = 24;
const TITLE = 15;
const TEXT = 10;
const ROW = 22;
const SWATCH = 16;
/** The map is drawn at least this wide, and its smaller pixels as squares of several. */
const WANTED = 720;
const LEAST_WIDTH = 480;
const INK = '#1c211c';
const FAINT = '#5d655d';

/** The bytes of a PNG. The same input gives the same bytes. */
export function mapPicture(input: PictureInput): Uint8Array {
  const { style, width, height } = input;
  const zoom = Math.max(1, Math.floor(WANTED / Math.max(width, height)));
  const [mapWidth, mapHeight] = [width * zoom, height * zoom];
  const across = Math.max(LEAST_WIDTH, mapWidth);
  const roles = rolesOf(input);
  const columns = style.kind === 'ramp' ? [] : legendColumns(style.entries, across);
  const legendRows = style.kind === 'ramp' ? 2 : columns[0]!.length;
  const top = MARGIN + TITLE + ROW + 12;
  const below = top + mapHeight + 18;
  const canvas = newCanvas(across + 2 * MARGIN, below + (legendRows + 1) * ROW + 2 * ROW + MARGIN);
  const left = MARGIN + Math.floor((across - mapWidth) / 2);
  drawText(canvas, input.title, MARGIN, MARGIN + TITLE, TITLE, INK);
  drawText(canvas, input.subtitle, MARGIN, MARGIN + TITLE + ROW, TEXT, FAINT);
  drawPixels(canvas, input, left, top, zoom);
  drawOutlines(canvas, input, left, top, zoom);
  if (style.kind === 'ramp') drawRamp(canvas, style.entries, MARGIN, below);
  else drawClasses(canvas, columns, below, across);
  const last = below + legendRows * ROW;
  drawZoneLegend(canvas, roles, MARGIN, last);
  drawScale(canvas, input.pixelM / zoom, MARGIN + across, last + ROW);
  drawText(canvas, input.note, MARGIN, last + 2 * ROW + TEXT + 8, TEXT - 1, FAINT);
  return encodePng(canvas.rgb, canvas.width, canvas.height);
}

function drawPixels(canvas: Canvas, input: PictureInput, left: number, top: number, zoom: number): void {
  const { width, height, pixels, nodata, style } = input;
  const colourOf = painter(style);
  const none = packed(NO_DATA_COLOUR);
  const rowBytes = 3 * canvas.width;
  for (let row = 0; row < height; row++) {
    const first = 3 * ((top + row * zoom) * canvas.width + left);
    for (let col = 0; col < width; col++) {
      const value = pixels[row * width + col]!;
      const colour = value !== value || value === nodata ? undefined : colourOf(value);
      drawSquare(canvas.rgb, first + 3 * col * zoom, rowBytes, zoom, colour ?? none);
    }
  }
}

/** A pixel of the map, whose first byte lies at `first`. */
function drawSquare(rgb: Uint8Array, first: number, rowBytes: number, zoom: number, colour: PackedColour): void {
  for (let y = 0, start = first; y < zoom; y++, start += rowBytes) {
    for (let at = start; at < start + 3 * zoom; at += 3) {
      rgb[at] = colour >> 16;
      rgb[at + 1] = colour >> 8;
      rgb[at + 2] = colour;
    }
  }
}

/** Red, green and blue in one number: 0xRRGGBB. */
type PackedColour = number;

function packed(colour: Colour): PackedColour {
  return Number.parseInt(colour.slice(1), 16);
}

/** What colour a value has; undefined for a class that the style does not name. */
function painter({ kind, entries }: MapStyle): (value: number) => PackedColour | undefined {
  const values = entries.map(({ value }) => value);
  const colours = entries.map(({ colour }) => packed(colour));
  if (kind === 'classes') {
    const byValue = new Map(values.map((value, k) => [value, colours[k]!]));
    return (value) => byValue.get(value);
  }
  if (kind === 'steps') return (value) => colours[firstFrom(values, value)];
  return (value) => {
    const above = firstFrom(values, value);
    if (above === 0) return colours[0];
    if (above === values.length) return colours.at(-1);
    const share = (value - values[above - 1]!) / (values[above]! - values[above - 1]!);
    return mixed(colours[above - 1]!, colours[above]!, share);
  };
}

/** Place of the first of ascending values that is not below a value; their number where there is none. */
function firstFrom(values: readonly number[], value: number): number {
  let k = 0;
  while (k < values.length && !(value <= values[k]!)) k++;
  return k;
}

function mixed(from: PackedColour, to: PackedColour, share: number): PackedColour {
  const red = Math.round((from >> 16) * (1 - share) + (to >> 16) * share);
  const green = Math.round(((from >> 8) & 255) * (1 - share) + ((to >> 8) & 255) * share);
  const blue = Math.round((from & 255) * (1 - share) + (to & 255) * share);
  return (red << 16) | (green << 8) | blue;
}

function drawOutlines(canvas: Canvas, input: PictureInput, left: number, top: number, zoom: number): void {
  const clip = { left, top, right: left + input.width * zoom, bottom: top + input.height * zoom };
  // Mines last, as the hole of the land around one has its outline.
  const sorted = input.outlines.toSorted((a, b) => Number(a.role === 'mine') - Number(b.role === 'mine'));
  const rings = sorted.map(({ role, ring }) => ({
    colour: lineOf(role).colour,
    points: thinned(ring.map((value, k) => (k % 2 === 0 ? left : top) + value * zoom)),
  }));
  // All halos first: no zone's halo covers the outline of its neighbour.
  for (const { points } of rings) drawLine(canvas, points, 3, '#ffffff', clip);
  for (const { points, colour } of rings) drawLine(canvas, points, 1.4, colour, clip);
}

/** Points at least half a pixel apart, and the last one. */
function thinned(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let k = 0; k < points.length; k += 2) {
    const [x, y] = [points[k]!, points[k + 1]!];
    const near = out.length > 0 && Math.hypot(x - out.at(-2)!, y - out.at(-1)!) < 0.5;
    if (!near || k === points.length - 2) out.push(x, y);
  }
  return out;
}

function lineOf(role: string): (typeof ZONE_LINES)[number] {
  return ZONE_LINES.find((line) => line.role === role) ?? ZONE_LINES.at(-1)!;
}

/** The kinds of outlines in the picture. */
function rolesOf({ outlines }: PictureInput): (typeof ZONE_LINES)[number][] {
  const found = new Set(outlines.map(({ role }) => lineOf(role)));
  return ZONE_LINES.filter((line) => found.has(line));
}

type LegendEntry = Pick<StyleEntry, 'label' | 'colour'>;

/** The entries in columns that fit the width, with "no data" behind them. */
function legendColumns(entries: readonly StyleEntry[], across: number): LegendEntry[][] {
  const all: LegendEntry[] = [...entries, { label: 'no data', colour: NO_DATA_COLOUR }];
  const widest = Math.max(...all.map(({ label }) => textWidth(label, TEXT))) + SWATCH + 28;
  const columns = Math.max(1, Math.min(all.length, Math.floor(across / widest)));
  const rows = Math.ceil(all.length / columns);
  return Array.from({ length: Math.ceil(all.length / rows) }, (_, k) => all.slice(k * rows, (k + 1) * rows));
}

function drawClasses(canvas: Canvas, columns: readonly LegendEntry[][], y: number, across: number): void {
  const step = Math.floor(across / columns.length);
  for (const [c, entries] of columns.entries()) {
    for (const [r, { label, colour }] of entries.entries()) {
      drawSwatch(canvas, MARGIN + c * step, y + r * ROW, SWATCH, colour);
      drawText(canvas, label, MARGIN + c * step + SWATCH + 8, y + r * ROW + SWATCH - 3, TEXT, INK);
    }
  }
}

function drawSwatch(canvas: Canvas, x: number, y: number, width: number, colour: Colour): void {
  fillBox(canvas, x, y, width, SWATCH, '#8a8f8a');
  fillBox(canvas, x + 1, y + 1, width - 2, SWATCH - 2, colour);
}

const RAMP_WIDTH = 300;

function drawRamp(canvas: Canvas, entries: readonly StyleEntry[], x: number, y: number): void {
  const [low, high] = [entries[0]!.value, entries.at(-1)!.value];
  const colourOf = painter({ theme: 'cover', bands: [], kind: 'ramp', entries });
  for (let k = 0; k < RAMP_WIDTH; k++) {
    const mean = colourOf(low + ((high - low) * (k + 0.5)) / RAMP_WIDTH)!;
    const colour: Colour = `#${mean.toString(16).padStart(6, '0')}`;
    fillBox(canvas, x + k, y, 1, SWATCH, colour);
  }
  const middle = entries[(entries.length - 1) / 2];
  const marks = [entries[0]!, ...(middle === undefined ? [] : [middle]), entries.at(-1)!];
  for (const { value, label } of marks) {
    const at = x + (RAMP_WIDTH * (value - low)) / (high - low);
    const wide = textWidth(label, TEXT);
    const from = Math.max(x, Math.min(x + RAMP_WIDTH - wide, at - wide / 2));
    drawText(canvas, label, from, y + SWATCH + TEXT + 6, TEXT, INK);
  }
  drawSwatch(canvas, x + RAMP_WIDTH + 28, y, SWATCH, NO_DATA_COLOUR);
  drawText(canvas, 'no data', x + RAMP_WIDTH + 28 + SWATCH + 8, y + SWATCH - 3, TEXT, INK);
}

function drawZoneLegend(canvas: Canvas, roles: readonly (typeof ZONE_LINES)[number][], x: number, y: number): void {
  let at = x;
  for (const { label, colour } of roles) {
    drawLine(canvas, [at, y + SWATCH / 2, at + 22, y + SWATCH / 2], 1.8, colour);
    drawText(canvas, label, at + 30, y + SWATCH - 3, TEXT, INK);
    at += 30 + Math.ceil(textWidth(label, TEXT)) + 24;
  }
}

/** A bar of a round length of at most 160 pixels, that ends at `right`. */
function drawScale(canvas: Canvas, metresPerPixel: number, right: number, y: number): void {
  const most = 160 * metresPerPixel;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 2, 1].find((n) => n * power <= most) ?? 1) * power;
  const length = Math.round(metres / metresPerPixel);
  const from = right - length;
  fillBox(canvas, from, y, length, 3, INK);
  fillBox(canvas, from, y - 5, 2, 8, INK);
  fillBox(canvas, right - 2, y - 5, 2, 8, INK);
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  drawText(canvas, label, from + (length - textWidth(label, TEXT)) / 2, y + 8 + TEXT, TEXT, INK);
}
