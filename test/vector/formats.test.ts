/**
 * Files of other programs, and files that are damaged on purpose.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { readAoi } from '../../src/vector/aoi.ts';
import { readDbf } from '../../src/vector/formats/dbf.ts';
import { readFlatGeobuf } from '../../src/vector/formats/flatgeobuf.ts';
import { readShapefile, readShapes } from '../../src/vector/formats/shapefile.ts';
import { readXml } from '../../src/vector/formats/xml.ts';
import { readZip } from '../../src/vector/formats/zip.ts';
import { readGeoPackageBlob } from '../../src/vector/formats/wkb.ts';
import { planarMeasures, type Ring } from '../../src/vector/polygons.ts';
import { nestRings } from '../../src/vector/ring-nesting.ts';
import { polygonBlob } from './geopackage-fixture.ts';

interface Case {
  files: Record<string, string>;
  features: { rings: number[]; area: number }[];
}
const oracle = JSON.parse(readFileSync(new URL('../oracle/aoi-formats.json', import.meta.url), 'utf8')) as {
  cases: Record<string, Case>;
};
/** The same coordinates, added in another order. */
const AREA = 1e-9;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mine-rs-formats-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function bytesOf(name: string, extension: string): Uint8Array {
  return new Uint8Array(Buffer.from(oracle.cases[name]!.files[extension]!, 'base64'));
}

/** Writes the files of a case but for some; returns the path of the first. */
async function written(name: string, without: readonly string[] = []): Promise<string> {
  const where = await mkdtemp(join(folder, 'case-'));
  for (const [extension, text] of Object.entries(oracle.cases[name]!.files)) {
    if (!without.includes(extension)) await writeFile(join(where, `zones${extension}`), Buffer.from(text, 'base64'));
  }
  return join(where, `zones${Object.keys(oracle.cases[name]!.files)[0]}`);
}

async function text(content: string, name = 'zones.wkt'): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'text-')), name);
  await writeFile(path, content);
  return path;
}

describe('files that GDAL wrote', () => {
  it.each(Object.entries(oracle.cases))('%s: polygons, holes, areas and attributes', async (name, { features }) => {
    const { zones } = await readAoi(await written(name));
    // An indexed FlatGeobuf is in the order of its index.
    const byArea = <T extends { area: number }>(list: T[]) => list.toSorted((a, b) => a.area - b.area);
    const found = byArea(
      zones.map((zone) => ({
        rings: zone.polygons.map((polygon) => polygon.length),
        area: planarMeasures(zone.polygons).area,
        zone,
      })),
    );
    const expected = byArea(features);
    expect(found.map(({ rings }) => rings)).toEqual(expected.map(({ rings }) => rings));
    for (const [k, { area }] of expected.entries()) expect(Math.abs(found[k]!.area / area - 1)).toBeLessThan(AREA);
    const pit = zones.find((zone) => zone.id === 'pit-1')!;
    expect([pit.name, pit.role]).toEqual(['Открытый 矿坑', 'mine']);
    expect(Number(pit.properties['year'])).toBe(2009);
    expect(Number(pit.properties['depth'])).toBe(12.5);
    expect(pit.crs.epsg).toBe(/kml|kmz|geojson/.test(name) ? 4326 : 32647);
    expect(zones.find((zone) => zone.id === 'ring')!.role).toBe('impact');
  });

  it('finds a Shapefile’s parts, lists them, and takes them into its digest', async () => {
    const path = await written('shapefile-plain');
    const aoi = await readAoi(path);
    expect(aoi.files.map((file) => file.path.slice(-4))).toEqual(['.shp', '.shx', '.dbf', '.prj', '.cpg']);
    expect(aoi.bytes).toBe(aoi.files.reduce((sum, file) => sum + file.bytes, 0));
    const without = await readAoi(await written('shapefile-plain', ['.cpg', '.shx']));
    expect(without.zones).toEqual(aoi.zones);
    expect(without.sha256).not.toBe(aoi.sha256);
  });

  it('refuses a Shapefile without a CRS, or of an unknown one by its name', async () => {
    await expect(readAoi(await written('shapefile-plain', ['.prj']))).rejects.toThrow(
      /there is no .prj file beside it/,
    );
    const path = await written('shapefile-plain');
    const prj =
      'GEOGCS["GCS_Pulkovo_1942",DATUM["D_Pulkovo_1942",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]';
    await writeFile(path.replace('.shp', '.prj'), prj);
    await expect(readAoi(path)).rejects.toThrow(
      /its CRS 'GCS_Pulkovo_1942' .* lies on the datum D_Pulkovo_1942, which is not known/,
    );
  });

  it('numbers zones of a Shapefile without attributes', async () => {
    const aoi = await readAoi(await written('shapefile-plain', ['.dbf']));
    expect(aoi.zones.map((zone) => zone.id)).toEqual(['1', '2', '3']);
    expect(aoi.warnings[0]).toMatch(/no .dbf file beside it/);
  });

  it('reads a layer named as QGIS does, and says so where there is none', async () => {
    const path = await written('zip');
    expect((await readAoi(`${path}|layername=zones`)).zones.length).toBe(3);
    await expect(readAoi(path, { layer: 'dumps' })).rejects.toThrow(
      /has no layer 'dumps'. Its files: inner\/zones.shp/,
    );
  });
});

const data = `${process.env['MINE_RS_SHARED'] ?? '../shared'}/data/vector-gdal-ogr/shp`;

describe.skipIf(!existsSync(data))('Shapefiles of GDAL’s own tests (real data)', () => {
  // Rings of each polygon by OGR of GDAL 3.6.2, but for the first two: OGR takes a ring in another for a second outline
  // where it runs like one, and one beside another for a hole where it runs like that.
  it.each([
    ['gjmultipoly', [[1, 2]]],
    [
      'multipolygon_as_invalid_polygon',
      [
        [1, 1],
        [1, 1],
      ],
    ],
    ['gjpoly', [[1]]],
    ['polygonm_with_m', [[1], [2]]],
    ['polygonm_without_m', [[1], [2]]],
    ['slightly_overlapping_polygons', [[1, 1, 1]]],
    ['emptymultipoly', [[]]],
    ['CoHI_GCS12', [[1], [1], [1, 1, 1], [1, 1, 1, 1]]],
  ])('%s', (name, expected) => {
    const shx = readFileSync(`${data}/${name}.shx`);
    const { shapes } = readShapes(name, readFileSync(`${data}/${name}.shp`), shx);
    expect(shapes.map(({ polygons }) => polygons.map((polygon) => polygon.length))).toEqual(expected);
  });

  it('reads or refuses every one of them in plain words', async () => {
    const names = readdirSync(data).filter((name) => name.endsWith('.shp'));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const thrown = await readAoi(join(data, name)).then(
        () => null,
        (error: unknown) => error,
      );
      expect(thrown === null || thrown instanceof MineRsError).toBe(true);
    }
  });
});

describe('WKT', () => {
  it('reads geometries with their SRID, Z and M dropped, one after the other', async () => {
    const aoi = await readAoi(
      await text(`SRID=32647;POLYGON Z ((0 0 1, 10 0 1, 10 10 1, 0 10 1, 0 0 1), (1 1 1, 1 2 1, 2 2 1, 1 1 1))
        SRID=32647;MULTIPOLYGON (((20 0, 30 0, 30 1e1, 20 0)), ((40 0, 50 0, 50 10, 40 0)));
        SRID=32647;GEOMETRYCOLLECTION (POINT (1 1), POLYGONM ((60 0 7, 70 0 7, 70 10 7, 60 0 7)))
        SRID=32647;LINESTRING (0 0, 1 1)`),
    );
    expect(aoi.zones.map(({ polygons }) => polygons.map((polygon) => polygon.length))).toEqual([[2], [1, 1], [1]]);
    expect(aoi.zones[0]!.crs.epsg).toBe(32647);
    expect(aoi.warnings).toContain('feature 4 left out, as without polygons (LINESTRING)');
  });

  it('takes the CRS of a .prj file beside it', async () => {
    const path = await text('POLYGON ((0 0, 10 0, 10 10, 0 0))');
    await writeFile(
      path.replace('.wkt', '.prj'),
      Buffer.from(oracle.cases['shapefile-plain']!.files['.prj']!, 'base64'),
    );
    expect((await readAoi(path)).zones[0]!.crs.epsg).toBe(32647);
  });

  it.each([
    ['POLYGON ((0 0, 1 0, 1 1, 0 0))', /lacks a CRS. Write it before each geometry/],
    ['SRID=4284;POLYGON ((0 0, 1 0, 1 1, 0 0))', /has the CRS EPSG:4284/],
    ['SRID=4326;POLYGON ((0 0, 1 0, 1 1, 0 0)) SRID=3857;POLYGON ((0 0, 1 0, 1 1, 0 0))', /of several CRS/],
    [
      'SRID=4326;CURVEPOLYGON (CIRCULARSTRING (0 0, 1 0, 1 1, 0 1, 0 0))',
      /feature 1 .*is a CURVEPOLYGON, which has curves/,
    ],
    ['SRID=4326;POLYGON ((0 0, 1 0, 1 1', /feature 1 is not readable as WKT: it is cut off/],
    ['SRID=4326;POLYGON ((0 0, 1 x, 1 1, 0 0))', /'x' in place of a number/],
    ['SRID=4326;GEOMETRYCOLLECTION ('.repeat(30).replaceAll('SRID=4326;', ''), /nested too deep|cut off/],
  ])('refuses %s', async (content, message) => {
    await expect(readAoi(await text(content))).rejects.toThrow(message);
  });
});

describe('KML', () => {
  const ring = (x: number) =>
    `<LinearRing><coordinates>${x},38,0 ${x + 1},38,0\n${x + 1},39,0 ${x},38,0</coordinates></LinearRing>`;
  const polygon = (x: number) => `<Polygon><outerBoundaryIs>${ring(x)}</outerBoundaryIs></Polygon>`;
  const kml = (body: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>${body}</Document></kml>`;

  it('reads placemarks with folder, name, data and several polygons', async () => {
    const content = kml(`<Folder><name>mines</name>
      <Placemark id="p1"><name>A &amp; B</name><ExtendedData><Data name="role"><value>mine</value></Data></ExtendedData>
        <MultiGeometry>${polygon(99)}${polygon(101)}</MultiGeometry></Placemark></Folder>
      <Folder><name>reference</name><Placemark><name><![CDATA[R<1>]]></name>${polygon(103)}</Placemark>
      <Placemark><Point><coordinates>1,1</coordinates></Point></Placemark></Folder><NetworkLink/>`);
    const aoi = await readAoi(await text(content, 'zones.kml'), { roleField: 'folder' });
    expect(aoi.zones.map(({ id, name, role, polygons }) => [id, name, role, polygons.length])).toEqual([
      ['p1', 'A & B', 'mines', 2],
      ['2', 'R<1>', 'reference', 1],
    ]);
    expect(aoi.warnings).toContain('1 link(s) to other files are not followed');
    expect(aoi.warnings).toContain('feature 3 left out, as without polygons (Point)');
  });

  it.each([
    [
      'entities that grow',
      '<!DOCTYPE k [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><kml>&b;</kml>',
      /has a document type/,
    ],
    ['depth', `<kml>${'<a>'.repeat(5000)}`, /is nested too deep/],
    ['a cut-off text', kml(polygon(99)).slice(0, -30), /not readable as KML: it /],
    ['tags that do not match', '<kml><a></b></kml>', /closes <b> where <a> is open/],
    ['other XML', '<gpx></gpx>', /is XML, but not KML/],
    [
      'coordinates that are none',
      kml(`<Placemark>${polygon(99).replace('99,38,0', '99')}</Placemark>`),
      /'99', which are not/,
    ],
  ])('refuses %s', async (_name, content, message) => {
    await expect(readAoi(await text(content, 'zones.kml'))).rejects.toThrow(message);
  });

  it('reads attributes and comments, and keeps what looks like an entity but is none', () => {
    const seen: string[] = [];
    const push = (what: string) => void seen.push(what);
    readXml(`<!-- <x> --><a b='1>2' c:d="&lt;&#65;&#x42;">t&unknown;<e/></a>`, {
      open: (name, attributes) => push(`${name}${JSON.stringify(attributes)}`),
      text: push,
      close: (name) => push(`/${name}`),
    });
    expect(seen).toEqual(['a{"b":"1>2","d":"<AB"}', 't&unknown;', 'e{}', '/e', '/a']);
  });
});

describe('zip archives', () => {
  /** An archive of one file, its list forged as told. */
  function archive(
    content: Uint8Array,
    forge: (view: DataView, list: number) => void = () => undefined,
    name = 'a.wkt',
  ): Uint8Array {
    const packed = deflateRawSync(content);
    const bytes = new Uint8Array(30 + name.length + packed.length + 46 + name.length + 22);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(26, name.length, true);
    bytes.set(Buffer.from(name), 30);
    bytes.set(packed, 30 + name.length);
    const list = 30 + name.length + packed.length;
    view.setUint32(list, 0x02014b50, true);
    view.setUint16(list + 10, 8, true);
    view.setUint32(list + 20, packed.length, true);
    view.setUint32(list + 24, content.length, true);
    view.setUint16(list + 28, name.length, true);
    bytes.set(Buffer.from(name), list + 46);
    const end = list + 46 + name.length;
    view.setUint32(end, 0x06054b50, true);
    view.setUint16(end + 10, 1, true);
    view.setUint32(end + 16, list, true);
    forge(view, list);
    return bytes;
  }
  const zeros = new Uint8Array(50_000_000);

  it.each([
    ['a size that is a lie', archive(zeros, (view, list) => view.setUint32(list + 24, 1000, true)), /is damaged/],
    ['more than may be unpacked', archive(zeros), /is too large/],
    ['a wrong checksum', archive(new Uint8Array(10)), /checksum does not fit/],
    ['encryption', archive(zeros, (view, list) => view.setUint16(list + 8, 1, true)), /is encrypted/],
    [
      'another method',
      archive(new Uint8Array(10), (view, list) => view.setUint16(list + 10, 12, true)),
      /by method 12/,
    ],
    [
      'a place outside',
      archive(new Uint8Array(10), (view, list) => view.setUint32(list + 42, 0x7fffffff, true)),
      /is damaged/,
    ],
  ])('with %s are refused', (_name, bytes, message) => {
    expect(() => readZip('a.zip', bytes, 1_000_000)[0]!.read()).toThrow(message);
  });

  it('in archives are refused, as are empty ones', async () => {
    const path = join(folder, 'a.zip');
    await writeFile(path, Buffer.from('504b0506000000000000000000000000000000000000', 'hex'));
    await expect(readAoi(path)).rejects.toThrow(/holds no vector file that can be read/);
  });
});

describe('dBASE tables', () => {
  it('keep their letters by the .cpg file, the language byte, and by what the bytes are', () => {
    const table = (language: number, name: Uint8Array): Uint8Array => {
      const bytes = new Uint8Array(32 + 32 + 1 + 1 + 8);
      const view = new DataView(bytes.buffer);
      view.setUint32(4, 1, true);
      view.setUint16(8, 65, true);
      view.setUint16(10, 9, true);
      bytes[29] = language;
      bytes.set(Buffer.from('name'), 32);
      bytes[32 + 11] = 0x43;
      bytes[32 + 16] = 8;
      bytes[64] = 0x0d;
      bytes.set(name, 66);
      return bytes;
    };
    const gbk = Uint8Array.from([0xbf, 0xf3, 0xbf, 0xd3]);
    const read = (bytes: Uint8Array, codePage?: string) => readDbf('a.dbf', bytes, codePage).rows[0]!['name'];
    expect(read(table(0, gbk), 'CP936')).toBe('矿坑');
    expect(read(table(0, gbk), 'GBK')).toBe('矿坑');
    expect(read(table(0x4d, gbk))).toBe('矿坑');
    expect(read(table(0, Buffer.from('矿坑')))).toBe('矿坑');
    expect(read(table(0x57, Uint8Array.from([0x47, 0xfc])))).toBe('Gü');
    expect(read(table(0, Uint8Array.from([0xc3, 0xee, 0xf0])), 'ANSI 1251')).toBe('Гор');
    expect(readDbf('a.dbf', table(0, gbk), 'KLINGON').warnings[0]).toMatch(/"KLINGON" .* is not known/);
  });
});

describe('damaged files', () => {
  /** A generator of numbers below n (LCG of Numerical Recipes), so that every run damages alike. */
  function numbers(seed: number): (n: number) => number {
    let state = seed >>> 0;
    return (n) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * n);
    };
  }

  const readers: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ['Shapefile', bytesOf('shapefile-plain', '.shp'), (bytes) => readShapes('a.shp', bytes)],
    [
      'Shapefile with index',
      bytesOf('shapefile-plain', '.shx'),
      (shx) => readShapes('a.shp', bytesOf('shapefile-plain', '.shp'), shx),
    ],
    ['dBASE table', bytesOf('shapefile-plain', '.dbf'), (bytes) => readDbf('a.dbf', bytes, undefined)],
    ['FlatGeobuf', bytesOf('fgb', '.fgb'), (bytes) => readFlatGeobuf('a.fgb', bytes)],
    ['FlatGeobuf of mixed types', bytesOf('fgb-mixed', '.fgb'), (bytes) => readFlatGeobuf('a.fgb', bytes)],
    ['zip', bytesOf('zip', '.zip'), (bytes) => readZip('a.zip', bytes, 1e6).map((entry) => entry.read())],
    [
      'GeoPackage geometry',
      polygonBlob(
        [
          [
            [
              [0, 0],
              [1, 0],
              [1, 1],
              [0, 0],
            ],
          ],
        ],
        { envelope: true },
      ),
      readGeoPackageBlob,
    ],
  ];

  it.each(readers)(
    '%s: cut anywhere or changed at random, they are read or refused in plain words',
    (name, good, read) => {
      const next = numbers(good.length);
      const allowed = name === 'GeoPackage geometry' ? RangeError : MineRsError;
      const start = performance.now();
      let refused = 0;
      const others: unknown[] = [];
      const attempt = (bytes: Uint8Array) => {
        try {
          read(bytes);
        } catch (error) {
          refused++;
          if (!(error instanceof allowed)) others.push(error);
        }
      };
      const step = Math.max(1, Math.floor(good.length / 300));
      for (let length = 0; length < good.length; length += step) attempt(good.slice(0, length));
      for (let k = 0; k < 1500; k++) {
        const bytes = good.slice();
        const changes = 1 + next(4);
        for (let c = 0; c < changes; c++) bytes[next(bytes.length)] = [0, 0xff, 0x7f, 0x80, next(256)][next(5)]!;
        attempt(bytes);
      }
      expect(others).toEqual([]);
      // An index that does not fit is passed over.
      expect(refused).toBeGreaterThanOrEqual(name === 'Shapefile with index' ? 0 : 10);
      // Counts that are forged must not cost time: nothing here has more than a few kilobytes.
      expect(performance.now() - start).toBeLessThan(20_000);
    },
  );

  it('a Shapefile with rows that do not fit warns of it', () => {
    const parts = {
      path: 'a.shp',
      shp: bytesOf('shapefile-plain', '.shp'),
      prj: { path: 'a.prj', bytes: bytesOf('shapefile-plain', '.prj') },
    };
    const dbf = bytesOf('shapefile-plain', '.dbf').slice();
    new DataView(dbf.buffer).setUint32(4, 2, true);
    const { warnings } = readShapefile({ ...parts, dbf: { path: 'a.dbf', bytes: dbf } });
    expect(warnings[0]).toMatch(/3 shapes, but 2 rows of attributes/);
  });

  it('folders that hold parts of other names do no harm', async () => {
    const path = await written('fgb');
    await mkdir(join(path, '..', 'zones.prj'));
    expect((await readAoi(path)).zones.length).toBe(3);
  });
});

describe('very many rings', () => {
  it('side by side take no longer than they should, and one in another in thousands too', () => {
    const square = (x: number, y: number, size: number): Ring => [
      [x, y],
      [x + size, y],
      [x + size, y + size],
      [x, y + size],
      [x, y],
    ];
    const start = performance.now();
    const apart = Array.from({ length: 50_000 }, (_, k) => square((k % 250) * 10, Math.floor(k / 250) * 10, 5));
    expect(nestRings(apart).length).toBe(50_000);
    const nested = Array.from({ length: 2000 }, (_, k) => square(k, k, 10_000 - 2 * k));
    expect(nestRings(nested).map((rings) => rings.length)).toEqual(Array.from({ length: 1000 }, () => 2));
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
