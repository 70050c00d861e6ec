/**
 * What edges leave behind in the cells they cross, in growing flat arrays.
 * @module
 */

/** A list of (row, column, height, own area). */
export class EventList {
  length = 0;
  row = new Uint32Array(1024);
  col = new Uint32Array(1024);
  /** Signed height of the edge in this cell, in pixels: the share it adds to every cell further right. */
  height = new Float64Array(1024);
  /** Signed area between the edge and the cell's right side, in pixels squared. */
  own = new Float64Array(1024);

  push(row: number, col: number, height: number, own: number): void {
    const n = this.length;
    if (n === this.row.length) this.#grow();
    this.row[n] = row;
    this.col[n] = col;
    this.height[n] = height;
    this.own[n] = own;
    this.length = n + 1;
  }

  /** The first row with an event, and the number of rows to the last one; both 0 for an empty list. */
  rowSpan(): { first: number; count: number } {
    let [first, last] = [Infinity, -1];
    for (let k = 0; k < this.length; k++) {
      const row = this.row[k]!;
      if (row < first) first = row;
      if (row > last) last = row;
    }
    return last < 0 ? { first: 0, count: 0 } : { first, count: last - first + 1 };
  }

  /**
   * The events by row, then column, then age.
   * @returns `index` into the list, and `rowEnd[row − firstRow]`, one past the row's last place in `index`
   */
  sorted(firstRow: number, rows: number): { index: Uint32Array; rowEnd: Uint32Array } {
    const rowEnd = new Uint32Array(rows);
    for (let k = 0; k < this.length; k++) rowEnd[this.row[k]! - firstRow]!++;
    const place = new Uint32Array(rows);
    for (let row = 0, sum = 0; row < rows; row++) {
      place[row] = sum;
      sum += rowEnd[row]!;
      rowEnd[row] = sum;
    }
    const byRow = new Uint32Array(this.length);
    for (let k = 0; k < this.length; k++) byRow[place[this.row[k]! - firstRow]!++] = k;
    const index = new Uint32Array(this.length);
    for (let row = 0, start = 0; row < rows; row++) {
      const end = rowEnd[row]!;
      const n = end - start;
      // Column and age in one number, below 2^53 for any grid and ring that fit in memory.
      const keys = new Float64Array(n);
      for (let k = 0; k < n; k++) keys[k] = this.col[byRow[start + k]!]! * n + k;
      keys.sort();
      for (let k = 0; k < n; k++) index[start + k] = byRow[start + (keys[k]! % n)]!;
      start = end;
    }
    return { index, rowEnd };
  }

  #grow(): void {
    const size = this.row.length * 2;
    const grown = <T extends Uint32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.row = grown(this.row, new Uint32Array(size));
    this.col = grown(this.col, new Uint32Array(size));
    this.height = grown(this.height, new Float64Array(size));
    this.own = grown(this.own, new Float64Array(size));
  }
}
