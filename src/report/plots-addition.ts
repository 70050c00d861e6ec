/**
 * Tables, pictures and files of `mine-rs plots`.
 * @module
 */
import type { Addition, Figure } from './addition.ts';
import { networkGraphml, networkSvg } from './plots-network.ts';
import type { DifferenceFigures, PlotsPage } from './plots-model.ts';
import { integer, real, significant, text, type Cell, type Column, type Table } from './table.ts';

const none = (count: number): null[] => Array.from({ length: count }, () => null);

function diversityTable({ diversity }: PlotsPage): Table {
  const indices = ['simpson', 'shannon', 'pielou', 'margalef'] as const;
  return {
    name: 'plots_diversity',
    title: 'Diversity of each plot and group',
    columns: [
      ...['level', 'name', 'group'].map(text),
      integer('plots'),
      integer('richness'),
      real('total'),
      ...indices.map((name) => real(name)),
    ],
    rows: diversity.map((d) => [
      d.level,
      d.name,
      d.group,
      d.plots,
      d.richness,
      d.total,
      ...indices.map((name) => d[name]),
    ]),
  };
}

function similarityTable({ similarity }: PlotsPage): Table {
  return {
    name: 'plots_similarity',
    title: 'Species in common: Sørensen (1 the same species) and Bray–Curtis (0 the same amounts)',
    columns: [...['level', 'first', 'second'].map(text), integer('shared'), real('sorensen'), real('bray_curtis')],
    rows: similarity.map((s) => [s.level, s.first, s.second, s.shared, s.sorensen, s.brayCurtis]),
  };
}

const VARIABLE = [text('variable'), text('unit')];

function meanTable({ means }: PlotsPage): Table {
  return {
    name: 'plots_means',
    title: 'Mean, standard deviation and standard error of each group',
    columns: [
      ...VARIABLE,
      text('group'),
      integer('n'),
      significant('mean', ''),
      significant('sd', ''),
      significant('se', ''),
    ],
    rows: means.map((m) => [m.variable, m.unit, m.group, m.n, m.mean, m.sd, m.se]),
  };
}

function anovaTable({ anova }: PlotsPage): Table {
  return {
    name: 'plots_anova',
    title: 'One-way analysis of variance between groups',
    columns: [
      ...VARIABLE,
      ...['groups', 'n', 'df_between', 'df_within'].map((name) => integer(name)),
      ...['ss_between', 'ss_within', 'f', 'p'].map((name) => significant(name, '')),
    ],
    rows: anova.map((a) => [
      a.variable,
      a.unit,
      a.groups,
      a.n,
      a.dfBetween,
      a.dfWithin,
      a.ssBetween,
      a.ssWithin,
      a.f,
      a.p,
    ]),
  };
}

function differenceTable({ differences }: PlotsPage): Table {
  const t = (name: string): Column[] =>
    ['t', 'df', 'low', 'high', 'p'].map((figure) => significant(`${name}_${figure}`, ''));
  return {
    name: 'plots_differences',
    title: 'Differences of groups, the second minus the first: Tukey HSD, Welch and pooled t tests, 95 % limits',
    columns: [
      ...VARIABLE,
      text('first'),
      text('second'),
      significant('difference', ''),
      ...['low', 'high', 'p'].map((figure) => significant(`tukey_${figure}`, '')),
      ...t('welch'),
      ...t('pooled'),
    ],
    rows: differences.map((d) => [
      d.variable,
      d.unit,
      d.first,
      d.second,
      d.difference,
      ...(d.tukey === null ? none(3) : [d.tukey.low, d.tukey.high, d.tukey.p]),
      ...tCells(d.welch),
      ...tCells(d.pooled),
    ]),
  };
}

function tCells(test: DifferenceFigures['welch']): Cell[] {
  return test === null ? none(5) : [test.t, test.df, test.low, test.high, test.p];
}

function correlationTable({ correlations }: PlotsPage): Table {
  const figures = ['pearson', 'pearsonP', 'pearsonFdr', 'spearman', 'spearmanP', 'spearmanFdr'] as const;
  const names = ['pearson_r', 'pearson_p', 'pearson_fdr_p', 'spearman_rho', 'spearman_p', 'spearman_fdr_p'];
  return {
    name: 'plots_correlation',
    title: 'Correlation of each pair of variables',
    columns: [text('first'), text('second'), integer('n'), ...names.map((name) => significant(name))],
    rows: correlations.map((c) => [c.first, c.second, c.n, ...figures.map((figure) => c[figure])]),
  };
}

function coverTable({ coverPlots }: PlotsPage): Table {
  return {
    name: 'plots_fvc',
    title: "Plots with the run's FVC at their place and year",
    columns: [
      text('plot'),
      text('group'),
      integer('year', 'year'),
      significant('lon', '°'),
      significant('lat', '°'),
      integer('col'),
      integer('row'),
      real('cover', '%'),
      real('fvc'),
      real('fvc_minus_cover'),
    ],
    rows: coverPlots.map((p) => [
      p.plot,
      p.group,
      p.year,
      p.lon,
      p.lat,
      p.col,
      p.row,
      p.cover,
      p.fvc,
      p.cover === null || p.fvc === null ? null : p.fvc - p.cover / 100,
    ]),
  };
}

function agreementTable({ agreement }: PlotsPage): Table {
  const names = {
    slope: 'slope',
    slopeLow: 'slope_low',
    slopeHigh: 'slope_high',
    intercept: 'intercept',
    interceptLow: 'intercept_low',
    interceptHigh: 'intercept_high',
    p: 'p',
    r2: 'r2',
    residualSd: 'residual_sd',
    bias: 'bias',
    rmse: 'rmse',
    mae: 'mae',
    agreementLow: 'agreement_low',
    agreementHigh: 'agreement_high',
  } as const;
  const keys = Object.keys(names) as (keyof typeof names)[];
  return {
    name: 'plots_cover_regression',
    title: 'Field cover (0 to 1) on FVC: regression, bias and RMSE of FVC − cover, limits of agreement',
    columns: [integer('n'), integer('cells'), ...keys.map((key) => significant(names[key]))],
    rows: agreement === null ? [] : [[agreement.n, agreement.cells, ...keys.map((key) => agreement[key])]],
  };
}

/** The tables that have lines. */
export function plotsTables(page: PlotsPage): Table[] {
  const tables = [diversityTable, similarityTable, meanTable, anovaTable, differenceTable, correlationTable];
  return [...tables, coverTable, agreementTable].map((make) => make(page)).filter(({ rows }) => rows.length > 0);
}

/** Points that the picture of cover and FVC shows. */
const MOST_POINTS = 2000;

function figuresOf({ network, coverPlots, agreement }: PlotsPage): Figure[] {
  const { nodes, edges } = network;
  const figures: Figure[] = [];
  if (agreement !== null) {
    const both = coverPlots.filter(({ cover, fvc }) => cover !== null && fvc !== null).slice(0, MOST_POINTS);
    const { slope, intercept } = agreement;
    figures.push({
      kind: 'scatter',
      caption: 'Field cover against FVC; dashed where both are the same',
      xLabel: 'FVC',
      yLabel: 'field cover (share)',
      points: both.map(({ plot, cover, fvc }) => ({ label: plot, x: fvc!, y: cover! / 100 })),
      line: Number.isNaN(slope) ? null : { slope, intercept },
    });
  }
  if (edges.length > 0) {
    figures.push({
      kind: 'network',
      caption: 'Pearson correlations that stand at a false discovery rate of 0.05',
      nodes,
      edges: edges.map(({ from, to, pearson }) => ({ from, to, weight: pearson })),
    });
  }
  return figures;
}

/** What goes into a run's folder, or a folder of its own. */
export function plotsAddition(page: PlotsPage): Addition {
  return {
    name: 'plots',
    title: 'Field plots',
    notes: page.notes,
    tables: plotsTables(page),
    figures: figuresOf(page),
  };
}

/** The correlation network, by file name. Nothing where no pair of variables can be correlated. */
export function plotsFiles(page: PlotsPage): Record<string, string> {
  if (page.correlations.length === 0) return {};
  return {
    'plots_network.graphml': networkGraphml(page.network),
    'plots_network.svg': networkSvg(page.network),
  };
}
