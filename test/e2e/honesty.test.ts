/**
 * The sample through the built program: one pixel explained, a sample drawn and estimated, an audit with and without workers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import type { AccuracyPage } from '../../src/report/accuracy-model.ts';
import type { ExplainPage } from '../../src/report/explain-model.ts';
import type { Summary } from '../../src/report/model.ts';
import { builtLibrary, readTable, runCli, type CliResult } from '../helpers/cli.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('honesty');
const AOI = resolve(import.meta.dirname, '..', '..', 'sample-data', 'pits.geojson');
const TABLES = ['sensitivity', 'mask_bias', 'sensor_overlap', 'sensor_effect'];

let out: string;
let done: CliResult;

beforeAll(async () => {
  await builtLibrary();
  out = join(newFolder(), 'out');
  done = await runCli(['trend', '--aoi', AOI, '--out', out, '--audit', '--workers', '2', '--no-extras', '--quiet']);
}, 60_000);

describe('mine-rs trend --audit', () => {
  it('finds the same with workers as in-process', async () => {
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const other = join(newFolder(), 'out');
    const flags = ['--audit', '--workers', '0', '--no-extras', '--no-report', '--maps', 'none', '--quiet'];
    expect(await runCli(['trend', '--aoi', AOI, '--out', other, ...flags])).toMatchObject({ code: 0 });
    const table = (folder: string, name: string) => readFileSync(join(folder, 'tables', `${name}.csv`), 'utf8');
    for (const name of TABLES) expect(table(other, name)).toBe(table(out, name));
  }, 60_000);

  it('begins its table of sensitivity with the figures of the run, and has a part of the report', () => {
    const rows = readTable(join(out, 'tables', 'sensitivity.csv')).filter(({ parameter }) => parameter === 'as run');
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
    expect(rows.map((row) => [row.zone_id, Number(row.disturbed_ha), Number(row.recovered_ha)])).toEqual(
      summary.zones.map(({ id, states }) => {
        const { disturbedHa, recoveredHa } = states.at(-1)!;
        return [id, Number(disturbedHa.toFixed(6)), Number(recoveredHa.toFixed(6))];
      }),
    );
    expect(readFileSync(join(out, 'report.html'), 'utf8').includes('id="audit"')).toBe(true);
  });
});

describe('mine-rs explain', () => {
  it('works out what the maps of the sample hold, on screen, as JSON and as a page', async () => {
    const html = join(newFolder(), 'pixel.html');
    const call = ['explain', '99.4787', '38.0416', '--out', out];
    const said = await runCli([...call, '--html', html]);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/All 55 values in the maps of the run are those worked out here/);
    expect(said.stdout).toMatch(/2014-08-25 +LC08 .* 22280 +– +mask 22280: cloud/);
    expect(readFileSync(html, 'utf8').includes('All 55 values in the maps')).toBe(true);
    const page = JSON.parse((await runCli([...call, '--json', '--quiet'])).stdout) as ExplainPage;
    expect(page.zones).toEqual([{ id: 'pit-4', name: 'Synthetic pit 4', role: 'mine', share: 1 }]);
    // One of its scenes lies on another grid.
    expect(page.observations.flatMap(({ bands }) => bands).filter(({ resampled }) => resampled !== null)).toHaveLength(
      2,
    );
  });

  it('takes negative degrees for what they are', async () => {
    const said = await runCli(['explain', '-69.05', '-22.3', '--out', out]);
    expect(said).toMatchObject({ code: 3, stdout: '' });
    expect(said.stderr).toMatch(/^mine-rs: -69\.05 -22\.3 lies outside of the run in .*, which spans longitude 99\.45/);
  });
});

describe('mine-rs sample and estimate', () => {
  it('find the area of the sample’s land, interpreted without a fault, within the limits', async () => {
    const folder = join(newFolder(), 'check');
    const drawn = await runCli([
      'sample',
      out,
      '--zone',
      'pit-4,pit-5',
      '--size',
      '300',
      '--least',
      '10',
      '--out',
      folder,
    ]);
    expect(drawn.code).toBe(0);
    // What is looked for in place of the trend class: whether the land was ever disturbed, as the run's own map says.
    const map = await openGeoTiff(join(out, 'maps', 'disturbed_year.tif'));
    const [head, ...lines] = readFileSync(join(folder, 'points.csv'), 'utf8').trimEnd().split('\n');
    const [a, , c, , e, f] = map.grid.transform;
    const seen: string[] = [];
    for (const line of lines) {
      const [, , , x, y] = line.split(',').map(Number);
      const place = { col: Math.floor((x! - c) / a), row: Math.floor((y! - f) / e), width: 1, height: 1 };
      seen.push(`${line}${(await map.readWindow(place))[0] === 0 ? 'never' : 'disturbed'}`);
    }
    await map.close();
    writeFileSync(join(folder, 'points.csv'), [head, ...seen].join('\n'));
    const said = await runCli(['estimate', join(folder, 'points.csv'), '--json']);
    const page = JSON.parse(said.stdout) as AccuracyPage;
    const found = page.classes.find(({ name }) => name === 'disturbed')!.area;
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
    const mines = summary.zones.filter(({ id }) => id === 'pit-4' || id === 'pit-5');
    const truth = mines.reduce((sum, { land }) => sum + land!.recovery.disturbedHa, 0);
    // Five standard errors; the seed is fixed.
    expect(Math.abs(found.value! - truth)).toBeLessThan(5 * found.standardError!);
    expect(found.standardError!).toBeLessThan(0.05 * page.totalHa);
    const total = page.classes.reduce((sum, { area }) => sum + area.value!, 0);
    expect(Math.abs(total - page.totalHa)).toBeLessThan(1e-6);
  });
});
