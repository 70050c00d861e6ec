/**
 * The edges of rings by place, for questions about what is near.
 * @module
 */
import type { Ring } from './polygons.ts';

/** One edge: from a to b, along the unit vector u. */
export interface Edge {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly ux: number;
  readonly uy: number;
  readonly length: number;
}

/** Edges in a lattice of square cells. */
export class EdgeIndex {
  /** The number of edges. */
  readonly n: number;
  readonly #edges: Edge[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  readonly #cells = new Map<string, number[]>();
  readonly #cellSize: number;
  readonly #seen: Uint32Array;
  #query = 0;

  /**
   * @param rings Open rings: the last point joins the first.
   * @param longest Longer edges are split.
   * @param cellSize Side of a cell; edges and questions should not be much larger.
   * @throws {RangeError} for more than `most` edges
   */
  constructor(rings: readonly Ring[], longest: number, cellSize: number, most: number) {
    this.#cellSize = cellSize;
    for (const ring of rings) {
      const first = this.#edges.length;
      for (const [k, [x0, y0]] of ring.entries()) {
        const [x1, y1] = ring[(k + 1) % ring.length]!;
        const length = Math.hypot(x1 - x0, y1 - y0);
        if (length === 0) continue;
        const parts = Math.ceil(length / longest);
        if (this.#edges.length + parts > most)
          throw new RangeError(`The outline has more than ${most} edges of ${longest}`);
        const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
        for (let part = 0; part < parts; part++) {
          const at = (t: number): [number, number] => (t === 1 ? [x1, y1] : [x0 + (x1 - x0) * t, y0 + (y1 - y0) * t]);
          const [ax, ay] = at(part / parts);
          const [bx, by] = at((part + 1) / parts);
          this.#edges.push({ ax, ay, bx, by, ux, uy, length: length / parts });
        }
      }
      const last = this.#edges.length - 1;
      for (let k = first; k <= last; k++) {
        this.#next.push(k === last ? first : k + 1);
        this.#previous.push(k === first ? last : k - 1);
      }
    }
    this.n = this.#edges.length;
    this.#seen = new Uint32Array(this.n);
    for (const [k, edge] of this.#edges.entries()) {
      this.#visit(edge.ax, edge.ay, edge.bx, edge.by, (key) => {
        const list = this.#cells.get(key);
        if (list === undefined) this.#cells.set(key, [k]);
        else list.push(k);
      });
    }
  }

  at(k: number): Edge {
    return this.#edges[k]!;
  }

  /** The edge that begins where edge k ends. */
  next(k: number): number {
    return this.#next[k]!;
  }

  previous(k: number): number {
    return this.#previous[k]!;
  }

  /** Calls back, once each, for all edges within `distance` of the box between two points, and for some that are not. */
  near(x0: number, y0: number, x1: number, y1: number, distance: number, found: (edge: number) => void): void {
    this.#query++;
    const [left, right] = [Math.min(x0, x1) - distance, Math.max(x0, x1) + distance];
    const [bottom, top] = [Math.min(y0, y1) - distance, Math.max(y0, y1) + distance];
    this.#visit(left, bottom, right, top, (key) => {
      for (const k of this.#cells.get(key) ?? []) {
        if (this.#seen[k] === this.#query) continue;
        this.#seen[k] = this.#query;
        const e = this.#edges[k]!;
        if (Math.min(e.ax, e.bx) > right || Math.max(e.ax, e.bx) < left) continue;
        if (Math.min(e.ay, e.by) > top || Math.max(e.ay, e.by) < bottom) continue;
        found(k);
      }
    });
  }

  /** The cells of the box between two points. */
  #visit(x0: number, y0: number, x1: number, y1: number, cell: (key: string) => void): void {
    const of = (value: number) => Math.floor(value / this.#cellSize);
    for (let row = of(Math.min(y0, y1)); row <= of(Math.max(y0, y1)); row++) {
      for (let col = of(Math.min(x0, x1)); col <= of(Math.max(x0, x1)); col++) cell(`${col},${row}`);
    }
  }
}
