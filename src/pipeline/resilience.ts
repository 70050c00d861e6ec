/**
 * `mine-rs resilience`: E, the integrity index and its thresholds, the score and its network, over a finished run.
 * @module
 */
import { z } from 'zod';
import { classResistance, coverScore, gradeScores, SOURCE_SCORE } from '../ecology/class-scores.ts';
import { fvcLookup } from '../ecology/classes.ts';
import { MineRsError } from '../errors.ts';
import { traceOutlines } from '../kernels/trace-outlines.ts';
import type { LandClass, LandscapePage } from '../report/landscape-model.ts';
import type { Summary } from '../report/model.ts';
import type { ResilienceClass, ResiliencePage } from '../report/resilience-model.ts';
import { resilienceAddition, resilienceNotes } from '../report/resilience-tables.ts';
import { releaseResources } from '../tasks/resources.ts';
import {
  networkGeoPackage,
  type CorridorShape,
  type NetworkShapes,
  type PatchShape,
} from '../vector/network-geopackage.ts';
import type { Zone } from '../vector/zone.ts';
import { addToRun } from './additions.ts';
import type { ClassOptions } from './class-options.ts';
import { openClassSources, type YearMap } from './class-sources.ts';
import { readClimateRasters } from './climate-rasters.ts';
import { CLIMATE_FIELDS, NO_CLIMATE, readClimateTable, type ClimateYear } from './climate-table.ts';
import { readRunJson, readSummary } from './finished-run.ts';
import { classOptionsOf, landscapePage, type ClassControl } from './landscape.ts';
import { wrongValue } from './options.ts';
import { RUN_FILE } from './output.ts';
import { createRemote } from './remote.ts';
import { readResilienceConfig, type ResilienceConfig } from './resilience-config.ts';
import { resilienceFigures, type MeasuredYear, type MeasuredZone } from './resilience-figures.ts';
import { MOST_CELLS, ndviByYear, requireCoverMaps } from './zone-cover.ts';
import { zoneNetwork, type ZoneNetwork } from './zone-network.ts';

const schema = z.strictObject({
  climate: z.string().min(1).optional(),
  classes: z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]).optional(),
  config: z.string().min(1).optional(),
});

/** All land that the maps of classes show, as if it were a zone: no source or corridor ends at a mine's boundary. */
const EXTENT = { id: '', name: 'extent of the maps', role: 'extent' } as const;

/** The file of patches and corridors in the run's folder `ecology`. */
const NETWORK_FILE = 'network.gpkg';

/** Less than this of a zone says too little of its landscape. */
const LEAST_VALID = 0.5;

/**
 * Works out the resilience of each zone and adds it to the run's folder.
 *
 * @param folder What `mine-rs trend` left, with its yearly maps of NDVI and FVC.
 * @param input `climate`, a table by year; `classes`, rasters in place of grades of FVC; `config`, another file than the
 *   mine-rs.yaml beside the AOI.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT on a folder without a run or a bad table
 */
export async function resiliencePage(
  folder: string,
  input: Record<string, unknown>,
  control: ClassControl = {},
): Promise<ResiliencePage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '--${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const { classes: rasters, config: file } = parsed.data;
  const summary = readSummary(folder);
  requireCoverMaps(folder, summary);
  const config = readResilienceConfig(file, summary.aoi);
  const climate = await readClimate(folder, parsed.data.climate, config, summary);
  const classInput = { run: folder, classes: rasters, config: file };
  const landscape = await landscapePage(classInput, control);
  const options = classOptionsOf(classInput);
  const sources = await openClassSources(
    options,
    createRemote(undefined, control.signal ?? new AbortController().signal),
  );
  const classes = scoredClasses(landscape.classes, options, config);
  const shapes: { patches: PatchShape[]; corridors: CorridorShape[] } = { patches: [], corridors: [] };
  const zones: MeasuredZone[] = [];
  const networkOf = async (zone: Zone | null, map: YearMap | undefined): Promise<MeasuredZone['network']> => {
    const found = map === undefined ? null : await zoneNetwork(folder, zone, map, classes, config);
    if (found !== null) addShapes(shapes, zone?.id ?? EXTENT.id, found);
    if (found === null) return null;
    // The labels of its cells are not needed any more.
    const { year, shares, indices, ease, sourceShare, sourceFvc, cohesion } = found;
    return { year, shares, indices, ease, sourceShare, sourceFvc, cohesion };
  };
  try {
    for (const zone of sources.zones) {
      const { name, role, years: means } = summary.zones.find(({ id }) => id === zone.id)!;
      const cover = means.map(({ mean }) => mean ?? NaN);
      const seen = landscape.zones.find(({ id }) => id === zone.id)!.years;
      const years = measuredYears(
        seen,
        await ndviByYear(folder, summary, zone),
        new Map(means.map((y) => [y.year, y.mean])),
      );
      const last = years.findLast(({ metrics }) => metrics !== null)?.year;
      const network = await networkOf(
        zone,
        sources.maps.find(({ year }) => year === last),
      );
      zones.push({ id: zone.id, name, role, years, cover, network, climate: climate.of(zone.id) });
    }
    const network = await networkOf(null, sources.maps.at(-1));
    if (network !== null) zones.push({ ...EXTENT, years: [], cover: [], network, climate: new Map() });
  } finally {
    await releaseResources();
  }
  const before = preMiningOf(config, folder, summary);
  const page: ResiliencePage = {
    run: folder,
    classes,
    load: config.load,
    weights: { ...config.weights },
    scoreWeights: { ...config.scoreWeights },
    neighbours: landscape.neighbours,
    connectM: landscape.connectDistanceM,
    sources: { edgeCells: config.sourceEdge, leastHa: config.sourceLeastHa, corridorLimitM: config.corridorLimit },
    climate: climate.text,
    ...resilienceFigures(zones, classes, config, before),
    notes: [],
  };
  page.notes.push(...resilienceNotes(page), ...landscape.warnings);
  if (!page.zones.some(({ role }) => role === EXTENT.role)) {
    page.notes.push(`No network of the extent of the maps: they have no data, or more than ${MOST_CELLS} cells.`);
  }
  const network = await networkGeoPackage(
    { columns: PATCH_COLUMNS, shapes: shapes.patches },
    { columns: CORRIDOR_COLUMNS, shapes: shapes.corridors },
    sources.maps.at(-1)!.header.grid,
  );
  await addToRun(folder, resilienceAddition(page), { [NETWORK_FILE]: network });
  return page;
}

function measuredYears(
  seen: LandscapePage['zones'][number]['years'],
  ndvi: ReadonlyMap<number, number>,
  means: ReadonlyMap<number, number | null>,
): MeasuredYear[] {
  return seen.map(({ year, nodataCells, metrics }) => {
    const validShare = metrics.cells / (metrics.cells + nodataCells);
    const enough = validShare >= LEAST_VALID;
    return {
      year,
      validShare: Number.isNaN(validShare) ? 0 : validShare,
      ndvi: enough ? (ndvi.get(year) ?? NaN) : NaN,
      fvc: means.get(year) ?? NaN,
      metrics: enough ? metrics : null,
    };
  });
}

/**
 * All classes that there can be, with their scores: grades of FVC by their middle, others by the lookup or their name.
 *
 * @throws {MineRsError} USAGE for a class without a score, or a code that is none
 */
function scoredClasses(
  found: readonly LandClass[],
  options: ClassOptions,
  config: ResilienceConfig,
): ResilienceClass[] {
  const grades = options.classes === undefined;
  const middles = gradeScores(options.grades);
  const codes = grades
    ? middles.map((_, k) => k + 1)
    : [...new Set([...options.lookup.keys(), ...found.map((c) => c.code)])];
  const names = grades ? fvcLookup(options.grades) : options.lookup;
  const named = [...Object.keys(config.resistance), ...(config.sources ?? [])].map(Number);
  const wrong = named.find((code) => !codes.includes(code));
  if (wrong !== undefined)
    throw new MineRsError('USAGE', `resilience: there is no class ${wrong}; there are ${codes.join(', ')}`);
  return codes
    .toSorted((a, b) => a - b)
    .map((code) => {
      const name = (options.lookup.get(code) ?? names.get(code))?.name ?? `class ${code}`;
      const score = options.lookup.get(code)?.score ?? (grades ? middles[code - 1] : coverScore(name));
      if (score === undefined) {
        const text = `Class ${code} (${name}) has no resilience score`;
        throw new MineRsError(
          'USAGE',
          `${text}: give it one in mine-rs.yaml, classes: { ${code}: { name: …, score: 0.5 } }`,
        );
      }
      return {
        code,
        name,
        score,
        resistance: config.resistance[String(code)] ?? classResistance(score),
        source: config.sources?.includes(code) ?? score >= SOURCE_SCORE,
      };
    });
}

interface Climate {
  /** What is known, in words. */
  readonly text: string;
  of(zone: string): ReadonlyMap<number, ClimateYear>;
}

/** A table wins over rasters, field by field and year by year; `--climate` over the table that the config names. */
async function readClimate(
  folder: string,
  named: string | undefined,
  { climate }: ResilienceConfig,
  summary: Summary,
): Promise<Climate> {
  const ids = summary.zones.map(({ id }) => id);
  const path = named ?? climate.table;
  const table = path === undefined ? undefined : readClimateTable(path, ids);
  const rasters = await readClimateRasters(folder, climate, summary.years);
  const of = (zone: string): ReadonlyMap<number, ClimateYear> => {
    const own = table?.zones.get(zone) ?? table?.zones.get('') ?? new Map<number, ClimateYear>();
    const seen = rasters.get(zone) ?? new Map<number, ClimateYear>();
    const years = [...new Set([...own.keys(), ...seen.keys()])].toSorted((a, b) => a - b);
    return new Map(
      years.map((year) => {
        const [first, second] = [own.get(year) ?? NO_CLIMATE, seen.get(year) ?? NO_CLIMATE];
        const merged = CLIMATE_FIELDS.map((field) => [
          field,
          Number.isNaN(first[field]) ? second[field] : first[field],
        ]);
        return [year, Object.fromEntries(merged) as ClimateYear];
      }),
    );
  };
  const has = CLIMATE_FIELDS.filter((field) =>
    ids.some((id) => [...of(id).values()].some((year) => !Number.isNaN(year[field]))),
  );
  const unused =
    table === undefined || table.unused.length === 0 ? '' : `; columns not used: ${table.unused.join(', ')}`;
  return { text: has.length === 0 ? 'none' : `${has.join(', ')}${unused}`, of };
}

/** Years before mining: those of the config, else the years of the run's baseline; undefined takes the first year. */
function preMiningOf(config: ResilienceConfig, folder: string, summary: Summary): number[] | undefined {
  const { parameters } = readRunJson(folder, RUN_FILE) as { parameters?: { baseline?: unknown } };
  const baseline = typeof parameters?.baseline === 'string' ? parameters.baseline : '';
  const text = String(config.preMining ?? baseline);
  const found = /^(\d{4})(?:\.\.(\d{4}))?$/.exec(text);
  if (found === null) return undefined;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  const years = summary.years.filter((year) => year >= first && year <= last);
  if (years.length > 0) return years;
  throw new MineRsError('USAGE', `resilience: the run has no year of the time before mining, ${text}`);
}

const PATCH_COLUMNS: NetworkShapes<PatchShape>['columns'] = [
  { name: 'zone_id', type: 'text' },
  { name: 'source', type: 'integer' },
  { name: 'year', type: 'integer' },
  { name: 'cells', type: 'integer' },
  { name: 'area_ha', type: 'real' },
];
const CORRIDOR_COLUMNS: NetworkShapes<CorridorShape>['columns'] = [
  { name: 'zone_id', type: 'text' },
  { name: 'from_source', type: 'integer' },
  { name: 'to_source', type: 'integer' },
  { name: 'cost_m', type: 'real' },
  { name: 'length_m', type: 'real' },
];

/** Puts a zone's sources and corridors, in columns and rows of the map of classes, to the others. */
function addShapes(
  shapes: { patches: PatchShape[]; corridors: CorridorShape[] },
  zone: string,
  network: ZoneNetwork,
): void {
  const { cellM2, year } = network;
  const { col, row, width, height } = network.place.window;
  const outlines = traceOutlines(network.sources, width, height);
  for (const [source, rings] of [...outlines].toSorted(([a], [b]) => a - b)) {
    const cells = network.cells[source]!;
    for (const ring of rings) for (let k = 0; k < ring.length; k++) ring[k]! += k % 2 === 0 ? col : row;
    shapes.patches.push({ rings, cells: [zone, source, year, cells, (cells * cellM2) / 1e4] });
  }
  for (const { from, to, cost, length, cells } of network.corridors) {
    const line = new Int32Array(2 * cells.length);
    for (const [k, cell] of cells.entries()) {
      line[2 * k] = col + (cell % width);
      line[2 * k + 1] = row + Math.floor(cell / width);
    }
    shapes.corridors.push({ line, cells: [zone, from, to, cost, length] });
  }
}
