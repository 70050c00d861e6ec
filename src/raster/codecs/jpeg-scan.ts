/**
 * One scan of a JPEG: from codes to the coefficients of its blocks, sequential (ITU-T T.81, annex F) or progressive
 * (annex G).
 * @module
 */
import { JpegBits, type HuffmanTable } from './jpeg-bits.ts';

/** A colour component of a frame. */
export interface JpegComponent {
  readonly id: number;
  /** Sampling factors. */
  readonly h: number;
  readonly v: number;
  readonly quantizer: number;
  /** Samples that count, without the padding of the last blocks. */
  readonly width: number;
  readonly height: number;
  /** Blocks that are kept, padded to whole MCUs. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** 64 a block, each block in natural order. */
  readonly coefficients: Int16Array;
  /** The quantisation of the first scan with this component, in natural order. */
  quantization: Uint16Array | undefined;
}

/** A component's part in a scan. */
export interface ScanComponent {
  readonly component: JpegComponent;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
}

/** The parameters of a scan (T.81, B.2.3). */
export interface ScanParameters {
  readonly progressive: boolean;
  /** First and last coefficient, in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** The bit position before and now; `high` is 0 in the first scan of a coefficient. */
  readonly high: number;
  readonly low: number;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
  readonly mcusAcross: number;
  readonly mcusDown: number;
}

/** The natural position of each zigzag position, with room for runs that a damaged file lets go beyond the last one. */
export const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
]);

const NO_TABLE: HuffmanTable = {
  lookup: new Uint16Array(512),
  largest: new Int32Array(17).fill(-1),
  first: new Int32Array(17),
  symbols: new Uint8Array(0),
};

/**
 * Decodes a scan into its components' coefficients.
 *
 * @param start Position of the first byte behind the scan's header.
 * @returns Position of the marker that follows.
 * @throws {RangeError} if the data are damaged or end too early
 */
export function decodeScan(
  bytes: Uint8Array,
  start: number,
  components: readonly ScanComponent[],
  scan: ScanParameters,
): number {
  const bits = new JpegBits(bytes, start);
  const decoder = new BlockDecoder(bits, scan);
  const predictions = new Int32Array(components.length);
  const single = components.length === 1 ? components[0]!.component : undefined;
  const across = single === undefined ? scan.mcusAcross : Math.ceil(single.width / 8);
  const down = single === undefined ? scan.mcusDown : Math.ceil(single.height / 8);
  let untilRestart = scan.restartInterval;
  for (let mcuRow = 0; mcuRow < down; mcuRow++) {
    for (let mcuCol = 0; mcuCol < across; mcuCol++) {
      if (scan.restartInterval > 0 && untilRestart-- === 0) {
        bits.restart();
        predictions.fill(0);
        decoder.endOfBandRun = 0;
        untilRestart = scan.restartInterval - 1;
      }
      for (let c = 0; c < components.length; c++) {
        const { component, dc, ac } = components[c]!;
        const h = single === undefined ? component.h : 1;
        const v = single === undefined ? component.v : 1;
        for (let y = mcuRow * v; y < (mcuRow + 1) * v; y++) {
          for (let x = mcuCol * h; x < (mcuCol + 1) * h; x++) {
            const at = (y * component.blocksAcross + x) * 64;
            decoder.decode(component.coefficients, at, dc ?? NO_TABLE, ac ?? NO_TABLE, predictions, c);
          }
        }
      }
    }
    bits.check();
  }
  return bits.position;
}

/** Decodes single blocks. */
class BlockDecoder {
  endOfBandRun = 0;
  private readonly bits: JpegBits;
  private readonly scan: ScanParameters;

  constructor(bits: JpegBits, scan: ScanParameters) {
    this.bits = bits;
    this.scan = scan;
  }

  decode(
    out: Int16Array,
    at: number,
    dc: HuffmanTable,
    ac: HuffmanTable,
    predictions: Int32Array,
    component: number,
  ): void {
    const { progressive, first, high, low } = this.scan;
    if (!progressive) this.sequential(out, at, dc, ac, predictions, component);
    else if (first === 0 && high === 0) {
      predictions[component]! += this.bits.takeSigned(this.bits.symbol(dc) & 15);
      out[at] = predictions[component]! << low;
    } else if (first === 0) {
      if (this.bits.take(1) === 1) out[at]! |= 1 << low;
    } else if (high === 0) this.firstPass(out, at, ac);
    else this.refine(out, at, ac);
  }

  private sequential(
    out: Int16Array,
    at: number,
    dc: HuffmanTable,
    ac: HuffmanTable,
    predictions: Int32Array,
    component: number,
  ): void {
    const { bits } = this;
    predictions[component]! += bits.takeSigned(bits.symbol(dc) & 15);
    out[at] = predictions[component]!;
    for (let k = 1; k < 64; k++) {
      const code = bits.symbol(ac);
      const length = code & 15;
      if (length !== 0) {
        k += code >> 4;
        out[at + ZIGZAG[k]!] = bits.takeSigned(length);
      } else {
        if (code !== 0xf0) break;
        k += 15;
      }
    }
  }

  private firstPass(out: Int16Array, at: number, ac: HuffmanTable): void {
    const { bits, scan } = this;
    if (this.endOfBandRun > 0) {
      this.endOfBandRun--;
      return;
    }
    for (let k = scan.first; k <= scan.last; k++) {
      const code = bits.symbol(ac);
      const run = code >> 4;
      const length = code & 15;
      if (length !== 0) {
        k += run;
        out[at + ZIGZAG[k]!] = bits.takeSigned(length) * (1 << scan.low);
      } else if (run === 15) {
        k += 15;
      } else {
        this.endOfBandRun = (1 << run) - 1 + (run > 0 ? bits.take(run) : 0);
        break;
      }
    }
  }

  /** One more bit of each coefficient that is known, and the new ones of ±1 (T.81, G.1.2.3). */
  private refine(out: Int16Array, at: number, ac: HuffmanTable): void {
    const { bits, scan } = this;
    const unit = 1 << scan.low;
    let k = scan.first;
    if (this.endOfBandRun === 0) {
      for (; k <= scan.last; k++) {
        const code = bits.symbol(ac);
        let run = code >> 4;
        let value = 0;
        if ((code & 15) !== 0) {
          value = bits.take(1) === 1 ? unit : -unit;
        } else if (run !== 15) {
          this.endOfBandRun = (1 << run) + (run > 0 ? bits.take(run) : 0);
          break;
        }
        for (; k <= scan.last; k++) {
          const position = at + ZIGZAG[k]!;
          if (out[position] !== 0) this.refineOne(out, position, unit);
          else if (--run < 0) break;
        }
        if (value !== 0 && k <= scan.last) out[at + ZIGZAG[k]!] = value;
      }
    }
    if (this.endOfBandRun > 0) {
      for (; k <= scan.last; k++) {
        const position = at + ZIGZAG[k]!;
        if (out[position] !== 0) this.refineOne(out, position, unit);
      }
      this.endOfBandRun--;
    }
  }

  private refineOne(out: Int16Array, position: number, unit: number): void {
    const value = out[position]!;
    if (this.bits.take(1) === 1 && (value & unit) === 0) out[position] = value + (value >= 0 ? unit : -unit);
  }
}
