/**
 * Where rasters lie: sidecar files, control points, and GDAL's order among them. GDAL 3.6 reads the same from these files.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGeoTiff, type RasterInfo } from '../../src/raster/geotiff-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mine-rs-place-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A grey image of 2 × 1 pixels, with fields of doubles and keys as given. */
function writeTiff(name: string, doubles: [tag: number, values: number[]][], keys: number[] = []): string {
  const fields: [tag: number, type: number, values: number[]][] = [
    [256, 3, [2]],
    [257, 3, [1]],
    [258, 3, [8]],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, [0]],
    [277, 3, [1]],
    [278, 3, [1]],
    [279, 4, [2]],
    ...doubles.map(([tag, values]): [number, number, number[]] => [tag, 12, values]),
  ];
  if (keys.length > 0) fields.push([34735, 3, [1, 1, 0, keys.length / 2, ...pairs(keys)]]);
  fields.sort((a, b) => a[0] - b[0]);
  const head = 8 + 2 + 12 * fields.length + 4;
  const bytes = Buffer.alloc(head + 4096);
  bytes.write('II', 0, 'latin1');
  bytes.writeUInt16LE(42, 2);
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(fields.length, 8);
  let free = head + 2;
  for (const [i, [tag, type, values]] of fields.entries()) {
    const at = 10 + 12 * i;
    const size = { 3: 2, 4: 4, 12: 8 }[type]!;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(values.length, at + 4);
    const inside = values.length * size <= 4;
    if (!inside) bytes.writeUInt32LE(free, at + 8);
    for (const [k, value] of values.entries()) {
      const to = (inside ? at + 8 : free) + k * size;
      if (type === 3) bytes.writeUInt16LE(value, to);
      else if (type === 4) bytes.writeUInt32LE(tag === 273 ? head : value, to);
      else bytes.writeDoubleLE(value, to);
    }
    if (!inside) free += values.length * size;
  }
  const path = join(folder, name);
  writeFileSync(path, bytes.subarray(0, Math.max(free, head + 2)));
  return path;
}

const pairs = (keys: number[]) => keys.flatMap((value, i) => (i % 2 === 0 ? [value, 0, 1] : [value]));
const UTM47 = [1024, 1, 1025, 1, 3072, 32647];

async function infoOf(path: string): Promise<RasterInfo> {
  const file = await openGeoTiff(path);
  await file.close();
  return file.info;
}

const worldFile = (name: string, ...numbers: number[]) => writeFileSync(join(folder, name), numbers.join('\n'));

describe('world files', () => {
  it.each(['a.tfw', 'a.tifw', 'a.wld', 'a.TFW'])('%s gives the place of the first centre', async (name) => {
    const path = writeTiff('a.tif', [], UTM47);
    expect((await infoOf(path)).transform).toBeNull();
    worldFile(name, 30, 0, 0, -30, 500015, 4199985);
    expect(await infoOf(path)).toMatchObject({ transform: [30, 0, 500000, 0, -30, 4200000], crsCode: 32647 });
  });

  it('are not read where the file says more itself', async () => {
    const own: [number, number[]][] = [
      [33550, [10, 10, 0]],
      [33922, [0, 0, 0, 7, 8, 0]],
    ];
    const path = writeTiff('a.tif', own, UTM47);
    worldFile('a.tfw', 30, 0, 0, -30, 500015, 4199985);
    expect((await infoOf(path)).transform).toEqual([10, 0, 7, 0, -10, 8]);
  });

  it('are passed over where they hold no six numbers', async () => {
    const path = writeTiff('a.tif', [], UTM47);
    worldFile('a.tfw', 30, 0, 0);
    expect((await infoOf(path)).transform).toBeNull();
  });
});

describe('GDAL auxiliary files', () => {
  const aux = (body: string) => writeFileSync(join(folder, 'a.tif.aux.xml'), `<PAMDataset>${body}</PAMDataset>`);

  it('override what the file says', async () => {
    const path = writeTiff(
      'a.tif',
      [
        [33550, [10, 10, 0]],
        [33922, [0, 0, 0, 7, 8, 0]],
      ],
      UTM47,
    );
    aux(
      '<SRS dataAxisToSRSAxisMapping="1,2">PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32633"]]</SRS>' +
        '<GeoTransform> 1, 2, 0, 4, 0, -6</GeoTransform>',
    );
    const info = await infoOf(path);
    expect(info).toMatchObject({ transform: [2, 0, 1, 0, -6, 4], crsCode: 32633, crsProblem: null });
    expect(info.crs?.epsg).toBe(32633);
  });

  it('say of a band what the file does not', async () => {
    const path = writeTiff('a.tif', [], UTM47);
    aux(
      '<PAMRasterBand band="1"><Description>red &amp; more</Description><NoDataValue>5</NoDataValue>' +
        '<Offset>-0.2</Offset><Scale>2.75e-5</Scale></PAMRasterBand>',
    );
    expect(await infoOf(path)).toMatchObject({
      nodata: 5,
      mask: 'nodata',
      scales: [2.75e-5],
      offsets: [-0.2],
      descriptions: ['red & more'],
    });
  });

  it('do not say again what the file says', async () => {
    const path = join(folder, 'a.tif');
    const text = readFileSync(new URL('../oracle/geotiff-formats.json', import.meta.url), 'utf8');
    const { files } = JSON.parse(text) as { files: { name: string; file: string }[] };
    writeFileSync(path, inflateSync(Buffer.from(files.find(({ name }) => name === 'scaled')!.file, 'base64')));
    aux(
      '<PAMRasterBand band="1"><Description>x</Description><NoDataValue>5</NoDataValue><Scale>2</Scale></PAMRasterBand>',
    );
    expect(await infoOf(path)).toMatchObject({
      nodata: 0,
      scales: [2.75e-5],
      offsets: [-0.2],
      descriptions: ['red & <near> "infrared"'],
    });
  });

  it('with a CRS that is spelled out are refused by name, not read as that of a part', async () => {
    const path = writeTiff('a.tif', [], UTM47);
    aux('<SRS>PROJCS["mine grid",GEOGCS["y",AUTHORITY["EPSG","4326"]],UNIT["metre",1]]</SRS>');
    expect(await infoOf(path)).toMatchObject({ crs: null, crsCode: null });
    expect((await infoOf(path)).crsProblem).toMatch(/without an EPSG code \(in its \.aux\.xml file\)/);
  });
});

describe('tie points', () => {
  it('without a scale are control points, and the raster has no place', async () => {
    const points = [0, 0, 0, 10, 20, 0, 2, 0, 0, 12, 20.5, 0, 0, 1, 0, 10, 19, 0];
    const info = await infoOf(writeTiff('a.tif', [[33922, points]], UTM47));
    expect(info).toMatchObject({ transform: null, crs: null, crsCode: null });
    expect(info.crsProblem).toMatch(/control points only; warp it first/);
  });

  it('need not be the first corner', async () => {
    const tags: [number, number[]][] = [
      [33550, [10, 5, 0]],
      [33922, [2, 1, 0, 120, 205, 0]],
    ];
    expect((await infoOf(writeTiff('a.tif', tags, UTM47))).transform).toEqual([10, 0, 100, 0, -5, 210]);
  });
});

describe('masks and overviews beside the file', () => {
  it('are found', async () => {
    const path = writeTiff('a.tif', [], UTM47);
    expect(await infoOf(path)).toMatchObject({ mask: 'none', overviews: [] });
    writeTiff('a.tif.msk', []);
    writeTiff('a.tif.ovr', []);
    expect(await infoOf(path)).toMatchObject({
      mask: 'sidecar',
      overviews: [{ width: 2, height: 1 }],
      overviewCount: 1,
    });
  });

  it('of which the mask inside comes first', async () => {
    const text = readFileSync(new URL('../oracle/geotiff-formats.json', import.meta.url), 'utf8');
    const { files } = JSON.parse(text) as { files: { name: string; file: string }[] };
    const path = join(folder, 'masked.tif');
    writeFileSync(path, inflateSync(Buffer.from(files.find(({ name }) => name === 'mask_inside')!.file, 'base64')));
    writeTiff('masked.tif.msk', []);
    expect((await infoOf(path)).mask).toBe('internal');
  });
});
