/**
 * What `mine-rs explain` says of one pixel. Null stands for what does not exist.
 * @module
 */

/** One band of one scene at the pixel. */
export interface BandAtPixel {
  /** Role such as red, or the name of a finished index. */
  readonly role: string;
  readonly path: string;
  readonly band: number;
  /** As the file stores it; null where the file is resampled, so that there is no such number. */
  readonly dn: number | null;
  readonly scale: number;
  readonly offset: number;
  /** DN × scale + offset; null for no data. */
  readonly value: number | null;
  /** How the file came onto the run's grid; null where it lies on it. */
  readonly resampled: string | null;
}

/** One mask of one scene at the pixel. */
export interface MaskAtPixel {
  readonly path: string;
  readonly band: number;
  readonly description: string;
  /** One number a band; null beyond the file. */
  readonly values: readonly (number | null)[];
  readonly drops: boolean;
  /** What the value means, as far as the product defines it. */
  readonly meaning: string;
}

export interface ObservationAtPixel {
  readonly scene: string;
  readonly date: string;
  readonly year: number;
  readonly sensor: string;
  readonly bands: readonly BandAtPixel[];
  readonly masks: readonly MaskAtPixel[];
  readonly clear: boolean;
  /** Why it was dropped; empty where it was not. */
  readonly reason: string;
  /** Null where it was dropped. */
  readonly index: number | null;
  /** Whether its value is the year's value. */
  readonly won: boolean;
}

export interface YearAtPixel {
  readonly year: number;
  readonly scenes: number;
  readonly clear: number;
  readonly index: number | null;
  /** Scenes whose value it is; empty where it is made of several, such as a median. */
  readonly won: readonly string[];
  /** Null where there is none, or the run makes no FVC. */
  readonly fvc: number | null;
  /** What the trend is of in this year. */
  readonly tested: number | null;
  /** The level that the state is held against. */
  readonly reference: number | null;
  readonly state: number | null;
  readonly stateName: string | null;
  readonly why: string;
}

export interface TrendAtPixel {
  /** What is tested, in words. */
  readonly of: string;
  readonly n: number;
  readonly s: number;
  readonly varS: number;
  /** Sizes of the groups of equal values. */
  readonly ties: readonly number[];
  readonly tau: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly smallestP: number;
  readonly slope: number | null;
  readonly slopeLow: number | null;
  readonly slopeHigh: number | null;
  readonly intercept: number | null;
  readonly classCode: number;
  readonly className: string;
  /** How the class follows, in words. */
  readonly why: string;
}

/** A map of the run against what is worked out here. */
export interface MapAtPixel {
  readonly file: string;
  /** Band, from 1. */
  readonly band: number;
  readonly inMap: number | null;
  readonly recomputed: number | null;
  readonly agrees: boolean;
  /** Why they differ, where that is known. */
  readonly note: string;
}

export interface ExplainPage {
  readonly run: string;
  readonly lon: number;
  readonly lat: number;
  readonly col: number;
  readonly row: number;
  /** Middle of the pixel. */
  readonly pixelLon: number;
  readonly pixelLat: number;
  readonly areaHa: number;
  readonly crs: string;
  readonly zones: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly share: number;
  }[];
  /** Name of the index, and of the composite. */
  readonly index: string;
  readonly composite: string;
  readonly observations: readonly ObservationAtPixel[];
  /** Null where the run makes no FVC. */
  readonly endpoints: {
    readonly soil: number;
    readonly vegetation: number;
    readonly model: string;
    readonly source: string;
  } | null;
  readonly years: readonly YearAtPixel[];
  /** Null with fewer years than the run asks for. */
  readonly trend: TrendAtPixel | null;
  readonly states: {
    readonly baseline: string;
    readonly disturbedBelow: number;
    readonly recoveredAbove: number;
    readonly disturbedYears: number;
    readonly recoveredYears: number;
    readonly disturbedYear: number | null;
    readonly recoveredYear: number | null;
  } | null;
  readonly maps: readonly MapAtPixel[];
  readonly agrees: boolean;
  readonly notes: readonly string[];
}
