/**
 * Tables, notes and text of `mine-rs landscape`.
 * @module
 */
import type { Addition, LineFigure } from './addition.ts';
import type { LandscapeFigures, LandscapePage, LandscapeYear, LandscapeZone } from './landscape-model.ts';
import { cellValue, integer, real, significant, text, type Cell, type Column, type Table } from './table.ts';
import { table as screenTable } from './terminal.ts';

/** Zones that are drawn; the tables have them all. */
const MOST_DRAWN = 4;

const ZONE_COLUMNS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role'), integer('year', 'year')];

function zoneCells({ id, name, role }: LandscapeZone, { year }: LandscapeYear): Cell[] {
  return [id, name, role, year];
}

/** One line a zone and year. */
export function landscapeTable(page: LandscapePage): Table {
  const columns = [
    ...ZONE_COLUMNS,
    real('area_ha', 'ha'),
    real('nodata_ha', 'ha'),
    integer('classes'),
    integer('np'),
    significant('pd', '1/100 ha'),
    significant('area_mn_ha', 'ha'),
    real('largest_patch_ha', 'ha'),
    real('lpi', '%'),
    real('edge_m', 'm'),
    real('boundary_m', 'm'),
    significant('ed', 'm/ha'),
    real('shdi'),
    real('shdi_base2'),
    real('shei'),
    real('frac_mn'),
    real('contag', '%'),
    real('contag_of_all', '%'),
    significant('connect', '%'),
    real('cohesion', '%'),
    real('ai', '%'),
    integer('neighbours'),
    real('connect_distance_m', 'm'),
    real('cell_width_m', 'm'),
    real('cell_height_m', 'm'),
  ];
  const rows = page.zones.flatMap((zone) =>
    zone.years.map((year): Cell[] => {
      const { metrics: m, cellWidthM, cellHeightM } = year;
      return [
        ...zoneCells(zone, year),
        m.areaHa,
        (year.nodataCells * cellWidthM * cellHeightM) / 1e4,
        m.classes,
        m.patches,
        m.patchDensity,
        m.meanPatchHa,
        m.largestPatchHa,
        m.largestPatchIndex,
        m.edgeM,
        m.boundaryM,
        m.edgeDensity,
        m.shdi,
        m.shdiBase2,
        m.shei,
        m.fractal,
        m.contagion,
        m.contagionOfAll,
        m.connectance,
        m.cohesion,
        m.aggregation,
        page.neighbours,
        page.connectDistanceM,
        cellWidthM,
        cellHeightM,
      ];
    }),
  );
  return { name: 'landscape_metrics', title: 'Landscape metrics of each zone and year', columns, rows };
}

/** One line a zone, year and class. */
export function classMetricsTable(page: LandscapePage): Table {
  const columns = [
    ...ZONE_COLUMNS,
    integer('class_code'),
    text('class'),
    real('area_ha', 'ha'),
    real('pland', '%'),
    integer('np'),
    significant('pd', '1/100 ha'),
    significant('area_mn_ha', 'ha'),
    real('largest_patch_ha', 'ha'),
    real('lpi', '%'),
    real('edge_m', 'm'),
    real('boundary_m', 'm'),
    significant('ed', 'm/ha'),
    real('frac_mn'),
    significant('connect', '%'),
    real('cohesion', '%'),
    real('ai', '%'),
  ];
  const names = new Map(page.classes.map(({ code, name }) => [code, name]));
  const rows = page.zones.flatMap((zone) =>
    zone.years.flatMap((year) =>
      year.metrics.byClass.map((c): Cell[] => [
        ...zoneCells(zone, year),
        c.class,
        names.get(c.class) ?? null,
        c.areaHa,
        c.percent,
        c.patches,
        c.patchDensity,
        c.meanPatchHa,
        c.largestPatchHa,
        c.largestPatchIndex,
        c.edgeM,
        c.boundaryM,
        c.edgeDensity,
        c.fractal,
        c.connectance,
        c.cohesion,
        c.aggregation,
      ]),
    ),
  );
  return { name: 'landscape_classes', title: 'Landscape metrics of each class in each zone and year', columns, rows };
}

/** How the figures were made. */
export function landscapeNotes(page: LandscapePage): string[] {
  const plane = page.zones.every((zone) => zone.years.every(({ cellSize }) => cellSize === 'plane'));
  return [
    `${page.what} of ${page.rasters.length} ${page.rasters.length === 1 ? 'year' : 'years'}; metrics as FRAGSTATS v4 defines them`,
    `Cells of a patch touch by ${page.neighbours === 8 ? 'sides or corners (8 neighbours)' : 'sides (4 neighbours)'}; ` +
      'adjacencies go by sides',
    `CONNECT: two patches of a class are joined where their nearest cells lie within ${page.connectDistanceM} m, from centre to centre`,
    'A cell belongs to a zone that covers at least half of it. Cells without data are no part of the landscape',
    "Patches end at the zone's edge, and their perimeters run along it (FRAC_MN, COHESION)",
    "The zone's edge is no edge between classes: edge_m and ed leave it out, boundary_m has it; CONTAG and AI count no adjacency across it",
    'CONTAG takes shares P(i) · g(i,k) / Σ g(i,·) as FRAGSTATS does; contag_of_all takes g(i,k) / ΣΣ g',
    plane
      ? "Sizes of cells are those of the raster's plane, so hectares differ a little from the ellipsoidal ones of other tables"
      : 'Sizes of cells were measured on the ellipsoid, in the middle of each zone, where the plane of the raster is far from it',
  ];
}

/** What a run's folder and report get. */
export function landscapeAddition(page: LandscapePage): Addition {
  return {
    name: 'landscape',
    title: 'Landscape metrics',
    notes: [...landscapeNotes(page), ...page.warnings],
    tables: [landscapeTable(page), classMetricsTable(page)],
    figures: page.rasters.length < 2 ? [] : FIGURES.map(([label, of]) => figure(page, label, of)),
  };
}

const FIGURES: readonly (readonly [string, (m: LandscapeFigures) => number | null])[] = [
  ['SHDI', (m) => m.shdi],
  ['CONTAG, %', (m) => m.contagion],
  ['Patches per 100 ha', (m) => m.patchDensity],
];

function figure(page: LandscapePage, label: string, of: (m: LandscapeFigures) => number | null): LineFigure {
  const series = page.zones.slice(0, MOST_DRAWN).map((zone) => ({
    label: zone.name,
    points: zone.years.map(({ year, metrics }) => [year, of(metrics)] as const),
  }));
  return { kind: 'lines', caption: `${label} by year`, label, series, bands: [], levels: [] };
}

const SHOWN = ['year', 'area_ha', 'np', 'pd', 'area_mn_ha', 'lpi', 'ed', 'shdi', 'shei', 'frac_mn', 'contag'];
SHOWN.push('connect', 'cohesion', 'ai');

/** What the terminal shows. */
export function landscapeText(page: LandscapePage): string {
  const { columns, rows } = landscapeTable(page);
  const shown = ['zone_name', ...SHOWN].map((name) => columns.findIndex((column) => column.name === name));
  const lines = rows.map((row) => shown.map((k) => cellText(columns[k]!, row[k]!)));
  const head = shown.map((k) => columns[k]!.name);
  return `Landscape metrics\n${screenTable(head, lines, 1)}\n\n${landscapeNotes(page).join('.\n')}.\n`;
}

/** A figure for the screen; the files have all digits. */
export function cellText(column: Column, cell: Cell): string {
  const value = cellValue(column, cell);
  if (value === null) return '–';
  if (typeof value !== 'number' || column.type === 'integer') return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(1) : String(Number(value.toPrecision(4)));
}
