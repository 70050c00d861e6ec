/**
 * What `--audit` finds: how far masks, sensors and chosen numbers carry the figures of a run.
 * @module
 */

/** What masks take out of a zone, in one year and by one sensor, against the land around. Null where there is none. */
export interface MaskRow {
  readonly zone: string;
  readonly name: string;
  readonly role: string;
  readonly year: number;
  readonly sensor: string;
  readonly scenes: number;
  /** Hectares with data, summed over the scenes. */
  readonly seenHa: number;
  /** Share of it that is not clear. */
  readonly maskedShare: number;
  readonly impactShare: number | null;
  readonly referenceShare: number | null;
  /** maskedShare less referenceShare, or impactShare without a reference. */
  readonly excess: number | null;
}

/** All scenes of the run in one zone. */
export interface MaskBias {
  readonly zone: string;
  readonly name: string;
  readonly role: string;
  readonly maskedShare: number;
  /** Mean excess over the land around, weighted by hectares seen; null without other land. */
  readonly excess: number | null;
}

/** Two sensors over the same land in the same year. */
export interface SensorOverlap {
  readonly sensorA: string;
  readonly sensorB: string;
  readonly year: number;
  readonly hectares: number;
  readonly meanA: number;
  readonly meanB: number;
  /** meanB − meanA. */
  readonly step: number;
}

/** All years in which two sensors saw the same land. */
export interface SensorStep {
  readonly sensorA: string;
  readonly sensorB: string;
  readonly years: number;
  /** Mean over the years. */
  readonly step: number;
  /** Of the mean, from the spread between the years; null with one year. */
  readonly standardError: number | null;
}

/** How much of a zone's slope the change of sensors alone would make. */
export interface SensorEffect {
  readonly zone: string;
  readonly name: string;
  readonly role: string;
  /** Sen slope per year of the zone's mean. */
  readonly slope: number | null;
  /** Sen slope of what the sensors' steps add to the mean; null where a sensor overlaps with no other. */
  readonly sensorSlope: number | null;
  /** sensorSlope / slope. */
  readonly share: number | null;
}

/** Headline hectares of one zone with one number changed. */
export interface SensitivityRow {
  readonly zone: string;
  readonly name: string;
  readonly role: string;
  /** `as run`, or the number that was changed. */
  readonly parameter: string;
  readonly value: number | null;
  /** In the last year; null where the run makes no FVC. */
  readonly disturbedHa: number | null;
  readonly recoveringHa: number | null;
  readonly recoveredHa: number | null;
  readonly decreaseHa: number;
  readonly increaseHa: number;
}

export interface AuditFigures {
  readonly maskRows: readonly MaskRow[];
  readonly maskBias: readonly MaskBias[];
  /** Land over which sensors are compared, in words. */
  readonly over: string;
  readonly sensors: readonly string[];
  readonly overlaps: readonly SensorOverlap[];
  readonly steps: readonly SensorStep[];
  /** Sensors that overlap with no other in any year. */
  readonly unlinked: readonly string[];
  readonly effects: readonly SensorEffect[];
  readonly sensitivity: readonly SensitivityRow[];
}
