/**
 * The values of two ranks among a few float64: up to eight in each of four lanes by a sorting network, more of them by
 * counting for each how many are below.
 * @module
 */

/** Of the ranked slopes. */
export let lower: f64 = 0;
export let upper: f64 = 0;

/** Bytes of a row of the columns: a float64 of each of four lanes. */
export const ROW: usize = 32;

/** Rows of the columns. */
export const ROWS: i32 = 8;

/** Fills the columns with what comes after all numbers. */
export function clearColumns(columns: usize): void {
  const last = f64x2.splat(Infinity);
  for (let at = columns; at < columns + ROW * ROWS; at += 16) v128.store(at, last);
}

/** Orders two rows, lane by lane. */
function exchange(columns: usize, upper: usize, lower: usize): void {
  const one = columns + upper * ROW;
  const other = columns + lower * ROW;
  const a = v128.load(one);
  const b = v128.load(other);
  const c = v128.load(one, 16);
  const d = v128.load(other, 16);
  v128.store(one, f64x2.pmin(a, b));
  v128.store(other, f64x2.pmax(a, b));
  v128.store(one, f64x2.pmin(c, d), 16);
  v128.store(other, f64x2.pmax(c, d), 16);
}

/** Sorts the columns by Batcher's network for eight. */
export function sortColumns(columns: usize): void {
  exchange(columns, 0, 1);
  exchange(columns, 2, 3);
  exchange(columns, 4, 5);
  exchange(columns, 6, 7);
  exchange(columns, 0, 2);
  exchange(columns, 1, 3);
  exchange(columns, 4, 6);
  exchange(columns, 5, 7);
  exchange(columns, 1, 2);
  exchange(columns, 5, 6);
  exchange(columns, 0, 4);
  exchange(columns, 1, 5);
  exchange(columns, 2, 6);
  exchange(columns, 3, 7);
  exchange(columns, 2, 4);
  exchange(columns, 3, 5);
  exchange(columns, 1, 2);
  exchange(columns, 3, 4);
  exchange(columns, 5, 6);
}

/** Finds the slopes of rank `first` and `second` among the `count` at `near`; there is room for one more. */
export function rank(near: usize, count: i32, first: i32, second: i32): void {
  // To an even length, with a number above all ranks.
  store<f64>(near + ((<usize>count) << 3), Infinity);
  const end = near + ((<usize>count + 1) & ~1) * 8;
  const firstRank = i64x2.splat(first);
  const secondRank = i64x2.splat(second);
  let lowerBest = f64x2.splat(-Infinity);
  let upperBest = lowerBest;
  for (let i = near; i < end; i += 16) {
    // Two candidates, one in each lane, against all.
    const candidates = v128.load(i);
    let smaller = i64x2.splat(0);
    for (let j = near; j < end; j += 16) {
      const others = v128.load(j);
      smaller = i64x2.sub(smaller, f64x2.lt(others, candidates));
      smaller = i64x2.sub(smaller, f64x2.lt(v128.shuffle<f64>(others, others, 1, 0), candidates));
    }
    // The value of a rank is the largest that no more values than the rank are below of.
    lowerBest = f64x2.pmax(
      lowerBest,
      v128.bitselect(candidates, f64x2.splat(-Infinity), i64x2.le_s(smaller, firstRank)),
    );
    upperBest = f64x2.pmax(
      upperBest,
      v128.bitselect(candidates, f64x2.splat(-Infinity), i64x2.le_s(smaller, secondRank)),
    );
  }
  lower = max(f64x2.extract_lane(lowerBest, 0), f64x2.extract_lane(lowerBest, 1));
  upper = max(f64x2.extract_lane(upperBest, 0), f64x2.extract_lane(upperBest, 1));
}
