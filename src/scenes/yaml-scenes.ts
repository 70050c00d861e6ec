/**
 * The scenes that a scenes.yaml describes.
 * @module
 */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { createContext, Script } from 'node:vm';
import { glob } from 'tinyglobby';
import { MineRsError, messageOf } from '../errors.ts';
import { dateInText, dateOfGroups } from './dates.ts';
import { compareText, isInside } from './listing.ts';
import { filesOf, mapLimited } from './recognised.ts';
import {
  type BandRole,
  type BandSource,
  type MaskSource,
  type RasterProbe,
  type Scene,
  type UnusableScene,
} from './scene.ts';
import { INDEX_NAMES, readScenesYaml, type BandChoice, type YamlEntry } from './scenes-yaml.ts';

export interface YamlOptions {
  needed: readonly BandRole[];
  index: string;
  probe: (path: string) => Promise<RasterProbe>;
}

interface Found {
  scenes: Scene[];
  unusable: UnusableScene[];
}

/** One entry, and where its files lie. */
interface Context {
  entry: YamlEntry;
  folder: string;
  realFolder: string;
  yamlPath: string;
  options: YamlOptions;
}

/** Why a match cannot be used; caught per match. */
class Unusable extends Error {}

/**
 * Finds the scenes of a scenes.yaml. Throws `BAD_INPUT` for a wrong file, for an entry that matches nothing, and for
 * `date: band` without descriptions.
 */
export async function findYamlScenes(yamlPath: string, options: YamlOptions): Promise<Found> {
  const entries = await readScenesYaml(yamlPath);
  const folder = dirname(yamlPath);
  const realFolder = await realpath(folder);
  const found: Found = { scenes: [], unusable: [] };
  for (const entry of entries) {
    const context: Context = { entry, folder, realFolder, yamlPath, options };
    const matches = await matchesOf(context);
    const results = await mapLimited(matches, 8, (path) => scenesOfMatch(context, path));
    for (const result of results) {
      found.scenes.push(...result.scenes);
      found.unusable.push(...result.unusable);
    }
  }
  return found;
}

async function matchesOf({ entry, folder, yamlPath }: Context): Promise<string[]> {
  const patterns = [entry.files].flat();
  const matches = await glob(patterns, {
    cwd: folder,
    onlyFiles: true,
    expandDirectories: false,
  });
  if (matches.length === 0) {
    throw new MineRsError(
      'BAD_INPUT',
      `${yamlPath}: entry "${entry.name}": no file matches ${patterns.join(', ')} below ${folder}`,
      { path: yamlPath, entry: entry.name },
    );
  }
  return matches.map((match) => join(folder, match)).toSorted(compareText);
}

async function scenesOfMatch(context: Context, path: string): Promise<Found> {
  const { entry } = context;
  const id = `${entry.name}/${posixRelative(context, path).replace(/\.[^./]+$/, '')}`;
  const unusable = (reason: string, date: string | null = null): Found => ({
    scenes: [],
    unusable: [{ id, date, sensor: entry.name, path, reason }],
  });
  let date: string | null = null;
  try {
    await mustLieInside(context, path);
    if (entry.date === 'band') return await scenesOfBands(context, path, id);
    date = dateOfPath(context, path);
    return { scenes: [await sceneOfFile(context, path, id, date)], unusable: [] };
  } catch (error) {
    if (error instanceof Unusable) return unusable(error.message, date);
    throw error;
  }
}

/** Longest that a pattern may look for a date, in ms. */
const PATTERN_TIME = 1000;
const patternContext = createContext({ pattern: '', text: '' });
const patternScript = new Script('new RegExp(pattern).exec(text)');

/** A pattern's match; one that goes back and forth for ever is stopped, for it would hold the program deaf to signals. */
function matchInTime(pattern: string, text: string): (string | undefined)[] | null {
  Object.assign(patternContext, { pattern, text });
  try {
    const match = patternScript.runInContext(patternContext, { timeout: PATTERN_TIME }) as string[] | null;
    return match === null ? null : Array.from(match);
  } catch {
    throw new MineRsError('BAD_INPUT', `The date pattern ${pattern} takes too long on ${text}: make it simpler`);
  }
}

function dateOfPath(context: Context, path: string): string {
  const pattern = context.entry.date;
  const text = posixRelative(context, path);
  const match = matchInTime(pattern, text);
  if (match === null) throw new Unusable(`the date pattern ${pattern} does not match ${text}`);
  const captured = match.slice(1).filter((group) => group !== undefined);
  const groups = captured.length === 0 ? [match[0]!] : captured;
  const date = dateOfGroups(groups);
  if (date === null) {
    throw new Unusable(`${groups.join(' ')} in ${text} is not a date (year, year month day, or year and day of year)`);
  }
  return date;
}

async function sceneOfFile(context: Context, path: string, id: string, date: string): Promise<Scene> {
  const { entry, options } = context;
  const indexName = INDEX_NAMES.find((name) => entry.bands[name] !== undefined);
  const masks = await masksOf(context, path);
  if (indexName !== undefined) {
    mustBeWanted(indexName, options.index);
    const choice = entry.bands[indexName] as BandChoice;
    const index = { name: indexName, source: await bandSource(context, path, choice, indexName) };
    return { ...sceneBase(entry, id, date), bands: {}, index, masks, files: filesOf({ bands: {}, index, masks }) };
  }
  const absent = options.needed.filter((role) => entry.bands[role] === undefined);
  if (absent.length > 0) throw new Unusable(`the entry's bands do not name ${absent.join(' and ')}`);
  const bands: Partial<Record<BandRole, BandSource>> = {};
  for (const role of options.needed) {
    const choice = entry.bands[role];
    if (choice !== undefined) bands[role] = await bandSource(context, path, choice, role);
  }
  return { ...sceneBase(entry, id, date), bands, masks, files: filesOf({ bands, masks }) };
}

/** Each band is a date. */
async function scenesOfBands(context: Context, path: string, id: string): Promise<Found> {
  const { entry, options, yamlPath } = context;
  const indexName = INDEX_NAMES.find((name) => entry.bands[name] === 'all')!;
  mustBeWanted(indexName, options.index);
  const raster = await probed(context, path);
  const dates = Array.from({ length: raster.bandCount }, (_, i) => dateInText(raster.descriptions[i] ?? ''));
  if (dates.every((date) => date === null)) {
    throw new MineRsError(
      'BAD_INPUT',
      `${yamlPath}: entry "${entry.name}": no band of ${path} has a description with a date (2004 or 2004-07-19); ` +
        `write the dates into the band descriptions, or save one file per date`,
      { path, entry: entry.name },
    );
  }
  const masks = await masksOf(context, path);
  const found: Found = { scenes: [], unusable: [] };
  dates.forEach((date, i) => {
    const bandId = `${id}#${String(i + 1).padStart(String(dates.length).length, '0')}`;
    if (date === null) {
      const text = raster.descriptions[i];
      const reason = `the description of band ${i + 1} ${text === null || text === undefined ? 'is missing' : `has no date: ${text}`}`;
      found.unusable.push({ id: bandId, date: null, sensor: entry.name, path, reason });
      return;
    }
    const index = { name: indexName, source: sourceOf(context, path, i + 1) };
    const files = filesOf({ bands: {}, index, masks });
    found.scenes.push({ ...sceneBase(entry, bandId, date), bands: {}, index, masks, files });
  });
  return found;
}

function sceneBase(entry: YamlEntry, id: string, date: string): Omit<Scene, 'bands' | 'masks' | 'files'> {
  return { id, date, year: Number(date.slice(0, 4)), sensor: entry.name, product: 'yaml', adjustments: [] };
}

function mustBeWanted(name: string, wanted: string): void {
  if (name !== wanted) throw new Unusable(`holds ${name} ready-made, the wanted index is ${wanted}`);
}

async function masksOf(context: Context, path: string): Promise<MaskSource[]> {
  const { bands, mask, name } = context.entry;
  if (bands.mask === undefined || mask === undefined) return [];
  const source = await bandSource(context, path, bands.mask, 'mask');
  const rule: MaskSource['rule'] =
    'bits' in mask
      ? { kind: 'bits', bits: mask.bits }
      : 'values' in mask
        ? { kind: 'drop', values: mask.values }
        : { kind: 'keep', values: mask.keep };
  const numbers = 'bits' in mask ? mask.bits : 'values' in mask ? mask.values : mask.keep;
  const verb = { bits: 'drops bits', drop: 'drops', keep: 'keeps', 'scl-picture': '' }[rule.kind];
  return [
    { path: source.path, band: source.band, rule, description: `mask of "${name}" ${verb} ${numbers.join(', ')}` },
  ];
}

async function bandSource(context: Context, path: string, choice: BandChoice, what: string): Promise<BandSource> {
  const file = typeof choice === 'number' ? path : await replacedPath(context, path, choice.replace, what);
  const band = typeof choice === 'number' ? choice : choice.band;
  const { bandCount } = await probed(context, file);
  if (band > bandCount) throw new Unusable(`${what} is band ${band}, but ${basename(file)} has ${bandCount}`);
  return sourceOf(context, file, band);
}

function sourceOf({ entry, yamlPath }: Context, path: string, band: number): BandSource {
  const { scale = 1, offset = 0, nodata = null } = entry;
  const assumed = entry.scale === undefined ? ', scale not given: 1' : '';
  return { path, band, scale, offset, nodata, radiometry: `${basename(yamlPath)} entry "${entry.name}"${assumed}` };
}

/** Every occurrence in the path relative to the scenes.yaml, as in B04/x_B04.tif. */
async function replacedPath(
  context: Context,
  path: string,
  [from, to]: readonly [string, string],
  what: string,
): Promise<string> {
  const text = posixRelative(context, path);
  if (!text.includes(from)) throw new Unusable(`${what}: "${from}" does not occur in ${text}`);
  const replaced = join(context.folder, text.replaceAll(from, to));
  await mustLieInside(context, replaced);
  return replaced;
}

async function mustLieInside(context: Context, path: string): Promise<void> {
  if (!isInside(path, context.folder)) throw new Unusable(`${path} lies outside the folder of the scenes.yaml`);
  const target = await realpath(path).catch(() => null);
  if (target === null) throw new Unusable(`${path} does not exist`);
  if (!isInside(target, context.realFolder)) throw new Unusable(`${path} is a link to a place outside the folder`);
  if (!(await stat(target)).isFile()) throw new Unusable(`${path} is not a file`);
}

async function probed({ options }: Context, path: string): Promise<RasterProbe> {
  try {
    return await options.probe(path);
  } catch (error) {
    throw new Unusable(messageOf(error));
  }
}

function posixRelative({ folder }: Context, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
