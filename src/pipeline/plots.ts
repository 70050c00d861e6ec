/**
 * `mine-rs plots`: diversity, comparisons and correlations of field plots, and their cover held against a run's FVC.
 * @module
 */
import { z } from 'zod';
import { correlationPairs, type Variable } from '../ecology/correlation.ts';
import { coverAgreement } from '../ecology/cover-regression.ts';
import { brayCurtis, diversity, meanCommunity, sharedSpecies, sorensen, type Community } from '../ecology/diversity.ts';
import { groupMean, oneWayAnova, pairsOf, tTest, tukeyHsd, type Group, type TTest } from '../ecology/group-tests.ts';
import { MineRsError } from '../errors.ts';
import type {
  AgreementFigures,
  CorrelationFigures,
  CorrelationNetwork,
  CoverPlot,
  DifferenceFigures,
  DiversityFigures,
  PlotsPage,
  SimilarityFigures,
} from '../report/plots-model.ts';
import { plotsAddition, plotsFiles } from '../report/plots-addition.ts';
import { addToRun } from './additions.ts';
import { lineError } from './csv-table.ts';
import { wrongValue } from './options.ts';
import { readPlots, type PlotTable, type PlotVariable } from './plots-table.ts';
import { checkTablesFolder, writeTablesFolder } from './plots-files.ts';
import { fvcAtPoints } from './point-fvc.ts';

/** Of limits; tests are two-sided at 1 − CONFIDENCE. */
const CONFIDENCE = 0.95;
/** False discovery rate of the network's edges. */
const NETWORK_RATE = 0.05;
/** With more plots only groups are held against each other: pairs grow with the square. */
const MOST_PAIRED_PLOTS = 300;

const schema = z.strictObject({
  species: z.string().min(1).optional(),
  group: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
});

/**
 * Computes everything that the tables allow.
 *
 * @param path Table of plots, see {@link readPlots}.
 * @param input `species`, a second table; `group`, the column of the groups; `run`, a finished run whose FVC is taken at
 *   the plots and to which the tables are added; `out`, a folder for the tables.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming file and line, OUTPUT if it cannot write
 */
export async function plotsPage(path: string, input: Record<string, unknown> = {}): Promise<PlotsPage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '--${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { species, group, run, out } = parsed.data;
  if (out !== undefined) checkTablesFolder(out);
  const table = readPlots(path, species, group);
  const coverPlots = run === undefined ? [] : await joinFvc(table, run);
  const variables = allVariables(table, run === undefined ? null : coverPlots);
  const groups = groupsOfVariables(table, variables);
  const correlations = correlationsOf(variables);
  const page: PlotsPage = {
    table: path,
    species: species ?? null,
    run: run ?? null,
    measure: table.measure,
    plots: table.plots.length,
    groups: table.groups,
    diversity: diversityOf(table),
    similarity: similarityOf(table),
    means: groups.flatMap(({ name, unit, of }) =>
      of.map((g) => ({ variable: name, unit, group: g.name, ...groupMean(g.values) })),
    ),
    anova: groups.flatMap(({ name, unit, of }) => {
      const found = oneWayAnova(of);
      return found === undefined ? [] : [{ variable: name, unit, ...found }];
    }),
    differences: groups.flatMap(({ name, unit, of }) => differencesOf(name, unit, of)),
    correlations,
    network: networkOf(
      variables.map(({ name }) => name),
      correlations,
    ),
    coverPlots,
    agreement: agreementOf(coverPlots),
    notes: notesOf(table, coverPlots, run !== undefined),
  };
  if (out !== undefined) await writeTablesFolder(out, plotsAddition(page), page, plotsFiles(page));
  if (run !== undefined) await addToRun(run, plotsAddition(page), plotsFiles(page));
  return page;
}

async function joinFvc(table: PlotTable, run: string): Promise<CoverPlot[]> {
  const { path, plots } = table;
  const first = plots[0]!;
  const missing = first.place === null ? "columns 'lon' and 'lat'" : first.year === null ? "column 'year'" : undefined;
  if (missing !== undefined) {
    throw lineError(path, 1, `has no ${missing}: --run takes FVC at the place and year of each plot`);
  }
  const points = plots.map(({ place, year }) => ({ ...place!, year: year! }));
  const found = await fvcAtPoints(run, points);
  const cover = table.variables.find(({ name }) => name === 'cover');
  return plots.map(({ id, group }, k): CoverPlot => {
    const { cell, fvc } = found[k]!;
    const seen = cover?.values[k] ?? NaN;
    return {
      plot: id,
      group,
      ...points[k]!,
      col: cell?.col ?? null,
      row: cell?.row ?? null,
      cover: Number.isNaN(seen) ? null : seen,
      fvc,
    };
  });
}

/** The table's variables, the diversity of each plot, and FVC. */
function allVariables(table: PlotTable, coverPlots: readonly CoverPlot[] | null): PlotVariable[] {
  const variables = [...table.variables];
  const add = (name: string, values: readonly number[]): void => {
    if (variables.some((variable) => variable.name === name)) {
      throw lineError(table.path, 1, `names a column '${name}', which is computed: give it another name`);
    }
    variables.push({ name, unit: '', values });
  };
  if (table.measure !== null) {
    const found = table.plots.map(({ community }) => diversity(community!));
    for (const index of ['richness', 'simpson', 'shannon', 'pielou'] as const) {
      add(
        index,
        found.map((d) => d[index]),
      );
    }
    if (table.measure === 'count') {
      add(
        'margalef',
        found.map((d) => d.margalef),
      );
      add(
        'individuals',
        found.map((d) => d.total),
      );
    }
  }
  if (coverPlots !== null) {
    add(
      'fvc',
      coverPlots.map(({ fvc }) => fvc ?? NaN),
    );
  }
  return variables;
}

interface GroupedVariable {
  name: string;
  unit: string;
  of: Group[];
}

/** Nothing where the table has no groups. */
function groupsOfVariables({ plots, groups }: PlotTable, variables: readonly PlotVariable[]): GroupedVariable[] {
  if (groups.length === 0) return [];
  return variables.map(({ name, unit, values }) => ({
    name,
    unit,
    of: groups.map((group) => ({
      name: group,
      values: values.filter((value, k) => plots[k]!.group === group && !Number.isNaN(value)),
    })),
  }));
}

function differencesOf(variable: string, unit: string, groups: readonly Group[]): DifferenceFigures[] {
  const tukey = tukeyHsd(groups, CONFIDENCE);
  return pairsOf(groups).map(([a, b]) => ({
    variable,
    unit,
    first: a.name,
    second: b.name,
    difference: groupMean(b.values).mean - groupMean(a.values).mean,
    tukey: tukey.find(({ first, second }) => first === a.name && second === b.name) ?? null,
    welch: tFigures(tTest(a, b, false, CONFIDENCE)),
    pooled: tFigures(tTest(a, b, true, CONFIDENCE)),
  }));
}

function tFigures(test: TTest | undefined): DifferenceFigures['welch'] {
  if (test === undefined) return null;
  const { t, df, low, high, p } = test;
  return { t, df, low, high, p };
}

/** Plots, then groups by the mean amounts of their plots. */
function communitiesOf({ plots, groups, measure }: PlotTable): Record<'plot' | 'group', [string, Community][]> {
  if (measure === null) return { plot: [], group: [] };
  const ofGroup = (group: string) => plots.filter((plot) => plot.group === group).map(({ community }) => community!);
  return {
    plot: plots.map(({ id, community }) => [id, community!]),
    group: groups.map((group) => [group, meanCommunity(ofGroup(group))]),
  };
}

function diversityOf(table: PlotTable): DiversityFigures[] {
  const { plots, measure } = table;
  const { plot, group } = communitiesOf(table);
  const figures = (community: Community) => {
    const found = diversity(community);
    return measure === 'count' ? found : { ...found, margalef: NaN };
  };
  return [
    ...plot.map(([name, community], k): DiversityFigures => {
      return { level: 'plot', name, group: plots[k]!.group, plots: 1, ...figures(community) };
    }),
    ...group.map(([name, community]): DiversityFigures => {
      const count = plots.filter((p) => p.group === name).length;
      return { level: 'group', name, group: name, plots: count, ...figures(community) };
    }),
  ];
}

function similarityOf(table: PlotTable): SimilarityFigures[] {
  const communities = communitiesOf(table);
  const levels = table.plots.length > MOST_PAIRED_PLOTS ? (['group'] as const) : (['group', 'plot'] as const);
  return levels.flatMap((level) =>
    pairsOf(communities[level]).map(([[first, a], [second, b]]) => ({
      level,
      first,
      second,
      shared: sharedSpecies(a, b),
      sorensen: sorensen(a, b),
      brayCurtis: brayCurtis(a, b),
    })),
  );
}

function correlationsOf(variables: readonly Variable[]): CorrelationFigures[] {
  return correlationPairs(variables).map(({ first, second, pearson, pearsonFdr, spearman, spearmanFdr }) => ({
    first,
    second,
    n: pearson.n,
    pearson: pearson.r,
    pearsonP: pearson.p,
    pearsonFdr,
    spearman: spearman.r,
    spearmanP: spearman.p,
    spearmanFdr,
  }));
}

function networkOf(nodes: readonly string[], correlations: readonly CorrelationFigures[]): CorrelationNetwork {
  const edges = correlations
    .filter(({ pearsonFdr }) => pearsonFdr <= NETWORK_RATE)
    .map((pair) => ({ ...pair, from: nodes.indexOf(pair.first), to: nodes.indexOf(pair.second) }));
  return { nodes, edges };
}

function agreementOf(coverPlots: readonly CoverPlot[]): AgreementFigures | null {
  const both = coverPlots.filter(({ cover, fvc }) => cover !== null && fvc !== null);
  const fvc = both.map((plot) => plot.fvc!);
  const cover = both.map((plot) => plot.cover! / 100);
  const found = coverAgreement(fvc, cover, CONFIDENCE);
  if (found === undefined) return null;
  return { ...found, cells: new Set(both.map(({ year, col, row }) => `${year},${col},${row}`)).size };
}

function notesOf(table: PlotTable, coverPlots: readonly CoverPlot[], joined: boolean): string[] {
  const { plots, groups, measure, ignored } = table;
  const notes: string[] = [];
  if (measure === 'count') {
    notes.push(
      'Shares P of species by counts. Simpson 1 − ΣP², Shannon −ΣP·ln P, Pielou Shannon/ln S, Margalef (S − 1)/ln N.',
    );
  }
  if (measure === 'cover') {
    notes.push(
      'Shares P of species by cover. Simpson 1 − ΣP², Shannon −ΣP·ln P, Pielou Shannon/ln S; no Margalef, which needs counts.',
    );
  }
  if (measure !== null && groups.length > 0)
    notes.push('Diversity of a group is that of the mean amounts of its plots.');
  if (measure !== null && plots.length > MOST_PAIRED_PLOTS) {
    notes.push(`Likeness is given between groups only: there are more than ${MOST_PAIRED_PLOTS} plots.`);
  }
  if (groups.length === 0) {
    notes.push("The table has no column 'group', so nothing is compared between groups.");
  } else {
    notes.push(
      'Analysis of variance, Tukey and the pooled t test take one variance for all groups; Welch does not. p of Tukey holds for all pairs of a variable together, p of t tests for each alone.',
    );
  }
  notes.push(
    `Correlations over the plots that have both values. p for the false discovery rate by Benjamini & Hochberg over all pairs; the network holds pairs with Pearson at ${NETWORK_RATE} or less.`,
  );
  if (joined) {
    notes.push(
      "FVC is that of the run's cell in which the plot lies, in the plot's year. Limits of agreement are bias ± 1.96 standard deviations of FVC − cover.",
    );
    const without = coverPlots.filter(({ fvc }) => fvc === null).length;
    if (without > 0)
      notes.push(
        `${without} of ${plots.length} plots have no FVC: outside the run, in a year it does not have, or without data.`,
      );
    const seen = coverPlots.filter(({ cover }) => cover !== null).length;
    if (seen === 0) notes.push("The table has no column 'cover' to hold against FVC.");
  }
  const years = new Set(plots.flatMap(({ year }) => year ?? []));
  if (years.size > 1) notes.push(`Plots of ${years.size} years are compared as one sample.`);
  if (ignored.length > 0) notes.push(`Columns of words, not used: ${ignored.join(', ')}.`);
  return notes;
}
