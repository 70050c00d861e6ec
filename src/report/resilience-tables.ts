/**
 * Tables, figures and text of ecological resilience.
 * @module
 */
import type { Addition, LineFigure } from './addition.ts';
import type { ResiliencePage, ResilienceYear, ResilienceZone } from './resilience-model.ts';
import { integer, real, significant, text, type Cell, type Column, type Table } from './table.ts';

/** Zones that are drawn; the tables have them all. */
const MOST_DRAWN = 6;

const ZONE_COLUMNS: readonly Column[] = [text('zone_id'), text('zone_name'), text('role')];

function zoneCells({ id, name, role }: ResilienceZone): Cell[] {
  return [id, name, role];
}

const YEAR_COLUMNS: readonly (readonly [Column, keyof ResilienceYear])[] = [
  [integer('year', 'year'), 'year'],
  [real('valid_share'), 'validShare'],
  [real('ndvi_mean'), 'ndvi'],
  [real('fvc_mean'), 'fvc'],
  [real('entropy_bits'), 'entropy'],
  [real('class_score'), 'score'],
  [real('eco_res'), 'ecoRes'],
  [real('c1'), 'c1'],
  [real('c2'), 'c2'],
  [significant('strength'), 'strength'],
  [significant('e'), 'e'],
  [real('shei'), 'shei'],
  [real('mpfd'), 'mpfd'],
  [real('contag'), 'contag'],
  [real('connect'), 'connect'],
  [real('npp_gc_m2', 'g/m²'), 'npp'],
  [real('water_mm', 'mm'), 'water'],
  [real('sc'), 'sc'],
  [real('fc'), 'fc'],
  [real('e_scaled'), 'eScaled'],
  [real('eci'), 'eci'],
  [real('thv'), 'thv'],
  [text('stage'), 'stage'],
];

/** One line a zone and year: E, ECI and ThV with all their parts. */
export function resilienceYearTable({ zones }: ResiliencePage): Table {
  const columns = [...ZONE_COLUMNS, ...YEAR_COLUMNS.map(([column]) => column)];
  const rows = zones.flatMap((zone) =>
    zone.years.map((year) => [...zoneCells(zone), ...YEAR_COLUMNS.map(([, key]) => year[key])]),
  );
  return { name: 'resilience_by_year', title: 'Elastic modulus and integrity index by year', columns, rows };
}

/** One line a zone and point. */
export function pointTable({ zones }: ResiliencePage): Table {
  const columns = [...ZONE_COLUMNS, text('point'), text('source'), real('thv')];
  columns.push(integer('crossed_year', 'year'), integer('regained_year', 'year'));
  const rows = zones.flatMap((zone) =>
    zone.points.map((p) => [...zoneCells(zone), p.point, p.source, p.thv, p.crossedYear, p.regainedYear]),
  );
  return { name: 'resilience_points', title: 'Elastic, yield and mutation points of ThV', columns, rows };
}

/** One line a zone: R and its parts. */
export function scoreTable({ zones }: ResiliencePage): Table {
  const columns = [...ZONE_COLUMNS, integer('year', 'year'), real('stability'), real('class_score'), real('r1')];
  columns.push(integer('sources'), real('source_share'), real('source_fvc'), real('source_cohesion'), real('r2'));
  columns.push(integer('corridors'), integer('network_parts'), real('alpha'), real('beta'), real('gamma'));
  columns.push(real('corridor_ease'), real('r3'), real('r'));
  const rows = zones.flatMap((zone): Cell[][] => {
    const s = zone.score;
    if (s === null) return [];
    const sources = [s.sources, s.sourceShare, s.sourceFvc, s.cohesion, s.r2];
    const network = [s.corridors, s.parts, s.alpha, s.beta, s.gamma, s.ease, s.r3, s.r];
    return [[...zoneCells(zone), s.year, s.stability, s.classScore, s.r1, ...sources, ...network]];
  });
  return { name: 'resilience_score', title: 'Resilience score R and its parts in the last year', columns, rows };
}

/** One line a zone, result and weight. */
export function sensitivityTable({ zones }: ResiliencePage): Table {
  const columns = [...ZONE_COLUMNS, text('result'), integer('year', 'year'), significant('value'), text('weight')];
  columns.push(real('weight_value'), significant('weight_less_20'), significant('weight_more_20'));
  const rows = zones.flatMap((zone) =>
    zone.effects.map((e) => [...zoneCells(zone), e.result, e.year, e.value, e.weight, e.weightValue, e.less, e.more]),
  );
  return { name: 'resilience_sensitivity', title: 'Results with each weight 20 % less and more', columns, rows };
}

/** One line a class. */
export function classTable({ classes }: ResiliencePage): Table {
  const columns = [integer('class_code'), text('class'), real('score'), real('resistance'), text('source')];
  const rows = classes.map((c) => [c.code, c.name, c.score, c.resistance, c.source ? 'yes' : 'no']);
  return { name: 'resilience_classes', title: 'Scores and resistances of the classes', columns, rows };
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** What the figures were made with: formulae, weights, limits, and what is missing. */
export function resilienceNotes(page: ResiliencePage): string[] {
  const { weights: w, scoreWeights: r, classes, limits, sources } = page;
  // The extent of the maps has a score only.
  const zones = page.zones.filter(({ years }) => years.length > 0);
  const list = (names: readonly string[], of: Readonly<Record<string, number>>) =>
    names.map((name) => `${name} ${short(of[name]!)}`).join(', ');
  const notes = [
    `E = σ·μ·ECO_res with σ = ${short(page.load)}, μ = H·NDVI/(C1·C2), ECO_res = H·Σ P_i·S_i, H in bits (Dong et al. 2025, eq. 1 and 3–5; eq. 4 is printed with σ in place of μ).`,
    `C = 1 + |x − mean|/mean of precipitation (C1) and of temperature in kelvin (C2), unless the table gives c1 and c2. Known of the climate: ${page.climate}.`,
    `Scores S_i: ${classes.map((c) => `${c.name} ${short(c.score)}`).join(', ')}.`,
    `ECI = w_sc·SC + w_fc·FC + w_e·E with weights ${list(['sc', 'fc', 'e'], w)}; SC of ${list(['shei', 'mpfd', 'contag', 'connect'], w)}; FC of ${list(['npp', 'water'], w)}. Patches of ${page.neighbours} neighbours; CONNECT within ${short(page.connectM)} m.`,
    `On the scale 0–1: ${limits.map(({ part, low, high, source }) => `${part} from ${short(low)} to ${short(high)} (${source})`).join('; ')}.`,
    'Q = P − ET − R in mm. ThV = ECI / ECI before mining.',
  ];
  for (const [parts, names] of dropped(zones)) {
    notes.push(
      `Without ${parts} in ${names}: not known in any year, or the same everywhere. The weights of ECI that are left: ${leftWeights(parts.split(', '), w)}.`,
    );
  }
  if (!page.climate.includes('precipitation') && !page.climate.includes('c1')) {
    notes.push('Without precipitation C1 is 1: E says nothing of a change in rain.');
  }
  if (!page.climate.includes('temperature') && !page.climate.includes('c2')) {
    notes.push('Without temperature C2 is 1: E says nothing of a change in warmth.');
  }
  const before = [...new Set(zones.map(({ preMining }) => preMining.years.join(', ')))];
  notes.push(`Before mining: ${before.map((years) => (years === '' ? 'no year with an index' : years)).join('; ')}.`);
  notes.push(
    'Points: elastic where the first segment of ThV begins that falls by 0.05 or more, yield where that fall comes to rest or becomes twice as steep, mutation where ThV falls again after a stable stage; constants where they are given. ThV that rises or stays has none. A stage is what the load has come to; a later rise of ThV does not undo it, and regained_year says since when ThV has been at the point or above again.',
    `R = ${list(['r1', 'r2', 'r3'], r)
      .replaceAll(/(r\d) (\S+?)(,|$)/g, (_, name: string, value: string) => `${value}·${name.toUpperCase()} +`)
      .replace(
        / \+$/,
        '',
      )} (weights of Tang 2025; the formulae of the parts are ours). R1: mean of 1 − s/mean of yearly FVC and Σ P_i·S_i. R2: mean of the share, FVC and cohesion of sources. R3: mean of α, γ and 1 − mean(cost/limit) of corridors.`,
    `Sources: cores of classes ${classes.flatMap((c) => (c.source ? [c.code] : [])).join(', ')}, ${sources.edgeCells} ${sources.edgeCells === 1 ? 'cell' : 'cells'} from every edge, of ${short(sources.leastHa)} ha and more. Corridors: cheapest ways between neighbouring sources over a resistance of ${classes.map((c) => short(c.resistance)).join(', ')} by class, of at most ${short(sources.corridorLimitM)} m of resistance 1. Those of a zone end at its edge; those of the extent of the maps do not. They are in ecology/network.gpkg.`,
    'Every weight was changed by ±20 % alone, the others giving way in proportion (resilience_sensitivity).',
  );
  return notes;
}

/** What is dropped, with the zones of which it is. */
function dropped(zones: readonly ResilienceZone[]): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const zone of zones) {
    const parts = zone.dropped.join(', ');
    if (parts !== '') found.set(parts, [...(found.get(parts) ?? []), zone.id]);
  }
  const named = (ids: readonly string[]) =>
    ids.length === zones.length ? 'all zones' : `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ', …' : ''}`;
  return new Map([...found].map(([parts, ids]) => [parts, named(ids)]));
}

/** Weights of the index as they are after some parts have gone. */
function leftWeights(gone: readonly string[], w: Readonly<Record<string, number>>): string {
  const groups = { sc: ['shei', 'mpfd', 'contag', 'connect'], fc: ['npp', 'water'], e: ['e'] };
  const left = Object.entries(groups).flatMap(([name, parts]) => {
    const kept = parts.filter((part) => !gone.includes(part));
    return kept.length === 0 ? [] : [{ name, kept }];
  });
  const sum = left.reduce((total, { name }) => total + w[name]!, 0);
  return left
    .map(({ name, kept }) => {
      const inner = kept.reduce((total, part) => total + w[part]!, 0);
      const of = name === 'e' ? '' : ` (${kept.map((part) => `${part} ${short(w[part]! / inner)}`).join(', ')})`;
      return `${name} ${short(w[name]! / sum)}${of}`;
    })
    .join(', ');
}

/** What the command adds to the run. */
export function resilienceAddition(page: ResiliencePage): Addition {
  const drawn = page.zones.filter(({ years }) => years.length > 0).slice(0, MOST_DRAWN);
  return {
    name: 'resilience',
    title: 'Ecological resilience',
    notes: page.notes,
    tables: [resilienceYearTable(page), pointTable(page), scoreTable(page), sensitivityTable(page), classTable(page)],
    figures: drawn.map(indexFigure),
  };
}

function indexFigure(zone: ResilienceZone): LineFigure {
  const series = (label: string, key: 'thv' | 'eci' | 'sc' | 'eScaled') => ({
    label,
    points: zone.years.map((year) => [year.year, year[key]] as const),
  });
  const bands: { from: number; to: number; label: string }[] = [];
  for (const { year, stage } of zone.years) {
    const last = bands.at(-1);
    if (stage === null) continue;
    if (last?.label === stage) last.to = year;
    else bands.push({ from: year, to: year, label: stage });
  }
  return {
    kind: 'lines',
    caption: `${zone.name}: ThV, ECI and its parts`,
    label: 'index',
    series: [series('ThV', 'thv'), series('ECI', 'eci'), series('SC', 'sc'), series('E (0–1)', 'eScaled')],
    bands,
    levels: zone.points.flatMap(({ point, thv }) => (thv === null ? [] : [{ value: thv, label: point }])),
  };
}

/** The page as it is printed. */
export function resilienceText(page: ResiliencePage): string {
  const shown = (value: number | null) => (value === null ? '–' : value.toFixed(3));
  const lines = page.zones.flatMap((zone) => {
    const last = zone.years.findLast(({ eci }) => eci !== null);
    const { score } = zone;
    const head = zone.id === '' ? zone.name : `${zone.name} (${zone.id}, ${zone.role})`;
    const index =
      last === undefined
        ? '  no year with all parts of the index'
        : `  ${last.year}: E ${last.e === null ? '–' : short(last.e)}, SC ${shown(last.sc)}, FC ${shown(last.fc)}, ECI ${shown(last.eci)}, ThV ${shown(last.thv)}, stage ${last.stage ?? '–'}`;
    const points = zone.points.map(
      ({ point, thv, crossedYear }) =>
        `${point} ${thv === null ? 'none' : `at ThV ${shown(thv)}, ${crossedYear === null ? 'not crossed' : `crossed ${crossedYear}`}`}`,
    );
    const r =
      score === null
        ? '  no score'
        : `  R ${shown(score.r)} = R1 ${shown(score.r1)}, R2 ${shown(score.r2)}, R3 ${shown(score.r3)}; ${score.sources} sources, ${score.corridors} corridors, α ${shown(score.alpha)}, β ${shown(score.beta)}, γ ${shown(score.gamma)}`;
    return zone.years.length === 0 ? [head, r, ''] : [head, index, `  ${points.join('; ')}`, r, ''];
  });
  return [...lines, ...page.notes, ''].join('\n');
}
