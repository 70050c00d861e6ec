/**
 * `mine-rs info`, against what GDAL reads from the same files.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { callMain } from '../helpers/cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-info-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Made {
  name: string;
  sha256: string[];
  file: string;
}
const { files } = JSON.parse(readFileSync(new URL('../oracle/geotiff-formats.json', import.meta.url), 'utf8')) as {
  files: Made[];
};

function written(name: string): { path: string; sha256: string[] } {
  const made = files.find((file) => file.name === name)!;
  const path = join(folder, `${name}.tif`);
  writeFileSync(path, inflateSync(Buffer.from(made.file, 'base64')));
  return { path, sha256: made.sha256 };
}

describe('mine-rs info', () => {
  it('says on a screen what a raster is', async () => {
    const { path, sha256 } = written('scaled');
    const { code, stdout, stderr } = await callMain(['info', '--checksum', path]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/\d+ bytes/g, 'N bytes').split('\n')).toEqual([
      path,
      '',
      'Size       21 × 19 pixels, 1 band of uint16',
      'Grid       pixels of 30 × 30, origin 500000, 4200000, extent 500000, 4199430, 500630, 4200000',
      'CRS        EPSG:32647, +proj=utm +zone=47 +datum=WGS84 +units=m +no_defs',
      'Layout     tiles of 16 × 16, uncompressed, little-endian TIFF, N bytes',
      'Nodata     0',
      'Validity   the nodata value',
      'Overviews  none',
      '',
      expect.stringMatching(/^Band {2}description +scale +offset {2}sha256 of its pixels$/),
      expect.stringMatching(/^1 +red & <near> "infrared" +0\.0000275 +-0\.2 {2}[\da-f]{64}$/),
      '',
    ]);
    expect(stdout).toContain(sha256[0]);
  });

  it('prints JSON', async () => {
    const { path, sha256 } = written('bits12_LZW_strips_BAND_BIG');
    const { code, stdout } = await callMain(['info', '--json', '--checksum', path]);
    expect(code).toBe(0);
    const raster = JSON.parse(stdout) as Record<string, unknown>;
    expect(raster).toEqual({
      file: path,
      bytes: expect.any(Number) as number,
      width: 21,
      height: 19,
      bandCount: 2,
      type: 'uint16',
      bitsPerSample: 12,
      nodata: null,
      transform: [30, 0, 5e5, 0, -30, 4.2e6],
      bbox: [5e5, 4_199_430, 500_630, 4.2e6],
      pixelIsPoint: false,
      crs: {
        epsg: 32647,
        name: 'EPSG:32647',
        proj: '+proj=utm +zone=47 +datum=WGS84 +units=m +no_defs',
        problem: null,
      },
      layout: {
        container: 'TIFF',
        byteOrder: 'big',
        blocks: 'striped',
        blockWidth: 21,
        blockHeight: 8,
        interleave: 'band',
        compression: 'lzw',
        predictor: 1,
      },
      mask: 'none',
      overviews: [],
      problem: null,
      bands: [
        { band: 1, description: null, scale: 1, offset: 0, sha256: sha256[0] },
        { band: 2, description: null, scale: 1, offset: 0, sha256: sha256[1] },
      ],
    });
  });

  it('leaves the pixels alone where no checksum is asked for', async () => {
    const { stdout } = await callMain(['info', '--json', written('mask_inside').path]);
    expect(JSON.parse(stdout)).toMatchObject({ mask: 'internal', bands: [{ band: 1 }, { band: 2 }, { band: 3 }] });
    expect(stdout).not.toContain('sha256');
  });

  it.each([
    ['int64_beyond', null],
    ['int64_nodata', -(2 ** 63)],
    ['LERC_nan', 'nan'],
    ['sparse_int64', -9999],
  ])('%s: nodata and digests of values that JSON or float64 cannot hold', async (name, nodata) => {
    const { path, sha256 } = written(name);
    const { stdout } = await callMain(['info', '--json', '--checksum', path]);
    const raster = JSON.parse(stdout) as { nodata: unknown; bands: { sha256: string }[] };
    expect(raster.nodata).toEqual(nodata);
    expect(raster.bands.map((band) => band.sha256)).toEqual(sha256);
  });

  it('ends with 3 and names the file where it cannot be read', async () => {
    const missing = await callMain(['info', join(folder, 'none.tif')]);
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/^mine-rs: .*none\.tif: cannot be opened/);
    const { path } = written('scaled');
    const cut = join(folder, 'cut.tif');
    writeFileSync(cut, readFileSync(path).subarray(0, 700));
    expect(await callMain(['info', '--json', cut])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('cut.tif: ') as string,
    });
  });

  it('tells what it cannot read, and ends with 3 only where the pixels are wanted', async () => {
    const { path } = written('scaled');
    const bytes = readFileSync(path);
    // The compression, tag 259, becomes CCITT fax 4.
    const at = bytes.indexOf(Buffer.from([3, 1, 3, 0, 1, 0, 0, 0, 1, 0]));
    expect(at).toBeGreaterThan(0);
    bytes.writeUInt16LE(4, at + 8);
    writeFileSync(path, bytes);
    const told = await callMain(['info', path]);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('Pixels     cannot be read: CCITT fax 4 compression is not supported');
    const wanted = await callMain(['info', '--checksum', path]);
    expect(wanted.code).toBe(3);
    expect(wanted.stderr).toMatch(/scaled\.tif: pixels cannot be read: CCITT fax 4 compression/);
  });

  it('asks for a file', async () => {
    expect((await callMain(['info'])).code).toBe(2);
    expect((await callMain(['info', 'a.tif', '--check'])).code).toBe(2);
  });
});
