/**
 * The Sentinel-2 scene classification as a picture: class numbers back from the palette's colours.
 * @module
 */

/** Classes that are not a clear look at the ground: no data, defective, cloud shadow, clouds, thin cirrus, snow. */
export const SCL_DROPPED: readonly number[] = [0, 1, 3, 8, 9, 10, 11];

/** Colours of the classes 0 to 11, 8 bit red, green, blue: the palette of ESA, as the Copernicus Browser draws it. */
const PALETTE: readonly (readonly [number, number, number])[] = [
  [0, 0, 0], // no data
  [255, 0, 0], // saturated or defective
  [47, 47, 47], // dark area
  [100, 50, 0], // cloud shadow
  [0, 160, 0], // vegetation
  [255, 230, 90], // not vegetated
  [0, 0, 255], // water
  [128, 128, 128], // unclassified
  [192, 192, 192], // cloud, medium probability
  [255, 255, 255], // cloud, high probability
  [100, 200, 255], // thin cirrus
  [255, 150, 255], // snow or ice
];

/** Largest distance of a channel, in 8-bit steps: rounding only, the palette's nearest colours are 47 apart. */
const TOLERANCE = 4;

/**
 * Writes the scene classification (0–11) of each pixel into `out`. All arrays have the same length; 16-bit colours
 * count as x / 65535 × 255. A colour that is none of the palette's becomes 0, no data.
 */
export function decodeSclPicture(
  r: Uint16Array | Uint8Array,
  g: Uint16Array | Uint8Array,
  b: Uint16Array | Uint8Array,
  out: Uint8Array,
): void {
  if (g.length !== r.length || b.length !== r.length || out.length !== r.length) {
    throw new RangeError('decodeSclPicture: red, green, blue and out must have the same length');
  }
  const unit = r instanceof Uint8Array ? 1 : 257;
  const tolerance = TOLERANCE * unit;
  let lastR = -1;
  let lastG = -1;
  let lastB = -1;
  let lastClass = 0;
  for (let i = 0; i < r.length; i++) {
    const red = r[i]!;
    const green = g[i]!;
    const blue = b[i]!;
    if (red !== lastR || green !== lastG || blue !== lastB) {
      lastR = red;
      lastG = green;
      lastB = blue;
      lastClass = classOf(red, green, blue, unit, tolerance);
    }
    out[i] = lastClass;
  }
}

function classOf(red: number, green: number, blue: number, unit: number, tolerance: number): number {
  for (let k = 0; k < PALETTE.length; k++) {
    const colour = PALETTE[k]!;
    if (
      Math.abs(red - colour[0] * unit) <= tolerance &&
      Math.abs(green - colour[1] * unit) <= tolerance &&
      Math.abs(blue - colour[2] * unit) <= tolerance
    ) {
      return k;
    }
  }
  return 0;
}
