/**
 * Unusual sample types and codecs, against files that GDAL wrote and read back.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';

interface Case {
  name: string;
  bands: number;
  type: string;
  sha256: string[];
  nodata: string | null;
  scale: number;
  offset: number;
  description: string | null;
  overviews: [number, number][];
  /** GDAL's GMF flags: 1 all valid, 2 per dataset, 6 alpha, 8 nodata. */
  maskFlags: number;
  file: string;
}

const oracle = JSON.parse(readFileSync(new URL('../oracle/geotiff-formats.json', import.meta.url), 'utf8')) as {
  width: number;
  height: number;
  files: Case[];
};
const FLAGS = { internal: 2, sidecar: 2, nodata: 8, alpha: 6, none: 1 } as const;

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf({ name, file }: Case): string {
  const path = join(folder, `${name}.tif`);
  writeFileSync(path, inflateSync(Buffer.from(file, 'base64')));
  return path;
}

describe('formats that GDAL writes', () => {
  const { width, height } = oracle;

  it.each(oracle.files)('$name is what GDAL reads', async (made) => {
    const raster = await openGeoTiff(fileOf(made));
    const { info } = raster;
    expect(info).toMatchObject({
      width,
      height,
      bandCount: made.bands,
      // GDAL before 3.7 has no type for signed bytes.
      numberType: made.name === 'signed_byte' ? 'int8' : made.type,
      pixelProblem: null,
      crsCode: 32647,
      transform: [30, 0, 5e5, 0, -30, 4.2e6],
      overviews: made.overviews.map(([w, h]) => ({ width: w, height: h })),
    });
    expect([info.scales[0], info.offsets[0], info.descriptions[0]]).toEqual([
      made.scale,
      made.offset,
      made.description,
    ]);
    expect(info.nodata).toBe(made.nodata === null ? null : Number(made.nodata));
    expect(FLAGS[info.mask]).toBe(made.maskFlags);
    for (const [i, expected] of made.sha256.entries()) {
      const bytes = await raster.readWindowBytes({ col: 0, row: 0, width, height }, i + 1);
      // The lossy codecs too are equal, not only near.
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(expected);
    }
    await raster.close();
  });

  it('reads the same pixels by window, across the edges of blocks and of bytes', async () => {
    const odd = oracle.files.filter(({ name }) => /^(bits|half|int64_DEF|LERC|JPEG|WEBP)/.test(name));
    expect(odd.length).toBeGreaterThan(30);
    for (const made of odd) {
      const raster = await openGeoTiff(fileOf(made));
      const whole = await raster.readWindow({ col: 0, row: 0, width, height });
      const part = await raster.readWindow({ col: 5, row: 3, width: 13, height: 15 });
      const expected = part.slice();
      for (let row = 0; row < 15; row++) {
        expected.set(whole.subarray((row + 3) * width + 5, (row + 3) * width + 18), row * 13);
      }
      expect([made.name, part]).toEqual([made.name, expected]);
      await raster.close();
    }
  });
});

describe('whole numbers of 64 bits', () => {
  const named = (name: string) => fileOf(oracle.files.find((made) => made.name === name)!);
  const corner = { col: 0, row: 0, width: 3, height: 1 };

  it('are float64 numbers where these are exact', async () => {
    const raster = await openGeoTiff(named('int64_nodata'));
    expect(raster.info).toMatchObject({ numberType: 'int64', pixelType: 'float64', nodata: -(2 ** 63) });
    expect([...(await raster.readWindow(corner))]).toEqual([-(2 ** 63), -(2 ** 63), -(2 ** 63)]);
    await raster.close();
  });

  it('are refused where they are not, but their bytes are not', async () => {
    const raster = await openGeoTiff(named('int64_beyond'));
    await expect(raster.readWindow(corner)).rejects.toThrow(/int64_beyond\.tif: holds the number 9223372036854775807/);
    const bytes = await raster.readWindowBytes(corner, 1);
    expect([...new BigInt64Array(bytes.buffer)]).toEqual([-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n]);
    await raster.close();
  });
});
