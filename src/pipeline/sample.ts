/**
 * `mine-rs sample`: a stratified random sample of a class map, for interpretation.
 * @module
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MineRsError } from '../errors.ts';
import { allocateUnits, stratumDeviation, unitsForStandardError } from '../kernels/sample-size.ts';
import { uniformOfCell, WeightedSample } from '../kernels/spatial-sample.ts';
import type { SamplePage, SamplePoint, StratumFigures } from '../report/sample-model.ts';
import { pointsCsv, pointsGeoJson, strataCsv, keyCsv } from '../report/sample-text.ts';
import { openClassMap, type ClassMap } from './class-map.ts';
import { KEY_FILE, STRATA_FILE } from './estimate.ts';
import { wrongValue } from './options.ts';
import { writeFiles } from './write-files.ts';

const schema = z.strictObject({
  year: z.coerce.number().int().optional(),
  band: z.coerce.number().int().min(1).optional(),
  aoi: z.string().min(1).optional(),
  zone: z.union([z.string().transform((s) => s.split(',')), z.array(z.string()).min(1)]).optional(),
  size: z.coerce.number().int().min(2).max(1_000_000).optional(),
  standardError: z.coerce.number().gt(0).lt(0.5).default(0.02),
  expected: z
    .string()
    .regex(
      /^(0?\.\d+|[^=,]+=0?\.\d+(,[^=,]+=0?\.\d+)*)$/,
      'expected an accuracy such as 0.9, or one a class such as 1=0.7,4=0.95',
    )
    .default('0.9'),
  allocation: z.enum(['proportional', 'equal', 'neyman']).default('proportional'),
  least: z.coerce.number().int().min(2).max(10_000).default(50),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(1),
  blind: z.boolean().default(false),
  out: z.string().min(1).default('mine-rs-sample'),
});

/** Accuracy that a class is expected to have where only others were named. */
const DEFAULT_ACCURACY = 0.9;
const POINTS_FILE = 'points.csv';

/**
 * Draws a sample and writes it: points.csv and cells.geojson for the interpreters, strata.csv with the mapped areas, and
 * key.csv with the strata of the points where interpreters are not to know them.
 *
 * @param path A folder of a finished run (its trend classes, or the land states of a year), or a raster of classes.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT on a map without classes, OUTPUT if it cannot write
 */
export async function drawSample(path: string, input: Record<string, unknown> = {}): Promise<SamplePage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const options = parsed.data;
  checkOut(options.out);
  const map = await openClassMap(path, options);
  try {
    const strata = await measureStrata(map);
    if (strata.length === 0) {
      throw new MineRsError(
        'BAD_INPUT',
        `${map.path} has no class here: every cell is no data or outside of the zones`,
      );
    }
    const weights = shares(strata);
    const deviations = Float64Array.from(expectedAccuracies(strata, options.expected), stratumDeviation);
    const total = options.size ?? unitsForStandardError(weights, deviations, options.standardError);
    const cells = Float64Array.from(strata, (s) => s.cells);
    const units = allocateUnits(total, options.allocation, weights, deviations, options.least, cells);
    const points = await drawPoints(map, strata, units, options.seed);
    const page: SamplePage = {
      map: map.path,
      what: map.what,
      seed: options.seed,
      allocation: options.allocation,
      blind: options.blind,
      out: options.out,
      strata: strata.map(({ code, name, areaHa, cells: n }, k): StratumFigures => {
        return { code, name, areaHa, cells: n, units: units[k]!, expected: accuracyOf(options.expected, code, name) };
      }),
      standardError: predictedError(weights, deviations, units),
      points,
    };
    writeSample(page);
    return page;
  } finally {
    await map.close();
  }
}

interface Stratum {
  code: number;
  name: string;
  areaHa: number;
  cells: number;
}

/** First look: cells and geodesic area of each class. */
async function measureStrata(map: ClassMap): Promise<Stratum[]> {
  const found = new Map<number, { m2: number; cells: number }>();
  await map.eachCell((code, _cell, areaM2) => {
    const stratum = found.get(code);
    if (stratum === undefined) found.set(code, { m2: areaM2, cells: 1 });
    else {
      stratum.m2 += areaM2;
      stratum.cells++;
    }
  });
  return [...found]
    .toSorted(([a], [b]) => a - b)
    .map(([code, { m2, cells }]) => ({ code, name: map.nameOf(code), areaHa: m2 / 1e4, cells }));
}

function shares(strata: readonly Stratum[]): Float64Array {
  const whole = strata.reduce((sum, { areaHa }) => sum + areaHa, 0);
  return Float64Array.from(strata, ({ areaHa }) => areaHa / whole);
}

/** Second look: the cells of the sample, in random order, so that the strata do not follow one another. */
async function drawPoints(
  map: ClassMap,
  strata: readonly Stratum[],
  units: Float64Array,
  seed: number,
): Promise<SamplePoint[]> {
  const samples = new Map(strata.map(({ code }, k) => [code, new WeightedSample(units[k]!)]));
  await map.eachCell((code, cell, areaM2) => samples.get(code)!.offer(cell, uniformOfCell(seed, cell), areaM2));
  const drawn = strata.flatMap(({ code, name }) =>
    [...samples.get(code)!.sorted()].map((cell) => ({ cell, code, name, order: uniformOfCell(~seed >>> 0, cell) })),
  );
  drawn.sort((a, b) => a.order - b.order || a.cell - b.cell);
  return drawn.map(({ cell, name }, k) => ({ id: String(k + 1), stratum: name, ...map.placeOf(cell) }));
}

/** Accuracy by class, by its code or its name. */
function accuracyOf(text: string, code: number, name: string): number {
  if (!text.includes('=')) return Number(text);
  const pairs = new Map(text.split(',').map((pair) => pair.split('=') as [string, string]));
  return Number(pairs.get(String(code)) ?? pairs.get(name) ?? DEFAULT_ACCURACY);
}

function expectedAccuracies(strata: readonly Stratum[], text: string): number[] {
  if (text.includes('=')) {
    const known = new Set(strata.flatMap(({ code, name }) => [String(code), name]));
    const unknown = text
      .split(',')
      .map((pair) => pair.split('=')[0]!)
      .find((name) => !known.has(name));
    if (unknown !== undefined) {
      const list = strata.map(({ code, name }) => (name === String(code) ? name : `${code} (${name})`)).join(', ');
      throw new MineRsError('USAGE', `--expected: the map has no class '${unknown}'; its classes are ${list}`);
    }
  }
  return strata.map(({ code, name }) => accuracyOf(text, code, name));
}

/** Standard error of the overall accuracy, should the accuracies be as expected. */
function predictedError(weights: Float64Array, deviations: Float64Array, units: Float64Array): number | null {
  let square = 0;
  for (let i = 0; i < weights.length; i++) {
    if (units[i]! < 2) return null;
    square += (weights[i]! * deviations[i]!) ** 2 / (units[i]! - 1);
  }
  return Math.sqrt(square);
}

function checkOut(out: string): void {
  const found = statSync(out, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new MineRsError('OUTPUT', `--out ${out} is a file: name a folder`);
  }
  // It may be interpreted by now.
  if (existsSync(join(out, POINTS_FILE))) {
    throw new MineRsError('OUTPUT', `${join(out, POINTS_FILE)} is there already: choose another folder with --out`);
  }
}

function writeSample(page: SamplePage): void {
  const { points: _points, ...record } = page;
  const files: [name: string, text: string][] = [
    [STRATA_FILE, strataCsv(page)],
    ...(page.blind ? [[KEY_FILE, keyCsv(page)] as [string, string]] : []),
    ['cells.geojson', pointsGeoJson(page)],
    ['sample.json', `${JSON.stringify(record, null, 2)}\n`],
    // Last: it says that the sample is whole.
    [POINTS_FILE, pointsCsv(page)],
  ];
  writeFiles(
    `the sample to ${page.out}`,
    files.map(([name, text]) => [join(page.out, name), text]),
  );
}
