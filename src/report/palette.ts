/**
 * The colours of classes, states and values, the same in every product: report, styles, colour tables.
 *
 * Chosen to stay apart with the common colour blindnesses: brown to green by lightness for trends (Brewer's BrBG), vermilion
 * against bluish green for states (Okabe & Ito 2008), and ramps whose lightness only rises or only falls.
 * @module
 */

/** `#rrggbb` */
export type Colour = `#${string}`;

/** Brewer's BrBG, strongest decrease first. */
const TREND_RAMP: readonly Colour[] = [
  '#543005',
  '#8c510a',
  '#bf812d',
  '#dfc27d',
  '#f5f5f5',
  '#80cdc1',
  '#35978f',
  '#01665e',
  '#003c30',
];

/** Positions in the ramp by legend, in the order of the codes from 1. */
const POSITIONS: Record<string, readonly number[]> = {
  nine: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  seven: [1, 2, 3, 4, 5, 6, 7],
  five: [1, 3, 4, 5, 7],
};

const NOT_TESTABLE: Colour = '#beaed4';

/** Where nothing was observed; maps leave it transparent. */
export const NO_DATA_COLOUR: Colour = '#8a8f94';

/** Colour of a trend class: 0 not testable, 255 no data, the classes of the legend between. */
export function trendColour(legend: string, code: number): Colour {
  if (code === 0) return NOT_TESTABLE;
  const position = (POSITIONS[legend] ?? [])[code - 1];
  return position === undefined ? NO_DATA_COLOUR : TREND_RAMP[position]!;
}

/** Colours of the land states by code: not assessable, undisturbed, disturbed, recovering, recovered. */
export const STATE_COLOURS: readonly Colour[] = ['#b3a9c6', '#c3ccb4', '#d55e00', '#f0c24b', '#009e73'];

/** Viridis, from early to late. */
export const YEAR_RAMP: readonly Colour[] = [
  '#440154',
  '#472d7b',
  '#3b528b',
  '#2c728e',
  '#21918c',
  '#28ae80',
  '#5ec962',
  '#addc30',
  '#fde725',
];

/** From bare ground to full cover. */
export const COVER_RAMP: readonly Colour[] = [
  '#f3e3c3',
  '#dccf95',
  '#b0bd6a',
  '#76a552',
  '#3c8746',
  '#14623b',
  '#053d2b',
];

/** A colour of a ramp, interpolated in sRGB. @param share from 0, the ramp's begin, to 1 */
export function rampColour(ramp: readonly Colour[], share: number): [red: number, green: number, blue: number] {
  const at = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const k = Math.min(ramp.length - 2, Math.floor(at));
  const [from, to] = [rgbOf(ramp[k]!), rgbOf(ramp[k + 1]!)];
  const mix = (c: 0 | 1 | 2) => Math.round(from[c] + (to[c] - from[c]) * (at - k));
  return [mix(0), mix(1), mix(2)];
}

/** Red, green and blue of a colour, each 0 to 255. */
export function rgbOf(colour: Colour): [red: number, green: number, blue: number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
