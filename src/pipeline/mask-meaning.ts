/**
 * What the values of mask bands mean, by product.
 * @module
 */
import type { MaskRule, Product } from '../scenes/scene.ts';
import { decodeSclPicture } from '../scenes/scl-picture.ts';

/** Landsat Collection 2 QA_PIXEL (USGS LSDS-1619), bits 0–7. */
const QA_PIXEL = ['fill', 'dilated cloud', 'cirrus', 'cloud', 'cloud shadow', 'snow', 'clear', 'water'];

/** HLS v2.0 Fmask, bits 0–5. */
const FMASK = ['cirrus', 'cloud', 'adjacent to cloud or shadow', 'cloud shadow', 'snow or ice', 'water'];

/** Scene classification of Sentinel-2 L2A. */
const SCL = [
  'no data',
  'saturated or defective',
  'dark area or cast shadow',
  'cloud shadow',
  'vegetation',
  'not vegetated',
  'water',
  'unclassified',
  'cloud, medium probability',
  'cloud, high probability',
  'thin cirrus',
  'snow or ice',
];

/**
 * A mask's value in words.
 *
 * @param values One number, or three of a picture of the scene classification; below 0: beyond the file.
 */
export function maskMeaning(product: Product, rule: MaskRule, values: readonly number[]): string {
  const value = values[0]!;
  if (!(value >= 0)) return 'beyond the file';
  if (rule.kind === 'scl-picture') return SCL[classOfColour(values)]!;
  if (rule.kind === 'bits') {
    const names = product === 'landsat-c2l2' ? QA_PIXEL : product === 'hls-v2' ? FMASK : [];
    const set = rule.bits.filter((bit) => (Math.floor(value / 2 ** bit) & 1) === 1);
    return set.map((bit) => names[bit] ?? `bit ${bit}`).join(', ') || 'clear';
  }
  if (product === 'sentinel-2-l2a' || product === 'copernicus-browser') return SCL[value] ?? `class ${value}`;
  return `value ${value}`;
}

/** The class that a colour of the picture stands for. */
function classOfColour(values: readonly number[]): number {
  // Channels of 16 bits; small values of them are no colour of the palette but black, which is the same in 8 bits.
  const channel = (value: number) => (Math.max(...values) > 255 ? Uint16Array.of(value) : Uint8Array.of(value));
  const out = new Uint8Array(1);
  decodeSclPicture(channel(values[0]!), channel(values[1]!), channel(values[2]!), out);
  return out[0]!;
}
