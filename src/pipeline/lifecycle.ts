/**
 * `mine-rs lifecycle`: the stages of a mine's life over a finished run.
 * @module
 */
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { lifeCycle, STAGE_RULE } from '../ecology/lifecycle.ts';
import type { LifeCycleFigures, LifeCyclePage } from '../report/lifecycle-model.ts';
import { lifeCycleAddition } from '../report/lifecycle-tables.ts';
import type { Summary, ZoneFigures } from '../report/model.ts';
import { addToRun } from './additions.ts';
import { readSection } from './config.ts';
import { readSummary } from './finished-run.ts';
import { wrongValue } from './options.ts';
import { readProductionYears, type ProductionSeries } from './production-years.ts';

const schema = z.strictObject({ production: z.string().min(1).optional(), config: z.string().min(1).optional() });

const share = z.number().gt(0).max(1);
const sectionSchema = z
  .strictObject({ opened: share.default(STAGE_RULE.opened), reached: share.default(STAGE_RULE.reached) })
  .refine(({ opened, reached }) => opened < reached, { error: 'opened must be below reached' });

/**
 * Finds the stages of each mine and adds them to the run's folder.
 *
 * @param folder What `mine-rs trend` left.
 * @param input `production`, a table by year; `config`, another file than the mine-rs.yaml beside the AOI.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT on a folder without a run or a bad table
 */
export async function lifeCyclePage(folder: string, input: Record<string, unknown>): Promise<LifeCyclePage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '--${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { production, config } = parsed.data;
  const summary = readSummary(folder);
  const section = readSection('lifecycle', config, summary.aoi);
  const rule = sectionSchema.safeParse(section.value ?? {});
  if (!rule.success) {
    const issue = rule.error.issues[0]!;
    const place = ['lifecycle', ...issue.path].join('.');
    throw new MineRsError('USAGE', `${section.file}: ${place}: ${wrongValue(issue)}`);
  }
  const mines = summary.zones.filter(({ role }) => role === 'mine');
  if (mines.length === 0) throw new MineRsError('BAD_INPUT', `The run in ${folder} has no zone with the role mine`);
  const produced =
    production === undefined
      ? new Map<string, ProductionSeries>()
      : readProductionYears(
          production,
          mines.map(({ id }) => id),
        );
  if (summary.fvc === null && produced.size < mines.length) {
    const text = `The run in ${folder} makes no FVC, so that it has no disturbed land: give each mine's production with --production`;
    throw new MineRsError('USAGE', text);
  }
  const page: LifeCyclePage = {
    run: folder,
    rule: rule.data,
    mines: mines.map((zone) => figuresOf(zone, summary, produced.get(zone.id), rule.data)),
  };
  await addToRun(folder, lifeCycleAddition(page));
  return page;
}

function figuresOf(
  zone: ZoneFigures,
  summary: Summary,
  production: ProductionSeries | undefined,
  rule: LifeCyclePage['rule'],
): LifeCycleFigures {
  const years = [...new Set([...summary.years, ...(production?.keys() ?? [])])].toSorted((a, b) => a - b);
  const cover = new Map(summary.fvc === null ? [] : zone.years.map(({ year, mean }) => [year, mean]));
  // A year in which nothing is seen is no year without disturbance.
  const disturbed = new Map(
    zone.states.filter(({ nodataHa }) => nodataHa < zone.areaHa * (1 - 1e-9)).map((s) => [s.year, s.disturbedHa]),
  );
  const curve = years.map((year) => (production ?? disturbed).get(year) ?? NaN);
  const found = lifeCycle(curve, rule);
  return {
    zone: zone.id,
    name: zone.name,
    source: production === undefined ? 'disturbed land' : 'production',
    full: found?.full ?? null,
    years: years.map((year, k) => ({
      year,
      stage: found?.stages[k] ?? null,
      productionT: production?.get(year) ?? null,
      disturbedHa: disturbed.get(year) ?? null,
      fvc: cover.get(year) ?? null,
      share: found === null || Number.isNaN(curve[k]) ? null : curve[k]! / found.full,
    })),
  };
}
