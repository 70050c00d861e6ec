/**
 * A random sample of cells that does not depend on the order in which they are looked at.
 * @module
 */

/**
 * A uniform number in (0, 1) of a cell: the same for the same seed and number, whatever else is drawn. Two rounds of
 * MurmurHash3's finaliser over seed and number; 53 bits.
 */
export function uniformOfCell(seed: number, cell: number): number {
  const low = cell >>> 0;
  const high = Math.floor(cell / 2 ** 32) >>> 0;
  let a = mix((seed ^ 0x9e3779b9) >>> 0);
  a = mix((a ^ low) >>> 0);
  a = mix((a ^ high) >>> 0);
  const b = mix((a ^ 0x85ebca6b) >>> 0);
  return ((a >>> 6) * 2 ** 27 + (b >>> 5) + 0.5) / 2 ** 53;
}

function mix(value: number): number {
  let h = (value + 0x6d2b79f5) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Keeps the units with the smallest keys, as many as wanted: a sample without replacement in which a cell counts by its
 * weight (Efraimidis & Spirakis 2006, with keys −ln(u)/weight). A heap whose root is the largest key.
 */
export class WeightedSample {
  readonly size: number;
  readonly keys: Float64Array;
  readonly cells: Float64Array;
  count = 0;

  constructor(size: number) {
    this.size = size;
    this.keys = new Float64Array(size);
    this.cells = new Float64Array(size);
  }

  /** Offers a cell. @param uniform In (0, 1). @param weight Positive. */
  offer(cell: number, uniform: number, weight: number): void {
    const key = -Math.log(uniform) / weight;
    if (this.count < this.size) {
      this.#rise(this.count++, key, cell);
    } else if (this.size > 0 && this.#before(key, cell, 0)) {
      this.#sink(key, cell);
    }
  }

  /** The cells of the sample, ascending. */
  sorted(): Float64Array {
    return this.cells.slice(0, this.count).sort();
  }

  /** Of equal keys the smaller cell comes first, so that the order of the offers does not matter. */
  #before(key: number, cell: number, place: number): boolean {
    const other = this.keys[place]!;
    return key < other || (key === other && cell < this.cells[place]!);
  }

  #rise(from: number, key: number, cell: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#before(key, cell, parent)) break;
      this.keys[place] = this.keys[parent]!;
      this.cells[place] = this.cells[parent]!;
      place = parent;
    }
    this.keys[place] = key;
    this.cells[place] = cell;
  }

  #sink(key: number, cell: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.count) break;
      const right = child + 1;
      if (right < this.count && this.#before(this.keys[child]!, this.cells[child]!, right)) child = right;
      if (!this.#before(key, cell, child)) break;
      this.keys[place] = this.keys[child]!;
      this.cells[place] = this.cells[child]!;
      place = child;
    }
    this.keys[place] = key;
    this.cells[place] = cell;
  }
}
