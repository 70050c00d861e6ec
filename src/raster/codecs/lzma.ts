/**
 * LZMA, the Lempel–Ziv–Markov chain algorithm with a range coder, as the chunks of LZMA2 hold it.
 * @module
 */

/** Chances are 11 bits, and start at one half. */
const HALF = 1024;
const TOP = 2 ** 24;

/** Decoders of lengths: two choices, then 8 short lengths and 8 middle ones for each position, then 256 long ones. */
const LENGTH_SIZE = 2 + 16 * 8 + 16 * 8 + 256;
const MIDDLE = 2 + 16 * 8;
const LONG = MIDDLE + 16 * 8;

/** Decodes the chunks of one stream into one array, which is its dictionary too. */
export class LzmaDecoder {
  private readonly out: Uint8Array;
  written = 0;
  /** Where the dictionary begins. */
  private start = 0;

  private input: Uint8Array = new Uint8Array(0);
  private at = 0;
  private range = 0;
  private code = 0;

  private lc = 0;
  private literalPositions = 0;
  private positions = 0;
  private state = 0;
  private readonly reps = new Uint32Array(4);

  private literals = new Uint16Array(0);
  private readonly isMatch = new Uint16Array(12 * 16);
  private readonly isRep = new Uint16Array(12);
  private readonly isRep0 = new Uint16Array(12);
  private readonly isRep1 = new Uint16Array(12);
  private readonly isRep2 = new Uint16Array(12);
  private readonly isRep0Long = new Uint16Array(12 * 16);
  private readonly slots = new Uint16Array(4 * 64);
  private readonly special = new Uint16Array(115);
  private readonly align = new Uint16Array(16);
  private readonly matchLengths = new Uint16Array(LENGTH_SIZE);
  private readonly repLengths = new Uint16Array(LENGTH_SIZE);

  constructor(out: Uint8Array) {
    this.out = out;
  }

  /** @throws {RangeError} if the properties are none of LZMA2 */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw new RangeError('damaged LZMA properties');
    this.lc = lc;
    this.literalPositions = (1 << lp) - 1;
    this.positions = (1 << pb) - 1;
    this.literals = new Uint16Array(0x300 << (lc + lp));
  }

  resetDictionary(): void {
    this.start = this.written;
  }

  resetState(): void {
    const all = [this.literals, this.isMatch, this.isRep, this.isRep0, this.isRep1, this.isRep2, this.isRep0Long];
    for (const chances of [...all, this.slots, this.special, this.align, this.matchLengths, this.repLengths]) {
      chances.fill(HALF);
    }
    this.state = 0;
    this.reps.fill(0);
  }

  /** Bytes that are stored as they are; what does not fit is dropped. */
  copy(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.out.length - this.written);
    this.out.set(part, this.written);
    this.written += part.length;
  }

  /**
   * Decodes a chunk of `size` bytes, or as many as fit.
   * @throws {RangeError} if the data are damaged
   */
  decode(input: Uint8Array, size: number): void {
    if (input.length < 5 || this.literals.length === 0) throw new RangeError('damaged LZMA data');
    const { out } = this;
    this.input = input;
    this.at = 5;
    this.range = 0xffffffff;
    this.code = ((input[1]! << 24) | (input[2]! << 16) | (input[3]! << 8) | input[4]!) >>> 0;
    const end = Math.min(this.written + size, out.length);
    while (this.written < end) {
      const position = (this.written - this.start) & this.positions;
      if (this.bit(this.isMatch, this.state * 16 + position) === 0) this.literal();
      else this.match(position, end);
    }
    if (this.at > input.length) throw new RangeError('LZMA data end too early');
  }

  private literal(): void {
    const { out, literals } = this;
    const before = this.written > this.start ? out[this.written - 1]! : 0;
    const place = (this.written - this.start) & this.literalPositions;
    const base = 0x300 * ((place << this.lc) + (before >> (8 - this.lc)));
    let symbol = 1;
    if (this.state >= 7) {
      let match = out[this.written - this.reps[0]! - 1]!;
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.bit(literals, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== matchBit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.bit(literals, base + symbol);
    out[this.written++] = symbol;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  private match(position: number, end: number): void {
    const { reps, state } = this;
    let length: number;
    if (this.bit(this.isRep, state) === 0) {
      reps.copyWithin(1, 0, 3);
      length = this.length(this.matchLengths, position);
      this.state = state < 7 ? 7 : 10;
      reps[0] = this.distance(length);
    } else {
      const index = this.repetition(state);
      if (index === 0 && this.bit(this.isRep0Long, state * 16 + position) === 0) {
        this.state = state < 7 ? 9 : 11;
        length = 1;
      } else {
        const distance = reps[index]!;
        reps.copyWithin(1, 0, index);
        reps[0] = distance;
        length = this.length(this.repLengths, position);
        this.state = state < 7 ? 8 : 11;
      }
    }
    const { out } = this;
    let from = this.written - reps[0]! - 1;
    if (from < this.start) throw new RangeError('LZMA data point before their beginning');
    const stop = Math.min(this.written + length, end);
    while (this.written < stop) out[this.written++] = out[from++]!;
  }

  /** Which of the last four distances is taken again. */
  private repetition(state: number): number {
    if (this.bit(this.isRep0, state) === 0) return 0;
    if (this.bit(this.isRep1, state) === 0) return 1;
    return this.bit(this.isRep2, state) === 0 ? 2 : 3;
  }

  private length(chances: Uint16Array, position: number): number {
    if (this.bit(chances, 0) === 0) return 2 + this.tree(chances, 2 + position * 8, 3);
    if (this.bit(chances, 1) === 0) return 10 + this.tree(chances, MIDDLE + position * 8, 3);
    return 18 + this.tree(chances, LONG, 8);
  }

  private distance(length: number): number {
    const slot = this.tree(this.slots, Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return high + this.reverseTree(this.special, high - slot, bits);
    let middle = 0;
    for (let i = bits - 4; i > 0; i--) middle = middle * 2 + this.evenBit();
    return high + middle * 16 + this.reverseTree(this.align, 0, 4);
  }

  private tree(chances: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let i = 0; i < bits; i++) symbol = (symbol << 1) | this.bit(chances, base + symbol);
    return symbol - (1 << bits);
  }

  private reverseTree(chances: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(chances, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  private bit(chances: Uint16Array, index: number): number {
    if (this.range < TOP) this.refill();
    const chance = chances[index]!;
    const bound = (this.range >>> 11) * chance;
    if (this.code < bound) {
      this.range = bound;
      chances[index] = chance + ((2048 - chance) >> 5);
      return 0;
    }
    this.range -= bound;
    this.code -= bound;
    chances[index] = chance - (chance >> 5);
    return 1;
  }

  private evenBit(): number {
    if (this.range < TOP) this.refill();
    this.range = Math.floor(this.range / 2);
    if (this.code < this.range) return 0;
    this.code -= this.range;
    return 1;
  }

  private refill(): void {
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | (this.input[this.at] ?? 0)) >>> 0;
    this.at++;
  }
}
