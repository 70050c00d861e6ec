/**
 * The maximum of a normalized difference over the scenes of a year, from digital numbers, in arrays that are used again
 * for block after block.
 *
 * The same bits as mask, index and composite one after the other (`./mask.ts`, `./spectral-index.ts`, `./composite.ts`).
 * Where SIMD runs, the arrays lie in the memory of a WebAssembly instance of their own: what reads a file fills them
 * directly, and nothing is copied.
 * @module
 */
import { maxCompositePlain } from './composite.ts';
import { clearWhereBitsUnsetPlain, clearWhereOtherPlain } from './mask.ts';
import { KEY_COUNT, countHighKeys } from './order-statistics.ts';
import {
  addToHistogram,
  firstMultiple,
  INDEX_BINS,
  REFLECTANCE_BINS,
  type Bins,
  type Lattice,
} from './reflectance-histogram.ts';
import { firstFree, newSimdModule, reserve, type BandPair, type SimdModule } from './simd/instance.ts';
import { digitalDifferencePlain } from './spectral-index.ts';

/** Scale and offset of a band: reflectance = DN × scale + offset. */
export interface DigitalScale {
  readonly scale: number;
  readonly offset: number;
}

/** Values by the high half of their keys (`./order-statistics.ts`): the keys that occur, ascending, and how often. */
export interface HighKeys {
  readonly keys: Uint32Array;
  readonly counts: Float64Array;
}

/** Counts of clear pixels in the bins of `./reflectance-histogram.ts`. */
export interface DifferenceHistograms {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly difference: Float64Array;
}

/** Pixels of a vector; arrays may be read and written up to the next multiple. */
const VECTOR = 16;

/** One block of one year at a time. Begin with {@link begin}; the arrays are then of the block's length. */
export class AnnualMaximum {
  /** The scene's quality band, row-major over the block: filled by the caller. */
  mask = new Uint16Array(0);
  /** The bands of (first − second)/(first + second): filled by the caller. */
  first = new Uint16Array(0);
  second = new Uint16Array(0);
  /** 1 where the scene is clear; may be changed by the caller. */
  clear = new Uint8Array(0);
  /** The maximum so far, NaN without an observation. */
  values = new Float32Array(0);
  /** Clear observations so far. */
  seen = new Uint16Array(0);
  private readonly module: SimdModule | null;
  private readonly plainCounts: Float64Array;
  private capacity = 0;
  private length = 0;

  /** @param simd False for the plain twin: the same bits. */
  constructor(simd = true) {
    this.module = simd ? newSimdModule() : null;
    this.plainCounts = new Float64Array(this.module === null ? KEY_COUNT : 0);
  }

  /** Makes room for a block, without any observation. Arrays of the block before must not be used any more. */
  begin(nPixels: number): void {
    const padded = VECTOR * Math.ceil(nPixels / VECTOR);
    if (this.length !== nPixels || padded > this.capacity) {
      if (padded > this.capacity) this.capacity = padded;
      this.length = nPixels;
      this.place();
    }
    this.values.fill(NaN);
    this.seen.fill(0);
  }

  /** Says that all of the next scene is clear. */
  beginScene(): void {
    this.clear.fill(1);
  }

  /** Drops pixels whose {@link mask} has any of `bits` set. */
  dropBits(bits: number): void {
    const { module } = this;
    if (module === null) clearWhereBitsUnsetPlain(this.mask, bits, this.clear);
    else module.dropBits(this.mask.byteOffset, bits & 0xffff, this.clear.byteOffset, this.length);
  }

  /** Drops pixels where a band has no data; a value that no pixel can have drops none. */
  dropMissing(band: 'first' | 'second', nodata: number | null): void {
    if (nodata === null || nodata !== (nodata & 0xffff)) return;
    const { module } = this;
    if (module === null) clearWhereOtherPlain(this[band], nodata, this.clear);
    else module.dropValue(this[band].byteOffset, nodata, this.clear.byteOffset, this.length);
  }

  /**
   * Takes the scene in the arrays into the maximum.
   * @returns Pixels of the scene with a value.
   */
  takeScene(first: DigitalScale, second: DigitalScale): number {
    const { module } = this;
    if (module === null) return this.takePlain(first, second);
    return module.differenceMaximum(
      ...this.bandPair(first, second),
      this.values.byteOffset,
      this.seen.byteOffset,
      this.length,
    );
  }

  /**
   * The clear pixels of the scene in the arrays, counted as by `addToHistogram`: both bands and their difference.
   *
   * @param lattice Which pixels count; its width is the block's.
   */
  reflectances(lattice: Lattice, first: DigitalScale, second: DigitalScale): DifferenceHistograms {
    const { module } = this;
    if (module === null) return this.plainReflectances(lattice, first, second);
    const { width, row, col, step } = lattice;
    const [bins, indexBins] = [REFLECTANCE_BINS, INDEX_BINS];
    const counts = new Uint32Array(module.memory.buffer, firstFree(module), 2 * bins.count + indexBins.count);
    counts.fill(0);
    module.countReflectances(
      ...this.bandPair(first, second),
      width,
      this.length / width,
      firstMultiple(row, step),
      firstMultiple(col, step),
      step,
      bins.first,
      1 / bins.width,
      bins.count,
      indexBins.first,
      1 / indexBins.width,
      indexBins.count,
      counts.byteOffset,
    );
    const found = {
      first: Float64Array.from(counts.subarray(0, bins.count)),
      second: Float64Array.from(counts.subarray(bins.count, 2 * bins.count)),
      difference: Float64Array.from(counts.subarray(2 * bins.count)),
    };
    // The tables of the keys begin here, and are taken for empty.
    counts.fill(0);
    return found;
  }

  /** The keys of the maximum, counted as by `countHighKeys`. */
  highKeys(): HighKeys {
    const { module } = this;
    if (module === null) return this.plainKeys();
    const buffer = module.memory.buffer;
    const countsAt = firstFree(module);
    const keysAt = countsAt + 4 * KEY_COUNT;
    const foundAt = keysAt + 4 * KEY_COUNT;
    module.countHighKeys(this.values.byteOffset, this.length, countsAt);
    const n = module.takeKeys(countsAt, keysAt, foundAt);
    return {
      keys: new Uint32Array(buffer, keysAt, n).slice(),
      counts: Float64Array.from(new Uint32Array(buffer, foundAt, n)),
    };
  }

  private bandPair(first: DigitalScale, second: DigitalScale): BandPair {
    const [a, b] = [this.first.byteOffset, this.second.byteOffset];
    return [a, first.scale, first.offset, b, second.scale, second.offset, this.clear.byteOffset];
  }

  private place(): void {
    const { module, length, capacity } = this;
    const buffer = module === null ? new ArrayBuffer(14 * capacity) : this.reserved(module);
    let at = module === null ? 0 : firstFree(module) + 12 * KEY_COUNT;
    const next = (bytes: number): number => {
      const here = at;
      at += bytes * capacity;
      return here;
    };
    this.values = new Float32Array(buffer, next(4), length);
    this.mask = new Uint16Array(buffer, next(2), length);
    this.first = new Uint16Array(buffer, next(2), length);
    this.second = new Uint16Array(buffer, next(2), length);
    this.seen = new Uint16Array(buffer, next(2), length);
    const clear = new Uint8Array(buffer, next(1), capacity);
    // What fills up the last vector is never clear.
    clear.fill(0, length);
    this.clear = clear.subarray(0, length);
  }

  private reserved(module: SimdModule): ArrayBuffer {
    return reserve(module, firstFree(module) + 12 * KEY_COUNT + 14 * this.capacity);
  }

  private takePlain(first: DigitalScale, second: DigitalScale): number {
    const index = new Float32Array(this.length);
    digitalDifferencePlain({ data: this.first, ...first }, { data: this.second, ...second }, this.clear, index);
    let n = 0;
    for (let i = 0; i < index.length; i++) if (index[i] === index[i]) n++;
    maxCompositePlain(index, this.values, this.seen);
    return n;
  }

  private plainReflectances(lattice: Lattice, first: DigitalScale, second: DigitalScale): DifferenceHistograms {
    const [a, b] = [
      { data: this.first, ...first },
      { data: this.second, ...second },
    ];
    const index = new Float32Array(this.length);
    digitalDifferencePlain(a, b, this.clear, index);
    const counted = (data: Uint16Array | Float32Array, { scale, offset }: DigitalScale, bins: Bins) => {
      const counts = new Float64Array(bins.count);
      addToHistogram(data, scale, offset, this.clear, lattice, bins, counts);
      return counts;
    };
    return {
      first: counted(a.data, a, REFLECTANCE_BINS),
      second: counted(b.data, b, REFLECTANCE_BINS),
      difference: counted(index, { scale: 1, offset: 0 }, INDEX_BINS),
    };
  }

  private plainKeys(): HighKeys {
    const { plainCounts } = this;
    plainCounts.fill(0);
    countHighKeys(this.values, plainCounts);
    const keys: number[] = [];
    for (let key = 0; key < KEY_COUNT; key++) if (plainCounts[key]! > 0) keys.push(key);
    return { keys: Uint32Array.from(keys), counts: Float64Array.from(keys, (key) => plainCounts[key]!) };
  }
}
