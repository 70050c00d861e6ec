/**
 * What the screen says of the land around mines.
 * @module
 */
import { influencedWord, type InfluenceFigures, type MineInfluence, type RingFigures } from './influence-model.ts';

/** Writes a table: head, rows, and how many columns are aligned to the left. */
type TableText = (head: readonly string[], rows: readonly string[][], leftColumns: number) => string;

/** Lines of one table that fit a screen. */
const RINGS_SHOWN = 40;

/** Rings by distance, the reach of each mine, and the method; empty without rings. */
export function influenceText(
  influence: InfluenceFigures | null | undefined,
  value: string,
  table: TableText,
  label: (name: string) => string,
): string {
  if (!influence) return '';
  const names = new Map(influence.mines.map((mine) => [mine.id, label(mine.name)]));
  const { years, mines } = influence;
  const shown = influence.rings.slice(0, RINGS_SHOWN);
  const rows = shown.map((ring) => [
    names.get(ring.mine) ?? label(ring.mine),
    `${ring.fromM}–${ring.toM}`,
    ring.areaHa.toFixed(1),
    figure(ring.mean),
    figure(ring.reference),
    figure(ring.shortfall),
    pText(ring),
    influencedWord(ring) ?? '–',
    ring.meanTrend === null ? '–' : ring.meanTrend.slope.toFixed(4),
    ring.disturbedHa === null ? '–' : ring.disturbedHa.toFixed(1),
  ]);
  const head = ['Mine', 'metres', 'hectares', value, 'reference', 'shortfall', 'p', 'influenced', 'trend a year'];
  head.push('disturbed ha');
  const more = influence.rings.length - shown.length;
  const span = years.length === 1 ? `${years[0]}` : `${years[0]} to ${years.at(-1)}`;
  const parts = [
    `Around the mines by distance, means of ${span}\n${table(head, rows, 2)}`,
    ...(more > 0 ? [`… and ${more} more rings (tables/influence_rings.csv)`] : []),
    `Reach of the mines\n${reachTable(influence, table, label)}`,
    ...mines.flatMap(({ name, beyond }) =>
      beyond.length === 0
        ? []
        : [`Below the reference again beyond the reach of ${label(name)}, by another cause: ${beyond.join(', ')} m.`],
    ),
    `Method: ${influence.method}`,
  ];
  return parts.join('\n\n');
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}

function pText({ p }: RingFigures): string {
  if (p === null) return '–';
  return p < 0.0001 ? '<0.0001' : p.toFixed(4);
}

function reachTable(influence: InfluenceFigures, table: TableText, label: (name: string) => string): string {
  const { mines, total, region } = influence;
  const ha = (value: number | null) => (value === null ? '–' : value.toFixed(1));
  const ratio = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  const tonnes = (value: number | null) => (value === null ? [] : [`${Number((value / 1e6).toPrecision(6))} Mt`]);
  const rows = mines.map((mine) => [
    label(mine.name),
    reachOf(mine),
    ha(mine.excavatedHa),
    ha(mine.influenceHa),
    ratio(mine.ratio),
    ...tonnes(mine.productionT),
  ]);
  if (total !== null && total.mines.length > 1) {
    const { excavatedHa, influenceHa, productionT } = total;
    const name = total.mines.length === mines.length ? 'All mines' : `These ${total.mines.length} with an area`;
    rows.push([name, '', ha(excavatedHa), ha(influenceHa), ratio(total.ratio), ...tonnes(productionT)]);
  }
  if (region !== null) {
    const { excavatedHa, influenceHa, productionT } = region;
    rows.push(['Region, by production', '', ha(excavatedHa), ha(influenceHa), '', ...tonnes(productionT)]);
  }
  const head = ['Mine', 'influence', 'excavated ha', 'influence ha', 'ratio'];
  if (mines.some((mine) => mine.productionT !== null)) head.push('production');
  return table(head, rows, 2);
}

/** How far a mine's influence reaches, in words. */
export function reachOf({ result, radiusM, testedToM }: MineInfluence): string {
  if (result === 'fades') return `fades at ${radiusM} m`;
  if (result === 'none') return 'none in the innermost ring';
  if (result === 'not testable') return 'not testable: fewer than 5 years';
  return `not faded within ${testedToM} m`;
}
