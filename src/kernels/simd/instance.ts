/**
 * The WebAssembly module of the SIMD kernels: one instance a thread, made on first use, and more for who keeps arrays in it.
 *
 * Where WebAssembly or its SIMD instructions are missing there is none, and every kernel runs its typed-array twin.
 * @module
 */
import { instantiate } from './binary.generated.ts';

/** What loops over digital numbers begin with: two bands, their scales and offsets, and which pixels are clear. */
export type BandPair = [
  a: number,
  scaleA: number,
  offsetA: number,
  b: number,
  scaleB: number,
  offsetB: number,
  clear: number,
];

/** What ./assembly exports. Addresses and strides are in bytes. */
export interface SimdModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  freeFrom(): number;
  trendSetup(base: number, years: number, steps: number, nTimes: number): number;
  trendPixels(
    stack: number,
    stride: number,
    count: number,
    minYears: number,
    slopes: number,
    counts: number,
    ties: number,
  ): void;
  compositeSetup(base: number, n: number): number;
  composite(
    stack: number,
    stride: number,
    n: number,
    count: number,
    mean: boolean,
    ranks: number,
    out: number,
    seen: number,
  ): void;
  normalizedDifference(...args: [...bands: BandPair, out: number, count: number]): void;
  maximum(values: number, acc: number, seen: number, count: number): void;
  dropBits(qa: number, bits: number, clear: number, count: number): void;
  dropValue(band: number, value: number, clear: number, count: number): void;
  differenceMaximum(...args: [...bands: BandPair, acc: number, seen: number, count: number]): number;
  countReflectances(
    ...args: [
      ...bands: BandPair,
      width: number,
      height: number,
      row: number,
      col: number,
      step: number,
      first: number,
      perBin: number,
      bins: number,
      indexFirst: number,
      indexPerBin: number,
      indexBins: number,
      counts: number,
    ]
  ): void;
  countHighKeys(values: number, count: number, counts: number): void;
  takeKeys(counts: number, keys: number, found: number): number;
  countLowKeys(values: number, count: number, high: number, counts: number): void;
  cover(index: number, soil: number, range: number, squared: boolean, count: number): void;
  states(
    fvc: number,
    stride: number,
    nTimes: number,
    count: number,
    reference: number,
    perPixel: boolean,
    years: number,
    disturbedBelow: number,
    recoveredAbove: number,
    disturbedYears: number,
    recoveredYears: number,
    assessableFrom: number,
    state: number,
    first: number,
  ): void;
}

/** Bytes of a page of memory. */
const PAGE = 65_536;

let instance: SimdModule | null | undefined;

/** The module, or null where it cannot run. */
export function simdModule(): SimdModule | null {
  if (instance === undefined) instance = instantiate() as SimdModule | null;
  return instance;
}

/** Another instance, with a memory of its own that nobody else's chunks come into; null where it cannot run. */
export function newSimdModule(): SimdModule | null {
  return instantiate() as SimdModule | null;
}

/** Makes sure that the memory reaches up to `end`. It never shrinks: kernels work in small chunks. */
export function reserve(module: SimdModule, end: number): ArrayBuffer {
  const missing = end - module.memory.buffer.byteLength;
  if (missing > 0) module.memory.grow(Math.ceil(missing / PAGE));
  return module.memory.buffer;
}

/** The first address that is free, for whole vectors. */
export function firstFree(module: SimdModule): number {
  return aligned(module.freeFrom());
}

/** The next address at which a vector may begin. */
export function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}
