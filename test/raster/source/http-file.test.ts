import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MineRsError } from '../../../src/errors.ts';
import { crsFromEpsg } from '../../../src/geo/crs.ts';
import { writeCogFromPixels } from '../../../src/raster/cog.ts';
import type { Window } from '../../../src/geo/window.ts';
import { openGeoTiff, type GeoTiffFile } from '../../../src/raster/geotiff-file.ts';
import { readStructure } from '../../../src/raster/ifd.ts';
import { LocalFile } from '../../../src/raster/source/local-file.ts';
import type { RemoteFile, RemoteOptions } from '../../../src/raster/source/remote.ts';
import { readTags } from '../../../src/raster/tags.ts';
import { createTraffic, readTraffic } from '../../../src/raster/source/traffic.ts';
import { tempFolders } from '../../helpers/temp.ts';
import { everyFifth, startRangeServer, type RangeServer } from './range-server.ts';

/** Pixels on a side; 8 × 8 tiles of 128. */
const SIDE = 1024;
const TILE = 128;
const WHOLE = { col: 0, row: 0, width: SIDE, height: SIDE };
/** Patience for tests: failures come at once, waits are short. */
const QUICK: RemoteOptions = { timeoutMs: 300, backoffMs: 1 };

const folder = tempFolders('http');
let server: RangeServer;
let bytes: Uint8Array;
let local: string;
let url: string;

beforeAll(async () => {
  server = await startRangeServer();
  local = join(folder(), 'scene.tif');
  const pixels = Uint16Array.from({ length: SIDE * SIDE }, (_, i) => Math.imul(i ^ (i >>> 9), 2654435761) >>> 16);
  const grid = { width: SIDE, height: SIDE, transform: [30, 0, 5e5, 0, -30, 5e6] as const, crs: crsFromEpsg(32633)! };
  const spec = { grid, pixelType: 'uint16', samples: 1, nodata: 0, overview: 'average' } as const;
  await writeCogFromPixels(local, spec, pixels, { tileSize: TILE });
  bytes = readFileSync(local);
});

afterAll(() => server.close());

beforeEach(() => {
  server.files.clear();
  server.files.set('/scene.tif', { bytes, etag: '"v1"' });
  server.served.length = 0;
  server.sent = 0;
  server.trick = undefined;
  url = `${server.origin}/scene.tif`;
});

async function failureOf(promise: Promise<unknown>): Promise<MineRsError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MineRsError);
  return error as MineRsError;
}

/** Whether two files hold the same numbers in a window. */
async function samePixels(a: GeoTiffFile, b: GeoTiffFile, window: Window): Promise<boolean> {
  const [one, other] = [await a.readWindow(window), await b.readWindow(window)];
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

/** Where the tiles of the full image lie, as the file's own tags say. */
async function tilesOf(path: string): Promise<{ offsets: Float64Array; counts: Float64Array }> {
  const file = new LocalFile(path);
  const structure = await readStructure(file);
  const tags = await readTags(file, structure, structure.directories[0]!);
  return { offsets: tags.integers(324)!, counts: tags.integers(325)! };
}

describe('a remote GeoTIFF', () => {
  it('has the pixels and the header of the local one', async () => {
    const [here, there] = [await openGeoTiff(local), await openGeoTiff(url)];
    expect({ ...there.info, path: '' }).toEqual({ ...here.info, path: '' });
    expect(there.info.path).toBe(url);
    expect(await samePixels(there, here, WHOLE)).toBe(true);
  });

  it('is opened with one request', async () => {
    await openGeoTiff(url);
    expect(server.served.map(({ range }) => range)).toEqual(['bytes=0-8191']);
  });

  it('fetches the tiles of a window and nothing else, neighbours in one request', async () => {
    const traffic = createTraffic();
    const file = await openGeoTiff(url, { traffic });
    // Tiles 2 to 4 of row 3.
    await file.readWindow({ col: 2 * TILE + 5, row: 3 * TILE + 5, width: 2 * TILE, height: 20 });
    expect(server.served).toHaveLength(2);
    const { offsets, counts } = await tilesOf(local);
    const [from, to] = [3 * 8 + 2, 3 * 8 + 4];
    const [first, last] = [offsets[from]!, offsets[to]! + counts[to]! - 1];
    expect(server.served[1]!.range).toBe(`bytes=${first}-${last}`);
    // Between the tiles of a COG lie a trailer and a leader of 4 bytes each.
    expect(last - first + 1).toBe(counts[from]! + counts[from + 1]! + counts[to]! + 2 * 8);
    expect(readTraffic(traffic)).toEqual({ requests: 2, bytes: 8192 + last - first + 1, failures: 0 });
    expect(server.sent).toBe(8192 + last - first + 1);
  });

  it('is read over header bytes at its end', async () => {
    // The directory of tile offsets lies far from the start: a copy of the file with all of it moved behind the data.
    const moved = moveDirectoryToEnd(bytes);
    server.files.set('/moved.tif', { bytes: moved, etag: null });
    const file = await openGeoTiff(`${server.origin}/moved.tif`);
    const here = await openGeoTiff(local);
    expect(server.served).toHaveLength(2);
    expect(await samePixels(file, here, WHOLE)).toBe(true);
  });

  it('is opened without a request where it is known already', async () => {
    const known = new Map<string, RemoteFile>();
    await openGeoTiff(url, { known });
    // As another thread gets it.
    const copy = structuredClone(known);
    server.served.length = 0;
    const file = await openGeoTiff(url, { known: copy });
    expect(server.served).toHaveLength(0);
    await file.readWindow({ col: 0, row: 0, width: 1, height: 1 });
    expect(server.served).toHaveLength(1);
  });

  it('keeps the number of requests under way small', async () => {
    let most = 0;
    let running = 0;
    server.trick = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return false;
    };
    const files = await Promise.all(Array.from({ length: 30 }, () => openGeoTiff(url)));
    await Promise.all(files.map((file) => file.readWindow({ col: 300, row: 0, width: 1, height: SIDE })));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('a server that fails in passing', () => {
  it('gives the same pixels with every fifth request failing', async () => {
    server.trick = everyFifth(server.files.get('/scene.tif')!, 50);
    const traffic = createTraffic();
    const file = await openGeoTiff(url, { ...QUICK, timeoutMs: 1000, traffic });
    const here = await openGeoTiff(local);
    for (let row = 0; row < SIDE; row += 100) {
      for (let col = 0; col < SIDE; col += 200) {
        const window = { col, row, width: Math.min(200, SIDE - col), height: Math.min(100, SIDE - row) };
        expect(await samePixels(file, here, window)).toBe(true);
      }
    }
    expect(readTraffic(traffic).failures).toBeGreaterThan(8);
  });

  it.each([
    [429, /answers 429, 3 times; try again later/],
    [503, /answers 503, 3 times/],
  ])('is given up after the last repetition of %i', async (status, message) => {
    server.trick = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    const error = await failureOf(openGeoTiff(url, { ...QUICK, retries: 2 }));
    expect(error.code).toBe('BAD_INPUT');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(url);
    expect(server.served).toHaveLength(3);
  });

  it('waits as long as it asks to', async () => {
    server.trick = (_request, response, count) => {
      if (count > 1) return false;
      response.writeHead(503, { 'retry-after': '1' }).end();
      return true;
    };
    const start = performance.now();
    await openGeoTiff(url, QUICK);
    // Timers may fire a millisecond early.
    expect(performance.now() - start).toBeGreaterThan(990);
  });

  it('that is silent is given up after the timeout', async () => {
    server.trick = () => true;
    const error = await failureOf(openGeoTiff(url, { ...QUICK, timeoutMs: 50, retries: 1 }));
    expect(error.message).toMatch(/did not answer within 0\.05 s, 2 times/);
  });

  it('that falls silent within a body is given up too', async () => {
    server.trick = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-8191/${bytes.length}`, 'content-length': 8192 });
      response.write(bytes.subarray(0, 1000));
      return true;
    };
    const error = await failureOf(openGeoTiff(url, { ...QUICK, timeoutMs: 50, retries: 0 }));
    expect(error.message).toMatch(/did not answer within 0\.05 s; try/);
  });

  it('that sends a byte now and then is given up too', async () => {
    const timers: NodeJS.Timeout[] = [];
    server.trick = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-8191/${bytes.length}`, 'content-length': 8192 });
      timers.push(setInterval(() => response.write('x'), 10));
      return true;
    };
    const error = await failureOf(openGeoTiff(url, { ...QUICK, timeoutMs: 100, retries: 0 }));
    for (const timer of timers) clearInterval(timer);
    expect(error.message).toMatch(/did not answer within 0\.1 s/);
  });

  it('that is not there is named', async () => {
    const gone = await startRangeServer();
    await gone.close();
    const error = await failureOf(openGeoTiff(`${gone.origin}/scene.tif`, { ...QUICK, retries: 1 }));
    expect(error.message).toMatch(/the connection failed \(ECONNREFUSED\), 2 times/);
  });
});

describe('a server that lies', () => {
  it.each([
    ['the wrong range', 'bytes 100-8291/900000', /sent bytes 100-8291\/900000 where bytes 0-8191 were asked for/],
    ['no length of the file', 'bytes 0-8191/*', /does not say how long it is/],
    ['no range', undefined, /does not say how long it is/],
  ])('with %s is refused at once', async (_name, contentRange, message) => {
    server.trick = (_request, response) => {
      response.writeHead(206, contentRange === undefined ? {} : { 'content-range': contentRange });
      response.end(bytes.subarray(0, 8192));
      return true;
    };
    expect((await failureOf(openGeoTiff(url, QUICK))).message).toMatch(message);
    expect(server.served).toHaveLength(1);
  });

  it('with more bytes than asked for is refused', async () => {
    server.trick = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-8191/${bytes.length}` });
      response.end(bytes.subarray(0, 20000));
      return true;
    };
    expect((await failureOf(openGeoTiff(url, QUICK))).message).toMatch(/more bytes than were asked for/);
  });

  it('with a wrong range for a tile is refused', async () => {
    const file = await openGeoTiff(url, QUICK);
    server.trick = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 5-9/${bytes.length}` }).end('12345');
      return true;
    };
    const error = await failureOf(file.readWindow({ col: 300, row: 300, width: 1, height: 1 }));
    expect(error.message).toMatch(/sent bytes 5-9\/\d+ where bytes \d+-\d+ were asked for/);
  });

  it('with a compressed body is refused', async () => {
    server.trick = (_request, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-8191/${bytes.length}`, 'content-encoding': 'br' });
      response.end(bytes.subarray(0, 8192));
      return true;
    };
    expect((await failureOf(openGeoTiff(url, QUICK))).message).toMatch(/compresses it on the way \(br\)/);
  });
});

describe('a file that changes while it is read', () => {
  const pixel = { col: 500, row: 500, width: 1, height: 1 };

  it('is found by its tag', async () => {
    const file = await openGeoTiff(url, QUICK);
    server.files.set('/scene.tif', { bytes, etag: '"v2"' });
    expect((await failureOf(file.readWindow(pixel))).message).toMatch(/has changed on the server/);
    expect(server.served.at(-1)!.headers['if-match']).toBe('"v1"');
  });

  it('is found by its tag where the server looks at no If-Match', async () => {
    server.files.set('/scene.tif', { bytes, etag: 'W/"v1"' });
    const file = await openGeoTiff(url, QUICK);
    server.files.set('/scene.tif', { bytes, etag: 'W/"v2"' });
    expect((await failureOf(file.readWindow(pixel))).message).toMatch(/has changed on the server/);
  });

  it('is found by its date', async () => {
    server.files.set('/scene.tif', { bytes, etag: null, lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' });
    const file = await openGeoTiff(url, QUICK);
    server.files.set('/scene.tif', { bytes, etag: null, lastModified: 'Thu, 01 Jan 2026 00:00:01 GMT' });
    expect((await failureOf(file.readWindow(pixel))).message).toMatch(/has changed on the server/);
  });

  it.each([
    ['longer', 10],
    ['much shorter (416)', -500_000],
  ])('is found when it gets %s', async (_name, by) => {
    server.files.set('/scene.tif', { bytes, etag: null });
    const file = await openGeoTiff(url, QUICK);
    const other = new Uint8Array(bytes.length + by);
    other.set(bytes.subarray(0, other.length));
    server.files.set('/scene.tif', { bytes: other, etag: null });
    const last = { col: SIDE - 1, row: SIDE - 1, width: 1, height: 1 };
    expect((await failureOf(file.readWindow(last))).message).toMatch(/has changed on the server/);
  });
});

describe('a server without ranges', () => {
  const noRanges = (length: boolean) => (_request: unknown, response: import('node:http').ServerResponse) => {
    response.writeHead(200, length ? { 'content-length': bytes.length } : {}).end(bytes);
    return true;
  };

  it.each([true, false])('has a small file read once and kept; it says its length: %s', async (says) => {
    server.trick = noRanges(says);
    const known = new Map<string, RemoteFile>();
    const file = await openGeoTiff(url, { ...QUICK, known });
    const again = await openGeoTiff(url, { ...QUICK, known: structuredClone(known) });
    const here = await openGeoTiff(local);
    expect(await samePixels(file, here, WHOLE)).toBe(true);
    expect(await samePixels(again, here, WHOLE)).toBe(true);
    expect(server.served).toHaveLength(1);
  });

  it('has a large file refused before it is sent', async () => {
    server.trick = (_request, response) => {
      response.writeHead(200, { 'content-length': 2 ** 30 });
      response.write(bytes);
      return true;
    };
    const error = await failureOf(openGeoTiff(url, QUICK));
    expect(error.message).toMatch(/does not serve ranges of it, and more than 32 MiB .* download it/);
  });

  it('is refused when it stops serving them', async () => {
    const file = await openGeoTiff(url, QUICK);
    server.trick = noRanges(true);
    const error = await failureOf(file.readWindow({ col: 500, row: 500, width: 1, height: 1 }));
    expect(error.message).toMatch(/stopped serving ranges/);
  });
});

describe('a file that cannot be had', () => {
  it.each([
    ['does not exist', '/none.tif', /none\.tif: does not exist \(the server answers 404\)/],
    ['is empty', '/empty.tif', /empty\.tif: is not a TIFF file/],
  ])('%s', async (_name, path, message) => {
    server.files.set('/empty.tif', { bytes: new Uint8Array(0), etag: null });
    expect((await failureOf(openGeoTiff(server.origin + path, QUICK))).message).toMatch(message);
    expect(server.served).toHaveLength(1);
  });

  it.each([401, 403])('is closed (%i), and the message says what to do', async (status) => {
    server.trick = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    expect((await failureOf(openGeoTiff(url, QUICK))).message).toMatch(
      /is not open to everybody .*MINE_RS_HTTP_BEARER/,
    );
  });

  it('is no URL', async () => {
    expect((await failureOf(openGeoTiff('http://', QUICK))).message).toMatch(/is not a URL/);
  });
});

describe('interrupting', () => {
  it('ends a request under way', async () => {
    const controller = new AbortController();
    let closed = false;
    server.trick = (request) => {
      request.socket.on('close', () => (closed = true));
      setTimeout(() => controller.abort(), 20);
      return true;
    };
    const error = await failureOf(openGeoTiff(url, { timeoutMs: 60_000, signal: controller.signal }));
    expect(error.code).toBe('INTERRUPTED');
    await expect.poll(() => closed).toBe(true);
  });

  it('ends the wait before a repetition', async () => {
    const controller = new AbortController();
    server.trick = (_request, response) => {
      response.writeHead(503).end();
      setTimeout(() => controller.abort(), 20);
      return true;
    };
    const start = performance.now();
    const error = await failureOf(openGeoTiff(url, { backoffMs: 60_000, signal: controller.signal }));
    expect(error.code).toBe('INTERRUPTED');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

/** The same classic TIFF with its first directory behind everything else. */
function moveDirectoryToEnd(tiff: Uint8Array): Uint8Array {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const at = view.getUint32(4, true);
  const length = 2 + view.getUint16(at, true) * 12 + 4;
  const end = tiff.length + (tiff.length % 2);
  const moved = new Uint8Array(end + length);
  moved.set(tiff);
  moved.set(tiff.subarray(at, at + length), end);
  new DataView(moved.buffer).setUint32(4, end, true);
  return moved;
}
