/**
 * The SIMD twins of the predictors, for single samples. Each works on some rows at a time and says whether it could:
 * where it could not, nothing is changed and the other twin has to run.
 * @module
 */
import { inflatedIn } from './inflate.ts';
import { room, simdModule } from './instance.ts';

/** Bytes of the rows that are taken at a time: they fit the second-level cache. */
const CHUNK_BYTES = 131_072;

/** Longer rows are left to the other twin, to bound the memory. */
const LONGEST_ROW = 4 * CHUNK_BYTES;

/** Shorter blocks are not worth the copies. */
const SHORTEST = 256;

type Whole = Uint8Array | Uint16Array | Uint32Array;

/** The bytes of an array. */
function bytesOf(array: Whole): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Whole rows of a chunk; 0 where the block is not for SIMD. */
function rowsAtATime(byteLength: number, rowBytes: number): number {
  if (byteLength < SHORTEST || rowBytes === 0 || rowBytes > LONGEST_ROW) return 0;
  return Math.max(1, Math.min(Math.floor(CHUNK_BYTES / rowBytes), Math.floor(byteLength / rowBytes)));
}

/** Undoes predictor 2 in place. */
export function undoDifferenceSimd(samples: Whole, rowLength: number): boolean {
  const size = samples.BYTES_PER_ELEMENT;
  const rowBytes = rowLength * size;
  const owner = inflatedIn(samples);
  if (owner !== null && rowBytes > 0) {
    owner.undoDifference(samples.byteOffset, rowLength, Math.floor(samples.byteLength / rowBytes), size);
    return true;
  }
  const step = rowsAtATime(samples.byteLength, rowBytes);
  const module = step === 0 ? null : simdModule();
  if (module === null) return false;
  const { buffer, at } = room(module, step * rowBytes);
  const [inAt] = at as [number];
  const chunk = new Uint8Array(buffer, inAt, step * rowBytes);
  const bytes = bytesOf(samples);
  const end = bytes.length - (bytes.length % rowBytes);
  for (let start = 0; start < end; start += chunk.length) {
    const part = bytes.subarray(start, Math.min(start + chunk.length, end));
    chunk.set(part);
    module.undoDifference(inAt, rowLength, part.length / rowBytes, size);
    part.set(part.length === chunk.length ? chunk : chunk.subarray(0, part.length));
  }
  return true;
}

/** Applies predictor 2. */
export function applyDifferenceSimd<T extends Whole>(samples: T, out: T, rowLength: number): boolean {
  const size = samples.BYTES_PER_ELEMENT;
  return byRows(bytesOf(samples), bytesOf(out), rowLength * size, 0, (module, inAt, outAt, rows) =>
    module.applyDifference(inAt, outAt, rowLength, rows, size),
  );
}

/** Undoes predictor 3 of float32 in place. */
export function undoFloatDifferenceSimd(bytes: Uint8Array, rowLength: number): boolean {
  return byRows(bytes, bytes, rowLength * 4, 0, (module, inAt, outAt, rows) =>
    module.undoFloatDifference(inAt, outAt, rowLength, rows),
  );
}

/** Applies predictor 3 to float32. */
export function applyFloatDifferenceSimd(words: Uint32Array, out: Uint8Array, rowLength: number): boolean {
  return byRows(bytesOf(words), out, rowLength * 4, rowLength * 4, (module, inAt, outAt, rows, scratchAt) =>
    module.applyFloatDifference(inAt, outAt, rowLength, rows, scratchAt),
  );
}

type Step = (
  module: NonNullable<ReturnType<typeof simdModule>>,
  inAt: number,
  outAt: number,
  rows: number,
  scratchAt: number,
) => void;

/** Runs a loop over chunks of whole rows of `rowBytes`, from `bytes` to `out`; what is left over is not touched. */
function byRows(bytes: Uint8Array, out: Uint8Array, rowBytes: number, scratchBytes: number, step: Step): boolean {
  const rows = rowsAtATime(bytes.length, rowBytes);
  const module = rows === 0 ? null : simdModule();
  if (module === null) return false;
  const { buffer, at } = room(module, rows * rowBytes, rows * rowBytes, scratchBytes);
  const [inAt, outAt, scratchAt] = at as [number, number, number];
  const input = new Uint8Array(buffer, inAt, rows * rowBytes);
  const output = new Uint8Array(buffer, outAt, rows * rowBytes);
  const end = bytes.length - (bytes.length % rowBytes);
  for (let start = 0; start < end; start += input.length) {
    const part = bytes.subarray(start, Math.min(start + input.length, end));
    input.set(part);
    step(module, inAt, outAt, part.length / rowBytes, scratchAt);
    out.set(part.length === output.length ? output : output.subarray(0, part.length), start);
  }
  return true;
}
