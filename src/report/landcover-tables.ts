/**
 * Tables, pictures and text of `mine-rs landcover`.
 * @module
 */
import type { Addition, Figure, FlowFigure } from './addition.ts';
import type { LandcoverPage, LandcoverZone } from './landscape-model.ts';
import { cellText } from './landscape-tables.ts';
import { integer, real, text, type Cell, type Column, type Table } from './table.ts';
import { table as screenTable } from './terminal.ts';

/** Zones that are drawn; the tables have them all. */
const MOST_DRAWN = 4;
/** Years of a picture of flows: more are thinned out. */
const MOST_FLOW_YEARS = 6;

const NO_DATA = 'no data';
const NO_DATA_COLOUR = '#8a8f94';

const ZONE_COLUMNS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role')];

function zoneCells({ id, name, role }: LandcoverZone): Cell[] {
  return [id, name, role];
}

/** One line a zone, year and class; those of no data have no code. */
export function landcoverTable(page: LandcoverPage): Table {
  const columns = [...ZONE_COLUMNS, integer('year', 'year'), integer('class_code'), text('class')];
  columns.push(real('hectares', 'ha'), real('percent', '%'));
  const names = namesOf(page);
  const rows = page.zones.flatMap((zone) =>
    zone.years.flatMap(({ year, classes, nodataHa }): Cell[][] => [
      ...classes.map((c) => [...zoneCells(zone), year, c.code, names(c.code), c.hectares, c.percent]),
      [...zoneCells(zone), year, null, NO_DATA, nodataHa, (100 * nodataHa) / zone.areaHa],
    ]),
  );
  return { name: 'landcover_by_year', title: 'Hectares of each class in each zone and year', columns, rows };
}

/** One line a zone, pair of years, and pair of classes. */
export function transitionTable(page: LandcoverPage): Table {
  const columns = [...ZONE_COLUMNS, integer('from_year', 'year'), integer('to_year', 'year')];
  columns.push(integer('from_code'), text('from_class'), integer('to_code'), text('to_class'), real('hectares', 'ha'));
  const names = namesOf(page);
  const rows = page.zones.flatMap((zone) =>
    zone.transitions.map((t): Cell[] => [
      ...zoneCells(zone),
      t.fromYear,
      t.toYear,
      t.from,
      names(t.from),
      t.to,
      names(t.to),
      t.hectares,
    ]),
  );
  return { name: 'landcover_transitions', title: 'Hectares by class in two years', columns, rows };
}

function namesOf(page: LandcoverPage): (code: number | null) => string {
  const names = new Map(page.classes.map(({ code, name }) => [code, name]));
  return (code) => (code === null ? NO_DATA : (names.get(code) ?? String(code)));
}

/** How the figures were made. */
export function landcoverNotes(page: LandcoverPage): string[] {
  return [
    `${page.what} of ${page.rasters.length} ${page.rasters.length === 1 ? 'year' : 'years'}`,
    "Hectares are ellipsoidal; cells at a zone's edge count by their covered part. Classes and no data sum to the zone",
    'A transition is land of one class in the first year and of another, or the same, in the second',
  ];
}

/** What a run's folder and report get. */
export function landcoverAddition(page: LandcoverPage): Addition {
  const drawn = page.zones.slice(0, MOST_DRAWN);
  const years = page.rasters.length;
  return {
    name: 'landcover',
    title: 'Land cover',
    notes: [...landcoverNotes(page), ...page.warnings],
    tables: [landcoverTable(page), ...(years < 2 ? [] : [transitionTable(page)])],
    figures: years < 2 ? [] : drawn.flatMap((zone): Figure[] => [lines(page, zone), ...flows(page, zone)]),
  };
}

function lines(page: LandcoverPage, zone: LandcoverZone): Figure {
  return {
    kind: 'lines',
    caption: `${zone.name}: share of each class by year`,
    label: '% of the zone',
    series: page.classes.map(({ code, name, colour }) => ({
      label: name,
      colour,
      points: zone.years.map(({ year, classes, nodataHa }) => {
        const found = classes.find((c) => c.code === code)?.percent;
        return [year, found ?? (nodataHa >= zone.areaHa * (1 - 1e-9) ? null : 0)] as const;
      }),
    })),
    bands: [],
    levels: [],
  };
}

/** Land that goes from year to year, along pairs of years of which each begins where the one before ends. */
function flows(page: LandcoverPage, zone: LandcoverZone): FlowFigure[] {
  const pairs = new Map(zone.transitions.map((t) => [`${t.fromYear}:${t.toYear}`, [t.fromYear, t.toYear] as const]));
  const chain = chainOf([...pairs.values()]);
  if (chain.length < 2) return [];
  const codes = [...page.classes.map(({ code }) => code), null];
  const names = namesOf(page);
  const used = chain.slice(1).map((to, k) => [chain[k]!, to] as const);
  return [
    {
      kind: 'flows',
      caption: `${zone.name}: where the land of each class went`,
      years: chain,
      classes: codes.map((code) => ({
        label: names(code),
        colour: page.classes.find((c) => c.code === code)?.colour ?? NO_DATA_COLOUR,
      })),
      flows: used.flatMap(([from, to], step) =>
        zone.transitions
          .filter((t) => t.fromYear === from && t.toYear === to)
          .map((t) => ({ step, from: codes.indexOf(t.from), to: codes.indexOf(t.to), hectares: t.hectares })),
      ),
    },
  ];
}

/** Years to draw: the longest pair where the steps would be too many. */
function chainOf(pairs: readonly (readonly [number, number])[]): number[] {
  const steps = pairs.filter(([from, to]) => !pairs.some(([a, b]) => a >= from && b <= to && b - a < to - from));
  const sorted = steps.toSorted((a, b) => a[0] - b[0]);
  const joined = sorted.every(([from], k) => k === 0 || sorted[k - 1]![1] === from);
  if (joined && sorted.length > 0 && sorted.length < MOST_FLOW_YEARS)
    return [sorted[0]![0], ...sorted.map(([, to]) => to)];
  const longest = pairs.toSorted((a, b) => b[1] - b[0] - (a[1] - a[0]))[0];
  return longest === undefined ? [] : [...longest];
}

/** What the terminal shows: hectares by class and year, and the transitions from the first to the last year. */
export function landcoverText(page: LandcoverPage): string {
  const years = page.rasters.map(({ year }) => year);
  const blocks = page.zones.map((zone) => {
    const head = ['hectares', ...years.map(String)];
    const of = (hectares: number): string => cellText(real('hectares', 'ha'), hectares);
    const rows = page.classes.map(({ code, name }) => [
      name,
      ...zone.years.map((year) => of(year.classes.find((c) => c.code === code)?.hectares ?? 0)),
    ]);
    rows.push([NO_DATA, ...zone.years.map((year) => of(year.nodataHa))]);
    return `${zone.name} (${of(zone.areaHa)} ha)\n${screenTable(head, rows, 1)}${matrixText(page, zone, of)}`;
  });
  return `${blocks.join('\n\n')}\n\n${landcoverNotes(page).join('.\n')}.\n`;
}

function matrixText(page: LandcoverPage, zone: LandcoverZone, of: (hectares: number) => string): string {
  const span = ({ fromYear, toYear }: { fromYear: number; toYear: number }) => toYear - fromYear;
  const widest = zone.transitions.reduce((most, t) => Math.max(most, span(t)), 0);
  const shown = zone.transitions.filter((t) => span(t) === widest);
  const [first] = shown;
  if (first === undefined) return '';
  const own = shown.filter((t) => t.fromYear === first.fromYear);
  const names = namesOf(page);
  const codes = [...page.classes.map(({ code }) => code), null].filter((code) =>
    own.some((t) => t.from === code || t.to === code),
  );
  const rows = codes.map((from) => [
    names(from),
    ...codes.map((to) => of(own.find((t) => t.from === from && t.to === to)?.hectares ?? 0)),
  ]);
  return `\n\nfrom ${first.fromYear} (lines) to ${first.toYear} (columns), ha\n${screenTable(['', ...codes.map(names)], rows, 1)}`;
}
