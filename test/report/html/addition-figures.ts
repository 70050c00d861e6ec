/**
 * An addition with a chart of each kind, for tests of the report.
 * @module
 */
import type {
  Addition,
  Figure,
  FlowFigure,
  LineFigure,
  NetworkFigure,
  ScatterFigure,
} from '../../../src/report/addition.ts';
import { real, text } from '../../../src/report/table.ts';

/** A name that would be markup, and run, where it is not escaped. */
export const EVIL = '</script><img src=x onerror=alert(1)>';

/** 9 values in 3 lines, one of them with a gap; two of the lines have one name. */
export const LINES: LineFigure = {
  kind: 'lines',
  caption: 'Index by year',
  label: 'index',
  series: [
    {
      label: 'pit',
      points: [
        [2010, 0.5],
        [2011, null],
        [2012, 0.75],
        [2013, 1],
      ],
    },
    {
      label: 'pit',
      points: [
        [2010, 0.25],
        [2011, 0.25],
        [2012, 0.5],
      ],
    },
    {
      label: EVIL,
      colour: '#112233',
      points: [
        [2010, -0.25],
        [2011, 0],
        [2012, 0.125],
      ],
    },
  ],
  bands: [
    { from: 2010, to: 2010, label: 'begin' },
    { from: 2011, to: 2013, label: 'accelerated' },
  ],
  levels: [
    { value: 1.5, label: 'yield' },
    { value: 1.45, label: 'elastic' },
  ],
};

/** 100 ha in 3 years: 4 flows that are there and one of nothing; 5 classes of years hold land. */
export const FLOWS: FlowFigure = {
  kind: 'flows',
  caption: 'Where the land went',
  years: [2000, 2010, 2020],
  classes: [
    { label: 'grass', colour: '#00aa00' },
    { label: 'mine', colour: '#aa0000' },
  ],
  flows: [
    { step: 0, from: 0, to: 0, hectares: 30 },
    { step: 0, from: 0, to: 1, hectares: 60 },
    { step: 0, from: 1, to: 1, hectares: 10 },
    { step: 0, from: 1, to: 0, hectares: 0 },
    { step: 1, from: 0, to: 1, hectares: 30 },
    { step: 1, from: 1, to: 1, hectares: 70 },
  ],
};

export const NETWORK: NetworkFigure = {
  kind: 'network',
  caption: 'Ties',
  nodes: ['cover', 'height', 'a variable with too long a name for a phone'],
  edges: [
    { from: 0, to: 1, weight: 1 },
    { from: 1, to: 2, weight: -0.5 },
  ],
};

export const SCATTER: ScatterFigure = {
  kind: 'scatter',
  caption: 'Cover',
  xLabel: 'FVC',
  yLabel: 'field cover',
  points: [
    { label: 'p1', x: 0.5, y: 0.25 },
    { label: 'p2', x: 0.75, y: 1 },
  ],
  line: { slope: 2, intercept: -0.5 },
};

export function additionOf(figures: readonly Figure[]): Addition {
  const wide = Array.from({ length: 30 }, (_, k) => real(`column_${k}`));
  return {
    name: 'landcover',
    title: 'Land cover',
    notes: [],
    figures,
    tables: [
      { name: 'narrow', title: 'Narrow', columns: [text('zone'), real('hectares', 'ha')], rows: [['pit', 12.5]] },
      { name: 'wide', title: 'Wide', columns: wide, rows: [wide.map((_, k) => k / 7)] },
    ],
  };
}
