/**
 * The summary of a batch, as batch.json holds it.
 * @module
 */

/** Version of batch.json's shape: the first number changes when a field is taken away or changes its meaning. */
export const BATCH_VERSION = '1.0';

/**
 * How a site ended: `done`; `unchanged`: an earlier run left these very results; `incomplete`: done, but scenes were left
 * out because something is wrong with them; `failed`; `not run`: the batch was stopped before.
 */
export type SiteStatus = 'done' | 'unchanged' | 'incomplete' | 'failed' | 'not run';

export interface SiteResult {
  name: string;
  status: SiteStatus;
  /** The exit code that a run of the site alone would have had; null where it did not run. */
  exitCode: number | null;
  /** What went wrong; empty where nothing did. */
  message: string;
  /** Folder of its results. */
  out: string;
  seconds: number;
  /** Scenes that were used, and that were left out because something is wrong with them. */
  scenes: number | null;
  skipped: number | null;
  firstYear: number | null;
  lastYear: number | null;
  /** Of the role mine, overlaps counted once, in the last year; null without states. */
  mineHa: number | null;
  disturbedHa: number | null;
  recoveringHa: number | null;
  recoveredHa: number | null;
  warnings: number | null;
}

export interface BatchSummary {
  schemaVersion: string;
  tool: { name: 'mine-rs'; version: string };
  file: string;
  started: string;
  finished: string | null;
  seconds: number;
  /** True where every site ended well, with all of its scenes. */
  ok: boolean;
  counts: Record<SiteStatus, number>;
  sites: SiteResult[];
}
