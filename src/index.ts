/**
 * What programs may use.
 * @module
 */
export { exitCodeOf, MineRsError, type ErrorCode } from './errors.ts';
export type { Affine } from './geo/affine.ts';
export { crsFromEpsg, crsFromProj, type Crs } from './geo/crs.ts';
export type { Grid } from './geo/grid.ts';
export type { Window } from './geo/window.ts';
export { trendTest, type TrendTest, type TrendTestOptions } from './kernels/trend-test.ts';
export type { OptionsInput } from './pipeline/options.ts';
export type { Progress } from './pipeline/progress.ts';
export { runTrend, type RunControl, type TrendResult } from './pipeline/trend.ts';
export { openGeoTiff, type GeoTiffFile, type RasterInfo } from './raster/geotiff-file.ts';
export type { Summary } from './report/model.ts';
export { coverage, type Coverage } from './vector/coverage.ts';
