/**
 * What a later command adds to a finished run: landscape metrics, resilience, life cycle, field plots.
 * @module
 */
import type { Table } from './table.ts';

/** The commands that add something; also the name of what they add. */
export const ADDITIONS = ['landcover', 'landscape', 'resilience', 'lifecycle', 'plots', 'bond_release'] as const;
export type AdditionName = (typeof ADDITIONS)[number];

/** Plain data, as it lies in the run's folder `ecology/<name>.json`. */
export interface Addition {
  readonly name: AdditionName;
  /** One line in words. */
  readonly title: string;
  /** How the figures were made, one sentence or formula each. */
  readonly notes: readonly string[];
  /** Names differ from those of the run's own tables. */
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
}

/** A chart of the report: the page's script draws it from these data, the figures in it are in the addition's tables. */
export type Figure = LineFigure | NetworkFigure | ScatterFigure | FlowFigure;

/** Lines over years. */
export interface LineFigure {
  readonly kind: 'lines';
  readonly caption: string;
  /** What the lines show, with its unit. */
  readonly label: string;
  readonly series: readonly Series[];
  /** Spans of years behind the lines, such as stages. */
  readonly bands: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Levels across the figure, such as thresholds. */
  readonly levels: readonly { readonly value: number; readonly label: string }[];
}

export interface Series {
  readonly label: string;
  /** `#rrggbb`; without it lines are told apart by their dashes. */
  readonly colour?: string;
  /** Year and value, years ascending; null leaves a gap. */
  readonly points: readonly (readonly [number, number | null])[];
}

/** Names on a circle with lines between them. */
export interface NetworkFigure {
  readonly kind: 'network';
  readonly caption: string;
  readonly nodes: readonly string[];
  /** Places of two nodes, and how strongly they are tied, −1 to 1. */
  readonly edges: readonly { readonly from: number; readonly to: number; readonly weight: number }[];
}

/** Land that goes from class to class between years. */
export interface FlowFigure {
  readonly kind: 'flows';
  readonly caption: string;
  /** Ascending. */
  readonly years: readonly number[];
  readonly classes: readonly { readonly label: string; readonly colour: string }[];
  /** `step` k leads from year k to year k + 1; `from` and `to` are places in `classes`. All of a step sum to the zone. */
  readonly flows: readonly {
    readonly step: number;
    readonly from: number;
    readonly to: number;
    readonly hectares: number;
  }[];
}

/** Shares of 0 to 1 held against each other. */
export interface ScatterFigure {
  readonly kind: 'scatter';
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly points: readonly { readonly label: string; readonly x: number; readonly y: number }[];
  /** y = intercept + slope·x; null without one. */
  readonly line: { readonly slope: number; readonly intercept: number } | null;
}

/** Whether the chart would have anything in it. */
export function showsSomething(figure: Figure): boolean {
  if (figure.kind === 'lines') return figure.series.some(({ points }) => points.some(([, value]) => value !== null));
  if (figure.kind === 'flows') return figure.flows.some(({ hectares }) => hectares > 0);
  return figure.kind === 'network' ? figure.nodes.length > 0 : figure.points.length > 0;
}
