/**
 * The built program: the sample, what goes to which stream, exit codes, signals.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { RECOVERY_MAPS } from '../../src/tasks/maps.ts';
import { digestsOf, filesBelow, productsIn, PROGRAM, readTable, resultOf, runCli, startCli } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('program');
const SAMPLE = resolve('sample-data/pits.geojson');
/** What a run with its defaults leaves in its folder. */
const PRODUCTS = ['maps', 'project.qgs', 'quicklook', 'report.html', 'run.json', 'stac', 'summary.json'];
PRODUCTS.push('summary.schema.json', 'tables', 'tables.xlsx', 'zones.geojson', 'zones.gpkg');

describe('the sample', () => {
  let out = '';
  let said = { code: null as number | null, stdout: '', stderr: '' };

  beforeAll(async () => {
    out = join(newFolder(), 'out');
    said = await runCli(['trend', '--aoi', SAMPLE, '--out', out]);
  });

  it('prints the table of hectares on standard output', () => {
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/^24 scenes of 12 years, 2012 to 2024, none of 2016/);
    expect(said.stdout).toMatch(/Land state in 2024, hectares\nZone +role +area +undisturbed/);
    expect(said.stdout).toMatch(/Trend of FVC, 2012 to 2024, hectares/);
    expect(said.stdout).toContain(out);
    // A pipe gets no colours and no lines that are written over.
    // oxlint-disable-next-line no-control-regex
    expect(said.stdout + said.stderr).not.toMatch(/[\u001B\r]/);
  });

  it('says its progress on standard error only', () => {
    for (const stage of ['Finding scenes', 'Annual maps', 'FVC endpoints', 'Trend and states', 'Writing maps']) {
      expect(said.stderr).toContain(`${stage}: done in`);
      expect(said.stdout).not.toContain(`${stage}: done`);
    }
  });

  it('leaves every file that the design names', () => {
    const years = Array.from({ length: 13 }, (_, k) => 2012 + k).filter((year) => year !== 2016);
    const maps = years.flatMap((year) => [`ndvi_${year}`, `clear_${year}`, `fvc_${year}`]);
    maps.push(
      'trend_class',
      'trend_slope',
      'trend_p',
      'trend_z',
      'trend_n',
      'state',
      'disturbed_year',
      'recovered_year',
      ...RECOVERY_MAPS.map(({ key }) => key),
    );
    const tables = ['trend_classes', 'trend_fdr', 'zone_trends', 'fvc_by_year', 'land_state_by_year', 'scenes'];
    tables.push('land_transitions', 'recovery_by_cohort', 'recovery_metrics');
    const files = [
      ...maps.flatMap((name) => [`maps/${name}.tif`, `maps/${name}.qml`]),
      ...tables.map((name) => `tables/${name}.csv`),
      ...['fvc_2024', 'state_2024', 'trend_class'].map((name) => `quicklook/${name}.png`),
      'stac/item.json',
      ...PRODUCTS.filter((name) => name.includes('.')),
    ];
    expect(filesBelow(out)).toEqual(files.sort());
    expect(productsIn(out)).toEqual(PRODUCTS);
  });

  it('closes the budget of every zone', () => {
    const areas = new Map<string, number>();
    for (const row of readTable(join(out, 'tables', 'trend_classes.csv'))) {
      areas.set(row['zone_id']!, (areas.get(row['zone_id']!) ?? 0) + Number(row['hectares']));
    }
    const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as {
      zones: { id: string; areaHa: number }[];
    };
    expect(areas.size).toBe(7);
    // Nine classes of six digits, and the millionth of the budget.
    for (const { id, areaHa } of summary.zones)
      expect(Math.abs(areas.get(id)! - areaHa)).toBeLessThan(1e-6 * areaHa + 5e-6);
  });

  it('is refreshed by the same run, file by file the same', async () => {
    const before = digestsOf(out);
    const again = await runCli(['trend', '--aoi', SAMPLE, '--out', out, '--workers', '1', '--no-cache', '--quiet']);
    expect(again).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(digestsOf(out)).toEqual(before);
    expect(productsIn(out)).toEqual(PRODUCTS);
  });

  it('comes out as JSON that equals summary.json', async () => {
    const place = join(newFolder(), 'out');
    const json = await runCli(['trend', '--aoi', SAMPLE, '--out', place, '--workers', '0', '--maps', 'none', '--json']);
    expect(json.code).toBe(0);
    expect(json.stdout).toBe(readFileSync(join(place, 'summary.json'), 'utf8'));
    const events = json.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    // On a slow machine stages also say how far they are.
    const kinds = new Set(events.map(({ event }) => event).filter((event) => event !== 'progress'));
    expect(kinds).toEqual(new Set(['begin', 'end']));
  });

  it('is only planned by a dry run, which leaves nothing', async () => {
    const place = newFolder();
    const dry = await runCli(['trend', '--aoi', SAMPLE, '--dry-run'], place);
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('24 of 24 scenes, 12 years');
    expect(dry.stdout).toContain('Baseline: mean FVC of the reference zone');
    expect(readdirSync(place)).toEqual([]);
    const json = await runCli(['trend', '--aoi', SAMPLE, '--dry-run', '--json'], place);
    expect((JSON.parse(json.stdout) as { scenes: unknown[] }).scenes).toHaveLength(24);
    expect(readdirSync(place)).toEqual([]);
  });

  it('goes to mine-rs-out where nothing else is said', async () => {
    const place = newFolder();
    const { code } = await runCli(['trend', '--aoi', SAMPLE, '--maps', 'none', '--quiet'], place);
    expect([code, readdirSync(place)]).toEqual([0, ['mine-rs-out']]);
  });
});

describe('a pipe that its reader has closed', () => {
  it('is no failure', () => {
    const shell = `"${process.execPath}" dist/src/cli.js trend --help | true`;
    const { status, stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('does not end a run', () => {
    const out = join(newFolder(), 'out');
    const shell = `"${process.execPath}" dist/src/cli.js trend --aoi "${SAMPLE}" --out "${out}" --maps none 2>/dev/null | true`;
    spawnSync('sh', ['-c', shell]);
    // The shell waits for the whole pipeline.
    expect(existsSync(join(out, 'run.json'))).toBe(true);
  });
});

describe('mine-rs.yaml', () => {
  it('beside the AOI gives the options, and flags win', async () => {
    const place = newFolder();
    const grid = utmGrid(24, 18);
    const aoi = writeZones(join(place, 'pits.geojson'), grid, [{ id: 'a', col: 4, row: 4, width: 12, height: 8 }]);
    await writeNoisyStack(join(place, 'landsat'), grid, [2001, 2002, 2003, 2004, 2005]);
    const config =
      'scenes: landsat\nout: result\nmaps: none\nfvc: 0.1,0.8\nlegend: five\nworkers: 0\nseason: 06-01..07-31\n';
    writeFileSync(join(place, 'mine-rs.yaml'), config);
    const elsewhere = newFolder();
    const { code } = await runCli(['trend', '--aoi', aoi, '--legend', 'nine', '--quiet'], elsewhere);
    expect(code).toBe(0);
    expect(readdirSync(elsewhere)).toEqual([]);
    const summary = JSON.parse(readFileSync(join(place, 'result', 'summary.json'), 'utf8'));
    expect(summary).toMatchObject({ trend: { legend: 'nine' }, fvc: { endpoints: { soil: 0.1, vegetation: 0.8 } } });
    expect(summary.scenes.filter((scene: { used: boolean }) => scene.used)).toHaveLength(5);
    // Named explicitly, from another place, with the AOI in it.
    writeFileSync(join(place, 'mine-rs.yaml'), `aoi: pits.geojson\n${config}`);
    const named = await runCli(
      ['trend', '--config', join(place, 'mine-rs.yaml'), '--legend', 'nine', '--json'],
      elsewhere,
    );
    expect([named.code, named.stderr.includes('mine-rs:')]).toEqual([0, false]);
  });
});

describe('streams that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('are said where they hold the result, and do no harm where they do not', () => {
    const info = (stdout: number | 'pipe', stderr: number | 'pipe') => {
      const file = resolve(
        'sample-data/scenes',
        readdirSync('sample-data/scenes', { recursive: true, encoding: 'utf8' }).find((name) =>
          name.endsWith('_SR_B4.TIF'),
        )!,
      );
      return spawnSync(process.execPath, [PROGRAM, 'info', file], {
        encoding: 'utf8',
        stdio: ['ignore', stdout, stderr],
      });
    };
    const full = openSync('/dev/full', 'w');
    try {
      const unsaid = info(full, 'pipe');
      expect([unsaid.status, unsaid.stderr]).toEqual([
        3,
        expect.stringMatching(/^mine-rs: Cannot write to standard output: ENOSPC[^\n]*\n$/),
      ]);
      const heard = info('pipe', full);
      expect([heard.status, heard.stdout]).toEqual([0, expect.stringContaining('EPSG')]);
    } finally {
      closeSync(full);
    }
  });
});

describe('signals', () => {
  const grid = utmGrid(700, 600);
  let place = '';
  let args: string[] = [];

  beforeAll(async () => {
    place = newFolder();
    const aoi = writeZones(join(place, 'pits.geojson'), grid, [{ id: 'a', col: 50, row: 50, width: 600, height: 500 }]);
    await writeNoisyStack(join(place, 'scenes'), grid, [2001, 2002, 2003, 2004]);
    args = ['trend', '--aoi', aoi, '--out', join(place, 'out')];
  });

  it.each([
    ['SIGINT', '2', 130],
    ['SIGINT', '0', 130],
    ['SIGTERM', '1', 143],
  ] as const)(
    '%s in the middle of a run with %s workers ends it with %i and leaves nothing',
    async (signal, workers, code) => {
      const child = startCli([...args, '--workers', workers]);
      let stopped = false;
      child.stderr!.on('data', () => {
        if (!stopped) child.kill(signal);
        stopped = true;
      });
      const result = await resultOf(child);
      expect(result.stderr).toContain('Finding scenes: done');
      expect(result.stderr).toContain('Interrupted: nothing was written');
      expect(result.stderr).not.toContain('Writing maps: done');
      expect([result.code, result.stdout]).toEqual([code, '']);
      expect(existsSync(join(place, 'out'))).toBe(false);
    },
  );

  it('counts as one when a wrapper passes it on a second time', async () => {
    const child = startCli([...args, '--workers', '2']);
    child.stderr!.once('data', () => {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 5);
    });
    const result = await resultOf(child);
    expect(result.stderr).toContain('Interrupted: nothing was written');
    expect(result.code).toBe(130);
    expect(existsSync(join(place, 'out'))).toBe(false);
  });

  it('leaves a folder with an earlier run as it was', async () => {
    const out = join(place, 'out');
    mkdirSync(out);
    const quick = ['--workers', '2', '--maps', 'none', '--quiet'];
    expect((await runCli([...args, ...quick])).code).toBe(0);
    const before = digestsOf(out);
    const child = startCli([...args, '--workers', '2', '--maps', 'none', '--no-cache']);
    child.stderr!.once('data', () => child.kill('SIGINT'));
    expect((await resultOf(child)).code).toBe(130);
    expect(digestsOf(out)).toEqual(before);
    expect(productsIn(out)).toEqual(PRODUCTS.filter((name) => name !== 'quicklook'));
  });
});
