/**
 * The WebAssembly module of the raster's SIMD loops: one instance a thread, made on first use.
 *
 * Where it cannot run there is none, and every loop runs its typed-array twin.
 * @module
 */
import { instantiate } from './binary.generated.ts';

/** What ./assembly exports. Addresses are in bytes. */
export interface SimdModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  freeFrom(): number;
  undoDifference(samples: number, rowLength: number, rows: number, size: number): void;
  applyDifference(samples: number, out: number, rowLength: number, rows: number, size: number): void;
  undoFloatDifference(bytes: number, out: number, rowLength: number, rows: number): void;
  applyFloatDifference(words: number, out: number, rowLength: number, rows: number, planes: number): void;
  inflate(input: number, length: number, out: number, size: number): number;
  inflateBoth(
    input: number,
    length: number,
    out: number,
    input2: number,
    length2: number,
    out2: number,
    size: number,
  ): number;
  other(): number;
  deflate(input: number, length: number, out: number, isFirst: number, isLast: number): number;
  decodeLzw(input: number, length: number, out: number, size: number): number;
  meanFloat(rows: number, count: number, out: number): void;
  meanWord(rows: number, count: number, out: number, missing: number, empty: number): void;
  modeByte(rows: number, count: number, samples: number, out: number, missing: number, empty: number): void;
}

/** Bytes of a page of memory. */
const PAGE = 65_536;

let instance: SimdModule | null | undefined;

/** The module, or null where it cannot run. */
export function simdModule(): SimdModule | null {
  if (instance === undefined) instance = instantiate() as SimdModule | null;
  return instance;
}

/** Another instance, with a memory of its own; null where it cannot run. */
export function newSimdModule(): SimdModule | null {
  return instantiate() as SimdModule | null;
}

/** Memory of the module for arrays of the given lengths, each at an address for whole vectors. */
export function room(module: SimdModule, ...lengths: number[]): { buffer: ArrayBuffer; at: number[] } {
  const at: number[] = [];
  let end = Math.ceil(module.freeFrom() / 16) * 16;
  for (const length of lengths) {
    at.push(end);
    // Loops may read and write a vector beyond the end.
    end += Math.ceil(length / 16) * 16 + 16;
  }
  const missing = end - module.memory.buffer.byteLength;
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE));
  return { buffer: module.memory.buffer, at };
}
