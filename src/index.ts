/**
 * What programs may use.
 * @module
 */
export { exitCodeOf, MineRsError, type ErrorCode } from './errors.ts';
export type { Affine } from './geo/affine.ts';
export { crsFromEpsg, crsFromProj, type Crs } from './geo/crs.ts';
export type { Grid } from './geo/grid.ts';
export type { Window } from './geo/window.ts';
export { benjaminiHochberg, type FieldSignificance } from './kernels/field-significance.ts';
export {
  permutationTest,
  type PermutationOptions,
  type PermutationTest,
  type TrendCluster,
} from './kernels/permutation.ts';
export { pettitt, type PettittTest } from './kernels/pettitt.ts';
export { yearsToDetect, type PowerOptions, type PowerPoint, type PowerResult } from './kernels/power.ts';
export { prewhiten, type PrewhitenedSeries } from './kernels/prewhitening.ts';
export { seasonalTest, type SeasonalTest, type SeasonalTestOptions } from './kernels/seasonal-kendall.ts';
export { tieCounts } from './kernels/tie-counts.ts';
export { trendTest, type SerialCorrection, type TrendTest, type TrendTestOptions } from './kernels/trend-test.ts';
export type { OptionsInput } from './pipeline/options.ts';
export type { Progress } from './pipeline/progress.ts';
export { describeScenes } from './pipeline/scenes-page.ts';
export { runTrend, type RunControl, type TrendResult } from './pipeline/trend.ts';
export { openGeoTiff, type GeoTiffFile, type RasterInfo } from './raster/geotiff-file.ts';
export { openRaster } from './raster/open.ts';
export type { RemoteOptions } from './raster/source/remote.ts';
export type { Summary } from './report/model.ts';
export type { SceneFigures, ScenesPage } from './report/scenes-model.ts';
export { coverage, type Coverage } from './vector/coverage.ts';
