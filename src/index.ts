/**
 * What programs may use.
 * @module
 */
export { exitCodeOf, MineRsError, type ErrorCode } from './errors.ts';
export { ecologicalNetwork, networkIndices, type Network, type NetworkRule } from './ecology/corridors.ts';
export {
  climateChange,
  ecosystemResilience,
  elasticModulus,
  strengthCoefficient,
  waterConservation,
} from './ecology/elasticity.ts';
export { integrity, INTEGRITY_WEIGHTS, type Integrity } from './ecology/integrity.ts';
export { lifeCycle, type LifeCycle, type Stage } from './ecology/lifecycle.ts';
export { resilienceScore, type ScoreParts } from './ecology/resilience-score.ts';
export { findThresholds, type Thresholds } from './ecology/thresholds.ts';
export type { Affine } from './geo/affine.ts';
export { crsFromEpsg, crsFromProj, type Crs } from './geo/crs.ts';
export type { Grid } from './geo/grid.ts';
export type { Window } from './geo/window.ts';
export { estimateAccuracy, type AccuracyEstimates, type Estimate } from './kernels/accuracy.ts';
export { benjaminiHochberg, type FieldSignificance } from './kernels/field-significance.ts';
export { labelPatches, type Neighbours } from './kernels/patches.ts';
export {
  permutationTest,
  type PermutationOptions,
  type PermutationTest,
  type TrendCluster,
} from './kernels/permutation.ts';
export { pettitt, type PettittTest } from './kernels/pettitt.ts';
export { yearsToDetect, type PowerOptions, type PowerPoint, type PowerResult } from './kernels/power.ts';
export { prewhiten, type PrewhitenedSeries } from './kernels/prewhitening.ts';
export { recoveryMetrics, recoveryOut, type RecoveryOptions, type RecoveryOut } from './kernels/recovery-metrics.ts';
export { seasonalTest, type SeasonalTest, type SeasonalTestOptions } from './kernels/seasonal-kendall.ts';
export {
  segmentSeries,
  type Segment,
  type SegmentedSeries,
  type SegmentSeriesOptions,
  type SegmentVertex,
} from './kernels/segmentation.ts';
export {
  SEGMENTATION_DEFAULTS,
  type SegmentationMethod,
  type SegmentationOptions,
  type SegmentationParameters,
} from './kernels/segmentation-scratch.ts';
export { LAND_STATE, landStates, medianReference, type StateOptions, type StateOut } from './kernels/states.ts';
export { tieCounts } from './kernels/tie-counts.ts';
export { trendTest, type SerialCorrection, type TrendTest, type TrendTestOptions } from './kernels/trend-test.ts';
export { extrapolateByProduction } from './pipeline/extrapolate.ts';
export { influenceRadius, type RadiusFigures, type RingSeries, type RingTest } from './pipeline/influence-radius.ts';
export { batchExitCode, runBatch, type BatchControl } from './pipeline/batch.ts';
export { readBatch, type BatchPlan, type Site } from './pipeline/batch-file.ts';
export { bondReleasePage } from './pipeline/bond-release.ts';
export { accuracyPage } from './pipeline/estimate.ts';
export { explainPixel, type ExplainControl } from './pipeline/explain.ts';
export { landcoverPage } from './pipeline/landcover.ts';
export { landscapePage, type ClassControl } from './pipeline/landscape.ts';
export { lifeCyclePage } from './pipeline/lifecycle.ts';
export { lintPage } from './pipeline/lint.ts';
export { plotsPage } from './pipeline/plots.ts';
export { resiliencePage } from './pipeline/resilience.ts';
export { drawSample } from './pipeline/sample.ts';
export type { OptionsInput } from './pipeline/options.ts';
export type { Progress } from './pipeline/progress.ts';
export { describeScenes } from './pipeline/scenes-page.ts';
export { zonalStatistics, type ZonalControl, type ZonalOutcome } from './pipeline/zonal.ts';
export { runTrend, type RunControl, type TrendResult } from './pipeline/trend.ts';
export { openGeoTiff, type GeoTiffFile, type RasterInfo } from './raster/geotiff-file.ts';
export { openRaster } from './raster/open.ts';
export type { RemoteOptions } from './raster/source/remote.ts';
export type { AccuracyPage } from './report/accuracy-model.ts';
export type { AuditFigures } from './report/audit-model.ts';
export type { ExplainPage } from './report/explain-model.ts';
export type { SamplePage } from './report/sample-model.ts';
export type { LandcoverPage, LandscapePage } from './report/landscape-model.ts';
export type { LifeCyclePage } from './report/lifecycle-model.ts';
export type { LintPage } from './report/lint-model.ts';
export type { ResiliencePage } from './report/resilience-model.ts';
export type { BondReleasePage, PlotsPage } from './report/plots-model.ts';
export type { Summary } from './report/model.ts';
export type { SceneFigures, ScenesPage } from './report/scenes-model.ts';
export { coverage, type Coverage } from './vector/coverage.ts';
