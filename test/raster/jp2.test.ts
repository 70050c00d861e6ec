/**
 * JPEG 2000 against GDAL; test/oracle/jp2.py makes the files.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { openJp2 } from '../../src/raster/jp2.ts';
import { openRaster } from '../../src/raster/open.ts';
import { tempFolders } from '../helpers/temp.ts';

interface Oracle {
  base64: string;
  width: number;
  height: number;
  transform: [number, number, number, number, number, number] | null;
  epsg: number | null;
  type: string;
  sha256: string;
}

const { files } = JSON.parse(readFileSync(join(import.meta.dirname, '../oracle/jp2.json'), 'utf8')) as {
  files: Record<string, Oracle>;
};
const newFolder = tempFolders('jp2');
const BANDS = 'bands of 15 bits, tiles of 64';
const CLASSES = 'classes, tiles of 40';
const MARKERS = '16 bits, precincts, other progression, markers';

function write(bytes: Uint8Array): string {
  const path = join(newFolder(), 'x.jp2');
  writeFileSync(path, bytes);
  return path;
}

const bytesOf = (name: string): Buffer => Buffer.from(files[name]!.base64, 'base64');
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('openJp2', () => {
  it.each(Object.keys(files))('reads what GDAL reads: %s', async (name) => {
    const oracle = files[name]!;
    const file = await openRaster(write(bytesOf(name)));
    const { width, height, type } = oracle;
    expect(file.info).toMatchObject({
      width,
      height,
      bandCount: 1,
      pixelType: type,
      compression: 'JPEG 2000',
      pixelProblem: null,
    });
    const whole = { col: 0, row: 0, width, height };
    expect(digest(await file.readWindowBytes(whole, 1))).toBe(oracle.sha256);
    await file.close();
  });

  it.each([BANDS, CLASSES, MARKERS])('lies where GDAL says: %s', async (name) => {
    const file = await openRaster(write(bytesOf(name)));
    const { transform, epsg } = files[name]!;
    const [c, a, b, f, d, e] = transform!;
    expect(file.info.transform).toEqual([a, b, c, d, e, f]);
    expect(file.grid.crs.epsg).toBe(epsg);
  });

  it('refuses to place what has no place, or whose axes are not known', async () => {
    const bare = await openRaster(write(bytesOf('no place')));
    expect(() => bare.grid).toThrow(/has no GMLJP2 box/);
    const degrees = await openRaster(write(bytesOf('geographic')));
    expect(degrees.info).toMatchObject({
      crs: null,
      crsCode: 4326,
      crsProblem: 'is in EPSG:4326; JPEG 2000 is read in UTM only',
    });
  });

  it('gives any window as a part of the whole', async () => {
    const file = await openRaster(write(bytesOf(BANDS)));
    const { width, height } = file.info;
    const whole = await file.readWindow({ col: 0, row: 0, width, height });
    const window = fc
      .tuple(fc.nat(width - 1), fc.nat(height - 1), fc.nat(width), fc.nat(height))
      .map(([col, row, w, h]) => ({
        col,
        row,
        width: Math.max(1, Math.min(w, width - col)),
        height: Math.max(1, Math.min(h, height - row)),
      }));
    await fc.assert(
      fc.asyncProperty(window, async (w) => {
        const part = await file.readWindow(w);
        for (let i = 0; i < part.length; i++) {
          const at = (w.row + Math.floor(i / w.width)) * width + w.col + (i % w.width);
          if (part[i] !== whole[at]) throw new Error(`pixel ${i} of ${JSON.stringify(w)}`);
        }
      }),
      { seed: 4, numRuns: 30 },
    );
    await expect(file.readWindow({ col: 1, row: 0, width, height: 1 })).rejects.toThrow(RangeError);
    await expect(file.readWindow({ col: 0, row: 0, width: 1, height: 1 }, { band: 2 })).rejects.toThrow(/no band 2/);
    await file.close();
  });

  it('refuses files that are cut short, naming them', async () => {
    const bytes = bytesOf(BANDS);
    for (const length of [4, 11, 12, 40, 200, 700, bytes.length - 2000]) {
      const path = write(bytes.subarray(0, length));
      const error: unknown = await openJp2(path).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(MineRsError);
      expect((error as Error).message).toContain(path);
    }
    await expect(openJp2('https://x.org/B04.jp2?sig=secret')).rejects.toThrow(
      /^https:\/\/x\.org\/B04\.jp2.*not read; download it/,
    );
  });

  it('gives a clear error or pixels for damaged files, and goes on reading good ones', async () => {
    const bytes = bytesOf(BANDS);
    const good = await openRaster(write(bytes));
    const { width, height } = good.info;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        async (changes) => {
          const damaged = Buffer.from(bytes);
          for (const [at, value] of changes) damaged[at] = value;
          try {
            const file = await openJp2(write(damaged));
            await file.readWindow({ col: 0, row: 0, width: file.info.width, height: Math.min(file.info.height, 1000) });
            await file.close();
          } catch (error) {
            if (!(error instanceof MineRsError) && !(error instanceof RangeError)) throw error;
            refused++;
          }
        },
      ),
      { seed: 7, numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(10);
    expect(digest(await good.readWindowBytes({ col: 0, row: 0, width, height }, 1))).toBe(files[BANDS]!.sha256);
  });
});
