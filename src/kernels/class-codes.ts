/**
 * Pixels as numbers of classes: bytes from 1, 0 where there is no class.
 * @module
 */
import type { PixelArray } from './pixel-array.ts';

/** Classes of one map at most: their numbers are bytes. */
export const MOST_CLASS_NUMBERS = 255;

/**
 * Grades of a value: 1 below the first limit, 2 from it on, and so on; 0 for NaN.
 *
 * @param limits Ascending.
 * @param out Same length as the values.
 */
export function gradesOf(values: Float64Array, limits: Float64Array, out: Uint8Array): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) {
      out[i] = 0;
      continue;
    }
    let grade = 1;
    while (grade <= limits.length && value >= limits[grade - 1]!) grade++;
    out[i] = grade;
  }
}

/** Numbers that the codes of a map were given, in the order in which they were met. */
export interface CodeNumbers {
  /** Code by number − 1. */
  readonly codes: number[];
  /** Number by code, 0 for none yet; {@link NO_CLASS} for codes that are no data. */
  readonly table: Uint16Array;
}

/** Codes are whole numbers from 0 to this. */
export const LARGEST_CODE = 65_535;
const NO_CLASS = 256;

/** @param noData Codes that stand for no data. */
export function codeNumbers(noData: readonly number[]): CodeNumbers {
  const table = new Uint16Array(LARGEST_CODE + 1);
  for (const code of noData) if (isCode(code)) table[code] = NO_CLASS;
  return { codes: [], table };
}

/**
 * Numbers of the codes of pixels; codes that are new get the next number.
 *
 * @param missing The file's no-data value, of any kind; null where it has none.
 * @param out Same length as the pixels. NaN is 0, as what stands for no data is.
 * @returns The first pixel that is no code, or a code too many; −1 where all are.
 */
export function numberCodes(pixels: PixelArray, missing: number | null, numbers: CodeNumbers, out: Uint8Array): number {
  const { codes, table } = numbers;
  for (let i = 0; i < pixels.length; i++) {
    const code = pixels[i]!;
    if (code !== code || code === missing) {
      out[i] = 0;
      continue;
    }
    if (!isCode(code)) return i;
    let number = table[code]!;
    if (number === 0) {
      if (codes.length === MOST_CLASS_NUMBERS) return i;
      codes.push(code);
      number = codes.length;
      table[code] = number;
    }
    out[i] = number === NO_CLASS ? 0 : number;
  }
  return -1;
}

function isCode(code: number): boolean {
  return code >= 0 && code <= LARGEST_CODE && Math.floor(code) === code;
}
