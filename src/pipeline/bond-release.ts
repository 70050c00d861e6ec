/**
 * `mine-rs bond-release`: the reclaimed-cover test on plots, or on the FVC of a finished run.
 * @module
 */
import { join } from 'node:path';
import { z } from 'zod';
import {
  bondRelease,
  coverStandard,
  DIRECT_LEAST,
  REVERSE_LEAST,
  samplesNeeded,
  type Sample,
} from '../ecology/bond-release.ts';
import { groupMean } from '../ecology/group-tests.ts';
import { MineRsError } from '../errors.ts';
import { effectiveSize } from '../kernels/effective-size.ts';
import type { GeoTiffFile } from '../raster/geotiff-file.ts';
import type { BondReleaseFigures, BondReleasePage, ReferenceFigures } from '../report/plots-model.ts';
import { bondReleaseAddition } from '../report/bond-release-tables.ts';
import { readAoi } from '../vector/aoi.ts';
import type { Zone } from '../vector/zone.ts';
import { addToRun } from './additions.ts';
import { lineError } from './csv-table.ts';
import { readSummary } from './finished-run.ts';
import { wrongValue } from './options.ts';
import { checkTablesFolder, writeTablesFolder } from './plots-files.ts';
import { readPlots } from './plots-table.ts';
import { openFvc } from './point-fvc.ts';
import { insideSelection, prepareZones, type PreparedZone } from './zones.ts';

const schema = z.strictObject({
  reclaimed: z.string().min(1).optional(),
  reference: z.string().min(1).optional(),
  group: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  year: z.coerce.number().int().optional(),
  out: z.string().min(1).optional(),
});

type Options = z.output<typeof schema>;

/** Cells of a zone's box, for the effective number. */
const MOST_CELLS = 16_777_216;

const M2_PER_HA = 1e4;

/** Weights that sum to 1 within this are taken as they are. */
const WEIGHT_TOLERANCE = 1e-3;

/** A sample with how many values it has: `n` is what they are worth. */
interface Measured extends Sample {
  readonly count: number;
}

interface Samples {
  readonly of: BondReleasePage['of'];
  readonly source: string;
  readonly year: number | null;
  readonly references: readonly (Measured & { readonly name: string; readonly weight: number })[];
  readonly reclaimed: readonly (Measured & { readonly name: string })[];
  readonly notes: readonly string[];
}

/**
 * Tests reclaimed land against its reference.
 *
 * @param path Table of plots with the columns plot, group and cover; undefined tests the FVC of the run.
 * @param input `reclaimed` and `reference`, names of groups or zones, the latter with weights; `group`, the column of the
 *   groups; `run`, a finished run that the result is added to; `year` of the FVC; `out`, a folder for the tables.
 * @throws {MineRsError} USAGE on options that do not fit, BAD_INPUT naming the file, OUTPUT if it cannot write
 */
export async function bondReleasePage(
  path: string | undefined,
  input: Record<string, unknown> = {},
): Promise<BondReleasePage> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new MineRsError('USAGE', `Option '--${issue.path.join('.')}': ${wrongValue(issue)}`);
  }
  const options = parsed.data;
  if (options.out !== undefined) checkTablesFolder(options.out);
  if (path === undefined && options.run === undefined) {
    throw new MineRsError('USAGE', 'Name a table of plots, or a finished run with --run');
  }
  const page = pageOf(path === undefined ? await samplesOfRun(options.run!, options) : samplesOfPlots(path, options));
  const addition = bondReleaseAddition(page);
  if (options.out !== undefined) await writeTablesFolder(options.out, addition, page);
  if (options.run !== undefined) await addToRun(options.run, addition);
  return page;
}

function pageOf({ of, source, year, references, reclaimed, notes }: Samples): BondReleasePage {
  const standard = coverStandard(references);
  const few = [...references, ...reclaimed].filter(({ n }) => n < DIRECT_LEAST).map(({ name }) => name);
  const inadequate = references.filter((sample) => !(samplesNeeded(sample) <= sample.n)).map(({ name }) => name);
  return {
    source,
    of,
    year,
    standard,
    references: references.map(({ name, weight, ...sample }): ReferenceFigures => {
      const needed = samplesNeeded(sample);
      return { name, weight, ...figuresOf(sample), samplesNeeded: needed, adequate: needed <= sample.n };
    }),
    reclaimed: reclaimed.map(({ name, ...sample }): BondReleaseFigures => {
      const { standard: _, ...tests } = bondRelease(sample, standard);
      return { name, ...figuresOf(sample), ...tests };
    }),
    notes: [
      'Evidence, not a finding: the regulator decides, and over more than cover.',
      `Standard Q = 0.90·Σ weight·mean of the references = ${Number(standard.toPrecision(6))} %, taken as known.`,
      'The mean (at least Q) and the standard test (t = (Q − x̄)/(s/√n) up to t(0.10, n − 1)) speak where the sample is adequate, n at least t²s²/(0.1·x̄)². ' +
        `Where it is not, the reverse null test does (t = (x̄ − Q)/(s/√n) above t(0.20, n − 1)), from ${REVERSE_LEAST} samples on. All t are one-tailed.`,
      ...(few.length === 0
        ? []
        : [
            `Fewer than ${DIRECT_LEAST} samples: ${few.join(', ')}. Colorado asks for ${DIRECT_LEAST} where means are compared directly.`,
          ]),
      ...(inadequate.length === 0
        ? []
        : [
            `The sample of the reference ${inadequate.join(', ')} is not adequate itself: Q is less certain than the tests take it to be.`,
          ]),
      ...notes,
    ],
  };
}

function figuresOf({ mean, sd, n, count }: Measured) {
  return { mean, sd, n: count, effectiveN: n };
}

function samplesOfPlots(path: string, { reclaimed, reference, group, year }: Options): Samples {
  if (year !== undefined) throw new MineRsError('USAGE', '--year belongs to the FVC of a run, not to a table of plots');
  const { plots, groups, variables } = readPlots(path, undefined, group);
  const cover = variables.find(({ name }) => name === 'cover');
  if (cover === undefined) throw lineError(path, 1, "has no column 'cover' of plots (percent)");
  if (groups.length === 0)
    throw lineError(path, 1, "has no column 'group': which plots are reclaimed, which reference?");
  if (reclaimed === undefined || reference === undefined) {
    const text = `Say which groups are reclaimed and which are their reference: --reclaimed A --reference B=0.8,C=0.2; there are ${groups.join(', ')}`;
    throw new MineRsError('USAGE', text);
  }
  const measure = (name: string, option: string): Measured => {
    if (!groups.includes(name)) {
      throw new MineRsError('USAGE', `${option}: ${path} has no group '${name}'; it has ${groups.join(', ')}`);
    }
    const { n, mean, sd } = groupMean(
      cover.values.filter((value, k) => plots[k]!.group === name && !Number.isNaN(value)),
    );
    if (n < 2) throw new MineRsError('BAD_INPUT', `${path}: group '${name}' has ${n} plots with cover; 2 are needed`);
    return { mean, sd, n, count: n };
  };
  const weights = parseWeights(reference);
  const names = parseNames(reclaimed);
  checkApart(names, [...weights.keys()]);
  return {
    of: 'plots',
    source: path,
    year: null,
    references: [...weights].map(([name, weight]) => ({ name, weight, ...measure(name, '--reference') })),
    reclaimed: names.map((name) => ({ name, ...measure(name, '--reclaimed') })),
    notes: [],
  };
}

async function samplesOfRun(folder: string, options: Options): Promise<Samples> {
  if (options.group !== undefined) throw new MineRsError('USAGE', '--group belongs to a table of plots');
  const year = options.year ?? readSummary(folder).years.at(-1)!;
  const path = join(folder, 'zones.geojson');
  const { zones } = await readAoi(path);
  const ofRole = (role: string): string[] => zones.filter((zone) => zone.role === role).map(({ id }) => id);
  const names = options.reclaimed === undefined ? ofRole('mine') : parseNames(options.reclaimed);
  const weights = options.reference === undefined ? undefined : parseWeights(options.reference);
  const references = weights === undefined ? ofRole('reference') : [...weights.keys()];
  if (names.length === 0) throw new MineRsError('USAGE', 'The run has no zone with the role mine: --reclaimed ID,ID');
  if (references.length === 0) {
    throw new MineRsError('USAGE', 'The run has no zone with the role reference: --reference ID=WEIGHT,ID=WEIGHT');
  }
  checkApart(names, references);
  const file = await openFvc(folder, year);
  try {
    const wanted = [...references, ...names].map((id) => zoneOf(zones, id));
    const placed = (await prepareZones(path, wanted, file.grid, 'map')).zones;
    const samples: Measured[] = [];
    for (const zone of placed) {
      const { mean, sd, n, effective } = await cellsOf(file, zone);
      if (!(effective > 1)) {
        const what = n === 0 ? 'no FVC' : `${n} cells worth ${effective.toFixed(1)} independent ones`;
        throw new MineRsError('BAD_INPUT', `Zone ${zone.zone.id} has ${what} in ${year}: too little to be tested`);
      }
      samples.push({ mean: 100 * mean, sd: 100 * sd, n: effective, count: n });
    }
    const areas = placed.slice(0, references.length).map(({ areaM2 }) => areaM2);
    const area = areas.reduce((sum, a) => sum + a, 0);
    return {
      of: 'fvc',
      source: folder,
      year,
      references: references.map((name, k) => ({
        name,
        weight: weights?.get(name) ?? areas[k]! / area,
        ...samples[k]!,
      })),
      reclaimed: names.map((name, k) => ({ name, ...samples[references.length + k]! })),
      notes: [
        `Cover is FVC of ${year}, in percent, of the cells at least half inside a zone. FVC is scaled by the run's own endpoints: it is no cover measured on the ground.`,
        'Cells near each other are alike: effective_n = n²/ΣΣρ, ρ the correlation by distance up to the first distance where it is not positive; all tests take it for n.',
        ...(weights === undefined
          ? [
              `References are weighted by their areas: ${references.map((id, k) => `${id} ${(areas[k]! / M2_PER_HA).toFixed(1)} ha`).join(', ')}.`,
            ]
          : []),
      ],
    };
  } finally {
    await file.close();
  }
}

/** The cells at least half inside a zone. */
async function cellsOf(file: GeoTiffFile, zone: PreparedZone) {
  const window = zone.coverage.bounds;
  if (window.width * window.height > MOST_CELLS) {
    throw new MineRsError('BAD_INPUT', `Zone ${zone.zone.id} spans more than ${MOST_CELLS} cells: test parts of it`);
  }
  if (window.width === 0 || window.height === 0) return effectiveSize(new Float32Array(0), 1);
  const values = Float32Array.from(await file.readWindow(window));
  const inside = insideSelection(zone, window);
  const { nodata } = file.info;
  for (let i = 0; i < values.length; i++) if (inside[i] === 0 || values[i] === nodata) values[i] = NaN;
  return effectiveSize(values, window.width);
}

function zoneOf(zones: readonly Zone[], id: string): Zone {
  const zone = zones.find((z_) => z_.id === id);
  if (zone !== undefined) return zone;
  const known = zones.slice(0, 20).map((z_) => z_.id);
  throw new MineRsError('USAGE', `The run has no zone '${id}'; it has ${known.join(', ')}`);
}

function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size < names.length) {
    throw new MineRsError('USAGE', `--reclaimed ${text}: expected names as a,b, each once`);
  }
  return names;
}

/** `a=0.8,b=0.2`; a name alone has the weight 1. */
function parseWeights(text: string): Map<string, number> {
  const weights = new Map<string, number>();
  const parts = text.split(',');
  for (const part of parts) {
    const [, name, amount] = /^\s*(.*?)\s*(?:=\s*(\d*\.?\d+)\s*)?$/.exec(part) ?? [];
    const weight = amount === undefined && parts.length === 1 ? 1 : Number(amount ?? NaN);
    if (name === undefined || name === '' || weights.has(name) || !(weight > 0)) {
      throw new MineRsError(
        'USAGE',
        `--reference ${text}: expected names with weights, each once, such as a=0.8,b=0.2`,
      );
    }
    weights.set(name, weight);
  }
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) {
    throw new MineRsError('USAGE', `--reference ${text}: the weights sum to ${Number(sum.toPrecision(6))}, not to 1`);
  }
  return weights;
}

function checkApart(reclaimed: readonly string[], references: readonly string[]): void {
  const both = reclaimed.find((name) => references.includes(name));
  if (both !== undefined) throw new MineRsError('USAGE', `'${both}' cannot be reclaimed land and its own reference`);
}
