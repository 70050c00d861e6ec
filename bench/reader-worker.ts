/**
 * The work of a worker of reader.ts: a window read into memory that the worker has already.
 * @module
 */
import type { Window } from '../src/geo/window.ts';
import { openGeoTiff } from '../src/raster/geotiff-file.ts';

let room = new Uint16Array(0);

export default async function readWindow({ path, window }: { path: string; window: Window }): Promise<void> {
  const pixels = window.width * window.height;
  if (room.length < pixels) room = new Uint16Array(pixels);
  const file = await openGeoTiff(path);
  await file.readWindowInto(window, 1, room.subarray(0, pixels));
  await file.close();
}
