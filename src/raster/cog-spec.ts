/**
 * The description of a COG that is to be written.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { OverviewMethod } from './overview.ts';
import type { CogPixelType } from './tile-codec.ts';

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
  readonly metadata?: Readonly<Record<string, string>>;
}
