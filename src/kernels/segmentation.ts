/**
 * Temporal segmentation: an annual series as a few straight segments that meet at vertices (LandTrendr; Kennedy, Yang &
 * Cohen 2010). See docs/segmentation.md.
 * @module
 */
import { meanOf, trajectorySquares } from './segmentation-fit.ts';
import { byLandtrendr } from './segmentation-landtrendr.ts';
import { byPartition } from './segmentation-partition.ts';
import {
  SEGMENTATION_DEFAULTS,
  segmenter,
  type SegmentationMethod,
  type SegmentationParameters,
  type Segmenter,
} from './segmentation-scratch.ts';

/**
 * Segments the series that lies in `s.t` and `s.raw`.
 *
 * @param n Values of the series.
 * @returns The number of vertices in `s.vertices` and `s.fitted`: 0 for fewer values than needed. A series without a
 *   significant trajectory has 2, at its mean.
 */
export function segmentPrepared(s: Segmenter, n: number): number {
  if (n < s.options.minObservationsNeeded) return 0;
  const { t, raw, y } = s;
  for (let i = 0; i < n; i++) y[i] = raw[i]!;
  let count = s.options.method === 'partition' ? byPartition(s, n) : byLandtrendr(s, n);
  if (count === 0) {
    count = 2;
    s.vertices[0] = 0;
    s.vertices[1] = n - 1;
    s.fitted[0] = s.fitted[1] = meanOf(y, 0, n - 1);
  }
  s.quality.rmse = Math.sqrt(trajectorySquares(t, raw, s.vertices, count, s.fitted) / n);
  return count;
}

/** A point where the trajectory bends, or one of its ends. */
export interface SegmentVertex {
  /** Time of the vertex: a year with a value. */
  readonly year: number;
  readonly value: number;
}

/** The trajectory between two vertices. */
export interface Segment {
  readonly startYear: number;
  readonly endYear: number;
  readonly startValue: number;
  readonly endValue: number;
  /** First year with a value after the start: of an abrupt loss, the first year of the lower level. */
  readonly firstYear: number;
  /** endValue − startValue; a loss is negative. */
  readonly magnitude: number;
  /** endYear − startYear. */
  readonly duration: number;
  /** magnitude / duration. */
  readonly rate: number;
}

export interface SegmentedSeries {
  /** Values that are not NaN. */
  readonly n: number;
  /** Ascending; none where n is below `minObservationsNeeded`, 2 at the mean where nothing is significant. */
  readonly vertices: readonly SegmentVertex[];
  /** One less than the vertices. */
  readonly segments: readonly Segment[];
  /** The trajectory at each time, gaps included; NaN before the first and after the last value. */
  readonly fitted: Float64Array;
  /** p of F of the trajectory, or of the best one if it was not accepted; NaN without a segmentation. */
  readonly p: number;
  /** Root mean square of value − fitted, spikes included; NaN without a segmentation. */
  readonly rmse: number;
}

export interface SegmentSeriesOptions extends Partial<SegmentationParameters> {
  /** Real times, ascending, same length as the values; 0, 1, 2 … where absent. A missing value leaves a gap. */
  readonly times?: ArrayLike<number>;
  /** Default `partition`. It decides the defaults of the parameters, see {@link SEGMENTATION_DEFAULTS}. */
  readonly method?: SegmentationMethod;
}

/**
 * Segments one series of vegetation cover, or of any index that falls with disturbance.
 *
 * @param values Any length; NaN = missing.
 * @throws {RangeError} if lengths differ, times do not ascend, a value or time is infinite, or an option is out of range.
 */
export function segmentSeries(values: ArrayLike<number>, options: SegmentSeriesOptions = {}): SegmentedSeries {
  const { times, method = 'partition', ...parameters } = options;
  if (!Object.hasOwn(SEGMENTATION_DEFAULTS, method)) {
    throw new RangeError(`Expected the method partition or landtrendr, got ${method}`);
  }
  if (times !== undefined && times.length !== values.length) {
    throw new RangeError(`Expected ${values.length} times, got ${times.length}`);
  }
  const time = (i: number): number => (times === undefined ? i : times[i]!);
  const s = segmenter(values.length, { ...SEGMENTATION_DEFAULTS[method], ...parameters });
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(time(i)) || (i > 0 && time(i) <= time(i - 1))) {
      throw new RangeError(`Expected finite, ascending times, got ${time(i)} at ${i}`);
    }
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw new RangeError(`Expected finite values or NaN, got ${value} at ${i}`);
    s.t[n] = time(i);
    s.raw[n++] = value;
  }
  const count = segmentPrepared(s, n);
  const fitted = new Float64Array(values.length).fill(NaN);
  if (count === 0) return { n, vertices: [], segments: [], fitted, p: NaN, rmse: NaN };
  const vertices = Array.from({ length: count }, (_, k) => ({ year: s.t[s.vertices[k]!]!, value: s.fitted[k]! }));
  const segments = vertices.slice(1).map((end, k) => segmentOf(vertices[k]!, end, s.t[s.vertices[k]! + 1]!));
  for (let i = 0, k = 0; i < values.length; i++) {
    const at = time(i);
    if (at < vertices[0]!.year || at > vertices[count - 1]!.year) continue;
    while (at > vertices[k + 1]!.year) k++;
    const { startYear, startValue, rate } = segments[k]!;
    fitted[i] = at === vertices[k + 1]!.year ? vertices[k + 1]!.value : startValue + rate * (at - startYear);
  }
  return { n, vertices, segments, fitted, ...s.quality };
}

function segmentOf(start: SegmentVertex, end: SegmentVertex, firstYear: number): Segment {
  const magnitude = end.value - start.value;
  const duration = end.year - start.year;
  return {
    startYear: start.year,
    endYear: end.year,
    startValue: start.value,
    endValue: end.value,
    firstYear,
    magnitude,
    duration,
    rate: magnitude / duration,
  };
}
