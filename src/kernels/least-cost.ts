/**
 * Least-cost distances from sources over a surface of resistance (Dijkstra 1959), and the cheapest ways between them.
 * @module
 */
import { checkLength } from './pixel-array.ts';

/** Sizes of a cell, in the unit that costs are wanted in. */
export interface CellSize {
  readonly width: number;
  readonly height: number;
}

export interface CostField {
  /** Least cost from any source; Infinity where none reaches within the limit. */
  readonly cost: Float64Array;
  /** The source that it is from; 0 where none reaches. */
  readonly source: Int32Array;
  /** Step towards that source: 1 + its number in the order of the neighbours; 0 on the source itself. */
  readonly towards: Uint8Array;
}

/** Column and row of the eight neighbours. */
const STEP_COL = [-1, 0, 1, -1, 1, -1, 0, 1] as const;
const STEP_ROW = [-1, -1, -1, 0, 0, 1, 1, 1] as const;

/**
 * Spreads from all sources at once to the eight neighbours of each cell. A step costs its length times the mean
 * resistance of its two cells; inside a source nothing is paid.
 *
 * @param resistance Row-major, above 0; NaN or Infinity is a barrier.
 * @param sources Row-major, numbers of sources from 1; 0 elsewhere. They stand on their cells whatever the resistance.
 * @param limit Cells that cost more are not reached.
 * @throws {RangeError} if lengths differ, or a resistance is 0 or negative
 */
export function spreadCost(
  resistance: Float32Array,
  sources: Int32Array,
  width: number,
  height: number,
  size: CellSize,
  limit: number,
): CostField {
  const n = width * height;
  checkLength('resistance', resistance.length, n);
  checkLength('sources', sources.length, n);
  const cost = new Float64Array(n).fill(Infinity);
  const source = new Int32Array(n);
  const towards = new Uint8Array(n);
  const heap = new CellHeap(n);
  for (let i = 0; i < n; i++) {
    if (resistance[i]! <= 0) throw new RangeError(`Expected resistances above 0, got ${resistance[i]} at ${i}`);
    if (sources[i] === 0) continue;
    cost[i] = 0;
    source[i] = sources[i]!;
    heap.raise(i, 0);
  }
  const lengths = stepLengths(size);
  const steps = Int32Array.from(STEP_COL, (col, k) => STEP_ROW[k]! * width + col);
  for (let at = heap.pop(); at !== -1; at = heap.pop()) {
    const col = at % width;
    const row = (at - col) / width;
    const inner = col > 0 && col < width - 1 && row > 0 && row < height - 1;
    const here = resistance[at]!;
    const own = cost[at]!;
    const owner = source[at]!;
    for (let k = 0; k < 8; k++) {
      if (!inner) {
        const c = col + STEP_COL[k]!;
        const r = row + STEP_ROW[k]!;
        if (c < 0 || c >= width || r < 0 || r >= height) continue;
      }
      const next = at + steps[k]!;
      // No step is free, so a cell that costs no more than this one is done.
      if (cost[next]! <= own) continue;
      const there = resistance[next]!;
      if (!passable(there)) continue;
      const found = own + lengths[k]! * meanResistance(here, there);
      if (found > limit || found >= cost[next]!) continue;
      cost[next] = found;
      source[next] = owner;
      towards[next] = 8 - k;
      heap.raise(next, found);
    }
  }
  return { cost, source, towards };
}

/** The cheapest way between two sources whose areas of least cost share a side. */
export interface LeastCostLink {
  /** Sources, the smaller number first. */
  readonly from: number;
  readonly to: number;
  readonly cost: number;
  /** Along the cells' centres. */
  readonly length: number;
  /** Cells from the edge of `from` to the edge of `to`, those two included. */
  readonly cells: Int32Array;
}

/**
 * The cheapest way across each border between the areas of two sources, of at most `limit`. It leads through the
 * areas of these two only. Areas that touch at corners only have no border.
 *
 * @returns In the order of `from`, then `to`. Of equal ways that which crosses the border first in row-major order.
 */
export function leastCostLinks(
  field: CostField,
  resistance: Float32Array,
  width: number,
  height: number,
  size: CellSize,
  limit: number,
): LeastCostLink[] {
  const { cost, source } = field;
  const lengths = stepLengths(size);
  const best = new Map<string, { from: number; to: number; cost: number; a: number; b: number; side: boolean }>();
  for (let row = 0, i = 0; row < height; row++) {
    for (let col = 0; col < width; col++, i++) {
      const own = source[i]!;
      if (own === 0) continue;
      // The four neighbours that come later: each pair once.
      for (let k = 4; k < 8; k++) {
        const c = col + STEP_COL[k]!;
        const r = row + STEP_ROW[k]!;
        if (c < 0 || c >= width || r >= height) continue;
        const next = r * width + c;
        const other = source[next]!;
        if (other === 0 || other === own) continue;
        const step = meanResistance(resistance[i]!, resistance[next]!) * lengths[k]!;
        const total = cost[i]! + cost[next]! + step;
        if (!(total <= limit)) continue;
        const [from, to] = own < other ? [own, other] : [other, own];
        const key = `${from} ${to}`;
        const had = best.get(key);
        // The cells to the right and below share a side with this one.
        const side = k === 4 || k === 6 || had?.side === true;
        if (had === undefined || total < had.cost) {
          best.set(key, { from, to, cost: total, a: own === from ? i : next, b: own === from ? next : i, side });
        } else had.side = side;
      }
    }
  }
  const links = [...best.values()].filter(({ side }) => side).toSorted((p, q) => p.from - q.from || p.to - q.to);
  return links.map(({ from, to, cost: total, a, b }) => {
    const cells = Int32Array.from([...wayTo(field, width, a).toReversed(), ...wayTo(field, width, b)]);
    return { from, to, cost: total, length: lengthOf(cells, width, size), cells };
  });
}

/** Of a step between two cells. A source on a barrier leaves it to the cell outside; between two barriers it is NaN. */
function meanResistance(a: number, b: number): number {
  if (!passable(a)) return passable(b) ? b : NaN;
  return passable(b) ? 0.5 * (a + b) : a;
}

function wayTo({ towards }: CostField, width: number, from: number): number[] {
  const cells = [from];
  for (let at = from; towards[at] !== 0;) {
    const k = towards[at]! - 1;
    at += STEP_ROW[k]! * width + STEP_COL[k]!;
    cells.push(at);
  }
  return cells;
}

function lengthOf(cells: Int32Array, width: number, size: CellSize): number {
  let length = 0;
  for (let k = 1; k < cells.length; k++) {
    const [a, b] = [cells[k - 1]!, cells[k]!];
    const cols = (b % width) - (a % width);
    const rows = Math.floor(b / width) - Math.floor(a / width);
    length += Math.hypot(cols * size.width, rows * size.height);
  }
  return length;
}

function stepLengths({ width, height }: CellSize): Float64Array {
  return Float64Array.from(STEP_COL, (col, k) => Math.hypot(col * width, STEP_ROW[k]! * height));
}

function passable(resistance: number): boolean {
  return resistance < Infinity;
}

/** A binary heap of cells by their cost, then by their number: the order is the same on every machine. */
class CellHeap {
  /** From 1. */
  readonly #cells: Int32Array;
  readonly #costs: Float64Array;
  /** Where a cell stands in the heap; 0 = nowhere. */
  readonly #place: Int32Array;
  #count = 0;

  /** @param n Cells are numbers below it. */
  constructor(n: number) {
    this.#cells = new Int32Array(n + 1);
    this.#costs = new Float64Array(n + 1);
    this.#place = new Int32Array(n);
  }

  /** Takes a cell in, or moves it where its cost has become less. */
  raise(cell: number, cost: number): void {
    const [cells, costs, place] = [this.#cells, this.#costs, this.#place];
    let at = place[cell]!;
    if (at === 0) at = ++this.#count;
    while (at > 1) {
      const up = at >> 1;
      const parent = cells[up]!;
      const parentCost = costs[up]!;
      if (cost > parentCost || (cost === parentCost && cell > parent)) break;
      cells[at] = parent;
      costs[at] = parentCost;
      place[parent] = at;
      at = up;
    }
    cells[at] = cell;
    costs[at] = cost;
    place[cell] = at;
  }

  /** Takes the cell of least cost out; −1 when there is none. */
  pop(): number {
    if (this.#count === 0) return -1;
    const [cells, costs, place] = [this.#cells, this.#costs, this.#place];
    const first = cells[1]!;
    place[first] = 0;
    const last = cells[this.#count]!;
    const cost = costs[this.#count]!;
    const count = --this.#count;
    if (count === 0) return first;
    let at = 1;
    for (let down = 2; down <= count; down = 2 * at) {
      if (down < count) {
        const right = down + 1;
        if (costs[right]! < costs[down]! || (costs[right] === costs[down] && cells[right]! < cells[down]!))
          down = right;
      }
      const childCost = costs[down]!;
      const child = cells[down]!;
      if (cost < childCost || (cost === childCost && last < child)) break;
      cells[at] = child;
      costs[at] = childCost;
      place[child] = at;
      at = down;
    }
    cells[at] = last;
    costs[at] = cost;
    place[last] = at;
    return first;
  }
}
