/**
 * What crosses the boundary between the pipeline and one worker: plain data only, typed arrays with buffers of their own.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { Window } from '../geo/window.ts';
import type { IndexName, BandRole } from '../kernels/spectral-index.ts';
import type { StateOptions } from '../kernels/states.ts';
import type { Legend } from '../kernels/trend.ts';
import type { CogSpec } from '../raster/cog.ts';
import type { ValueMethod } from '../raster/warp/warp.ts';
import type { MaskRule } from '../scenes/scene.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { FieldSums } from './field-sums.ts';
import type { MapSpec } from './maps.ts';

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
  /** Cells of the block (row-major) whose values count for the endpoints; null for all. */
  selection: Uint8Array | null;
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
  /** Scenes that could not be read; the block then holds nothing that counts. */
  failures: { scene: string; message: string }[];
}

/** Counts the low 16 bits of the keys in a few bins, to make a percentile exact. */
export interface RefineTask {
  tile: Window;
  scratch: Scratch;
  highKeys: number[];
  selection: Uint8Array | null;
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
  legend: Legend;
  minYears: number;
  epsilon: number;
  pMethod: 'exact' | 'normal';
  baseline: Baseline;
  states: StateOptions;
  /** The maps that are encoded here: those of the trend and the states. */
  maps: MapSpec[];
  zones: ZoneSlice[];
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
  refine: { task: RefineTask; result: RefineResult };
  reference: { task: ReferenceTask; result: ReferenceResult };
  series: { task: SeriesTask; result: SeriesResult };
  annualMap: { task: AnnualMapTask; result: WrittenMap };
  assemble: { task: AssembleTask; result: WrittenMap };
  digest: { task: DigestTask; result: DigestResult };
}

export type TaskName = keyof Tasks;
