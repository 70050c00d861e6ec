/**
 * What a run leaves for other programs, beside the files that the tests of the report look into.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Grid } from '../../src/geo/grid.ts';
import { readBatch } from '../../src/pipeline/batch-file.ts';
import { runBatch } from '../../src/pipeline/batch.ts';
import type { OptionsInput } from '../../src/pipeline/options.ts';
import { runTrend } from '../../src/pipeline/trend.ts';
import { zoneStyleFile } from '../../src/report/styles/zone-style.ts';
import { summaryJsonSchema } from '../report/summary-schema.ts';
import { digestsOf, filesBelow } from '../helpers/cli.ts';
import { COLLECTION_RULES, ITEM_RULES } from '../helpers/stac-rules.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('extras');
const YEARS = [2001, 2002, 2003, 2004, 2005];
const ZONES = [
  { id: 'pit', name: 'Pit', role: 'mine', col: 8, row: 8, width: 20, height: 16 },
  { id: 'meadow', name: 'Meadow', role: 'reference', col: 30, row: 2, width: 6, height: 20 },
];

interface Asset {
  href: string;
  type: string;
  roles: string[];
  title: string;
  nodata?: number | string;
  'file:size'?: number;
  'file:checksum'?: string;
  'classification:classes'?: { value: number; name: string }[];
  bands?: { name: string }[];
}

interface Item {
  id: string;
  bbox: [number, number, number, number];
  geometry: { type: string; coordinates: number[][][] | number[][][][] };
  properties: Record<string, unknown>;
  assets: Record<string, Asset>;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const readItem = (path: string) => readJson(path) as Item;

async function writeSite(folder: string, grid: Grid = utmGrid(40, 30)): Promise<void> {
  writeZones(join(folder, 'pits.geojson'), grid, ZONES);
  await writeNoisyStack(join(folder, 'scenes'), grid, YEARS);
}

const run = (folder: string, out: string, options: Partial<OptionsInput> = {}) =>
  runTrend({ aoi: join(folder, 'pits.geojson'), out: join(folder, out), workers: 0, ...options });

/** What a JSON Schema finds wrong. */
function problemsOf(object: unknown, rules: object): unknown[] {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(rules);
  validate(object);
  return validate.errors ?? [];
}

let folder = '';
let item: Item;

beforeAll(async () => {
  folder = newFolder();
  await writeSite(folder);
  await run(folder, 'out');
  item = readItem(join(folder, 'out', 'stac', 'item.json'));
});

describe('a STAC Item of a run', () => {
  it('keeps the rules of STAC and of its extensions', () => {
    expect(problemsOf(item, ITEM_RULES)).toEqual([]);
    expect(problemsOf({ ...item, collection: 'x' }, ITEM_RULES)).not.toEqual([]);
  });

  it('names every file of the run with its size and digest, but those that change later', () => {
    const files = filesBelow(join(folder, 'out')).filter((name) => !/\.qml$|^stac\//.test(name));
    expect(Object.values(item.assets).map(({ href }) => href.slice(3))).toEqual(expect.arrayContaining(files));
    expect(Object.keys(item.assets)).toHaveLength(files.length);
    const changing = /(run\.json|report\.html|zones\.gpkg|tables\.xlsx)$/;
    for (const { href, ...asset } of Object.values(item.assets)) {
      const path = join(folder, 'out', 'stac', href);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      const expected = changing.test(href) ? [undefined, undefined] : [statSync(path).size, `1220${digest}`];
      expect([href, asset['file:size'], asset['file:checksum']]).toEqual([href, ...expected]);
    }
  });

  it('says what the maps hold', () => {
    const { assets, properties } = item;
    expect(assets['maps-trend_class']).toMatchObject({ data_type: 'uint8', nodata: 255, roles: ['data'] });
    expect(assets['maps-fvc_2003']).toMatchObject({ data_type: 'float32', nodata: 'nan', title: 'FVC 2003' });
    expect(assets['maps-clear_2003']!.nodata).toBeUndefined();
    expect(assets['maps-state']!.bands!.map(({ name }) => name)).toEqual(YEARS.map((year) => `state ${year}`));
    const classes = assets['maps-state']!['classification:classes']!;
    expect(classes.map(({ value, name }) => `${value} ${name}`)).toEqual([
      '0 not_assessable',
      '1 undisturbed',
      '2 disturbed',
      '3 recovering',
      '4 recovered',
      '255 no_data',
    ]);
    expect(properties).toMatchObject({
      start_datetime: '2001-07-15T00:00:00Z',
      end_datetime: '2005-08-16T23:59:59Z',
      gsd: 30,
      'proj:code': 'EPSG:32647',
      'proj:shape': [22, 28],
      'processing:software': { 'mine-rs': expect.any(String) as string },
    });
    expect(properties['processing:lineage']).toMatch(/^10 scenes of 5 years \(LC08\); annual max of NDVI; FVC/);
  });

  it('lies where the grid lies', () => {
    const [west, south, east, north] = item.bbox;
    // The corner of the grid: 540,000 m east of zone 47, 4,216,000 m north.
    expect(west).toBeGreaterThan(99.45);
    expect(east).toBeLessThan(99.48);
    expect(south).toBeGreaterThan(38.07);
    expect(north).toBeLessThan(38.1);
    const ring = item.geometry.coordinates[0] as number[][];
    expect(ring[0]).toEqual(ring.at(-1));
    // Counter-clockwise, as RFC 7946 asks.
    const area = ring.slice(1).reduce((sum, [x, y], k) => sum + ring[k]![0]! * y! - x! * ring[k]![1]!, 0);
    expect(area).toBeGreaterThan(0);
  });

  it('keeps its id where the same files lie elsewhere, and has another one with other options', async () => {
    const elsewhere = newFolder();
    await writeSite(elsewhere);
    await run(elsewhere, 'b');
    await run(elsewhere, 'other', { legend: 'nine' });
    expect(item.id).toMatch(/^pits-2001-2005-[0-9a-f]{8}$/);
    expect(readItem(join(elsewhere, 'b', 'stac', 'item.json')).id).toBe(item.id);
    expect(readItem(join(elsewhere, 'other', 'stac', 'item.json')).id).not.toBe(item.id);
  });

  it('is cut at the antimeridian', async () => {
    const there = newFolder();
    // The antimeridian lies 833,978.6 m east in zone 60 at the equator.
    const grid = utmGrid(40, 30, { epsg: 32660, x: 833_400, y: 30_000 });
    await writeSite(there, grid);
    await run(there, 'out', { extent: 'scene' });
    const found = readItem(join(there, 'out', 'stac', 'item.json'));
    expect(problemsOf(found, ITEM_RULES)).toEqual([]);
    expect(found.geometry.type).toBe('MultiPolygon');
    const [west, , east] = found.bbox;
    expect([west > 179.9, east < -179.9]).toEqual([true, true]);
  });
});

describe('a STAC Collection of a batch', () => {
  it('leads to the Items of its sites', async () => {
    const place = newFolder();
    await writeSite(join(place, 'north'));
    await writeSite(join(place, 'south'), utmGrid(40, 30, { x: 560_000 }));
    const file = join(place, 'my sites.yaml');
    const site = (name: string) => `  - { name: ${name} pit, aoi: ${name}/pits.geojson }`;
    const gone = '  - { name: gone, aoi: gone.geojson }';
    writeFileSync(file, ['out: results', 'sites:', site('north'), site('south'), gone].join('\n'));
    await runBatch(readBatch(file, { workers: '0' }));
    const results = join(place, 'results');
    const collection = readJson(join(results, 'collection.json')) as {
      id: string;
      links: { href: string; rel: string }[];
      extent: { spatial: { bbox: Item['bbox'][] } };
    };
    expect(problemsOf(collection, COLLECTION_RULES)).toEqual([]);
    expect(collection.id).toBe('mine-rs-my-sites');
    expect(collection.links.map(({ rel, href }) => [rel, href])).toEqual([
      ['item', 'north%20pit/stac/item.json'],
      ['item', 'south%20pit/stac/item.json'],
    ]);
    const items = collection.links.map(({ href }) => readItem(join(results, decodeURIComponent(href))));
    const { bbox } = collection.extent.spatial;
    expect(bbox.slice(1)).toEqual(items.map((found) => found.bbox));
    expect(bbox[0]![0]).toBe(Math.min(...items.map((found) => found.bbox[0])));
    expect(bbox[0]![2]).toBe(Math.max(...items.map((found) => found.bbox[2])));
  });

  it('has the box of one site once', async () => {
    const place = newFolder();
    await writeSite(join(place, 'north'));
    const file = join(place, 'sites.yaml');
    writeFileSync(file, ['out: results', 'sites:', '  - { name: north, aoi: north/pits.geojson }'].join('\n'));
    await runBatch(readBatch(file, { workers: '0' }));
    const collection = readJson(join(place, 'results', 'collection.json')) as {
      extent: { spatial: { bbox: Item['bbox'][] } };
    };
    expect(problemsOf(collection, COLLECTION_RULES)).toEqual([]);
    const { bbox } = readItem(join(place, 'results', 'north', 'stac', 'item.json'));
    expect(collection.extent.spatial.bbox).toEqual([bbox]);
  });
});

describe('the GeoPackage', () => {
  it('has a style for its zones, which QGIS takes by itself', async () => {
    const sqlite = await initSqlJs();
    const database = new sqlite.Database(readFileSync(join(folder, 'out', 'zones.gpkg')));
    const [styles] = database.exec('SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles');
    const [contents] = database.exec("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'");
    database.close();
    expect(styles!.values).toEqual([['zones', 'geom', 1, zoneStyleFile()]]);
    expect(contents!.values).toEqual([['attributes']]);
  });
});

describe('files for other programs', () => {
  it('are byte for byte the same in another run, whatever the number of workers', async () => {
    await run(folder, 'again', { cache: false });
    expect(digestsOf(join(folder, 'again'))).toEqual(digestsOf(join(folder, 'out')));
  });

  it('are left out with extras: false, in the same folder too', async () => {
    await run(folder, 'plain');
    expect(existsSync(join(folder, 'plain', 'tables.xlsx'))).toBe(true);
    await run(folder, 'plain', { extras: false });
    expect(
      readdirSync(join(folder, 'plain'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['maps', 'report.html', 'run.json', 'summary.json', 'tables', 'zones.geojson', 'zones.gpkg']);
    expect(readdirSync(join(folder, 'plain', 'maps')).some((name) => name.endsWith('.qml'))).toBe(false);
    // And come back.
    await run(folder, 'plain');
    expect(digestsOf(join(folder, 'plain'))).toEqual(digestsOf(join(folder, 'out')));
  });

  it('are those of the maps that are there', async () => {
    await run(folder, 'none', { maps: 'none', report: false });
    const files = filesBelow(join(folder, 'none'));
    expect(files.filter((name) => /^(maps|quicklook)/.test(name))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['project.qgs', 'stac/item.json', 'tables.xlsx']));
    expect(problemsOf(readJson(join(folder, 'none', 'stac', 'item.json')), ITEM_RULES)).toEqual([]);
    await run(folder, 'index', { fvc: 'none' });
    expect(filesBelow(join(folder, 'index', 'quicklook'))).toEqual(['ndvi_2005.png', 'trend_class.png']);
    expect(problemsOf(readJson(join(folder, 'index', 'stac', 'item.json')), ITEM_RULES)).toEqual([]);
    expect(problemsOf(readJson(join(folder, 'index', 'summary.json')), summaryJsonSchema())).toEqual([]);
  });
});

describe('the schema of summary.json', () => {
  it('is published as it is written', async () => {
    await expect(`${JSON.stringify(summaryJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../docs/summary.schema.json',
    );
  });

  it.each([
    ['a field that is missing', (s: Record<string, unknown>) => delete s['zones']],
    ['text for a number', (s: Record<string, unknown>) => (s['years'] = ['2001'])],
    ['the next version', (s: Record<string, unknown>) => (s['schemaVersion'] = '2.0')],
  ])('refuses %s', (_, change) => {
    const summary = readJson(join(folder, 'out', 'summary.json')) as Record<string, unknown>;
    expect(problemsOf(summary, summaryJsonSchema())).toEqual([]);
    change(summary);
    expect(problemsOf(summary, summaryJsonSchema())).not.toEqual([]);
  });

  it('takes fields of later versions', () => {
    const summary = readJson(join(folder, 'out', 'summary.json')) as Record<string, unknown>;
    expect(problemsOf({ ...summary, schemaVersion: '1.99', tomorrow: 1 }, summaryJsonSchema())).toEqual([]);
  });
});
