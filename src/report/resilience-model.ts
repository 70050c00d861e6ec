/**
 * Figures of ecological resilience.
 * @module
 */

export interface ResilienceClass {
  code: number;
  name: string;
  /** S_i. */
  score: number;
  resistance: number;
  source: boolean;
}

/** A year of a zone. Null where a figure does not exist. */
export interface ResilienceYear {
  year: number;
  /** Cells with data, of all cells of the zone. */
  validShare: number;
  ndvi: number | null;
  fvc: number | null;
  /** H, bits. */
  entropy: number | null;
  /** Σ P_i·S_i. */
  score: number | null;
  ecoRes: number | null;
  /** μ. */
  strength: number | null;
  c1: number | null;
  c2: number | null;
  e: number | null;
  shei: number | null;
  mpfd: number | null;
  contag: number | null;
  connect: number | null;
  /** g C/m². */
  npp: number | null;
  /** Q, mm. */
  water: number | null;
  sc: number | null;
  fc: number | null;
  /** E on the scale 0–1. */
  eScaled: number | null;
  eci: number | null;
  thv: number | null;
  stage: string | null;
}

export interface ResiliencePoint {
  point: string;
  source: string;
  thv: number | null;
  crossedYear: number | null;
  /** Since when ThV has been at the point or above again. */
  regainedYear: number | null;
}

/** The score of a zone in its last year, and the network that it is made from. */
export interface ResilienceScore {
  year: number;
  stability: number | null;
  classScore: number | null;
  r1: number | null;
  sources: number;
  sourceShare: number;
  sourceFvc: number | null;
  cohesion: number | null;
  r2: number | null;
  corridors: number;
  parts: number;
  alpha: number | null;
  beta: number | null;
  gamma: number | null;
  ease: number | null;
  r3: number | null;
  r: number | null;
}

/** What ±20 % of one weight make of a result. */
export interface ResilienceEffect {
  result: string;
  year: number;
  value: number;
  weight: string;
  weightValue: number;
  less: number;
  more: number;
}

export interface ResilienceZone {
  id: string;
  name: string;
  role: string;
  years: ResilienceYear[];
  /** Parts of ECI that its series goes without. */
  dropped: string[];
  preMining: { years: number[]; eci: number | null };
  points: ResiliencePoint[];
  /** p of the segmentation of ThV. */
  segmentationP: number | null;
  score: ResilienceScore | null;
  effects: ResilienceEffect[];
}

export interface ResiliencePage {
  run: string;
  classes: ResilienceClass[];
  load: number;
  weights: Record<string, number>;
  scoreWeights: Record<string, number>;
  /** Limits between which parts are put on the scale 0–1, and where they are from. */
  limits: { part: string; low: number; high: number; source: string }[];
  neighbours: number;
  connectM: number;
  sources: { edgeCells: number; leastHa: number; corridorLimitM: number };
  climate: string;
  zones: ResilienceZone[];
  notes: string[];
}
