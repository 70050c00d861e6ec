/**
 * What `mine-rs plots` and `mine-rs bond-release` found, as plain data. NaN (null in JSON) is "none".
 * @module
 */

export interface DiversityFigures {
  readonly level: 'plot' | 'group';
  readonly name: string;
  readonly group: string | null;
  /** 1 for a plot. Of a group, the indices are those of the plots' mean amounts. */
  readonly plots: number;
  readonly richness: number;
  readonly total: number;
  readonly simpson: number;
  readonly shannon: number;
  readonly pielou: number;
  /** NaN where amounts are covers. */
  readonly margalef: number;
}

export interface SimilarityFigures {
  readonly level: 'plot' | 'group';
  readonly first: string;
  readonly second: string;
  readonly shared: number;
  readonly sorensen: number;
  readonly brayCurtis: number;
}

interface OfVariable {
  readonly variable: string;
  readonly unit: string;
}

export interface MeanFigures extends OfVariable {
  readonly group: string;
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly se: number;
}

export interface AnovaFigures extends OfVariable {
  readonly groups: number;
  readonly n: number;
  readonly dfBetween: number;
  readonly dfWithin: number;
  readonly ssBetween: number;
  readonly ssWithin: number;
  readonly f: number;
  readonly p: number;
}

interface TFigures {
  readonly t: number;
  readonly df: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** The second group minus the first. */
export interface DifferenceFigures extends OfVariable {
  readonly first: string;
  readonly second: string;
  readonly difference: number;
  readonly tukey: { readonly low: number; readonly high: number; readonly p: number } | null;
  readonly welch: TFigures | null;
  readonly pooled: TFigures | null;
}

export interface CorrelationFigures {
  readonly first: string;
  readonly second: string;
  readonly n: number;
  readonly pearson: number;
  readonly pearsonP: number;
  readonly pearsonFdr: number;
  readonly spearman: number;
  readonly spearmanP: number;
  readonly spearmanFdr: number;
}

/** Pairs of variables whose Pearson correlation stands at the false discovery rate. */
export interface CorrelationNetwork {
  readonly nodes: readonly string[];
  /** Places of the two nodes. */
  readonly edges: readonly (CorrelationFigures & { readonly from: number; readonly to: number })[];
}

/** A plot with the run's FVC at its place and year. */
export interface CoverPlot {
  readonly plot: string;
  readonly group: string | null;
  readonly year: number;
  readonly lon: number;
  readonly lat: number;
  /** Cell of the run's grid; null outside it. */
  readonly col: number | null;
  readonly row: number | null;
  /** In percent, as in the table; null without a column cover. */
  readonly cover: number | null;
  /** 0 to 1; null where the run has no data. */
  readonly fvc: number | null;
}

export interface AgreementFigures {
  readonly n: number;
  /** Different cells and years among the plots: plots in one cell are not independent. */
  readonly cells: number;
  readonly slope: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  readonly intercept: number;
  readonly interceptLow: number;
  readonly interceptHigh: number;
  readonly p: number;
  readonly r2: number;
  readonly residualSd: number;
  readonly bias: number;
  readonly rmse: number;
  readonly mae: number;
  readonly agreementLow: number;
  readonly agreementHigh: number;
}

export interface PlotsPage {
  readonly table: string;
  readonly species: string | null;
  readonly run: string | null;
  readonly measure: 'count' | 'cover' | null;
  readonly plots: number;
  readonly groups: readonly string[];
  readonly diversity: readonly DiversityFigures[];
  readonly similarity: readonly SimilarityFigures[];
  readonly means: readonly MeanFigures[];
  readonly anova: readonly AnovaFigures[];
  readonly differences: readonly DifferenceFigures[];
  readonly correlations: readonly CorrelationFigures[];
  readonly network: CorrelationNetwork;
  readonly coverPlots: readonly CoverPlot[];
  readonly agreement: AgreementFigures | null;
  readonly notes: readonly string[];
}

export interface ReferenceFigures {
  readonly name: string;
  readonly weight: number;
  readonly mean: number;
  readonly sd: number;
  readonly n: number;
  readonly effectiveN: number;
  readonly samplesNeeded: number;
  readonly adequate: boolean;
}

export interface BondReleaseFigures {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly n: number;
  readonly effectiveN: number;
  readonly samplesNeeded: number;
  readonly adequate: boolean;
  readonly meanReaches: boolean;
  readonly standardT: number;
  readonly standardCritical: number;
  readonly standardPasses: boolean;
  readonly reverseT: number;
  readonly reverseCritical: number;
  readonly reversePasses: boolean | null;
  readonly evidence: string;
}

export interface BondReleasePage {
  /** The table of plots, or the run's folder. */
  readonly source: string;
  readonly of: 'plots' | 'fvc';
  /** Of FVC. */
  readonly year: number | null;
  /** Q, percent of cover. */
  readonly standard: number;
  readonly references: readonly ReferenceFigures[];
  readonly reclaimed: readonly BondReleaseFigures[];
  readonly notes: readonly string[];
}
