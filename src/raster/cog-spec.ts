/**
 * The description of a COG that is to be written.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { OverviewMethod } from './overview.ts';
import type { CogPixelType } from './tile-codec.ts';

/** What is known of a band's valid pixels, of the numbers as they are stored. */
export interface BandStatistics {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly stddev: number;
  /** 0–100. */
  readonly validPercent: number;
}

/** What a COG is to be. */
export interface CogSpec {
  readonly grid: Grid;
  readonly pixelType: CogPixelType;
  /** Bands, stored side by side in each pixel. */
  readonly samples: number;
  readonly nodata: number | null;
  readonly overview: OverviewMethod;
  /** For uint8 with one band: red, green, blue, alpha (0–255) of the values from 0; alpha is not stored in a TIFF. */
  readonly colorTable?: readonly (readonly [r: number, g: number, b: number, a: number])[];
  /** One a band. */
  readonly descriptions?: readonly string[];
  /** One a band, for compact storage: value = number × scale + offset. */
  readonly scales?: readonly number[];
  readonly offsets?: readonly number[];
  /** One a band, as GDAL keeps them, so that no reader has to compute them. */
  readonly statistics?: readonly BandStatistics[];
  readonly metadata?: Readonly<Record<string, string>>;
}
