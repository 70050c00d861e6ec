import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { crsFromEpsg } from '../../src/geo/crs.ts';
import { writeCogFromPixels } from '../../src/raster/cog.ts';
import { openGeoTiff, type PixelArray } from '../../src/raster/geotiff-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-reader-'));
afterAll(() => rmSync(folder, { recursive: true }));

function sha256(pixels: PixelArray): string {
  return createHash('sha256').update(new Uint8Array(pixels.buffer)).digest('hex');
}

const layouts = JSON.parse(readFileSync(new URL('../oracle/geotiff-layouts.json', import.meta.url), 'utf8')) as {
  width: number;
  height: number;
  bands: number;
  files: { name: string; file: string; sha256: string[] }[];
};

describe('layouts that GDAL writes', () => {
  it.each(layouts.files)(
    '$name has the pixels that GDAL reads, whole and by window',
    async ({ name, file, sha256: sums }) => {
      const path = join(folder, `${name}.tif`);
      writeFileSync(path, inflateSync(Buffer.from(file, 'base64')));
      const raster = await openGeoTiff(path);
      const { width, height, bands } = layouts;
      expect(raster.grid).toMatchObject({ width, height, transform: [30, 0, 5e5, 0, -30, 4.2e6] });
      expect(raster.grid.crs.epsg).toBe(32647);
      for (let band = 1; band <= bands; band++) {
        const whole = await raster.readWindow({ col: 0, row: 0, width, height }, { band });
        expect(sha256(whole)).toBe(sums[band - 1]);
        // Across the edges of tiles and strips.
        const window = { col: 3, row: 2, width: 16, height: 15 };
        const part = await raster.readWindow(window, { band });
        const expected = part.slice();
        for (let row = 0; row < 15; row++) {
          expected.set(whole.subarray((row + 2) * width + 3, (row + 2) * width + 19), row * 16);
        }
        expect(part).toEqual(expected);
        expect(part.buffer.byteLength).toBe(part.byteLength);
        // Whatever is said of later reads.
        for (const wanted of [window, { ...window, width: 3, height: 3 }, { col: -9, row: 0, width: 99, height: 99 }]) {
          const again = expected.slice().fill(1);
          await raster.readWindowInto(window, band, again, wanted);
          expect(again).toEqual(expected);
        }
      }
      await raster.close();
    },
  );
});

interface Truth {
  path: string;
  width: number;
  height: number;
  count: number;
  dtype: string[];
  transform: number[];
  crs_epsg: number | null;
  nodata: (number | string | null)[];
  scales: number[];
  offsets: number[];
  descriptions: string[] | null;
  overviews: number[];
  mask_flags: string[][];
  blocks: [number, number][];
  endian: string;
  bigtiff: boolean;
  gdal_error?: string;
  pixels?: { sha256_le: string }[];
}

/** Files that cannot be opened at all. GDAL finds the missing tail of this one only when it reads it. */
const REFUSED_FILES: Record<string, RegExp> = { 'tiff-rasterio/corrupt.tif': /truncated/ };
/** UTM on the WGS 84 ellipsoid with an unnamed datum, as HLS scenes have it: GDAL gives no code, but it is one. */
const HIDDEN_CODES: Record<string, number> = {
  'tiff-rasterio/RGB2.byte.tif': 32618,
  'tiff-rio-cogeo/cog_band_tags.tif': 32652,
  'tiff-rio-cogeo/image_with_offsets.tif': 32652,
};
const MASK_OF_FLAG: Record<string, string> = { all_valid: 'none', nodata: 'nodata', per_dataset: 'internal' };

const data = join(process.env['MINE_RS_SHARED'] ?? '../shared', 'data');
const truthPath = join(data, 'tiff-truth.jsonl');
const truths = existsSync(truthPath)
  ? readFileSync(truthPath, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Truth)
  : [];

describe.skipIf(truths.length === 0)('real GeoTIFFs, where the test data are present', () => {
  const readable = truths.filter(({ path }) => !(path in REFUSED_FILES));

  it.each(Object.entries(REFUSED_FILES))('%s is refused', async (path, reason) => {
    await expect(openGeoTiff(join(data, path))).rejects.toThrow(reason);
  });

  it.each(readable)('$path has the header that GDAL reads', async (truth) => {
    const raster = await openGeoTiff(join(data, truth.path));
    const { info } = raster;
    expect(info).toMatchObject({
      width: truth.width,
      height: truth.height,
      bandCount: truth.count,
      numberType: truth.dtype[0],
      scales: truth.scales,
      offsets: truth.offsets,
      descriptions: truth.descriptions ?? Array.from({ length: truth.count }, () => null),
      blockHeight: truth.blocks[0]![0],
      blockWidth: truth.blocks[0]![1],
      littleEndian: truth.endian === 'little',
      bigTiff: truth.bigtiff,
    });
    expect(String(info.nodata).toLowerCase()).toBe(String(truth.nodata[0]));
    // GDAL has the identity for files without a place, and adds the same numbers in another order: 1e-12 relative.
    const transform = info.transform ?? [1, 0, 0, 0, 1, 0];
    const scale = Math.max(...truth.transform.map(Math.abs));
    const misfit = Math.max(...transform.map((value, k) => Math.abs(value - truth.transform[k]!)));
    expect(misfit).toBeLessThanOrEqual(1e-12 * scale);
    expect(info.crsCode).toBe(truth.crs_epsg);
    expect(info.crs?.epsg ?? info.crsCode).toBe(HIDDEN_CODES[truth.path] ?? info.crsCode);
    const [flags] = truth.mask_flags;
    const mask = flags!.length === 2 ? 'alpha' : MASK_OF_FLAG[flags![0]!];
    // The GDAL that was asked took signed bytes as unsigned ones, which have no nodata value of -128.
    const found = info.mask === 'sidecar' ? 'internal' : info.numberType === 'int8' ? 'none' : info.mask;
    expect(found).toBe(mask);
    expect(info.overviews.map(({ width }) => Math.round(truth.width / width))).toEqual(truth.overviews);
    expect(info.crs === null).toBe(info.crsProblem !== null);
    await raster.close();
  });

  // The largest files have no list of pixels.
  it.each(readable.filter(({ pixels }) => pixels !== undefined))(
    '$path has the pixels that GDAL reads',
    async (truth) => {
      const raster = await openGeoTiff(join(data, truth.path));
      expect(raster.info.pixelProblem).toBeNull();
      const window = { col: 0, row: 0, width: truth.width, height: truth.height };
      expect(truth.pixels).toHaveLength(truth.count);
      for (const [i, { sha256_le: expected }] of truth.pixels!.entries()) {
        expect(sha256(await raster.readWindow(window, { band: i + 1 }))).toBe(expected);
      }
      await raster.close();
    },
  );
});

async function makeSample(name: string, options = {}): Promise<string> {
  const path = join(folder, name);
  const pixels = Uint16Array.from({ length: 100 * 80 }, (_, i) => (i * 2_654_435_761) >>> 16);
  const spec = {
    grid: { width: 100, height: 80, transform: [30, 0, 5e5, 0, -30, 4e6], crs: crsFromEpsg(32647)! },
    pixelType: 'uint16',
    samples: 1,
    nodata: 0,
    overview: 'average',
  } as const;
  await writeCogFromPixels(path, spec, pixels, { tileSize: 64, ...options });
  return path;
}

/** What opening and reading a file throws; undefined where it can be read. */
async function outcomeOf(path: string): Promise<unknown> {
  try {
    const raster = await openGeoTiff(path);
    const { width, height } = raster.info;
    try {
      await raster.readWindow({ col: 0, row: 0, width: Math.min(width, 512), height: Math.min(height, 512) });
    } finally {
      await raster.close();
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

async function failureOf(path: string): Promise<MineRsError> {
  const failure = await outcomeOf(path);
  expect(failure).toBeInstanceOf(MineRsError);
  return failure as MineRsError;
}

describe('bad files', () => {
  it('names a file that is missing, a folder, empty, or no TIFF', async () => {
    expect((await failureOf(join(folder, 'none.tif'))).message).toMatch(/none\.tif: cannot be opened/);
    expect((await failureOf(folder)).message).toMatch(/is not a file/);
    const path = join(folder, 'text.tif');
    writeFileSync(path, '');
    expect((await failureOf(path)).message).toMatch(/text\.tif: is not a TIFF file/);
    writeFileSync(path, '<html>404 Not Found</html>'.repeat(100));
    const failure = await failureOf(path);
    expect(failure.message).toMatch(/text\.tif: is not a TIFF file/);
    expect(failure.code).toBe('BAD_INPUT');
  });

  it('finds a truncated file when it is opened, wherever it was cut', async () => {
    const path = await makeSample('cut.tif');
    const whole = readFileSync(path);
    for (const share of [0.99, 0.7, 0.3, 0.02, 0.001]) {
      writeFileSync(path, whole);
      truncateSync(path, Math.floor(whole.length * share));
      await expect(openGeoTiff(path)).rejects.toThrow(/cut\.tif: (ends before|points past|is not a TIFF)/);
    }
  });

  it('fails with a clear error, or not at all, whatever byte of the head is changed', async () => {
    const path = await makeSample('forged.tif');
    const whole = readFileSync(path);
    // Header, ghost area and directory.
    const head = 700;
    const unclear: unknown[] = [];
    for (let at = 0; at < head; at++) {
      const forged = Uint8Array.from(whole);
      forged[at] = at % 2 === 0 ? 0xff : forged[at]! ^ 0x55;
      writeFileSync(path, forged);
      const outcome = await outcomeOf(path);
      const clear = outcome instanceof MineRsError && outcome.message.includes('forged.tif');
      if (outcome !== undefined && !clear) unclear.push(at, outcome);
    }
    expect(unclear).toEqual([]);
  });

  it('does not inflate a tile beyond its size', async () => {
    const path = await makeSample('bomb.tif', { tileSize: 256 });
    const bytes = readFileSync(path);
    // The tile's sides say 16 pixels, its data are those of 256.
    for (let at = 0; at + 12 < 1000; at++) {
      const tag = bytes.readUInt16LE(at);
      if ((tag === 322 || tag === 323) && bytes.readUInt32LE(at + 4) === 1 && bytes.readUInt16LE(at + 8) === 256) {
        bytes.writeUInt16LE(128, at + 8);
      }
    }
    writeFileSync(path, bytes);
    expect((await failureOf(path)).message).toMatch(/bomb\.tif: block 0 cannot be decoded/);
  });

  it('refuses windows and bands that are not there', async () => {
    const raster = await openGeoTiff(await makeSample('window.tif'));
    await expect(raster.readWindow({ col: 90, row: 0, width: 11, height: 1 })).rejects.toThrow(RangeError);
    await expect(raster.readWindow({ col: -1, row: 0, width: 2, height: 1 })).rejects.toThrow(RangeError);
    await expect(raster.readWindow({ col: 0, row: 0, width: 0.5, height: 1 })).rejects.toThrow(RangeError);
    await expect(raster.readWindow({ col: 0, row: 0, width: 1, height: 1 }, { band: 2 })).rejects.toThrow(/no band 2/);
    const short = new Uint16Array(3);
    await expect(raster.readWindowInto({ col: 0, row: 0, width: 2, height: 2 }, 1, short)).rejects.toThrow(/Expected/);
    await raster.close();
  });
});
