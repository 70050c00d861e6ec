/**
 * Classes of a window of a raster: grades of its values, or its codes.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Window } from '../geo/window.ts';
import { gradesOf, LARGEST_CODE, MOST_CLASS_NUMBERS, numberCodes, type CodeNumbers } from '../kernels/class-codes.ts';
import type { GeoTiffFile } from '../raster/geotiff-file.ts';
import { openRaster } from './resources.ts';

/** How pixels become classes. */
export type ClassRule =
  /** Values in grades, by their lower limits from the second grade on. */
  | { kind: 'grades'; limits: number[] }
  /** Pixels are codes; some stand for no data, beside the file's own no-data value. */
  | { kind: 'codes'; noData: number[] };

/** A band of classes. */
export interface ClassBand {
  path: string;
  /** 1-based. */
  band: number;
  rule: ClassRule;
}

/** Row-major numbers of the classes in a window; 0 is no data. @throws {MineRsError} BAD_INPUT for pixels that are no classes */
export async function readClasses(
  { path, band, rule }: ClassBand,
  window: Window,
  numbers: CodeNumbers,
): Promise<Uint8Array> {
  const file = await openRaster(path);
  const pixels = await file.readWindow(window, { band });
  const out = new Uint8Array(pixels.length);
  if (rule.kind === 'grades') {
    gradesOf(valuesOf(file, band, pixels), Float64Array.from(rule.limits), out);
    return out;
  }
  const wrong = numberCodes(pixels, file.info.nodata, numbers, out);
  if (wrong >= 0) throw noCode(path, window, wrong, pixels[wrong]!);
  return out;
}

/** Value = stored number × scale + offset; NaN where there are no data. */
function valuesOf({ info }: GeoTiffFile, band: number, pixels: ArrayLike<number>): Float64Array {
  const [scale, offset] = [info.scales[band - 1] ?? 1, info.offsets[band - 1] ?? 0];
  // A float32 file writes its no-data value with more digits than it stores.
  const missing = pixels instanceof Float32Array && info.nodata !== null ? Math.fround(info.nodata) : info.nodata;
  const out = new Float64Array(pixels.length);
  for (let i = 0; i < out.length; i++) {
    const value = pixels[i]!;
    out[i] = value === missing || !Number.isFinite(value) ? Number.NaN : value * scale + offset;
  }
  return out;
}

function noCode(path: string, window: Window, at: number, value: number): MineRsError {
  const [col, row] = [window.col + (at % window.width), window.row + Math.floor(at / window.width)];
  const text =
    Number.isInteger(value) && value >= 0 && value <= LARGEST_CODE
      ? `more than ${MOST_CLASS_NUMBERS} different values; it is no raster of classes`
      : `the value ${value} at column ${col}, row ${row}; classes are whole numbers from 0 to ${LARGEST_CODE}`;
  return new MineRsError('BAD_INPUT', `${path} has ${text}`, { path });
}
