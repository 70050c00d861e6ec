/**
 * Runs with zones in other formats and in several files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/pipeline/config.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('aoi-files');
const GRID = utmGrid(30, 20);
const PIT = { id: 'pit', col: 3, row: 3, width: 8, height: 8 };
const MEADOW = { id: 'meadow', col: 18, row: 3, width: 8, height: 8 };

describe('a run', () => {
  let folder = '';
  beforeAll(async () => {
    folder = newFolder();
    await writeNoisyStack(join(folder, 'scenes'), GRID, [2018, 2019, 2020, 2021, 2022]);
  });

  it('with a file for each role finds what it finds with one file, and records all files', async () => {
    const one = writeZones(join(folder, 'one.geojson'), GRID, [
      { ...PIT, role: 'mine' },
      { ...MEADOW, role: 'reference' },
    ]);
    const mines = writeZones(join(folder, 'mines.geojson'), GRID, [PIT]);
    const reference = writeZones(join(folder, 'reference.geojson'), GRID, [MEADOW]);
    const common = { workers: 0, quiet: true, maps: 'none', report: false } as const;
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    const whole = await runTrend({ ...common, aoi: one, out: a });
    const parts = await runTrend({ ...common, aoi: mines, reference: [reference], out: b });
    expect(parts.summary!.zones).toEqual(whole.summary!.zones);
    const record = JSON.parse(readFileSync(join(b, 'run.json'), 'utf8')) as {
      aoi: { path: string; files: { path: string; sha256: string }[] };
      identity: { reference: string[] };
    };
    expect(record.aoi.files.map(({ path }) => path)).toEqual([mines, reference]);
    expect(record.aoi.files.every(({ sha256 }) => /^[\da-f]{64}$/.test(sha256))).toBe(true);
    expect(record.identity.reference).toEqual([reference]);
  });

  it('takes zones as WKT in their own CRS', async () => {
    const aoi = join(folder, 'pit.wkt');
    writeFileSync(
      aoi,
      'SRID=32647;POLYGON ((540090 4215910, 540330 4215910, 540330 4215670, 540090 4215670, 540090 4215910))',
    );
    const { plan } = await runTrend({ workers: 0, aoi, out: join(folder, 'c'), dryRun: true, quiet: true });
    expect(plan.zones.map(({ id }: { id: string }) => id)).toEqual(['1']);
  });

  it('finds the files of mine-rs.yaml beside it', () => {
    writeFileSync(join(folder, 'mine-rs.yaml'), 'impact: near.shp\nreference: [a.gpkg, b.kml]\n');
    expect(readConfig(join(folder, 'mine-rs.yaml'), undefined)).toEqual({
      impact: [join(folder, 'near.shp')],
      reference: [join(folder, 'a.gpkg'), join(folder, 'b.kml')],
    });
  });
});
