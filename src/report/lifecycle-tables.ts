/**
 * Tables, figures and text of the life cycle of mines.
 * @module
 */
import type { Addition, Figure, LineFigure } from './addition.ts';
import type { LifeCycleFigures, LifeCyclePage } from './lifecycle-model.ts';
import { integer, real, text, type Cell, type Table } from './table.ts';

/** Mines that are drawn; the tables have them all. */
const MOST_DRAWN = 6;

interface Span {
  stage: string;
  from: number;
  to: number;
}

/** The stages of a mine as spans of years. */
export function stageSpans({ years }: LifeCycleFigures): Span[] {
  const spans: Span[] = [];
  for (const { year, stage } of years) {
    if (stage === null) continue;
    const last = spans.at(-1);
    if (last?.stage === stage) last.to = year;
    else spans.push({ stage, from: year, to: year });
  }
  return spans;
}

/** One line a mine and stage. */
export function stageTable({ mines }: LifeCyclePage): Table {
  const columns = [text('zone_id'), text('zone_name'), text('source'), text('stage')];
  columns.push(integer('from_year', 'year'), integer('to_year', 'year'), real('production_t', 't'));
  columns.push(real('disturbed_from_ha', 'ha'), real('disturbed_to_ha', 'ha'), real('fvc_from'), real('fvc_to'));
  const rows = mines.flatMap((mine) =>
    stageSpans(mine).map(({ stage, from, to }): Cell[] => {
      const inside = mine.years.filter(({ year }) => year >= from && year <= to);
      const produced = inside.flatMap(({ productionT }) => productionT ?? []);
      const ends = (of: 'disturbedHa' | 'fvc'): Cell[] => {
        const known = inside.flatMap((year) => year[of] ?? []);
        return [known[0] ?? null, known.at(-1) ?? null];
      };
      const sum = produced.length === 0 ? null : produced.reduce((total, value) => total + value, 0);
      return [mine.zone, mine.name, mine.source, stage, from, to, sum, ...ends('disturbedHa'), ...ends('fvc')];
    }),
  );
  return { name: 'lifecycle', title: 'Stages of the life of each mine', columns, rows };
}

/** One line a mine and year. */
export function stageYearTable({ mines }: LifeCyclePage): Table {
  const columns = [text('zone_id'), text('zone_name'), text('source'), integer('year', 'year'), text('stage')];
  columns.push(real('share_of_full'), real('production_t', 't'), real('disturbed_ha', 'ha'), real('fvc_mean'));
  const rows = mines.flatMap((mine) =>
    mine.years.map((y): Cell[] => [
      mine.zone,
      mine.name,
      mine.source,
      y.year,
      y.stage,
      y.share,
      y.productionT,
      y.disturbedHa,
      y.fvc,
    ]),
  );
  return { name: 'lifecycle_by_year', title: 'Stage of each mine by year', columns, rows };
}

/** How the stages were told, one sentence each. */
export function lifeCycleNotes({ rule, mines }: LifeCyclePage): string[] {
  const percent = (share: number) => `${Number((100 * share).toPrecision(6))} %`;
  const by = (source: LifeCycleFigures['source']) => mines.filter((mine) => mine.source === source).length;
  const notes = [
    'Stages after Dong et al. 2025: initial (planning, construction), accelerated (until production is reached), stable, declining (replacement, closing). The rule that tells them is ours.',
    `The full level of a curve is the largest mean of three years in a row. Initial: before ${percent(rule.opened)} of it; accelerated: until ${percent(rule.reached)} of it is reached; stable: to the last year with at least ${percent(rule.reached)}; declining: after it.`,
  ];
  if (by('production') > 0)
    notes.push(`The curve is the yearly production for ${by('production')} of ${mines.length} mines.`);
  if (by('disturbed land') > 0) {
    notes.push(
      `The curve is the disturbed land of each year for ${by('disturbed land')} of ${mines.length} mines: it falls as land recovers, so that a mine at work whose land is restored as fast as it is dug looks stable.`,
    );
  }
  return notes;
}

/** What the command adds to the run. */
export function lifeCycleAddition(page: LifeCyclePage): Addition {
  return {
    name: 'lifecycle',
    title: 'Life cycle of mines',
    notes: lifeCycleNotes(page),
    tables: [stageTable(page), stageYearTable(page)],
    figures: page.mines.slice(0, MOST_DRAWN).flatMap(figuresOf),
  };
}

function figuresOf(mine: LifeCycleFigures): Figure[] {
  const bands = stageSpans(mine).map(({ stage, from, to }) => ({ from, to, label: stage }));
  const draw = (
    caption: string,
    label: string,
    of: 'fvc' | 'disturbedHa' | 'productionT',
    factor: number,
  ): LineFigure => ({
    kind: 'lines',
    caption: `${mine.name}: ${caption}, by stage`,
    label,
    series: [
      { label: caption, points: mine.years.map((y) => [y.year, y[of] === null ? null : y[of] * factor] as const) },
    ],
    bands,
    levels: [],
  });
  const figures = [draw('mean FVC', '%', 'fvc', 100), draw('disturbed land', 'ha', 'disturbedHa', 1)];
  if (mine.source === 'production') figures.push(draw('production', 'Mt', 'productionT', 1e-6));
  return figures;
}

/** The page as it is printed. */
export function lifeCycleText(page: LifeCyclePage): string {
  const lines = page.mines.flatMap((mine) => {
    const unit = mine.source === 'production' ? 't' : 'ha';
    if (mine.full === null) return [`${mine.name} (${mine.zone}): no stages, its ${mine.source} is 0 in all years`, ''];
    const head = `${mine.name} (${mine.zone}), by ${mine.source}; full level ${Number(mine.full.toPrecision(6))} ${unit}`;
    return [head, ...stageSpans(mine).map(({ stage, from, to }) => `  ${stage.padEnd(12)}${from}–${to}`), ''];
  });
  return [...lines, ...lifeCycleNotes(page), ''].join('\n');
}
