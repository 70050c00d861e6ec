/**
 * What a run costs that has less to do, as a share of the first run over the whole scene: an AOI of a hundredth of the scene,
 * one more year, and the same again.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/cases.js STACK TURNS 'PROGRAM'
 * where STACK is a folder of Landsat scenes on one grid with a pits.geojson, and PROGRAM is such as 'node dist/src/cli.js'.
 * @module
 */
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { applyAffine } from '../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../src/geo/crs.ts';
import { openRaster } from '../src/raster/open.ts';
import { measure, medians, ratios, type Measured } from './measure.ts';

const [given, turns, program] = process.argv.slice(2);
if (given === undefined || program === undefined) throw new Error('usage: cases.js STACK TURNS PROGRAM');
const stack = resolve(given);

const scenes = readdirSync(stack).filter((name) => name.endsWith('.TIF'));
const yearOf = (name: string): string => name.split('_')[3]!.slice(0, 4);
const lastYear = scenes.map(yearOf).toSorted().at(-1)!;

/** A square of a hundredth of the scene, in its middle. */
async function middleOfScene(): Promise<string> {
  const file = await openRaster(join(stack, scenes[0]!));
  const { width, height, transform, crs } = file.info;
  await file.close();
  if (transform === null || crs === null) throw new Error(`${scenes[0]} has no place`);
  const toDegrees = createTransformer(crs, WGS84);
  const ring = [
    [0.45, 0.45],
    [0.55, 0.45],
    [0.55, 0.55],
    [0.45, 0.55],
    [0.45, 0.45],
  ].map(([x, y]) => toDegrees(...applyAffine(transform, width * x!, height * y!)));
  const geometry = { type: 'Polygon', coordinates: [ring] };
  const feature = { type: 'Feature', properties: { id: 'middle', role: 'mine' }, geometry };
  return JSON.stringify({ type: 'FeatureCollection', features: [feature] });
}

// On the stack's disk, as files are linked.
const folder = mkdtempSync(join(dirname(stack), 'cases-bench-'));
try {
  const growing = join(folder, 'scenes');
  const aoi = join(folder, 'middle.geojson');
  writeFileSync(aoi, await middleOfScene());
  const run = (zones: string, source: string, extent: string, out: string): Measured => {
    const options = `trend --aoi ${zones} --scenes ${source} --extent ${extent} --maps trend --workers 2 --quiet`;
    return measure([...program.split(' '), ...options.split(' '), '--out', join(folder, out)]);
  };
  const pits = join(stack, 'pits.geojson');
  const results = { first: [] as Measured[], aoi: [] as Measured[], year: [] as Measured[], again: [] as Measured[] };
  for (let turn = 0; turn < Number(turns); turn++) {
    for (const out of ['whole', 'small', 'grown', 'scenes'])
      rmSync(join(folder, out), { recursive: true, force: true });
    mkdirSync(growing);
    const addYears = (wanted: (year: string) => boolean): void => {
      for (const name of scenes) if (wanted(yearOf(name))) linkSync(join(stack, name), join(growing, name));
    };
    results.first.push(run(pits, stack, 'scene', 'whole'));
    results.aoi.push(run(aoi, stack, 'aoi', 'small'));
    addYears((year) => year !== lastYear);
    run(pits, growing, 'scene', 'grown');
    addYears((year) => year === lastYear);
    results.year.push(run(pits, growing, 'scene', 'grown'));
    results.again.push(run(pits, growing, 'scene', 'grown'));
  }
  console.log(`first run over the scene: ${medians(results.first)}`);
  for (const [name, key] of [
    ['AOI of a hundredth', 'aoi'],
    ['one more year', 'year'],
    ['again unchanged', 'again'],
  ] as const) {
    console.log(`${name}: ${medians(results[key])}; to the first: ${ratios(results[key], results.first)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
