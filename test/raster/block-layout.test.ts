import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-layout-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WIDTH = 600;
const HEIGHT = 500;

/** An uncompressed, big-endian TIFF of two bands of uint16 in strips. */
function makeTiff(pixels: Uint16Array, rowsPerStrip: number, planar: boolean, withCounts: boolean): Uint8Array {
  const strips = Math.ceil(HEIGHT / rowsPerStrip) * (planar ? 2 : 1);
  const rowBytes = WIDTH * 2 * (planar ? 1 : 2);
  const counts = Array.from({ length: strips }, (_, i) => {
    const row = (i % Math.ceil(HEIGHT / rowsPerStrip)) * rowsPerStrip;
    return Math.min(rowsPerStrip, HEIGHT - row) * rowBytes;
  });
  const data = 4096;
  let next = data;
  const offsets = counts.map((count) => (next += count) - count);
  const fields: [tag: number, type: number, values: number[]][] = [
    [256, 4, [WIDTH]],
    [257, 4, [HEIGHT]],
    [258, 3, [16, 16]],
    [259, 3, [1]],
    [262, 3, [1]],
    [273, 4, offsets],
    [277, 3, [2]],
    [278, 4, [rowsPerStrip]],
    ...(withCounts ? ([[279, 4, counts]] as [number, number, number[]][]) : []),
    [284, 3, [planar ? 2 : 1]],
  ];
  const out = new Uint8Array(next);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x4d4d002a);
  view.setUint32(4, 8);
  view.setUint16(8, fields.length);
  let room = 10 + fields.length * 12 + 4;
  for (const [i, [tag, type, values]] of fields.entries()) {
    const at = 10 + i * 12;
    const size = type === 3 ? 2 : 4;
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, values.length);
    const inline = values.length * size <= 4;
    if (!inline) view.setUint32(at + 8, room);
    for (const [k, value] of values.entries()) {
      const place = (inline ? at + 8 : room) + k * size;
      if (size === 2) view.setUint16(place, value);
      else view.setUint32(place, value);
    }
    if (!inline) room += values.length * size;
  }
  for (const [i, value] of pixels.entries()) view.setUint16(data + 2 * i, value);
  return out;
}

describe('uncompressed strips', () => {
  // In the file's order: pixel by pixel, or band by band.
  const pixels = Uint16Array.from({ length: WIDTH * HEIGHT * 2 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 16);

  it.each([
    ['one strip', HEIGHT, false, true],
    ['one strip a band', HEIGHT, true, true],
    ['one strip a band, without its length', HEIGHT, true, false],
    ['strips that do not divide into equal parts', 333, false, true],
    ['strips that do not divide into equal parts, band by band', 333, true, false],
    ['short strips', 7, true, true],
  ] as const)('%s: windows have the right pixels', async (name, rowsPerStrip, planar, withCounts) => {
    const path = join(folder, `${name}.tif`);
    writeFileSync(path, makeTiff(pixels, rowsPerStrip, planar, withCounts));
    const raster = await openGeoTiff(path);
    expect(raster.info).toMatchObject({
      blockWidth: WIDTH,
      blockHeight: rowsPerStrip,
      layout: 'striped',
      bandCount: 2,
    });
    const window = { col: 11, row: 301, width: 590 - 11, height: 199 };
    for (const band of [1, 2]) {
      const read = await raster.readWindow(window, { band });
      const expected = new Uint16Array(window.width * window.height);
      for (let i = 0; i < expected.length; i++) {
        const pixel = (window.row + Math.floor(i / window.width)) * WIDTH + window.col + (i % window.width);
        expected[i] = pixels[planar ? (band - 1) * WIDTH * HEIGHT + pixel : 2 * pixel + band - 1]!;
      }
      expect(Buffer.compare(new Uint8Array(read.buffer), new Uint8Array(expected.buffer))).toBe(0);
    }
    expect(() => raster.grid).toThrow(/has no georeferencing/);
    await raster.close();
  });
});

describe('a header', () => {
  it('with a field of more values than any image has is refused before it is read', async () => {
    const path = join(folder, 'huge-field.tif');
    const bytes = makeTiff(new Uint16Array(0), HEIGHT, false, true);
    // The third field, 258: bits per sample.
    new DataView(bytes.buffer).setUint32(10 + 2 * 12 + 4, 3_000_000);
    writeFileSync(path, bytes);
    truncateSync(path, 8 * 1024 * 1024);
    await expect(openGeoTiff(path)).rejects.toThrow(
      /huge-field\.tif: has the field 258 of 6000000 bytes; it is damaged/,
    );
  });
});
