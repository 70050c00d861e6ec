/**
 * `mine-rs plots` and `mine-rs bond-release` on tables, and on a run.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { diversity } from '../../src/ecology/diversity.ts';
import { applyAffine } from '../../src/geo/affine.ts';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { bondReleasePage } from '../../src/pipeline/bond-release.ts';
import { plotsPage } from '../../src/pipeline/plots.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import { callMain, readTable } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';
import { readWorkbook } from '../helpers/workbook.ts';

const newFolder = tempFolders('plots');
const GRID = utmGrid(90, 60);
const YEARS = [2018, 2019, 2020, 2021];
const PLOTS = 'sample-data/plots.csv';
const SPECIES = 'sample-data/species.csv';

let made: string;

/** A copy of a finished run. */
function newRun(): string {
  const folder = join(newFolder(), 'run');
  cpSync(made, folder, { recursive: true });
  return folder;
}

function write(name: string, lines: readonly string[]): string {
  const path = join(newFolder(), name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const degrees = createTransformer(GRID.crs, WGS84);
const placeOf = (col: number, row: number) => degrees(...applyAffine(GRID.transform, col, row));

beforeAll(async () => {
  const folder = newFolder();
  await writeNoisyStack(join(folder, 'scenes'), GRID, YEARS);
  const aoi = writeZones(join(folder, 'zones.geojson'), GRID, [
    { id: 'pit', role: 'mine', col: 20, row: 15, width: 25, height: 25 },
    { id: 'meadow', role: 'reference', col: 55, row: 10, width: 20, height: 20 },
    { id: 'steppe', role: 'reference', col: 55, row: 35, width: 20, height: 10 },
  ]);
  made = join(folder, 'run');
  await runTrend({ aoi, scenes: [join(folder, 'scenes')], out: made, workers: 0 });
});

describe('the sample', () => {
  it('shows what was drawn: groups that differ, indices of the species, cover that follows organic matter', async () => {
    const page = await plotsPage(PLOTS, { species: SPECIES });
    expect(page).toMatchObject({ plots: 60, measure: 'count', groups: ['pit-4', 'pit-5', 'dump-2', 'background'] });
    const lines = readTable(SPECIES).filter(({ plot }) => plot === 'pit-4-01');
    const own = diversity(new Map(lines.map(({ species, count }) => [species!, Number(count)])));
    expect(page.diversity.find(({ name }) => name === 'pit-4-01')).toMatchObject({ ...own });
    const cover = page.anova.find(({ variable }) => variable === 'cover')!;
    expect([cover.dfBetween, cover.dfWithin, cover.p < 1e-6]).toEqual([3, 56, true]);
    const pair = page.differences.find((d) => d.variable === 'cover' && d.first === 'dump-2')!;
    expect([pair.second, pair.tukey!.p < 1e-6, pair.welch!.p < 1e-6]).toEqual(['background', true, true]);
    const ties = page.network.edges.map(({ first, second }) => `${first}–${second}`);
    expect(ties).toContain('organic_matter–water_content');
    expect(page.similarity.filter(({ level }) => level === 'group')).toHaveLength(6);
    expect(page.similarity.filter(({ level }) => level === 'plot')).toHaveLength((60 * 59) / 2);
  });

  it('goes into a folder as CSV, workbook, JSON, GraphML and SVG with the same figures', async () => {
    const out = join(newFolder(), 'deep', 'out');
    const page = await plotsPage(PLOTS, { species: SPECIES, out });
    const means = readTable(join(out, 'plots_means.csv'));
    expect(means).toHaveLength(page.means.length);
    expect(Number(means[0]!['mean'])).toBeCloseTo(page.means[0]!.mean, 6);
    const { sheets } = readWorkbook(readFileSync(join(out, 'plots.xlsx')));
    expect(sheets['plots_means']![1]![4]).toBe(Number(means[0]!['mean']));
    expect(JSON.parse(readFileSync(join(out, 'plots.json'), 'utf8'))).toMatchObject({ plots: 60 });
    const graph = readFileSync(join(out, 'plots_network.graphml'), 'utf8');
    expect(graph.match(/<edge /g)).toHaveLength(page.network.edges.length);
    expect(readFileSync(join(out, 'plots_network.svg'), 'utf8').match(/<line/g)).toHaveLength(
      page.network.edges.length,
    );
    expect(readdirSync(out).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(readdirSync(out)).not.toContain('plots_fvc.csv');
  });

  it('is the same twice, byte by byte', async () => {
    const [a, b] = [join(newFolder(), 'a'), join(newFolder(), 'b')];
    for (const out of [a, b]) await plotsPage(PLOTS, { species: SPECIES, out });
    for (const name of readdirSync(a)) {
      expect([name, readFileSync(join(a, name)).equals(readFileSync(join(b, name)))]).toEqual([name, true]);
    }
  });
});

describe('plots on a run', () => {
  const cells = [
    [21, 16, 2018], [30, 25, 2021], [44, 39, 2020], [60, 12, 2019], [70, 40, 2021], [56, 44, 2018],
  ] as const; // prettier-ignore
  const lines = cells.map(([col, row, year], k) => {
    const [lon, lat] = placeOf(col + 0.3, row + 0.8);
    return `p${k},${col < 50 ? 'pit' : 'meadow'},${lon.toFixed(8)},${lat.toFixed(8)},${year},${40 + 5 * k}`;
  });
  const head = 'plot,group,lon,lat,year,cover';

  it('get the FVC of the cell in which they lie, in their year', async () => {
    const run = newRun();
    const page = await plotsPage(write('plots.csv', [head, ...lines]), { run });
    for (const [k, [col, row, year]] of cells.entries()) {
      const file = await openGeoTiff(join(run, 'maps', `fvc_${year}.tif`));
      // The run's grid begins where its zones do.
      const found = page.coverPlots[k]!;
      const [value] = await file.readWindow({ col: found.col!, row: found.row!, width: 1, height: 1 });
      expect(applyAffine(file.grid.transform, found.col!, found.row!)).toEqual(applyAffine(GRID.transform, col, row));
      expect(found.fvc).toBe(value);
      await file.close();
    }
    expect(page.agreement).toMatchObject({ n: 6, cells: 6 });
    const [x, y] = [page.coverPlots.map((p) => p.fvc!), page.coverPlots.map((p) => p.cover! / 100)];
    const bias = x.reduce((sum, value, k) => sum + value - y[k]!, 0) / 6;
    expect(page.agreement!.bias).toBeCloseTo(bias, 12);
    expect(page.means.some(({ variable }) => variable === 'fvc')).toBe(true);
  });

  it('are added to its tables, GeoPackage, workbook and report, and are not there before', async () => {
    const run = newRun();
    const traces = () => ({
      csv: existsSync(join(run, 'tables', 'plots_means.csv')),
      workbook: 'plots_means' in readWorkbook(readFileSync(join(run, 'tables.xlsx'))).sheets,
      report: readFileSync(join(run, 'report.html'), 'utf8').includes('id="plots"'),
      geoPackage: readFileSync(join(run, 'zones.gpkg')).includes('plots_means'),
      ecology: existsSync(join(run, 'ecology', 'plots_network.graphml')),
    });
    expect(Object.values(traces()).some(Boolean)).toBe(false);
    await plotsPage(write('plots.csv', [head, ...lines]), { run });
    expect(traces()).toEqual({ csv: true, workbook: true, report: true, geoPackage: true, ecology: true });
  });

  it('outside the run or in a year it lacks have no FVC, and that is said', async () => {
    const far = ['far,pit,10,10,2018,50', `late,pit,${placeOf(30, 30).join()},1999,50`];
    const page = await plotsPage(write('plots.csv', [head, ...lines, ...far]), { run: newRun() });
    expect(page.coverPlots.slice(-2).map(({ fvc, col }) => [fvc, col])).toEqual([[null, null], [null, null]]); // prettier-ignore
    expect(page.agreement!.n).toBe(6);
    expect(page.notes.join()).toContain('2 of 8 plots have no FVC');
  });

  it('need a place, a year and a run that kept its maps', async () => {
    const run = newRun();
    const without = write('plots.csv', ['plot,group,cover', 'a,x,10', 'b,y,20']);
    await expect(plotsPage(without, { run })).rejects.toThrow(/line 1: has no columns 'lon' and 'lat': --run/);
    const noYear = write('plots.csv', ['plot,lon,lat', 'a,99,38']);
    await expect(plotsPage(noYear, { run })).rejects.toThrow(/has no column 'year'/);
    const old = write('plots.csv', ['plot,lon,lat,year', 'a,99,38,1990']);
    await expect(plotsPage(old, { run })).rejects.toThrow(/has no year 1990; its years are 2018/);
    await expect(plotsPage(old, { run: newFolder() })).rejects.toThrow(/No finished run/);
    await expect(plotsPage(PLOTS, { out: run })).rejects.toThrow(/holds a run: add to it with --run/);
  });
});

describe('bond release', () => {
  it('of the sample: pit 4 and pit 5 reach their reference, the dump does not', async () => {
    const page = await bondReleasePage(PLOTS, { reclaimed: 'pit-4,pit-5,dump-2', reference: 'background' });
    expect(page.reclaimed.map(({ name, n, adequate, evidence }) => [name, n, adequate, evidence])).toEqual([
      ['pit-4', 15, true, 'supports release'],
      ['pit-5', 15, true, 'supports release'],
      ['dump-2', 15, true, 'does not support release'],
    ]);
    expect(page.notes[0]).toMatch(/^Evidence, not a finding/);
    const shares = await bondReleasePage(PLOTS, { reclaimed: 'pit-4', reference: 'background=0.75,dump-2=0.25' });
    const [a, b] = shares.references;
    expect(shares.standard).toBeCloseTo(0.9 * (0.75 * a!.mean + 0.25 * b!.mean), 12);
  });

  it('of the FVC of a run takes fewer independent values than cells, and weighs references by area', async () => {
    const run = newRun();
    const page = await bondReleasePage(undefined, { run });
    expect(page).toMatchObject({ of: 'fvc', year: 2021 });
    expect(page.references.map(({ name }) => name)).toEqual(['meadow', 'steppe']);
    expect(page.references[0]!.weight).toBeCloseTo(2 / 3, 3);
    const [pit] = page.reclaimed;
    expect(pit!.n).toBe(25 * 25);
    expect(pit!.effectiveN).toBeLessThan(pit!.n / 3);
    // Half bare, half green: two or three independent values are all that it is worth.
    expect(pit!.evidence).toBe('sample too small');
    expect(page.notes.join()).toMatch(/Fewer than 15 samples: meadow, steppe, pit\./);
    // The mean is that of the run's own table, but for cells on the edge.
    const means = readTable(join(run, 'tables', 'fvc_by_year.csv'));
    const own = means.find(({ zone_id: id, year }) => id === 'pit' && year === '2021')!;
    expect(pit!.mean / 100).toBeCloseTo(Number(own['fvc_mean']), 2);
    expect(existsSync(join(run, 'tables', 'bond_release_reference.csv'))).toBe(true);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('id="bond_release"');
  });

  it.each([
    [{}, /Name a table of plots, or a finished run/],
    [{ path: PLOTS }, /Say which groups are reclaimed/],
    [{ path: PLOTS, reclaimed: 'pit-4', reference: 'background=0.5' }, /the weights sum to 0.5, not to 1/],
    [{ path: PLOTS, reclaimed: 'pit-4', reference: 'background,dump-2' }, /expected names with weights/],
    [{ path: PLOTS, reclaimed: 'pit-9', reference: 'background' }, /has no group 'pit-9'; it has pit-4/],
    [{ path: PLOTS, reclaimed: 'pit-4', reference: 'pit-4' }, /cannot be reclaimed land and its own reference/],
    [{ path: PLOTS, reclaimed: 'pit-4,,', reference: 'background' }, /expected names as a,b/],
    [{ path: PLOTS, year: '2020' }, /--year belongs to the FVC of a run/],
  ])('refuses %j', async ({ path, ...options }: { path?: string }, message) => {
    await expect(bondReleasePage(path, options)).rejects.toThrow(message);
  });

  it('needs cover', async () => {
    const path = write('plots.csv', ['plot,group,height', 'a,x,10', 'b,y,20']);
    await expect(bondReleasePage(path, { reclaimed: 'x', reference: 'y' })).rejects.toThrow(
      /line 1: has no column 'cover'/,
    );
  });
});

describe('the commands', () => {
  it('print tables, or JSON, and end with 3 on a bad table', async () => {
    const text = await callMain(['plots', PLOTS, '--species', SPECIES]);
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toContain('One-way analysis of variance between groups');
    expect(text.stdout).toMatch(/and \d+ more: --out or --run writes plots_similarity\.csv/);
    const json = await callMain(['plots', PLOTS, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ plots: 60, measure: null, diversity: [] });
    const release = await callMain(['bond-release', PLOTS, '--reclaimed', 'dump-2', '--reference', 'background']);
    expect(release.stdout).toContain('does not support release');
    const bad = await callMain(['plots', write('plots.csv', ['plot,cover', 'a,-1'])]);
    expect(bad.code).toBe(3);
    expect(bad.stderr).toMatch(/line 2: has the cover -1: it cannot be negative/);
  });
});
