/**
 * Boxes by place: a packed tree (sort-tile-recursive; Leutenegger, Lopez and Edgington 1997).
 * @module
 */

const NODE_SIZE = 16;

/** Boxes that can be asked which of them meet another. */
export class BoxTree {
  /** Boxes of all levels, leaves first: minX, minY, maxX, maxY. */
  readonly #boxes: Float64Array;
  /** The item of a leaf; of a node, the place of its first child. */
  readonly #targets: Uint32Array;
  readonly #levelEnds: number[];
  readonly #items: number;
  readonly #stack: number[] = [];

  /** @param boxes minX, minY, maxX, maxY of each item, one after the other. */
  constructor(boxes: Float64Array) {
    const n = boxes.length / 4;
    const order = sortTile(boxes, n);
    const counts = [n];
    for (let count = n; count > 1;) counts.push((count = Math.ceil(count / NODE_SIZE)));
    const total = counts.reduce((sum, count) => sum + count, 0);
    this.#items = n;
    this.#boxes = new Float64Array(total * 4);
    this.#targets = new Uint32Array(total);
    this.#levelEnds = [n];
    for (let k = 0; k < n; k++) {
      this.#targets[k] = order[k]!;
      this.#boxes.set(boxes.subarray(order[k]! * 4, order[k]! * 4 + 4), k * 4);
    }
    let start = 0;
    for (let level = 1; level < counts.length; level++) {
      const end = this.#levelEnds[level - 1]!;
      for (let node = 0; node < counts[level]!; node++) {
        const first = start + node * NODE_SIZE;
        this.#addNode(end + node, first, Math.min(first + NODE_SIZE, end));
      }
      this.#levelEnds.push(end + counts[level]!);
      start = end;
    }
  }

  /** Calls back for every item whose box meets the box asked for, borders included; in no certain order. */
  search(minX: number, minY: number, maxX: number, maxY: number, found: (item: number) => void): void {
    if (this.#items === 0) return;
    const boxes = this.#boxes;
    const stack = this.#stack;
    const base = stack.length;
    stack.push(this.#targets.length - 1);
    while (stack.length > base) {
      const at = stack.pop()!;
      const b = at * 4;
      if (boxes[b]! > maxX || boxes[b + 1]! > maxY || boxes[b + 2]! < minX || boxes[b + 3]! < minY) continue;
      if (at < this.#items) {
        found(this.#targets[at]!);
        continue;
      }
      const first = this.#targets[at]!;
      const end = Math.min(first + NODE_SIZE, this.#levelEnd(first));
      for (let child = first; child < end; child++) stack.push(child);
    }
  }

  #levelEnd(at: number): number {
    for (const end of this.#levelEnds) if (at < end) return end;
    return at;
  }

  #addNode(at: number, first: number, end: number): void {
    const boxes = this.#boxes;
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = first * 4; k < end * 4; k += 4) {
      minX = Math.min(minX, boxes[k]!);
      minY = Math.min(minY, boxes[k + 1]!);
      maxX = Math.max(maxX, boxes[k + 2]!);
      maxY = Math.max(maxY, boxes[k + 3]!);
    }
    this.#targets[at] = first;
    boxes[at * 4] = minX;
    boxes[at * 4 + 1] = minY;
    boxes[at * 4 + 2] = maxX;
    boxes[at * 4 + 3] = maxY;
  }
}

/** Items in vertical strips by the middle of their boxes, within a strip from south to north. */
function sortTile(boxes: Float64Array, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, k) => k);
  order.sort((a, b) => boxes[a * 4]! + boxes[a * 4 + 2]! - boxes[b * 4]! - boxes[b * 4 + 2]! || a - b);
  const strip = NODE_SIZE * Math.ceil(Math.sqrt(n / NODE_SIZE));
  for (let from = 0; from < n; from += strip) {
    const part = order.subarray(from, from + strip);
    part.sort((a, b) => boxes[a * 4 + 1]! + boxes[a * 4 + 3]! - boxes[b * 4 + 1]! - boxes[b * 4 + 3]! || a - b);
  }
  return order;
}
