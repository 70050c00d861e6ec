import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBatch } from '../../src/pipeline/batch-file.ts';
import { batchExitCode, runBatch } from '../../src/pipeline/batch.ts';
import { SILENT } from '../../src/pipeline/progress.ts';
import { BATCH_VERSION, type BatchSummary, type SiteStatus } from '../../src/report/batch-model.ts';
import { callMain, readTable } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('batch');

/** A batch file in a folder of its own. */
function batchFile(text: string, folder = newFolder()): string {
  const path = join(folder, 'sites.yaml');
  writeFileSync(path, text);
  return path;
}

describe('readBatch', () => {
  it('places paths beside the file, and lets the nearer option win', () => {
    const path = batchFile(
      [
        'out: all',
        'defaults: { season: 06-01..09-30, legend: nine, scenes: shared }',
        'sites:',
        '  - { name: a, aoi: a/pits.geojson }',
        '  - { name: b 2, aoi: /else/b.geojson, legend: five, scenes: [b, https://x.org/items.json], out: own }',
        '  - { name: 3, aoi: c.geojson, on-error: skip }',
      ].join('\n'),
    );
    const folder = join(path, '..');
    const plan = readBatch(path, { workers: '0', onError: 'fail' });
    expect([plan.file, plan.out]).toEqual([path, join(folder, 'all')]);
    expect(plan.sites.map(({ name, out, problem }) => [name, out, problem])).toEqual([
      ['a', join(folder, 'all', 'a'), null],
      ['b 2', join(folder, 'own'), null],
      ['3', join(folder, 'all', '3'), null],
    ]);
    const flags = { workers: '0', onError: 'fail', season: '06-01..09-30' };
    expect(plan.sites[0]!.options).toMatchObject({ ...flags, legend: 'nine', scenes: [join(folder, 'shared')] });
    const scenes = [join(folder, 'b'), 'https://x.org/items.json'];
    expect(plan.sites[1]!.options).toMatchObject({ ...flags, legend: 'five', scenes, aoi: '/else/b.geojson' });
    expect(readBatch(path, { out: '/results' }).sites[0]!.out).toBe('/results/a');
  });

  it.each([
    ['sites: []', /sites/],
    ['sites: [{ aoi: a.geojson }]', /sites\.0\.name/],
    ['sites: [{ name: ../up, aoi: a }]', /sites\.0\.name: expected letters/],
    ['sites: [{ name: a/b, aoi: a }]', /sites\.0\.name/],
    ['sites: [{ name: a }, { name: a }]', /two sites with the name a/],
    ['sites: [{ name: a, out: x }, { name: b, out: x }]', /two sites with the out/],
    ['sights: [{ name: a }]', /sites|sights/],
    ['defaults: { legnd: nine }\nsites: [{ name: a }]', /'legnd' in defaults.*did you mean 'legend'/],
    ['- name: a', /cannot be used/],
    ['{', /Cannot read the batch file/],
  ])('refuses %j', (text, message) => {
    expect(() => readBatch(batchFile(text))).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) }),
    );
  });

  it('keeps the trouble of one site with that site', () => {
    const plan = readBatch(batchFile('sites: [{ name: a, legnd: nine }, { name: b, aoi: b.geojson }]'));
    expect(plan.sites.map(({ problem }) => problem)).toEqual([expect.stringContaining("'legnd' in site a"), null]);
  });
});

describe('a batch', () => {
  let folder = '';
  let file = '';
  const out = (): string => join(folder, 'mine-rs-batch');
  const summary = (): BatchSummary => JSON.parse(readFileSync(join(out(), 'batch.json'), 'utf8')) as BatchSummary;

  beforeAll(async () => {
    folder = newFolder();
    const grid = utmGrid(80, 70);
    writeZones(join(folder, 'good', 'pits.geojson'), grid, [{ id: 'pit', col: 20, row: 15, width: 40, height: 35 }]);
    await writeNoisyStack(join(folder, 'good', 'scenes'), grid, [2001, 2002, 2003, 2004]);
    // Options beside the AOI file count as for a run of the site alone.
    writeFileSync(join(folder, 'good', 'mine-rs.yaml'), 'legend: nine\nmaps: none\n');
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad', 'pits.geojson'), '{');
    file = batchFile(
      'defaults: { workers: 0 }\nsites:\n  - { name: bad, aoi: bad/pits.geojson }\n  - { name: good, aoi: good/pits.geojson }\n',
      folder,
    );
  });

  it('runs every site, whatever becomes of the others, and says how each ended', async () => {
    const said = await callMain(['batch', file]);
    expect(said.code).toBe(3);
    expect(said.stdout).toMatch(/^2 sites: 1 done, 1 failed\n/);
    expect(said.stdout).toMatch(/\nbad: .*pits\.geojson/);
    const { sites, counts, ok, finished } = summary();
    expect([ok, finished === null, counts.done, counts.failed]).toEqual([false, false, 1, 1]);
    expect(sites[0]).toMatchObject({ name: 'bad', status: 'failed', exitCode: 3, scenes: null, mineHa: null });
    expect(sites[1]).toMatchObject({
      status: 'done',
      exitCode: 0,
      message: '',
      scenes: 8,
      firstYear: 2001,
      lastYear: 2004,
    });
    const run = JSON.parse(readFileSync(join(out(), 'good', 'summary.json'), 'utf8'));
    expect(run.trend.legend).toBe('nine');
    expect(sites[1]!.mineHa).toBe(run.zones[0].areaHa);
    expect(sites[1]!.disturbedHa).toBe(run.zones[0].states.at(-1).disturbedHa);
    const rows = readTable(join(out(), 'batch.csv'));
    expect(rows[1]).toMatchObject({ site: 'good', status: 'done', scenes: '8', last_year: '2004' });
    expect(existsSync(join(out(), 'bad'))).toBe(false);
  });

  it('does only what is new the second time, and logs JSON lines that name the site', async () => {
    const said = await callMain(['batch', file, '--json']);
    expect(JSON.parse(said.stdout)).toEqual(summary());
    expect(summary().counts).toMatchObject({ unchanged: 1, failed: 1 });
    const lines = said.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(new Set(lines.map(({ site }) => site))).toEqual(new Set(['bad', 'good']));
    expect(lines.find(({ event }) => event === 'warning')).toMatchObject({ site: 'bad' });
    expect(lines.some(({ message }) => message?.startsWith('Nothing to do'))).toBe(true);
  });

  it('that is stopped says which sites were not run', async () => {
    const controller = new AbortController();
    const progress = { ...SILENT, begin: () => controller.abort() };
    const plan = readBatch(file, { out: join(newFolder(), 'out') });
    const done = await runBatch(
      { ...plan, sites: plan.sites.toReversed() },
      { progressOf: () => progress, signal: controller.signal },
    );
    expect(done.sites.map(({ status }) => status)).toEqual(['not run', 'not run']);
    expect(done.sites[0]!.message).toBe('stopped');
    expect(done.ok).toBe(false);
  });
});

describe('the exit code of a batch', () => {
  const of = (...sites: [SiteStatus, number | null][]) =>
    batchExitCode({
      schemaVersion: BATCH_VERSION,
      sites: sites.map(([status, exitCode]) => ({ status, exitCode })),
    } as BatchSummary);

  it('is that of the worst site', () => {
    expect(of(['done', 0], ['unchanged', 0])).toBe(0);
    expect(of(['done', 0], ['incomplete', 4])).toBe(4);
    expect(of(['incomplete', 4], ['failed', 2], ['done', 0])).toBe(3);
    expect(of(['failed', 3], ['failed', 1])).toBe(1);
  });
});
