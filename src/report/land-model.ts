/**
 * Figures on what became of a zone's land: part of the run's summary.
 * @module
 */

/** Land that was in one state in one year and in another state in a later year. */
export interface TransitionFigures {
  fromYear: number;
  toYear: number;
  /** A land state, `not assessable` or `no data`. */
  from: string;
  to: string;
  hectares: number;
}

/** All land that was disturbed for the first time in one year. */
export interface CohortFigures {
  year: number;
  hectares: number;
  /** Years until half of the cohort had recovered for the first time; null where less has. */
  medianYearsToRecovery: number | null;
  /** From the cohort's year to the last; the five kinds of hectares sum to the cohort. */
  years: CohortYear[];
}

export interface CohortYear {
  year: number;
  disturbedHa: number;
  recoveringHa: number;
  recoveredHa: number;
  notAssessableHa: number;
  nodataHa: number;
  /** Recovered of the land that was seen in this year; null where none was. */
  recoveredShare: number | null;
}

/** Mean of a recovery metric, weighted by area, over the land that has it. */
export interface MetricFigures {
  hectares: number;
  mean: number | null;
}

/** Recovery metrics of a zone. */
export interface RecoveryFigures {
  /** Land that was disturbed in any year, and of it what recovered at least once. */
  disturbedHa: number;
  recoveredHa: number;
  magnitude: MetricFigures;
  yearsToRecovery: MetricFigures;
  y2r: MetricFigures;
  r80p: MetricFigures;
  yryr: MetricFigures;
  rri: MetricFigures;
}

/** What became of the land of a zone or role. */
export interface LandFigures {
  /** Pairs of states that have land; those of a pair of years sum to the zone. */
  transitions: TransitionFigures[];
  /** By year; null with too many zones for a table of them. */
  cohorts: CohortFigures[] | null;
  recovery: RecoveryFigures;
}
