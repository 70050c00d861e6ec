/**
 * A plain font of strokes, for pictures without any other: Latin letters, digits and a few signs.
 *
 * A glyph is lines of points, each point two digits: x from the left, y from the descender's end. The base line is at 2, small
 * letters reach 6, capitals 8. It is this project's own.
 * @module
 */

/** Height of capitals above the base line, in units of the glyphs. */
export const CAP_HEIGHT = 6;
const BASE_LINE = 2;
/** Units between glyphs. */
const GAP = 1.7;
const SPACE = 2.2;

/** A point of a glyph, y upwards from the base line. */
type Point = readonly [x: number, y: number];

const GLYPHS: Readonly<Record<string, string>> = {
  A: '02 28 42;14 34',
  B: '02 08 38 47 46 35 05;35 44 43 32 02',
  C: '47 38 18 07 03 12 32 43',
  D: '02 08 28 46 44 22 02',
  E: '48 08 02 42;05 35',
  F: '48 08 02;05 35',
  G: '47 38 18 07 03 12 32 43 45 25',
  H: '02 08;42 48;05 45',
  I: '02 08',
  J: '38 33 22 12 03',
  K: '02 08;48 05 42',
  L: '08 02 42',
  M: '02 08 25 48 42',
  N: '02 08 42 48',
  O: '18 38 47 43 32 12 03 07 18',
  P: '02 08 38 47 46 35 05',
  Q: '18 38 47 43 32 12 03 07 18;24 42',
  R: '02 08 38 47 46 35 05;25 42',
  S: '47 38 18 07 06 15 35 44 43 32 12 03',
  T: '08 48;28 22',
  U: '08 03 12 32 43 48',
  V: '08 22 48',
  W: '08 12 26 32 48',
  X: '02 48;08 42',
  Y: '08 25 48;25 22',
  Z: '08 48 02 42',
  a: '35 26 16 05 03 12 22 33;36 32',
  b: '08 02;05 16 26 35 33 22 12 03',
  c: '35 26 16 05 03 12 22 33',
  d: '38 32;35 26 16 05 03 12 22 33',
  e: '04 34 35 26 16 05 03 12 22 33',
  f: '38 28 17 12;06 26',
  g: '35 26 16 05 03 12 22 33;36 31 20 10 01',
  h: '08 02;05 16 26 35 32',
  i: '02 06;08 08',
  j: '16 11 00;18 18',
  k: '08 02;36 04 32',
  l: '08 03 12',
  m: '02 06;05 16 25 22;25 36 45 42',
  n: '02 06;05 16 26 35 32',
  o: '16 26 35 33 22 12 03 05 16',
  p: '06 00;05 16 26 35 33 22 12 03',
  q: '36 30;35 26 16 05 03 12 22 33',
  r: '02 06;05 16 26',
  s: '35 26 16 05 14 24 33 22 12 03',
  t: '18 13 22;06 26',
  u: '06 03 12 22 33;36 32',
  v: '06 22 46',
  w: '06 12 25 32 46',
  x: '06 32;02 36',
  y: '06 22;46 10',
  z: '06 36 02 32',
  '0': '18 28 37 33 22 12 03 07 18',
  '1': '06 18 12',
  '2': '07 18 28 37 36 02 32',
  '3': '07 18 28 37 36 25 34 33 22 12 03',
  '4': '32 38 04 44',
  '5': '38 08 05 25 34 33 22 12 03',
  '6': '37 28 18 07 03 12 22 33 34 25 15 04',
  '7': '08 38 12',
  '8': '18 28 37 36 25 15 06 07 18;15 04 03 12 22 33 34 25',
  '9': '03 12 22 33 37 28 18 07 06 15 25 36',
  '.': '02 02',
  ',': '02 01',
  ':': '02 02;05 05',
  ';': '02 01;05 05',
  '-': '04 24',
  '+': '04 44;22 26',
  '=': '03 33;05 35',
  '<': '36 04 32',
  '>': '06 34 02',
  '≤': '37 05 33;02 32',
  '(': '18 07 03 12',
  ')': '08 17 13 02',
  '%': '08 18 17 07 08;33 43 42 32 33;02 48',
  '/': '01 38',
  '°': '08 18 17 07 08',
  _: '01 31',
  "'": '08 07',
  '?': '07 18 28 37 36 25 24;22 22',
};

/** Signs that are written as another one. */
const SAME: Readonly<Record<string, string>> = { '−': '-', '–': '-', '’': "'" };

const cache = new Map<string, readonly (readonly Point[])[]>();

/** Lines of a glyph; a question mark for one that the font does not have. */
function linesOf(char: string): readonly (readonly Point[])[] {
  const known = SAME[char] ?? char;
  let lines = cache.get(known);
  if (lines === undefined) {
    const glyph = GLYPHS[known] ?? GLYPHS['?']!;
    lines = glyph.split(';').map((line) => {
      return line.split(' ').map((point): Point => [Number(point[0]), Number(point[1]) - BASE_LINE]);
    });
    cache.set(known, lines);
  }
  return lines;
}

/** A glyph of a text: its lines, and where it begins. */
export interface PlacedGlyph {
  readonly x: number;
  readonly lines: readonly (readonly Point[])[];
}

/** The glyphs of a text side by side, and its width; in units of the glyphs. */
export function layOut(text: string): { glyphs: PlacedGlyph[]; width: number } {
  const glyphs: PlacedGlyph[] = [];
  let x = 0;
  for (const char of text) {
    if (char === ' ') {
      x += SPACE;
      continue;
    }
    const lines = linesOf(char);
    glyphs.push({ x, lines });
    x += lines.flat().reduce((most, [right]) => Math.max(most, right), 0) + GAP;
  }
  return { glyphs, width: Math.max(0, x - GAP) };
}
