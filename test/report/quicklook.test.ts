import { crc32, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { drawText, newCanvas, textWidth } from '../../src/report/quicklook/canvas.ts';
import { mapPicture, type PictureInput } from '../../src/report/quicklook/picture.ts';
import { encodePng } from '../../src/report/quicklook/png.ts';
import { rgbOf } from '../../src/report/palette.ts';
import type { MapStyle } from '../../src/report/styles/map-style.ts';

interface Picture {
  width: number;
  height: number;
  at(x: number, y: number): [number, number, number];
}

/** Reads a PNG of 8-bit colours by the standard: chunks with their sums, rows without a filter. */
function decode(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  const chunks: Record<string, Buffer> = {};
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    expect(bytes.readUInt32BE(at + 8 + length)).toBe(crc32(bytes.subarray(at + 4, at + 8 + length)));
    chunks[type] = bytes.subarray(at + 8, at + 8 + length);
    at += length + 12;
  }
  expect(Object.keys(chunks)).toEqual(['IHDR', 'IDAT', 'IEND']);
  const [width, height] = [chunks['IHDR']!.readUInt32BE(0), chunks['IHDR']!.readUInt32BE(4)];
  expect([...chunks['IHDR']!.subarray(8)]).toEqual([8, 2, 0, 0, 0]);
  const data = inflateSync(chunks['IDAT']!);
  expect(data.length).toBe((3 * width + 1) * height);
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const row = y * (3 * width + 1);
    expect(data[row]).toBe(0);
    rgb.set(data.subarray(row + 1, row + 1 + 3 * width), 3 * width * y);
  }
  return {
    width,
    height,
    at: (x, y) => [...rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)] as [number, number, number],
  };
}

describe('PNG', () => {
  it('comes back as it was', () => {
    const [width, height] = [19, 11];
    const rgb = Uint8Array.from({ length: 3 * width * height }, (_, k) => (k * k * 7 + (k % 5) * 40) & 255);
    const picture = decode(encodePng(rgb, width, height));
    expect([picture.width, picture.height]).toEqual([width, height]);
    for (let k = 0; k < width * height; k++) {
      expect(picture.at(k % width, Math.floor(k / width))).toEqual([...rgb.subarray(3 * k, 3 * k + 3)]);
    }
  });

  it('refuses a size that does not fit', () => {
    expect(() => encodePng(new Uint8Array(10), 2, 2)).toThrow(
      new RangeError('Expected 12 bytes for 2 × 2 pixels. Got 10'),
    );
  });
});

describe('text', () => {
  const drawn = (text: string) => {
    const canvas = newCanvas(60, 30);
    drawText(canvas, text, 5, 20, 12, '#000000');
    return canvas;
  };
  const ink = (text: string) => drawn(text).rgb.reduce((sum, value) => sum + (255 - value), 0) / 765;

  it('has a shape for each sign that pictures use', () => {
    const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-+=<>≤()%/°_'?";
    const shapes = new Set(signs.split('').map((sign) => Buffer.from(drawn(sign).rgb).toString('latin1')));
    expect(shapes.size).toBe(signs.length);
    for (const sign of signs) expect(ink(sign)).toBeGreaterThan(0.5);
    expect(drawn('−').rgb).toEqual(drawn('-').rgb);
    // A sign that the font does not have.
    expect(drawn('江').rgb).toEqual(drawn('?').rgb);
  });

  it('is as wide as it says, and stands on its line', () => {
    const { rgb, width } = drawn('HI');
    const inked = Array.from({ length: 60 * 30 }, (_, k) => k).filter((k) => rgb[3 * k]! < 128);
    const [xs, ys] = [inked.map((k) => k % width), inked.map((k) => Math.floor(k / width))];
    // Strokes are 1.7 pixels thick, half of it on each side.
    expect(Math.abs(Math.max(...xs) - Math.min(...xs) - textWidth('HI', 12))).toBeLessThan(2);
    expect(Math.min(...ys)).toBe(7);
    expect(Math.max(...ys)).toBe(20);
  });
});

const STYLE: MapStyle = {
  theme: 'state',
  bands: [{ band: 1, title: 'States' }],
  kind: 'classes',
  entries: [
    { value: 0, label: 'nothing', colour: '#aa0000' },
    { value: 7, label: 'something', colour: '#00bb00' },
  ],
};

const INPUT: PictureInput = {
  title: 'States 2024',
  subtitle: 'here',
  style: STYLE,
  width: 4,
  height: 2,
  pixels: [0, 7, 7, 255, 0, 0, 7, 9],
  nodata: 255,
  pixelM: 30,
  outlines: [],
  note: 'note',
};

/** Places of a colour. */
function places(picture: Picture, colour: string): [number, number][] {
  const wanted = rgbOf(colour as `#${string}`).join();
  const found: [number, number][] = [];
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) if (picture.at(x, y).join() === wanted) found.push([x, y]);
  }
  return found;
}

describe('a picture of a map', () => {
  it('has squares of the colours of classes, grey without data, and a legend', () => {
    const picture = decode(mapPicture(INPUT));
    // 720 / 4: squares of 180 pixels, and a swatch of 14 by 14 in the legend.
    const square = 180 * 180;
    const swatch = 14 * 14;
    expect(places(picture, '#aa0000')).toHaveLength(3 * square + swatch);
    expect(places(picture, '#00bb00')).toHaveLength(3 * square + swatch);
    // No data, and a class that the style does not name.
    expect(places(picture, '#8a8f94')).toHaveLength(2 * square + swatch);
  });

  it('draws outlines in the colour of the role, and mines last', () => {
    // Through the middle of a row of the picture's pixels.
    const y = 90.5 / 180;
    const ring = [1, y, 3, y, 3, 1.5, 1, 1.5, 1, y];
    const outlines = [
      { role: 'mine', ring },
      { role: 'impact', ring },
    ];
    const picture = decode(mapPicture({ ...INPUT, outlines }));
    const rows = places(picture, '#000000').map(([, row]) => row);
    // 90 of the picture's pixels below the map's upper side.
    const top = Math.min(...places(picture, '#aa0000').map(([, y]) => y));
    expect(rows).toContain(top + 90);
    // Purple is left in the legend only.
    expect(places(picture, '#7b2d8b').every(([, row]) => row > top + 360)).toBe(true);
  });

  it.each([
    ['ramp', 0.25, [64, 0, 191]],
    ['ramp', -5, [0, 0, 255]],
    ['ramp', 5, [255, 0, 0]],
    ['steps', 0, [0, 0, 255]],
    ['steps', 0.5, [255, 0, 0]],
  ] as const)('colours by %s: %d', (kind, value, colour) => {
    const entries = [
      { value: 0, label: '0', colour: '#0000ff' },
      { value: kind === 'steps' ? Infinity : 1, label: '1', colour: '#ff0000' },
    ] as const;
    const input = { ...INPUT, style: { ...STYLE, kind, entries }, width: 1, height: 1, pixels: [value], nodata: null };
    const picture = decode(mapPicture(input));
    expect(picture.at(picture.width >> 1, 400)).toEqual(colour);
  });

  it('leaves NaN without a colour', () => {
    const picture = decode(mapPicture({ ...INPUT, width: 1, height: 1, pixels: [NaN], nodata: NaN }));
    expect(picture.at(picture.width >> 1, 400)).toEqual(rgbOf('#8a8f94'));
  });

  it.each([
    // 30 m / 180 a pixel: 160 pixels are 26.7 m.
    [30, 120],
    // 3000 m / 180: 2667 m.
    [3000, 120],
    // 1000 / 180: 889 m.
    [1000, 90],
  ])('has a bar of a round length: pixels of %d m', (pixelM, length) => {
    const picture = decode(mapPicture({ ...INPUT, pixelM }));
    const ink = places(picture, '#1c211c');
    const rows = new Map<number, number>();
    for (const [, y] of ink) rows.set(y, (rows.get(y) ?? 0) + 1);
    expect(Math.max(...rows.values())).toBe(length);
  });

  it('gives the same bytes for the same map', () => {
    expect(Buffer.from(mapPicture(INPUT)).equals(mapPicture(INPUT))).toBe(true);
  });
});
