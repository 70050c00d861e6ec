/**
 * Weighted quantiles of zones of any size in bounded memory: values are narrowed down by counting bins, pass after pass,
 * until those that are left can be held.
 * @module
 */
import { weightedSelect } from '../kernels/weighted-select.ts';
import type { Found, ValueTarget } from '../tasks/zonal.ts';

/** Values that are held at once, in all and of one zone; 16 bytes each. */
export interface HeldValues {
  inAll: number;
  ofOne: number;
}

const HELD: HeldValues = { inAll: 4_194_304, ofOne: 1_048_576 };
const BINS = 2048;
/** Sums of weights are this uncertain: a share that is met but for rounding is met. */
const ROUNDING = 1e-12;
/** Zones that are counted in bins in one pass: 64 KB each. */
const BINNED_AT_ONCE = 512;

/** Where a zone's quantiles are looked for. */
interface Search {
  target: Omit<ValueTarget, 'bins'>;
  /** Most cells between low and high. */
  cells: number;
  /** Weight of the values below low. */
  below: number;
  /** Looked for here: name, and the weight up to it. Infinity asks for a share that is not known yet. */
  wanted: { name: string; share: number; goal: number }[];
}

/** A search with what is held or counted for it in this pass. */
interface Running {
  search: Search;
  bins: number;
  values: Float64Array[];
  weights: Float64Array[];
  counted: Extract<Found, { cells: Float64Array }> | undefined;
}

/** Finds the quantiles of all zones and bands, over as many passes as it takes. */
export class QuantileSearch {
  #waiting: Search[] = [];
  #running: Running[] = [];
  readonly #found = new Map<string, Map<string, number>>();
  readonly #most: HeldValues;

  constructor(most = HELD) {
    this.#most = most;
  }

  /** @param shares By name; above 0 and at most 1, or 0 for the least value. */
  add(zone: number, band: number, cells: number, shares: ReadonlyMap<string, number>): void {
    const target = { zone, band, low: -Infinity, high: Infinity };
    const wanted = [...shares].map(([name, share]) => ({ name, share, goal: Number.NaN }));
    if (wanted.length > 0 && cells > 0) this.#waiting.push({ target, cells, below: 0, wanted });
  }

  /** What the next pass is to bring. Without limits known, only zones that can be held are taken. */
  targets(): ValueTarget[] {
    let held = 0;
    let binned = 0;
    const later: Search[] = [];
    const { inAll, ofOne } = this.#most;
    this.#running = [];
    for (const search of this.#waiting) {
      const start = (bins: number) => this.#running.push({ search, bins, values: [], weights: [], counted: undefined });
      if (search.cells <= ofOne && held + search.cells <= inAll) {
        held += search.cells;
        start(0);
      } else if (search.cells > ofOne && Number.isFinite(search.target.low) && binned < BINNED_AT_ONCE) {
        binned++;
        start(BINS);
      } else {
        later.push(search);
      }
    }
    this.#waiting = later;
    return this.#running.map(({ search, bins }) => ({ ...search.target, bins }));
  }

  /** Takes what one window brought, by number of the target; windows in the same order every time. */
  take(found: ReadonlyMap<number, Found>): void {
    for (const [k, part] of found) {
      const running = this.#running[k]!;
      if ('values' in part) {
        running.values.push(part.values);
        running.weights.push(part.weights);
      } else if (running.counted === undefined) {
        running.counted = part;
      } else {
        addBins(running.counted, part);
      }
    }
  }

  /** Ends a pass. @param limits Weight with data, least and greatest value of a zone and band. */
  endPass(limits: (zone: number, band: number) => { weight: number; min: number; max: number }): void {
    for (const search of this.#waiting) {
      const { target } = search;
      if (Number.isFinite(target.low)) continue;
      const { min, max, weight } = limits(target.zone, target.band);
      if (weight > 0) search.target = { ...target, low: min, high: max };
    }
    for (const { search, values, weights, counted } of this.#running) {
      const { weight } = limits(search.target.zone, search.target.band);
      if (!(weight > 0)) continue;
      for (const want of search.wanted) {
        if (Number.isNaN(want.goal)) want.goal = want.share < 1 ? want.share * weight * (1 - ROUNDING) : Infinity;
      }
      if (counted === undefined) this.#select(search, concat(values), concat(weights));
      else this.#narrow(search, counted);
    }
    this.#running = [];
    this.#waiting = this.#waiting.filter(({ target }) => limits(target.zone, target.band).weight > 0);
  }

  get done(): boolean {
    return this.#waiting.length === 0;
  }

  result(zone: number, band: number, name: string): number | null {
    return this.#found.get(`${zone} ${band}`)?.get(name) ?? null;
  }

  #put({ target: { zone, band } }: Search, name: string, value: number): void {
    const key = `${zone} ${band}`;
    const of = this.#found.get(key) ?? new Map<string, number>();
    this.#found.set(key, of.set(name, value));
  }

  #select(search: Search, values: Float64Array, weights: Float64Array): void {
    if (values.length === 0) return;
    for (const { name, goal } of search.wanted) {
      this.#put(search, name, weightedSelect(values, weights, goal - search.below));
    }
  }

  #narrow(search: Search, { cells, weights, min, max }: Extract<Found, { cells: Float64Array }>): void {
    const narrowed = new Map<number, Search>();
    for (const want of search.wanted) {
      let below = search.below;
      let bin = 0;
      const last = cells.findLastIndex((count) => count > 0);
      for (; bin < last; bin++) {
        if (cells[bin]! > 0 && want.goal <= below + weights[bin]!) break;
        below += weights[bin]!;
      }
      if (min[bin] === max[bin]) {
        this.#put(search, want.name, min[bin]!);
        continue;
      }
      const next = narrowed.get(bin) ?? {
        target: { ...search.target, low: min[bin]!, high: max[bin]! },
        cells: cells[bin]!,
        below,
        wanted: [],
      };
      next.wanted.push(want);
      narrowed.set(bin, next);
    }
    this.#waiting.push(...narrowed.values());
  }
}

function addBins(into: Extract<Found, { cells: Float64Array }>, from: Extract<Found, { cells: Float64Array }>): void {
  for (let bin = 0; bin < into.cells.length; bin++) {
    into.cells[bin]! += from.cells[bin]!;
    into.weights[bin]! += from.weights[bin]!;
    into.min[bin] = Math.min(into.min[bin]!, from.min[bin]!);
    into.max[bin] = Math.max(into.max[bin]!, from.max[bin]!);
  }
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
