/**
 * What the values of mask bands mean, by product.
 * @module
 */
import type { MaskRule, Product } from '../scenes/scene.ts';

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
  if (rule.kind === 'scl-picture') return 'colour of the scene classification';
  if (rule.kind === 'bits') {
    const names = product === 'landsat-c2l2' ? QA_PIXEL : product === 'hls-v2' ? FMASK : [];
    const set = rule.bits.filter((bit) => (Math.floor(value / 2 ** bit) & 1) === 1);
    return set.map((bit) => names[bit] ?? `bit ${bit}`).join(', ') || 'clear';
  }
  if (product === 'sentinel-2-l2a' || product === 'copernicus-browser') return SCL[value] ?? `class ${value}`;
  return `value ${value}`;
}
