/**
 * How a run says where it is. The pipeline calls it; what it looks like is the caller's business.
 * @module
 */

/** The stages of a run, in order, as they are called on the screen. */
export const STAGES = {
  find: 'Finding scenes',
  look: 'Looking at scenes',
  annual: 'Annual maps',
  endpoints: 'FVC endpoints',
  reference: 'Reference level',
  patches: 'Patches of disturbed land',
  seasons: 'Seasons',
  permutations: 'Shuffles of years',
  series: 'Trend and states',
  audit: 'Audit of masks and sensors',
  sensitivity: 'Sensitivity',
  maps: 'Writing maps',
  digests: 'Digests of inputs',
  report: 'Report',
  extras: 'Files for other programs',
  zones: 'Statistics of zones',
  classes: 'Classes of zones',
} as const;

export type Stage = keyof typeof STAGES;

/** Receives the progress of a run. */
export interface Progress {
  /** A stage begins; `total` is the number of its steps. */
  begin(stage: Stage, total: number): void;
  /** One step of the current stage is done. */
  step(): void;
  /** The current stage is done. */
  end(): void;
  /** Something the user should know, though the run goes on. */
  warn(message: string): void;
  /** Something worth a line. */
  info(message: string): void;
}

/** Says nothing: for programs that call the library. */
export const SILENT: Progress = { begin() {}, step() {}, end() {}, warn() {}, info() {} };
