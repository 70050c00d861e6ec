/**
 * Damaged files give pixels or a clear error. bench/fuzz-reader.ts does the same by the ten thousand, with limits of time
 * and memory.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { mutate } from '../../bench/mutations.ts';
import { MineRsError } from '../../src/errors.ts';
import { openGeoTiff } from '../../src/raster/geotiff-file.ts';

const CASES = 600;
/** The issue allows 5 s; a case takes a millisecond. */
const MOST_MS = 5000;

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

function originals(): Uint8Array[] {
  return ['geotiff-formats.json', 'geotiff-layouts.json'].flatMap((name) => {
    const text = readFileSync(new URL(`../oracle/${name}`, import.meta.url), 'utf8');
    const { files } = JSON.parse(text) as { files: { file: string }[] };
    return files.map(({ file }) => new Uint8Array(inflateSync(Buffer.from(file, 'base64'))));
  });
}

async function readBands(path: string): Promise<void> {
  const file = await openGeoTiff(path);
  try {
    const { width, height, bandCount } = file.info;
    const window = { col: 0, row: 0, width: Math.min(width, 64), height: Math.min(height, 64) };
    for (let band = 1; band <= Math.min(bandCount, 4); band++) await file.readWindow(window, { band });
  } finally {
    await file.close();
  }
}

describe('damaged files', () => {
  it('are the same for the same seed', () => {
    const original = originals()[0]!;
    expect(mutate(original, 7)).toEqual(mutate(original, 7));
    expect(mutate(original, 7)).not.toEqual(mutate(original, 8));
  });

  it('give pixels or a clear error', async () => {
    const files = originals();
    const path = join(folder, 'case.tif');
    const bad: unknown[] = [];
    let refused = 0;
    for (let seed = 0; seed < CASES; seed++) {
      writeFileSync(path, mutate(files[seed % files.length]!, seed));
      const start = performance.now();
      try {
        await readBands(path);
      } catch (error) {
        refused++;
        const clear = error instanceof MineRsError && error.code === 'BAD_INPUT' && error.message.startsWith(path);
        if (!clear) bad.push([seed, error]);
      }
      if (performance.now() - start > MOST_MS) bad.push([seed, 'slow']);
    }
    expect(bad).toEqual([]);
    // Both ways out are taken.
    expect(refused).toBeGreaterThan(CASES / 2);
    expect(refused).toBeLessThan(CASES * 0.98);
  });

  it('that once gave an unclear error', async () => {
    const files = originals();
    for (const name of ['int64_nodata', 'sparse_int64']) {
      const text = readFileSync(new URL('../oracle/geotiff-formats.json', import.meta.url), 'utf8');
      const index = (JSON.parse(text) as { files: { name: string }[] }).files.findIndex((made) => made.name === name);
      const path = join(folder, `${name}.tif`);
      // A nodata text that is not all digits.
      const forged = Buffer.from(files[index]!);
      const at = forged.indexOf(name === 'int64_nodata' ? '-9223372036854775808' : '-9999');
      expect(at).toBeGreaterThan(0);
      forged.write('x', at + 4, 'latin1');
      writeFileSync(path, forged);
      await expect(readBands(path)).resolves.toBeUndefined();
    }
  });
});
