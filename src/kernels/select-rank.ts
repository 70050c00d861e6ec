/**
 * Order statistics of a few numbers in memory.
 * @module
 */

/**
 * Reorders `values[0 … n)` so that the one of rank k is at k, none before it is larger and none after it smaller
 * (Hoare's quickselect, then insertion sort of what is left).
 */
export function selectRank(values: Float64Array, n: number, k: number): void {
  let left = 0;
  let right = n - 1;
  while (right - left > 16) {
    const a = values[left]!;
    const b = values[(left + right) >> 1]!;
    const c = values[right]!;
    const pivot = a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const value = values[i]!;
      values[i++] = values[j]!;
      values[j--] = value;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else return;
  }
  for (let i = left + 1; i <= right; i++) {
    const value = values[i]!;
    let place = i;
    for (; place > left && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
    values[place] = value;
  }
}
