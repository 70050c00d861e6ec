/**
 * Bits and Huffman codes of a JPEG scan (ITU-T T.81, annexes C and F).
 * @module
 */

const LOOKAHEAD = 9;

/** A Huffman table: short codes by one look-up, long ones by their length. */
export interface HuffmanTable {
  /** By the next 9 bits: length × 256 + symbol, or 0 for longer codes. */
  readonly lookup: Uint16Array;
  /** The largest code of each length, −1 where there is none. */
  readonly largest: Int32Array;
  /** What to add to a code of a length to find its symbol. */
  readonly first: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * @param counts Number of codes of 1 to 16 bits.
 * @param symbols In the order of their codes.
 * @throws {RangeError} if there are more codes than bits allow
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const lookup = new Uint16Array(1 << LOOKAHEAD);
  const largest = new Int32Array(17).fill(-1);
  const first = new Int32Array(17);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    first[length] = index - code;
    for (let i = 0; i < count; i++, code++, index++) {
      if (length > LOOKAHEAD) continue;
      const shift = LOOKAHEAD - length;
      lookup.fill((length << 8) | symbols[index]!, code << shift, (code + 1) << shift);
    }
    if (count > 0) largest[length] = code - 1;
    if (code > 1 << length) throw new RangeError('JPEG with a damaged Huffman table');
    code <<= 1;
  }
  return { lookup, largest, first, symbols };
}

/** Reads the bits of a scan; a marker ends them, and zeros follow. */
export class JpegBits {
  private readonly bytes: Uint8Array;
  private at: number;
  private bits = 0;
  private count = 0;
  /** Bits that were made up after the end. */
  private padding = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  /** Where the marker after the scan stands; to be asked when the scan is done. */
  get position(): number {
    return this.at;
  }

  /** @throws {RangeError} if more bits were taken than the scan has */
  check(): void {
    if (this.count < this.padding) throw new RangeError('JPEG data end too early');
  }

  /** The next bits as a number; at most 16. */
  take(length: number): number {
    if (this.count < length) this.fill();
    this.count -= length;
    return (this.bits >>> this.count) & ((1 << length) - 1);
  }

  /** A signed value of a length in bits (T.81, F.2.2.1). */
  takeSigned(length: number): number {
    if (length === 0) return 0;
    const value = this.take(length);
    return value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
  }

  symbol(table: HuffmanTable): number {
    if (this.count < 16) this.fill();
    const found = table.lookup[(this.bits >>> (this.count - LOOKAHEAD)) & ((1 << LOOKAHEAD) - 1)]!;
    if (found !== 0) {
      this.count -= found >> 8;
      return found & 255;
    }
    for (let length = LOOKAHEAD + 1; length <= 16; length++) {
      const code = (this.bits >>> (this.count - length)) & ((1 << length) - 1);
      if (code > table.largest[length]!) continue;
      this.count -= length;
      return table.symbols[code + table.first[length]!] ?? 0;
    }
    throw new RangeError('JPEG data with an unknown code');
  }

  /** Goes on behind a restart marker. @throws {RangeError} if there is none */
  restart(): void {
    this.check();
    const { bytes } = this;
    this.bits = 0;
    this.count = 0;
    this.padding = 0;
    while (bytes[this.at] === 0xff && bytes[this.at + 1] === 0xff) this.at++;
    const marker = bytes[this.at + 1] ?? 0;
    if (bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw new RangeError('JPEG data without a restart marker where one is due');
    }
    this.at += 2;
  }

  private fill(): void {
    const { bytes } = this;
    while (this.count <= 24) {
      let byte = this.at < bytes.length ? bytes[this.at]! : -1;
      if (byte === 0xff) {
        if (bytes[this.at + 1] === 0) this.at += 2;
        else byte = -1;
      } else if (byte >= 0) {
        this.at++;
      }
      if (byte < 0) this.padding += 8;
      this.bits = (this.bits << 8) | Math.max(byte, 0);
      this.count += 8;
    }
  }
}
