/**
 * Tables on the land around mines: rings by distance, and the area that each mine influences.
 * @module
 */
import { influencedWord, type InfluenceFigures, type RingFigures } from './influence-model.ts';
import type { Summary } from './model.ts';
import { integer, real, round, significant, text, type Cell, type Column, type Table } from './table.ts';

const RING_COLUMNS: readonly Column[] = [text('mine_id'), real('from_m', 'm'), real('to_m', 'm')];

function ringCells({ mine, fromM, toM }: RingFigures): Cell[] {
  return [mine, fromM, toM];
}

/** One line a ring: its land, its shortfall against the reference, its trend. */
function ringTable({ rings }: InfluenceFigures, value: string): Table {
  const columns = [...RING_COLUMNS, real('area_ha', 'ha'), real('outside_ha', 'ha'), real(`${value}_mean`)];
  columns.push(real('reference_mean'), real('shortfall'), integer('years'), significant('p'), text('influenced'));
  columns.push(significant('slope', '1/year'), significant('slope_low', '1/year'), significant('slope_high', '1/year'));
  columns.push(significant('slope_p'), text('class'), real('disturbed_ha', 'ha'));
  const rows = rings.map((ring) => [
    ...ringCells(ring),
    ring.areaHa,
    ring.outsideHa,
    ring.mean,
    ring.reference,
    ring.shortfall,
    ring.n,
    ring.p,
    influencedWord(ring),
    ring.meanTrend?.slope ?? null,
    ring.meanTrend?.slopeLow ?? null,
    ring.meanTrend?.slopeHigh ?? null,
    ring.meanTrend?.p ?? null,
    ring.meanTrend?.className ?? null,
    ring.disturbedHa,
  ]);
  return { name: 'influence_rings', title: 'Land around each mine by distance', columns, rows };
}

/** One line a ring and year. */
function ringYearTable({ rings }: InfluenceFigures, value: string): Table {
  const columns = [...RING_COLUMNS, integer('year', 'year'), real(`${value}_mean`), real('reference_mean')];
  columns.push(real('shortfall'), real('valid_ha', 'ha'), real('nodata_ha', 'ha'), real('disturbed_ha', 'ha'));
  columns.push(real('recovering_ha', 'ha'), real('recovered_ha', 'ha'));
  const rows = rings.flatMap((ring) =>
    ring.years.map((y) => [
      ...ringCells(ring),
      y.year,
      y.mean,
      y.reference,
      y.shortfall,
      y.validHa,
      y.nodataHa,
      y.disturbedHa,
      y.recoveringHa,
      y.recoveredHa,
    ]),
  );
  return { name: 'influence_by_year', title: 'Land around each mine by distance and year', columns, rows };
}

/** One line a ring and trend class. */
function ringTrendTable({ rings }: InfluenceFigures): Table {
  const columns = [...RING_COLUMNS, integer('class_code'), text('class'), real('hectares', 'ha'), real('percent', '%')];
  const rows = rings.flatMap((ring) =>
    ring.trend.map((c) => [...ringCells(ring), c.code, c.name, c.hectares, c.percent]),
  );
  return { name: 'influence_trend_classes', title: 'Trend classes around each mine by distance', columns, rows };
}

/** One line a mine; then all mines together, and the region where one was asked for. */
function mineTable({ mines, total, region }: InfluenceFigures): Table {
  const columns = [text('mine_id'), text('mine_name'), text('result'), real('radius_m', 'm'), real('tested_to_m', 'm')];
  columns.push(real('polygon_ha', 'ha'), real('excavated_ha', 'ha'), real('influence_ha', 'ha'), real('ratio'));
  columns.push(real('production_t', 't'));
  const rows: Cell[][] = mines.map((m) => [
    m.id,
    m.name,
    m.result,
    m.radiusM,
    m.testedToM,
    m.polygonHa,
    m.excavatedHa,
    m.influenceHa,
    m.ratio,
    m.productionT,
  ]);
  if (total !== null) {
    const figures = [total.excavatedHa, total.influenceHa, total.ratio, total.productionT];
    rows.push(['', 'all mines with an area', 'total', null, null, null, ...figures]);
  }
  if (region !== null) {
    const figures = [region.excavatedHa, region.influenceHa, null, region.productionT];
    rows.push(['', 'region by production', 'extrapolated', null, null, null, ...figures]);
  }
  return { name: 'mine_influence', title: 'Excavated land and area of influence of each mine', columns, rows };
}

/** The tables on influence; none where the run has no rings. */
export function influenceTables({ influence, fvc, index }: Summary): Table[] {
  if (!influence) return [];
  const value = fvc === null ? index : 'fvc';
  return [
    mineTable(influence),
    ringTable(influence, value),
    ringYearTable(influence, value),
    ringTrendTable(influence),
  ];
}

/** Headline figures of each ring by its id, as attributes of its polygon. */
export function ringAttributes({ influence, fvc, index }: Summary): Record<string, Record<string, Cell>> {
  if (!influence) return {};
  const value = fvc === null ? index : 'fvc';
  const rounded = (figure: number | null) => (figure === null ? null : round(figure));
  return Object.fromEntries(
    influence.rings.map((ring) => {
      const attributes: Record<string, Cell> = { area_ha: round(ring.areaHa), shortfall: rounded(ring.shortfall) };
      attributes.influenced = influencedWord(ring);
      attributes.slope = rounded(ring.meanTrend?.slope ?? null);
      for (const c of ring.trend) attributes[`trend_${c.name.replaceAll(' ', '_')}_ha`] = round(c.hectares);
      for (const y of ring.years) attributes[`${value}_${y.year}`] = rounded(y.mean);
      if (ring.disturbedHa !== null) attributes.ever_disturbed_ha = round(ring.disturbedHa);
      return [ring.id, attributes];
    }),
  );
}
