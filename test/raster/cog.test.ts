import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { crsFromEpsg, crsFromProj } from '../../src/geo/crs.ts';
import type { Grid } from '../../src/geo/grid.ts';
import {
  encodeTile,
  reduceByTwo,
  TILE_SIZE,
  TileSpool,
  writeCog,
  writeCogFromPixels,
  type CogSpec,
} from '../../src/raster/cog.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';
import { readStructure } from '../../src/raster/ifd.ts';
import { createPixels, type PixelArray, type PixelType } from '../../src/raster/pixel-type.ts';
import { LocalFile } from '../../src/raster/source/local-file.ts';
import { readTags } from '../../src/raster/tags.ts';

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-cog-'));
afterAll(() => rmSync(folder, { recursive: true }));

function gridOf(width: number, height: number, epsg = 32647): Grid {
  return { width, height, transform: [30, 0, 540_000, 0, -30, 4_216_000], crs: crsFromEpsg(epsg)! };
}

/** Smooth, with some noise and some nodata. */
function makePixels(spec: Pick<CogSpec, 'grid' | 'pixelType' | 'samples' | 'nodata'>): PixelArray {
  const { width, height } = spec.grid;
  const pixels = createPixels(spec.pixelType, width * height * spec.samples);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const col = Math.floor(i / spec.samples) % width;
    const noise = state / 2 ** 32;
    const value =
      spec.pixelType === 'float32' ? Math.sin(col / 40) + noise / 100 : ((col >> 4) + Math.floor(noise * 2)) % 7;
    pixels[i] = noise < 0.1 && spec.nodata !== null ? spec.nodata : value;
  }
  return pixels;
}

function bytesOf(pixels: PixelArray): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

function bandOf(pixels: PixelArray, samples: number, band: number): PixelArray {
  const out = pixels.slice(0, pixels.length / samples);
  for (let i = 0; i < out.length; i++) out[i] = pixels[i * samples + band]!;
  return out;
}

/** Everything that GDAL's validate_cloud_optimized_geotiff looks at, and equal tile data in leader, body and trailer. */
async function checkLayout(path: string, sizes: [number, number][], tileSize: number): Promise<void> {
  const bytes = readFileSync(path);
  const file = new LocalFile(path);
  const structure = await readStructure(file);
  const { bigTiff, directories } = structure;
  const start = bigTiff ? 16 : 8;
  const ghost = /^GDAL_STRUCTURAL_METADATA_SIZE=(\d{6}) bytes\n/.exec(bytes.toString('latin1', start, start + 60))!;
  const text = bytes.toString('latin1', start + ghost[0].length, start + ghost[0].length + Number(ghost[1]));
  expect(text).toBe(
    'LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\nBLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n ',
  );
  const firstDirectory = bigTiff ? Number(bytes.readBigUInt64LE(8)) : bytes.readUInt32LE(4);
  expect(firstDirectory).toBe(2 * Math.ceil((start + ghost[0].length + text.length) / 2));
  expect(directories).toHaveLength(sizes.length);
  const numbers = async (level: number, tag: number) => [
    ...(await readTags(file, structure, directories[level]!)).integers(tag)!,
  ];
  let end = Math.max(...directories.flatMap((d) => [...d.values()].map(({ offset }) => offset)));
  for (let level = sizes.length - 1; level >= 0; level--) {
    const [width, height] = sizes[level]!;
    expect([(await numbers(level, 256))[0], (await numbers(level, 257))[0]]).toEqual([width, height]);
    expect(directories[level]!.has(254)).toBe(level > 0);
    const offsets = await numbers(level, 324);
    const counts = await numbers(level, 325);
    expect(offsets).toHaveLength(Math.ceil(width / tileSize) * Math.ceil(height / tileSize));
    for (const [i, offset] of offsets.entries()) {
      const count = counts[i]!;
      expect(offset).toBeGreaterThan(end);
      expect(bytes.readUInt32LE(offset - 4)).toBe(count);
      expect(bytes.readUInt32LE(offset + count)).toBe(bytes.readUInt32LE(offset + count - 4));
      end = offset + count;
    }
  }
  expect(bytes).toHaveLength(end + 4);
  file.close();
}

const specs: Record<
  string,
  { spec: Omit<CogSpec, 'grid'>; size: [number, number]; tileSize?: number; levels: [number, number][] }
> = {
  'float32 with NaN, three levels': {
    spec: { pixelType: 'float32', samples: 1, nodata: Number.NaN, overview: 'average' },
    size: [1100, 1030],
    levels: [
      [1100, 1030],
      [550, 515],
      [275, 258],
    ],
  },
  'classes with colours': {
    spec: {
      pixelType: 'uint8',
      samples: 1,
      nodata: 255,
      overview: 'mode',
      colorTable: [
        [0, 0, 0, 255],
        [200, 30, 30, 255],
      ],
      descriptions: ['class of <trend> & sign'],
      metadata: { METHOD: 'a < b & "c"' },
    },
    size: [513, 20],
    levels: [
      [513, 20],
      [257, 10],
    ],
  },
  'many bands': {
    spec: {
      pixelType: 'uint8',
      samples: 12,
      nodata: 255,
      overview: 'mode',
      descriptions: Array.from({ length: 12 }, (_, i) => `${2000 + i}`),
    },
    size: [512, 512],
    levels: [[512, 512]],
  },
  'small tiles': {
    spec: { pixelType: 'uint16', samples: 3, nodata: 0, overview: 'average' },
    size: [530, 70],
    tileSize: 128,
    levels: [
      [530, 70],
      [265, 35],
    ],
  },
  'one pixel without nodata': {
    spec: { pixelType: 'float32', samples: 1, nodata: null, overview: 'average' },
    size: [1, 1],
    levels: [[1, 1]],
  },
};

describe('writeCogFromPixels', () => {
  it.each(Object.entries(specs))(
    '%s: valid layout, equal pixels',
    async (name, { spec: partial, size, tileSize, levels }) => {
      const spec: CogSpec = { ...partial, grid: gridOf(...size) };
      const pixels = makePixels(spec);
      for (const bigTiff of [undefined, true]) {
        const path = join(folder, `${name}-${bigTiff}.tif`);
        const options = {
          ...(tileSize === undefined ? {} : { tileSize }),
          ...(bigTiff === undefined ? {} : { bigTiff }),
        };
        const result = await writeCogFromPixels(path, spec, pixels, options);
        const bytes = readFileSync(path);
        expect(result).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        await checkLayout(path, levels, tileSize ?? TILE_SIZE);

        const raster = await openGeoTiff(path);
        expect(raster.grid).toEqual(spec.grid);
        expect(raster.info).toMatchObject({
          pixelType: spec.pixelType,
          bandCount: spec.samples,
          nodata: spec.nodata,
          overviewCount: levels.length - 1,
          bigTiff: bigTiff === true,
          descriptions: spec.descriptions ?? Array.from({ length: spec.samples }, () => null),
          compression: 'deflate',
        });
        for (let band = 1; band <= spec.samples; band++) {
          const read = await raster.readWindow({ col: 0, row: 0, width: size[0], height: size[1] }, { band });
          expect(Buffer.compare(bytesOf(read), bytesOf(bandOf(pixels, spec.samples, band - 1)))).toBe(0);
        }
        await raster.close();
      }
      expect(readdirSync(folder).filter((file) => file.endsWith('.part'))).toEqual([]);
    },
  );

  it('writes the same bytes again', async () => {
    const spec: CogSpec = {
      grid: gridOf(700, 520),
      pixelType: 'float32',
      samples: 1,
      nodata: Number.NaN,
      overview: 'average',
    };
    const pixels = makePixels(spec);
    const first = await writeCogFromPixels(join(folder, 'a.tif'), spec, pixels);
    expect(await writeCogFromPixels(join(folder, 'b.tif'), spec, pixels)).toEqual(first);
  });

  it('keeps a turned grid and a CRS without a code', async () => {
    const crs = crsFromProj(
      '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs',
      'Albers of the ARD tiles',
    );
    const grid: Grid = { width: 5, height: 4, transform: [30, 4, -2e6, 5, -30, 3e6], crs };
    const path = join(folder, 'albers.tif');
    const spec: CogSpec = { grid, pixelType: 'uint16', samples: 1, nodata: 0, overview: 'average' };
    await writeCogFromPixels(path, spec, new Uint16Array(20));
    const raster = await openGeoTiff(path);
    expect(raster.grid).toEqual(grid);
    await raster.close();
  });

  it('refuses what cannot be written, and leaves nothing behind', async () => {
    const before = readdirSync(folder);
    const spec: CogSpec = { grid: gridOf(4, 4), pixelType: 'uint8', samples: 1, nodata: null, overview: 'mode' };
    const path = join(folder, 'never.tif');
    const write = (change: Partial<CogSpec>, pixels: PixelArray = new Uint8Array(16)) =>
      writeCogFromPixels(path, { ...spec, ...change }, pixels);
    await expect(write({}, new Uint8Array(15))).rejects.toThrow(/Expected 16 numbers, got 15/);
    await expect(write({}, new Uint16Array(16))).rejects.toThrow(/Expected uint8 pixels/);
    await expect(write({ descriptions: ['a', 'b'] })).rejects.toThrow(/Expected 1 band descriptions, got 2/);
    await expect(write({ samples: 2, colorTable: [] }, new Uint8Array(32))).rejects.toThrow(/one band of uint8/);
    const crs = crsFromProj('+proj=robin +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs');
    await expect(write({ grid: { ...gridOf(4, 4), crs } })).rejects.toThrow(/cannot be written/);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('writeCog', () => {
  const spec: CogSpec = {
    grid: gridOf(1200, 1100),
    pixelType: 'float32',
    samples: 1,
    nodata: Number.NaN,
    overview: 'average',
  };

  it('assembles tiles from a spool as it writes an image from memory; tiles without data are nodata', async () => {
    const pixels = makePixels(spec) as Float32Array;
    // The last tile of the first row has no data.
    for (let row = 0; row < 512; row++) pixels.fill(Number.NaN, row * 1200 + 1024, (row + 1) * 1200);
    const expected = await writeCogFromPixels(join(folder, 'memory.tif'), spec, pixels);

    const spool = new TileSpool(join(folder, 'spool'));
    const refs = new Map<number, { offset: number; length: number }>();
    for (const index of [8, 0, 4, 1, 7, 5, 3, 6]) {
      const tile = new Float32Array(TILE_SIZE * TILE_SIZE).fill(Number.NaN);
      const [col, row] = [(index % 3) * 512, Math.floor(index / 3) * 512];
      for (let y = 0; y < Math.min(512, 1100 - row); y++) {
        const from = (row + y) * 1200 + col;
        tile.set(pixels.subarray(from, from + Math.min(512, 1200 - col)), y * 512);
      }
      refs.set(index, spool.append(encodeTile(tile, spec)));
    }
    const half = reduceByTwo(pixels, 1200, 1100, 1, 'average', Number.NaN);
    const asked: number[] = [];
    const result = await writeCog(join(folder, 'spooled.tif'), spec, {
      tile(index) {
        asked.push(index);
        const ref = refs.get(index);
        return ref === undefined ? null : spool.read(ref);
      },
      halfRows: (row, count) => half.pixels.subarray(row * 600, (row + count) * 600),
    });
    spool.close();
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(result).toEqual(expected);
  });

  it('leaves out tiles without data where asked, of all levels; they read as nodata', async () => {
    const sparseSpec: CogSpec = { ...spec, grid: gridOf(2100, 1100) };
    const pixels = new Float32Array(2100 * 1100).fill(Number.NaN);
    for (let row = 0; row < 500; row++) pixels.fill(row + 0.5, row * 2100, row * 2100 + 500);
    const [full, thin] = [join(folder, 'full.tif'), join(folder, 'thin.tif')];
    const whole = await writeCogFromPixels(full, sparseSpec, pixels);
    const part = await writeCogFromPixels(thin, sparseSpec, pixels, { sparse: true });
    expect(part.bytes).toBeLessThan(whole.bytes);
    const file = new LocalFile(thin);
    const structure = await readStructure(file);
    const stored = [];
    for (const directory of structure.directories) {
      const tags = await readTags(file, structure, directory);
      const [offsets, counts] = [tags.integers(324)!, tags.integers(325)!];
      // Without a length there is no place.
      expect([...counts].map((n) => n > 0)).toEqual([...offsets].map((n) => n > 0));
      stored.push(counts.filter((n) => n > 0).length);
    }
    file.close();
    expect(stored).toEqual([1, 1, 1, 1]);
    const opened = await openGeoTiff(thin);
    const found = await opened.readWindow({ col: 0, row: 0, width: 2100, height: 1100 });
    await opened.close();
    expect(Buffer.compare(new Uint8Array(found.buffer), new Uint8Array(pixels.buffer))).toBe(0);
  });

  it('says scale, offset and statistics of each band', async () => {
    const path = join(folder, 'compact.tif');
    const grid = gridOf(40, 30);
    const compact: CogSpec = {
      grid,
      pixelType: 'uint16',
      samples: 2,
      nodata: 65_535,
      overview: 'average',
      scales: [0.0001, 1],
      offsets: [-0.1, 0],
      statistics: [1, 2].map((k) => ({ minimum: k, maximum: 9, mean: 4.5, stddev: 1.25, validPercent: 100 })),
      descriptions: ['ndvi', 'count'],
    };
    const pixels = new Uint16Array(2400).fill(7);
    await writeCogFromPixels(path, compact, pixels);
    const opened = await openGeoTiff(path);
    expect(opened.info).toMatchObject({ scales: [0.0001, 1], offsets: [-0.1, 0], descriptions: ['ndvi', 'count'] });
    await opened.close();
    const text = readFileSync(path, 'latin1');
    expect(text).toContain('<Item name="STATISTICS_MINIMUM" sample="1">2</Item>');
    expect(text).toContain('<Item name="STATISTICS_VALID_PERCENT" sample="0">100</Item>');
    for (const wrong of [{ scales: [1] }, { offsets: [1, 2, 3] }, { statistics: [] }]) {
      await expect(writeCogFromPixels(path, { ...compact, ...wrong }, pixels)).rejects.toThrow(/Expected 2 \w+, got/);
    }
  });

  it('leaves an older file alone and no part of a new one if the source fails', async () => {
    const path = join(folder, 'kept.tif');
    writeFileSync(path, 'old');
    const fail = (): never => {
      throw new Error('disk gone');
    };
    await expect(
      writeCog(path, spec, { tile: fail, halfRows: (_, count) => new Float32Array(600 * count) }),
    ).rejects.toThrow('disk gone');
    await expect(writeCog(path, spec, { tile: () => null, halfRows: () => new Float32Array(3) })).rejects.toThrow(
      /half-size/,
    );
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(existsSync(`${path}.part`) || existsSync(`${path}.overviews.part`)).toBe(false);
  });
});

describe('encodeTile', () => {
  it('stores classes as they are, and wants a whole tile', () => {
    const pixels = Uint8Array.from({ length: 16 * 16 }, (_, i) => i % 5);
    expect(new Uint8Array(inflateSync(encodeTile(pixels, { pixelType: 'uint8', samples: 1 }, 16)))).toEqual(pixels);
    expect(() => encodeTile(new Uint8Array(3), { pixelType: 'uint8', samples: 1 })).toThrow(/262144 numbers, got 3/);
  });

  it('has zlib deflate the same bytes where WebAssembly is missing', async () => {
    const pixels = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i / 50));
    const format = { pixelType: 'float32', samples: 1 } as const;
    const here = encodeTile(pixels, format, 64);
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    try {
      const other = await import('../../src/raster/tile-codec.ts');
      const byZlib = other.encodeTile(pixels, format, 64);
      expect(Buffer.compare(byZlib, here)).not.toBe(0);
      expect(Buffer.compare(inflateSync(byZlib), inflateSync(here))).toBe(0);
    } finally {
      vi.unstubAllGlobals();
      vi.resetModules();
    }
  });
});

describe('reduceByTwo', () => {
  const { NaN: none } = Number;

  it('takes means without nodata, of what is there at odd edges', () => {
    const pixels = Float32Array.of(1, 2, 9, 3, none, 11, none, none, none);
    expect(reduceByTwo(pixels, 3, 3, 1, 'average', none)).toEqual({
      pixels: Float32Array.of(2, 10, none, none),
      width: 2,
      height: 2,
    });
    const whole = Uint16Array.of(1, 2, 0, 0, 4, 0, 0, 0);
    // (1 + 2 + 4) / 3 = 2.33; four times nodata.
    expect([...reduceByTwo(whole, 4, 2, 1, 'average', 0).pixels]).toEqual([2, 0]);
    expect([...reduceByTwo(Uint8Array.of(1, 2), 2, 1, 1, 'average', null).pixels]).toEqual([2]);
  });

  it('takes the commonest class, the smallest of equals, band by band', () => {
    const of = (...values: number[]) => [...reduceByTwo(Uint8Array.from(values), 2, 2, 1, 'mode', 255).pixels];
    expect(of(3, 1, 3, 1)).toEqual([1]);
    expect(of(255, 255, 255, 4)).toEqual([4]);
    expect(of(7, 2, 7, 0)).toEqual([7]);
    expect(of(255, 255, 255, 255)).toEqual([255]);
    const bands = Uint8Array.of(1, 9, 1, 8, 2, 8, 255, 9);
    expect([...reduceByTwo(bands, 2, 2, 2, 'mode', 255).pixels]).toEqual([1, 8]);
  });

  it('of an image in two halves is the halves of the image', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(4),
        fc.infiniteStream(fc.nat(4)),
        (width, height, cut, values) => {
          const pixels = Uint8Array.from({ length: width * height }, () => values.next().value);
          for (const method of ['mode', 'average'] as const) {
            const whole = reduceByTwo(pixels, width, height, 1, method, 0).pixels;
            const rows = Math.min(2 * cut, height);
            const parts = [
              ...reduceByTwo(pixels.subarray(0, rows * width), width, rows, 1, method, 0).pixels,
              ...reduceByTwo(pixels.subarray(rows * width), width, height - rows, 1, method, 0).pixels,
            ];
            expect(parts).toEqual([...whole]);
            // A room holds what it was used for before.
            const room = (type: PixelType, length: number) => createPixels(type, length).fill(77);
            expect(reduceByTwo(pixels, width, height, 1, method, 0, room).pixels).toEqual(whole);
            const floats = Float32Array.from(pixels, (value) => (value === 0 ? NaN : value));
            expect(reduceByTwo(floats, width, height, 1, method, NaN, room)).toEqual(
              reduceByTwo(floats, width, height, 1, method, NaN),
            );
          }
        },
      ),
      { seed: 4, numRuns: 100 },
    );
  });
});
