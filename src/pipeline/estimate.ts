/**
 * `mine-rs estimate`: areas and accuracies of a class map from an interpreted sample.
 * @module
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { estimateAccuracy, Z95, type Estimate } from '../kernels/accuracy.ts';
import type { AccuracyPage, ClassAccuracy, EstimateFigures } from '../report/accuracy-model.ts';
import { lineError, numberCell, readCsvTable, requireColumns, type CsvTable } from './csv-table.ts';
import { wrongValue } from './options.ts';

const schema = z.strictObject({
  strata: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  pixelArea: z.coerce.number().gt(0).optional(),
});

/** Names of the files that `mine-rs sample` leaves beside the points. */
export const STRATA_FILE = 'strata.csv';
export const KEY_FILE = 'key.csv';

/** Fewer units than this in a stratum are said to be few; the usual advice is 50. */
const FEW_UNITS = 20;
const MOST_CLASSES = 1000;

/** A sample by stratum and class, as the kernel wants it. */
interface Sample {
  strata: string[];
  areasHa: Float64Array;
  classes: string[];
  /** [stratum][class] */
  counts: Float64Array;
}

/**
 * Estimates from a table: either counts (columns `stratum`, `area_ha` or `pixels`, then one a class) or interpreted points
 * (columns `reference` and `stratum`, or `id` where the strata of the points lie in a key).
 *
 * @param input `strata` table of the strata's areas (default: strata.csv beside the points); `key` strata of the points by
 *   id (default: key.csv beside them); `pixelArea` m² of a pixel where the counts table has pixels.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming file and line
 */
export function accuracyPage(path: string, input: Record<string, unknown> = {}): AccuracyPage {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const table = readCsvTable(path);
  const { strata, key, pixelArea } = parsed.data;
  const isPoints = table.columns.includes('reference');
  if (isPoints && pixelArea !== undefined) {
    throw new MineRsError('USAGE', '--pixel-area belongs to a table of counts; areas of points are in strata.csv');
  }
  if (!isPoints && (strata ?? key) !== undefined) {
    const text = `${path} is a table of counts: it has the areas itself, so --strata and --key do not fit`;
    throw new MineRsError('USAGE', text);
  }
  return pageOf(path, isPoints ? sampleOfPoints(table, strata, key) : sampleOfCounts(table, pixelArea));
}

/** A table of counts: one line a stratum, one column a class. */
function sampleOfCounts(table: CsvTable, pixelArea: number | undefined): Sample {
  requireColumns(table, ['stratum']);
  const areaColumn = ['area_ha', 'pixels'].find((name) => table.columns.includes(name));
  if (areaColumn === undefined) {
    const text = `has neither a column 'area_ha' nor 'pixels' (mapped area of the stratum), nor 'reference' (points)`;
    throw lineError(table.path, 1, text);
  }
  if (areaColumn === 'pixels' && pixelArea === undefined) {
    throw new MineRsError('USAGE', `${table.path} has pixels: say how large one is, such as --pixel-area 900 (m²)`);
  }
  const classes = table.columns.filter((name) => name !== 'stratum' && name !== 'area_ha' && name !== 'pixels');
  if (classes.length === 0) throw lineError(table.path, 1, 'has no column with the counts of a class');
  checkCount(table.path, classes.length, table.lines.length);
  const factor = areaColumn === 'pixels' ? pixelArea! / 1e4 : 1;
  const counts = new Float64Array(table.lines.length * classes.length);
  const lines = new Map<string, number>();
  const areasHa = Float64Array.from(table.lines, (line, i) => {
    const name = line.cells.stratum!;
    if (name === '') throw lineError(table.path, line.line, 'has no stratum');
    if (lines.has(name)) throw lineError(table.path, line.line, `repeats the stratum '${name}'`);
    lines.set(name, line.line);
    for (const [j, column] of classes.entries()) {
      const count = numberCell(table, line, column);
      if (!Number.isInteger(count) || count < 0) {
        throw lineError(table.path, line.line, `has ${count} for '${column}': expected a whole number of sample units`);
      }
      counts[i * classes.length + j] = count;
    }
    const area = numberCell(table, line, areaColumn) * factor;
    if (!(area > 0)) throw lineError(table.path, line.line, `has no positive ${areaColumn}`);
    return area;
  });
  const sample = { strata: [...lines.keys()], areasHa, classes, counts };
  checkUnits(table.path, sample);
  return sample;
}

/** Interpreted points, with the areas and, where interpreters were not to know them, the strata in files beside. */
function sampleOfPoints(table: CsvTable, strataPath: string | undefined, keyPath: string | undefined): Sample {
  const areas = readStrata(strataPath ?? beside(table.path, STRATA_FILE, '--strata'));
  const stratumOf = strataOfPoints(table, keyPath);
  const strata = [...areas.keys()];
  const places = new Map(strata.map((name, i) => [name, i]));
  const tally = new Map<string, Float64Array>();
  const seen = new Map<string, number>();
  const hasId = table.columns.includes('id');
  for (const line of table.lines) {
    const { id = '', reference } = line.cells;
    if (hasId) {
      if (id === '') throw lineError(table.path, line.line, 'has no id');
      const first = seen.get(id);
      if (first !== undefined) throw lineError(table.path, line.line, `repeats the point '${id}' of line ${first}`);
      seen.set(id, line.line);
    }
    const stratum = stratumOf(line.cells, line.line);
    const place = places.get(stratum);
    if (place === undefined) {
      const known = strata.map((name) => `'${name}'`).join(', ');
      throw lineError(table.path, line.line, `has the stratum '${stratum}', but the strata are ${known}`);
    }
    if (reference === '' || reference === undefined) {
      const advice = 'interpret it, or take the line out if it cannot be told (and say so)';
      throw lineError(table.path, line.line, `has no reference class: ${advice}`);
    }
    const counts = tally.get(reference) ?? new Float64Array(strata.length);
    counts[place]!++;
    tally.set(reference, counts);
    checkCount(table.path, tally.size, strata.length);
  }
  // Classes of the map first, in its order; then those that interpreters found beside.
  const classes = [
    ...strata.filter((name) => tally.has(name)),
    ...[...tally.keys()].filter((name) => !places.has(name)),
  ];
  const counts = new Float64Array(strata.length * classes.length);
  for (const [j, name] of classes.entries()) {
    for (let i = 0; i < strata.length; i++) counts[i * classes.length + j] = tally.get(name)![i]!;
  }
  const sample = { strata, areasHa: Float64Array.from(areas.values()), classes, counts };
  checkUnits(table.path, sample);
  return sample;
}

function beside(path: string, name: string, option: string): string {
  const found = join(dirname(path), name);
  if (existsSync(found)) return found;
  throw new MineRsError(
    'USAGE',
    `There is no ${name} beside ${path}, as mine-rs sample leaves it: name it with ${option}`,
  );
}

/** Hectares by stratum; strata without area are passed over. */
function readStrata(path: string): Map<string, number> {
  const table = readCsvTable(path);
  requireColumns(table, ['stratum', 'area_ha']);
  const areas = new Map<string, number>();
  for (const line of table.lines) {
    const name = line.cells.stratum!;
    const area = numberCell(table, line, 'area_ha');
    if (area < 0) throw lineError(path, line.line, `has a negative area_ha`);
    if (name === '') throw lineError(path, line.line, 'has no stratum');
    if (areas.has(name)) throw lineError(path, line.line, `repeats the stratum '${name}'`);
    if (area > 0) areas.set(name, area);
  }
  if (areas.size === 0) throw new MineRsError('BAD_INPUT', `${path} names no stratum with an area`);
  return areas;
}

type StratumOf = (cells: Readonly<Record<string, string>>, line: number) => string;

function strataOfPoints(table: CsvTable, keyPath: string | undefined): StratumOf {
  if (table.columns.includes('stratum') && keyPath === undefined) return (cells) => cells.stratum!;
  requireColumns(table, ['id']);
  const path = keyPath ?? beside(table.path, KEY_FILE, '--key');
  const key = readCsvTable(path);
  requireColumns(key, ['id', 'stratum']);
  const strata = new Map<string, string>();
  for (const { line, cells } of key.lines) {
    if (strata.has(cells.id!)) throw lineError(path, line, `repeats the point '${cells.id}'`);
    strata.set(cells.id!, cells.stratum!);
  }
  return (cells, line) => {
    const stratum = strata.get(cells.id!);
    if (stratum === undefined)
      throw lineError(table.path, line, `has the point '${cells.id}', which ${path} does not know`);
    return stratum;
  };
}

function checkCount(path: string, classes: number, strata: number): void {
  if (classes <= MOST_CLASSES && strata <= MOST_CLASSES) return;
  throw new MineRsError('BAD_INPUT', `${path} has more than ${MOST_CLASSES} classes: is the right column the class?`);
}

function checkUnits(path: string, { strata, classes, counts }: Sample): void {
  if (strata.length === 0) throw new MineRsError('BAD_INPUT', `${path} holds no row beneath its head line`);
  for (const [i, name] of strata.entries()) {
    const units = unitsOf(counts, classes.length, i);
    if (units >= 2) continue;
    const text = `the stratum '${name}' has ${units} sample ${units === 1 ? 'unit' : 'units'}`;
    throw new MineRsError(
      'BAD_INPUT',
      `${path}: ${text}, but at least 2 are needed in each: interpret more of its points`,
    );
  }
}

function unitsOf(counts: Float64Array, nClasses: number, stratum: number): number {
  return counts.subarray(stratum * nClasses, (stratum + 1) * nClasses).reduce((a, b) => a + b, 0);
}

function pageOf(path: string, { strata, areasHa, classes, counts }: Sample): AccuracyPage {
  const classOf = Int32Array.from(strata, (name) => classes.indexOf(name));
  const found = estimateAccuracy(counts, classes.length, areasHa, classOf);
  const totalHa = areasHa.reduce((a, b) => a + b, 0);
  const none = { value: 0, standardError: 0 };
  const mapped = strata.map((name, i): ClassAccuracy => {
    const j = classOf[i]!;
    return {
      name,
      units: unitsOf(counts, classes.length, i),
      interpreted: j < 0 ? 0 : columnSum(counts, classes.length, j),
      mappedHa: areasHa[i]!,
      area: figures(j < 0 ? none : found.areas[j]!),
      users: figures(found.users[i]!),
      producers: figures(j < 0 ? { value: NaN, standardError: NaN } : found.producers[j]!),
    };
  });
  const others = classes.flatMap((name, j): ClassAccuracy[] => {
    if (strata.includes(name)) return [];
    const nothing = { value: null, standardError: null, plusMinus: null };
    const interpreted = columnSum(counts, classes.length, j);
    const area = figures(found.areas[j]!);
    return [{ name, units: null, interpreted, mappedHa: null, area, users: nothing, producers: nothing }];
  });
  const rows = (values: Float64Array) =>
    strata.map((_, i) => [...values.subarray(i * classes.length, (i + 1) * classes.length)]);
  const page = [...mapped, ...others];
  return {
    path,
    units: counts.reduce((a, b) => a + b, 0),
    totalHa,
    overall: figures(found.overall),
    classes: page,
    reference: classes,
    counts: rows(counts),
    shares: rows(found.shares),
    notes: notesOn(page),
  };
}

function columnSum(counts: Float64Array, nClasses: number, j: number): number {
  let sum = 0;
  for (let k = j; k < counts.length; k += nClasses) sum += counts[k]!;
  return sum;
}

function figures({ value, standardError }: Estimate): EstimateFigures {
  if (!Number.isFinite(value)) return { value: null, standardError: null, plusMinus: null };
  return { value, standardError, plusMinus: Z95 * standardError };
}

function notesOn(classes: readonly ClassAccuracy[]): string[] {
  const quoted = (list: readonly ClassAccuracy[]) => list.map(({ name }) => `'${name}'`).join(', ');
  const few = classes.filter(({ units }) => units !== null && units < FEW_UNITS);
  const extra = classes.filter(({ units }) => units === null);
  const unseen = classes.filter(({ interpreted }) => interpreted === 0);
  const wide = classes.filter(({ area }) => (area.plusMinus ?? 0) > (area.value ?? 0));
  return [
    ...(few.length === 0
      ? []
      : [`Fewer than ${FEW_UNITS} sample units in ${quoted(few)}: standard errors of so few are themselves uncertain`]),
    ...(extra.length === 0 ? [] : [`The map has no class ${quoted(extra)}; its name must be spelt as in the strata`]),
    ...(unseen.length === 0
      ? []
      : [
          `No unit was interpreted as ${quoted(unseen)}: 0 ± 0 ha says that the sample has none, not that there is none`,
        ]),
    ...(wide.length === 0 ? [] : [`The area of ${quoted(wide)} is not distinguishable from 0 ha with this sample`]),
  ];
}
