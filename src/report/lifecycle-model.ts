/**
 * Figures of the life cycle of mines.
 * @module
 */

/** A mine, or all of them, year by year. */
export interface LifeCycleFigures {
  zone: string;
  name: string;
  /** What the stages are read from. */
  source: 'production' | 'disturbed land';
  /** Full level, in tonnes or hectares; null where the curve never rises. */
  full: number | null;
  years: LifeCycleYear[];
}

export interface LifeCycleYear {
  year: number;
  stage: string | null;
  productionT: number | null;
  disturbedHa: number | null;
  /** Mean FVC. */
  fvc: number | null;
  /** Of the curve's full level. */
  share: number | null;
}

export interface LifeCyclePage {
  run: string;
  rule: { opened: number; reached: number };
  mines: LifeCycleFigures[];
}
