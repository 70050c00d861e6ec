/** Made-up annual series whose breaks are known, and whether a segmentation found them. */
import { normalRandom, uniformRandom } from '../../src/kernels/random.ts';
import type { SegmentedSeries } from '../../src/kernels/segmentation.ts';

/** First year of the new level, and by how much it changed. */
export interface Break {
  year: number;
  change: number;
}

export interface BrokenSeries {
  times: number[];
  values: number[];
  breaks: Break[];
}

interface Shape {
  values: number[];
  breaks: [index: number, change: number][];
}

type Whole = (from: number, to: number) => number;

/** Level to level: `at` are the first indices of the new levels. */
function levels(n: number, start: number, at: number[], changes: number[]): Shape {
  const values = Array.from({ length: n }, (_, i) =>
    at.reduce((value, index, k) => (i >= index ? value + changes[k]! : value), start),
  );
  return { values, breaks: at.map((index, k) => [index, changes[k]!]) };
}

/** A fall and a straight recovery over `years`, to the level of before; the next fall may come at any time. */
function recovering(n: number, start: number, at: number[], size: number, years: number): Shape {
  const values = Array.from({ length: n }, (_, i) => {
    const last = at.findLast((index) => index <= i);
    return last === undefined ? start : Math.min(start, start - size + (size * (i - last)) / years);
  });
  return { values, breaks: at.map((index) => [index, -size]) };
}

/** Shapes by name, for n years and breaks of one size; breaks lie two years and more from the ends, four from each other. */
export const SHAPES: Record<string, (n: number, size: number, whole: Whole) => Shape> = {
  'one loss': (n, size, whole) => levels(n, 0.7, [whole(2, n - 2)], [-size]),
  'one gain': (n, size, whole) => levels(n, 0.3, [whole(2, n - 2)], [size]),
  'loss on a slope': (n, size, whole) => {
    const { values, breaks } = levels(n, 0.5, [whole(4, n - 4)], [-size]);
    return { values: values.map((value, i) => value + (0.2 * i) / n), breaks };
  },
  'loss and slow recovery': (n, size, whole) => recovering(n, 0.7, [whole(2, n - 2)], size, whole(6, 25)),
  'two losses': (n, size, whole) => {
    const first = whole(3, n - 10);
    return levels(n, 0.8, [first, whole(first + 4, n - 3)], [-size, -size]);
  },
  'loss and gain': (n, size, whole) => {
    const first = whole(3, n - 10);
    return levels(n, 0.7, [first, whole(first + 4, n - 3)], [-size, size]);
  },
  'opened twice, each time recovering': (n, size, whole) => {
    const first = whole(3, Math.floor(n / 3));
    return recovering(n, 0.7, [first, first + whole(Math.floor(n / 3), Math.floor(n / 2))], size, 7);
  },
  'three breaks': (n, size, whole) => {
    const first = whole(3, Math.floor(n / 3));
    const second = first + whole(5, 7);
    const sign = () => (whole(0, 1) === 0 ? -size : size);
    return levels(n, 0.5, [first, second, whole(second + 4, second + 7)], [sign(), sign(), sign()]);
  },
  'no break': (n) => levels(n, 0.6, [], []),
};

/**
 * A series of a shape with normal noise. Years are dropped (NaN) with a probability, but not those on the two sides of a
 * break: without them its year cannot be known.
 */
export function brokenSeries(
  shape: string,
  options: { n: number; size: number; sd: number; missing?: number },
  seed: number,
): () => BrokenSeries {
  const uniform = uniformRandom(seed);
  const normal = normalRandom(uniform);
  const whole: Whole = (from, to) => from + Math.floor(uniform() * (to - from + 1));
  const { n, size, sd, missing = 0 } = options;
  return () => {
    const made = SHAPES[shape]!(n, size, whole);
    const kept = new Set(made.breaks.flatMap(([index]) => [index - 1, index]));
    const values = made.values.map((value, i) => {
      const noisy = Math.fround(value + sd * normal());
      return uniform() < missing && !kept.has(i) ? NaN : noisy;
    });
    const times = values.map((_, i) => 1990 + i);
    return { times, values, breaks: made.breaks.map(([index, change]) => ({ year: 1990 + index, change })) };
  };
}

/** Found: a segment in the same direction, of a third of the size and more, that begins within one year of the break. */
export function isFound({ year, change }: Break, { segments }: SegmentedSeries): boolean {
  return segments.some(({ firstYear, magnitude }) => magnitude / change >= 1 / 3 && Math.abs(firstYear - year) <= 1);
}
