import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { readAoi, type AoiOptions } from '../../src/vector/aoi.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mine-rs-aoi-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(content: unknown, name = 'aoi.geojson'): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  );
  return path;
}

async function failure(content: unknown, options: AoiOptions = {}, name = 'aoi.geojson'): Promise<MineRsError> {
  const path = await file(content, name);
  const error = await readAoi(path, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MineRsError);
  expect((error as MineRsError).message).toContain(path);
  return error as MineRsError;
}

const ring = (x: number, y: number, size = 0.01) => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];
const square = (x: number, y: number, properties: object = {}, rest: object = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Polygon', coordinates: [ring(x, y)] },
  ...rest,
});
const collection = (...features: object[]) => ({ type: 'FeatureCollection', features });

describe('readAoi, GeoJSON', () => {
  it('reads zones with id, name and role, and the digest of the file', async () => {
    const content = JSON.stringify(
      collection(
        square(99, 38, { id: 'pit-4', name: 'Pit 4', role: 'Mine', since: 2009 }),
        square(99.1, 38, { id: 7, role: 'reference' }),
        square(99.2, 38, { id: 'dump', role: 'spoil heap' }),
      ),
    );
    const aoi = await readAoi(await file(content));
    expect(aoi.zones.map(({ id, name, role }) => [id, name, role])).toEqual([
      ['pit-4', 'Pit 4', 'mine'],
      ['7', '7', 'reference'],
      ['dump', 'dump', 'spoil heap'],
    ]);
    expect(aoi.zones[0]!.properties['since']).toBe(2009);
    expect(aoi.zones[0]!.crs.epsg).toBe(4326);
    expect(aoi.zones[0]!.polygons).toEqual([[ring(99, 38)]]);
    expect(aoi.warnings).toEqual([]);
    expect(aoi.bytes).toBe(content.length);
    expect(aoi.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('takes the feature id, then the number, and the role mine, where attributes are missing', async () => {
    const aoi = await readAoi(await file(collection(square(99, 38, {}, { id: 'f1' }), square(99.1, 38, { id: '  ' }))));
    expect(aoi.zones.map(({ id, role }) => [id, role])).toEqual([
      ['f1', 'mine'],
      ['2', 'mine'],
    ]);
    expect(aoi.warnings).toEqual(['feature 2 without an id; numbered by place in the file']);
  });

  it('reads other fields by name, and in other capitals', async () => {
    const path = await file(collection(square(99, 38, { ID: 'a', label: 'A', Kind: 'impact' })));
    const aoi = await readAoi(path, { nameField: 'label', roleField: 'kind' });
    expect(aoi.zones.map(({ id, name, role }) => [id, name, role])).toEqual([['a', 'A', 'impact']]);
    const error = await failure(collection(square(99, 38, { kind: 'impact' })), { roleField: 'rolle' });
    expect(error.code).toBe('USAGE');
    expect(error.message).toMatch(/no feature has the field 'rolle'. Its fields: kind/);
  });

  it.each([
    ['a Feature', square(99, 38)],
    ['a geometry', { type: 'Polygon', coordinates: [ring(99, 38)] }],
    ['a multipolygon', { type: 'MultiPolygon', coordinates: [[ring(99, 38)]] }],
    [
      'a collection of geometries',
      { type: 'GeometryCollection', geometries: [{ type: 'Polygon', coordinates: [ring(99, 38)] }] },
    ],
    ['an unclosed ring', { type: 'Polygon', coordinates: [ring(99, 38).slice(0, 4)] }],
    ['doubled points', { type: 'Polygon', coordinates: [[ring(99, 38)[0], ...ring(99, 38)]] }],
    ['heights', { type: 'Polygon', coordinates: [ring(99, 38).map(([x, y]) => [x, y, 3500])] }],
    ['a byte order mark', `\uFEFF${JSON.stringify(square(99, 38))}`],
  ])('reads %s', async (_name, content) => {
    const aoi = await readAoi(await file(content));
    expect(aoi.zones.map((zone) => zone.polygons)).toEqual([[[ring(99, 38)]]]);
  });

  it('leaves features without polygons out, and says so', async () => {
    const path = { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: ring(1, 1) } };
    const nothing = { type: 'Feature', properties: null, geometry: null };
    const aoi = await readAoi(await file(collection(path, square(99, 38, { id: 'a' }), nothing)));
    expect(aoi.zones.map((zone) => zone.id)).toEqual(['a']);
    expect(aoi.warnings).toEqual(['features 1, 3 left out, as without polygons (LineString, no geometry)']);
  });

  it.each([
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 4326],
    ['urn:ogc:def:crs:OGC::CRS84', 4326],
    ['EPSG:4326', 4326],
    ['urn:ogc:def:crs:EPSG::32647', 32647],
    ['urn:ogc:def:crs:EPSG:6.9:32647', 32647],
    ['epsg:32647', 32647],
    ['http://www.opengis.net/def/crs/EPSG/0/32647', 32647],
    ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', 4326],
  ])('reads the crs member %s', async (name, epsg) => {
    const feature =
      epsg === 4326
        ? square(99, 38)
        : { ...square(0, 0), geometry: { type: 'Polygon', coordinates: [ring(540_000, 4_210_000, 900)] } };
    const aoi = await readAoi(await file({ ...collection(feature), crs: { type: 'name', properties: { name } } }));
    expect(aoi.zones[0]!.crs.epsg).toBe(epsg);
  });

  it('warns of an outline that crosses itself, and where', async () => {
    const bow = {
      type: 'Polygon',
      coordinates: [
        [
          [99, 38],
          [99.02, 38.02],
          [99.02, 38],
          [99, 38.02],
          [99, 38],
        ],
      ],
    };
    const { warnings } = await readAoi(await file({ type: 'Feature', id: 'bow', properties: {}, geometry: bow }));
    expect(warnings[0]).toMatch(
      /^zone 'bow': its outline crosses itself at \(99.0\d+, 38.01\d*\); its area is not reliable/,
    );
  });

  it.each([
    ['nothing', '', /the file is empty/],
    ['text', 'pits', /not JSON/],
    ['half a file', JSON.stringify(square(99, 38)).slice(0, 60), /not JSON .* Is the file complete/],
    ['other JSON', { pits: 3 }, /not GeoJSON: it has no "type"/],
    ['an unknown type', { type: 'Topology' }, /not a type of GeoJSON/],
    ['no features', { type: 'FeatureCollection' }, /no array "features"/],
    ['an empty collection', collection(), /has no polygon features/],
    ['points only', { type: 'Point', coordinates: [99, 38] }, /has no polygon features/],
    [
      'a ring of two points',
      {
        type: 'Polygon',
        coordinates: [
          [
            [99, 38],
            [99.1, 38],
            [99, 38],
          ],
        ],
      },
      /has no polygon features/,
    ],
    ['flat coordinates', { type: 'Polygon', coordinates: [99, 38] }, /not nested as GeoJSON asks for/],
    [
      'a text in a coordinate',
      {
        type: 'Polygon',
        coordinates: [
          [
            ['99', 38],
            [99, 39],
            [98, 38],
          ],
        ],
      },
      /feature 1 has a coordinate that is not a finite number/,
    ],
    [
      'two equal ids',
      collection(square(99, 38, { id: 1 }), square(98, 38, { id: '1' })),
      /features 1 and 2 have the same id '1'/,
    ],
    [
      'metres without a CRS',
      { type: 'Polygon', coordinates: [ring(540_000, 4_210_000, 900)] },
      /looks projected and lacks a CRS/,
    ],
    [
      'an unknown CRS',
      { ...square(99, 38), crs: { type: 'name', properties: { name: 'EPSG:4284' } } },
      /unknown CRS "EPSG:4284"/,
    ],
    ['a linked CRS', { ...square(99, 38), crs: { type: 'link', properties: { href: 'x' } } }, /unknown CRS/],
    ['bytes that are no text', new Uint8Array([1, 2, 0, 3]), /not a vector file that can be read/],
  ])('refuses %s', async (_name, content, message) => {
    const error = await failure(content);
    expect(error.code).toBe('BAD_INPUT');
    expect(error.message).toMatch(message);
  });

  it('refuses cut-off files by their format, missing files and folders', async () => {
    expect((await failure('', {}, 'pits.shp')).message).toMatch(/not readable as a Shapefile: it has no header/);
    expect((await failure('', {}, 'pits.fgb')).message).toMatch(/not readable as FlatGeobuf/);
    expect((await failure('', {}, 'pits.dbf')).message).toMatch(/is a part of a Shapefile: name its .shp file/);
    expect((await failure('', { layer: 'a' })).message).toMatch(/has no layers, so none called 'a'/);
    for (const [name, text] of [
      ['pits.csv', 'id,name\n1,a\n'],
      ['pits.tab', '!table\n'],
    ] as const) {
      expect((await failure(text, {}, name)).message).toMatch(/not a vector file that can be read.*ogr2ogr/);
    }
    await expect(readAoi(join(folder, 'none.geojson'))).rejects.toThrow(/the AOI file does not exist/);
    await expect(readAoi(folder)).rejects.toThrow(/is not a file/);
  });
});

const data = `${process.env['MINE_RS_SHARED'] ?? '../shared'}/data`;

describe('readAoi, other programs’ GeoJSON', () => {
  it.skipIf(!existsSync(`${data}/vector-geoblaze`))('reads holes (real data)', async () => {
    const { zones } = await readAoi(`${data}/vector-geoblaze/holes/hole.geojson`);
    expect(zones[0]!.polygons.map((rings) => rings.length)).toEqual([2]);
  });

  it.skipIf(!existsSync(`${data}/vector-antimeridian`))(
    'reads what was split there, and says that it spans the globe (real data)',
    async () => {
      const { zones, warnings } = await readAoi(`${data}/vector-antimeridian/output/flat/split.json`);
      expect(zones[0]!.polygons.length).toBe(2);
      expect(warnings.at(-1)).toMatch(/on both sides of the antimeridian/);
    },
  );
});
