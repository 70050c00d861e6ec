/**
 * What crosses the boundary between the pipeline and one worker: plain data only, typed arrays with buffers of their own.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { SegmentationOptions } from '../kernels/segmentation-scratch.ts';
import type { IndexName, BandRole } from '../kernels/spectral-index.ts';
import type { Neighbours } from '../kernels/patches.ts';
import type { ShuffleExtremes } from '../kernels/permutation-shuffles.ts';
import type { StateOptions } from '../kernels/states.ts';
import type { SerialCorrection } from '../kernels/trend-test.ts';
import type { Legend } from '../kernels/trend.ts';
import type { CogSpec } from '../raster/cog.ts';
import type { ValueMethod } from '../raster/warp/warp.ts';
import type { MaskRule } from '../scenes/scene.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { FieldSums } from './field-sums.ts';
import type { LandSums } from './land-sums.ts';
import type { AgreementSums } from './segmentation.ts';
import type { LandcoverResult, LandcoverTask } from './landcover.ts';
import type { LandscapeResult, LandscapeTask } from './landscape.ts';
import type { MapSpec } from './maps.ts';
import type {
  PermutationCellsResult,
  PermutationCellsTask,
  PermutationSums,
  ShufflesTask,
  VerdictsResult,
  VerdictsTask,
} from './permutation.ts';
import type { ZoneMeansResult, ZoneMeansTask } from './zone-means.ts';
import type { ZonalResult, ZonalTask } from './zonal.ts';

/** How bands come onto another lattice. */
export type BandResampling = ValueMethod | 'nearest';

/** How the pixels of a file come onto the run's grid. */
export type Placement =
  /** On the run's lattice: the run's pixel (0, 0) is the file's pixel (col, row). */
  | { kind: 'aligned'; col: number; row: number; width: number; height: number }
  /** On another lattice, brought over by a named rule. */
  | { kind: 'resample'; method: BandResampling; grid: Grid };

/** One band of one file: value = DN × scale + offset. */
export interface BandRead {
  path: string;
  /** 1-based. */
  band: number;
  scale: number;
  offset: number;
  nodata: number | null;
  placement: Placement;
}

/** One mask band and what it drops. */
export interface MaskRead {
  path: string;
  /** 1-based. */
  band: number;
  rule: MaskRule;
  placement: Placement;
}

/** What a worker needs to know of one scene. */
export interface SceneRead {
  id: string;
  /** Reflectances by role, or none where the scene brings a finished index. */
  bands: Partial<Record<BandRole, BandRead>>;
  index: BandRead | null;
  masks: MaskRead[];
}

/** How the clear observations of a year become one value. */
export type Composite =
  | { kind: 'max' }
  | { kind: 'median' }
  | { kind: 'mean' }
  | { kind: 'percentile'; percentile: number };

/** Where the annual values lie between the passes; see scratch.ts. */
export interface Scratch {
  /** Folder of the scratch files. */
  folder: string;
  /** Size of the run's grid. */
  width: number;
  height: number;
  nTimes: number;
  /** By time: path of the year's files without their ending, where they lie elsewhere than in the folder. */
  annual?: readonly string[];
}

/** Pass 1: one block of one year, from the scenes to the annual value. */
export interface AnnualTask {
  grid: Grid;
  block: Window;
  time: number;
  index: IndexName;
  composite: Composite;
  scenes: SceneRead[];
  scratch: Scratch;
  /** Every how many columns and rows a pixel goes into the histograms of reflectance. */
  histogramStep: number;
}

/** Counts of clear pixels by value, in the bins of kernels/reflectance-histogram.ts. */
export interface ReflectanceHistograms {
  /** Null where the index does not need the band. */
  red: Float64Array | null;
  nir: Float64Array | null;
  /** Of NDVI; null where the index is another one. */
  ndvi: Float64Array | null;
}

/** What pass 1 found in one block of one year. */
export interface AnnualResult {
  time: number;
  /** High 16 bits of the float keys that occur, and how often; see kernels/order-statistics.ts. */
  keys: Uint32Array;
  counts: Float64Array;
  /** By scene of the task: cells that were clear. */
  clearCells: number[];
  /** By scene of the task; null where it has no clear pixel here, or no reflectances. */
  histograms: (ReflectanceHistograms | null)[];
  /** Of what was stored; see {@link VerifyTask}. */
  checksum: number;
  /** Scenes that could not be read; the block then holds nothing that counts. */
  failures: { scene: string; message: string }[];
}

/** Looks whether blocks of one year still are what was stored. */
export interface VerifyTask {
  scratch: Scratch;
  time: number;
  blocks: { block: Window; checksum: number }[];
}

export interface VerifyResult {
  /** By block of the task. */
  intact: boolean[];
}

/** Counts the high 16 bits of the keys of some cells of one tile, all years. */
export interface CountTask {
  tile: Window;
  scratch: Scratch;
  /** Row-major over the tile; 0 leaves a cell out. */
  selection: Uint8Array;
}

export interface CountResult {
  /** 65536 counts, by high key. */
  counts: Float64Array;
}

/** Counts the low 16 bits of the keys in a few bins, to make a percentile exact. */
export interface RefineTask {
  /** Several tiles, as the result of one is as large as that of many. */
  tiles: { tile: Window; selection: Uint8Array | null }[];
  scratch: Scratch;
  highKeys: number[];
}

export interface RefineResult {
  /** One row of 65536 counts per high key. */
  counts: Float64Array;
}

/** How an annual value becomes FVC; null: it is not turned into FVC. */
export type Cover = { soil: number; vegetation: number; model: 'linear' | 'squared' } | null;

/** The mean of the reference zones in each year, as exact sums. */
export interface ReferenceTask {
  tile: Window;
  scratch: Scratch;
  cover: Cover;
  zones: ZoneSlice[];
}

export interface ReferenceResult {
  /** Units of area with data, and units × value, per time. Whole numbers. */
  weight: Float64Array;
  weighted: Float64Array;
}

/** The level that the states are held against. */
export type Baseline =
  /** Per pixel: the median of the years with time index from ≤ t < to. */
  | { kind: 'years'; from: number; to: number }
  /** Per year: the mean of zones in that year; NaN where it has none. */
  | { kind: 'zones'; perYear: Float64Array };

/** Finds the patches of land disturbed at any time that touch the edges of a tile. */
export interface PatchTask {
  tile: Window;
  scratch: Scratch;
  years: Float64Array;
  cover: Cover;
  baseline: Baseline;
  states: StateOptions;
  neighbours: Neighbours;
}

export interface PatchResult {
  /** Null where no patch touches the tile's edges. */
  patches: TilePatches | null;
}

/** Patches on the edges of a tile, numbered from 1 within it. */
export interface TilePatches {
  /** Cells in the tile by number; element 0 is 0. */
  cells: Int32Array;
  /** Numbers along the edges, 0 for land outside of patches: left to right, top to bottom. */
  top: Uint16Array;
  bottom: Uint16Array;
  left: Uint16Array;
  right: Uint16Array;
}

/** Pass 2: one tile, all years: FVC, trend, states, zone sums, encoded tiles. */
export interface SeriesTask {
  tile: Window;
  tileIndex: number;
  scratch: Scratch;
  years: Float64Array;
  cover: Cover;
  trendOn: 'fvc' | 'index';
  /** Taken off the FVC of each year before its trend, NaN leaving the year out; null for the trend of FVC as it is. */
  levels: Float64Array | null;
  /** False discovery rate of the field significance; null where it is off. */
  fdr: number | null;
  /** Its domain is the land of the zones with a lower number than this: rings around mines are not in it. */
  fieldZones: number;
  legend: Legend;
  minYears: number;
  epsilon: number;
  pMethod: 'exact' | 'normal';
  /** For serial correlation, pixel by pixel. */
  correction: SerialCorrection;
  baseline: Baseline;
  states: StateOptions;
  /** Patches of fewer cells were never disturbed; `kept` says it for those on the tile's edge. Null: all count. */
  sieve: { cells: number; neighbours: Neighbours; kept: Uint8Array } | null;
  /** Indexes of the years between which the land of zones is followed, and whether cohorts are; see land-sums.ts. */
  pairs: (readonly [from: number, to: number])[];
  cohorts: boolean;
  /** What stands by permutation, row-major over the tile; see permutation.ts. Null where it is off. */
  verdicts: Uint8Array | null;
  /** Null where the run segments nothing. */
  segmentation: SegmentationOptions | null;
  /** The maps that are encoded here: those of the trend and the states. */
  maps: MapSpec[];
  zones: ZoneSlice[];
}

/** Looks at the scenes of one year in one tile once more; see audit.ts. */
export interface AuditTask {
  grid: Grid;
  tile: Window;
  index: IndexName;
  composite: Composite;
  cover: Cover;
  /** `sensor` is a number of the run's own. */
  scenes: { read: SceneRead; sensor: number }[];
  zones: ZoneSlice[];
}

/** Units of area, whole numbers; sums of cover times units. */
export interface AuditResult {
  /** By scene of the task and zone: land with data, and the part of it that is not clear. */
  masks: { scene: number; zone: number; seen: number; masked: number }[];
  /** By zone and pair of sensors: land that both saw, and units × value of each there. */
  differences: { zone: number; a: number; b: number; weight: number; sumA: number; sumB: number }[];
  /** By zone and sensor: land whose value of the year comes from it. */
  shares: { zone: number; sensor: number; units: number }[];
}

/** A place in a spool file. */
export interface SpoolRef {
  spool: string;
  offset: number;
  length: number;
}

/** One map's share of one tile. A null tile is all no data; a null half means that no overview is wanted. */
export interface EncodedTile {
  tile: SpoolRef | null;
  half: SpoolRef | null;
}

export interface SeriesResult {
  tileIndex: number;
  /** By map key, see maps.ts. */
  maps: Record<string, EncodedTile>;
  /** By zone of the task; see zone-sums.ts for the layout. */
  sums: { zone: number; values: Float64Array }[];
  /** Null where field significance is off. */
  field: FieldSums | null;
  /** Empty where the permutation test is off. */
  permutation: PermutationSums[];
  /** Empty where the run makes no states. */
  land: LandSums[];
  /** Empty where the run segments nothing. */
  segmentation: AgreementSums[];
}

/** Writes one map of one year, straight from the scratch files. */
export interface AnnualMapTask {
  path: string;
  spec: CogSpec;
  scratch: Scratch;
  time: number;
  what: AnnualMapKind;
  cover: Cover;
}

/** The annual maps: the index, the count of clear observations, FVC. */
export type AnnualMapKind = 'index' | 'clear' | 'fvc';

/** Assembles one map from the tiles that pass 2 left. */
export interface AssembleTask {
  path: string;
  spec: CogSpec;
  tiles: (SpoolRef | null)[];
  halves: (SpoolRef | null)[];
}

/** A map that was written. */
export interface WrittenMap {
  bytes: number;
  sha256: string;
}

export interface DigestTask {
  path: string;
}

/** Several files of this machine, one after the other. */
export interface DigestsTask {
  paths: string[];
}

export interface DigestResult {
  bytes: number;
  /** Null for a remote file, of which only parts are read; its tag or date says which version it was. */
  sha256: string | null;
  etag?: string | null;
  lastModified?: string | null;
}

/** Every task by its name. */
export interface Tasks {
  annual: { task: AnnualTask; result: AnnualResult };
  verify: { task: VerifyTask; result: VerifyResult };
  count: { task: CountTask; result: CountResult };
  refine: { task: RefineTask; result: RefineResult };
  reference: { task: ReferenceTask; result: ReferenceResult };
  patches: { task: PatchTask; result: PatchResult };
  series: { task: SeriesTask; result: SeriesResult };
  annualMap: { task: AnnualMapTask; result: WrittenMap };
  assemble: { task: AssembleTask; result: WrittenMap };
  digest: { task: DigestTask; result: DigestResult };
  digests: { task: DigestsTask; result: DigestResult[] };
  zonal: { task: ZonalTask; result: ZonalResult };
  landscape: { task: LandscapeTask; result: LandscapeResult };
  landcover: { task: LandcoverTask; result: LandcoverResult };
  audit: { task: AuditTask; result: AuditResult };
  permutationCells: { task: PermutationCellsTask; result: PermutationCellsResult };
  shuffles: { task: ShufflesTask; result: ShuffleExtremes };
  zoneMeans: { task: ZoneMeansTask; result: ZoneMeansResult };
  verdicts: { task: VerdictsTask; result: VerdictsResult };
}

export type TaskName = keyof Tasks;
