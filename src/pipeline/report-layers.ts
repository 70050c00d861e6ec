/**
 * The pixels of the report's map, at a size that a page can carry.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Window } from '../geo/window.ts';
import { readHalved } from '../raster/level.ts';
import { reduceByTwo, type OverviewMethod } from '../raster/overview.ts';
import { NO_DATA, type LayerData, type LayerKind } from '../report/html/payload.ts';
import { packLayer, type PackedLayer } from '../report/html/pixels.ts';
import type { Summary } from '../report/model.ts';

/** Pixels of a layer, all its years together. */
const MOST_PIXELS: Readonly<Record<LayerKind, number>> = {
  class: 700_000,
  state: 6_000_000,
  disturbed: 700_000,
  recovered: 700_000,
  value: 3_500_000,
};
/** Characters of all layers together. A page of them is below 6 MB. */
const MOST_CHARACTERS = 4_000_000;

/** Steps in which annual values are kept: two percent of cover, 0.02 of an index. */
const STEP = 0.02;

interface Source {
  readonly kind: LayerKind;
  readonly method: OverviewMethod;
  readonly files: readonly { readonly path: string; readonly bands: readonly number[] }[];
  readonly times: number[];
  readonly low: number;
  readonly toByte: (value: number) => number;
}

interface Layer {
  readonly data: LayerData;
  readonly bytes: Uint8Array;
  readonly method: OverviewMethod;
  readonly packed: PackedLayer;
}

/**
 * The layers whose maps the run kept, packed.
 *
 * @param window What the map shows, in pixels of the run's grid; its corner must be a multiple of 64.
 * @param most Characters of all layers together.
 */
export async function packedLayers(
  maps: string,
  summary: Summary,
  window: Window,
  most = MOST_CHARACTERS,
): Promise<PackedLayer[]> {
  const layers: Layer[] = [];
  for (const source of sourcesIn(maps, summary)) layers.push(await readLayer(source, window));
  // Land full of detail packs badly: then the largest layers are halved until all fit.
  for (;;) {
    const size = layers.reduce((sum, { packed }) => sum + packed.packed.length, 0);
    if (size <= most) return layers.map(({ packed }) => packed);
    const largest = layers.reduce((a, b, k) => (b.packed.packed.length > layers[a]!.packed.packed.length ? k : a), 0);
    layers[largest] = halved(layers[largest]!);
  }
}

function sourcesIn(maps: string, summary: Summary): Source[] {
  const { years } = summary;
  const positions = new Map(years.map((year, k) => [year, k + 1]));
  const single = (kind: LayerKind, name: string, toByte: Source['toByte']): Source => ({
    kind,
    method: 'mode',
    files: [{ path: join(maps, `${name}.tif`), bands: [1] }],
    times: [],
    low: 0,
    toByte,
  });
  const cover = summary.fvc !== null;
  const low = cover ? 0 : -1;
  const top = cover ? 1 : 1.2;
  const all = years.map((_, k) => k);
  const sources: Source[] = [
    single('class', 'trend_class', (code) => code),
    {
      kind: 'state',
      method: 'mode',
      files: [{ path: join(maps, 'state.tif'), bands: all.map((k) => k + 1) }],
      times: all,
      low: 0,
      toByte: (code) => code,
    },
    single('disturbed', 'disturbed_year', (year) => positions.get(year) ?? 0),
    single('recovered', 'recovered_year', (year) => positions.get(year) ?? 0),
    {
      kind: 'value',
      method: 'average',
      files: years.map((year) => ({ path: join(maps, `${cover ? 'fvc' : summary.index}_${year}.tif`), bands: [1] })),
      times: all,
      low,
      toByte: (value) =>
        Number.isNaN(value) ? NO_DATA : Math.round((Math.max(low, Math.min(top, value)) - low) / STEP),
    },
  ];
  return sources.filter(({ files }) => files.every(({ path }) => existsSync(path)));
}

async function readLayer(source: Source, window: Window): Promise<Layer> {
  const { kind, method, files, times, low, toByte } = source;
  const halvings = halvingsFor(window, Math.max(1, times.length), MOST_PIXELS[kind]);
  const slices: Uint8Array[] = [];
  let size = { width: 0, height: 0 };
  for (const { path, bands } of files) {
    for (const { pixels, width, height } of await readHalved(path, window, halvings, bands, method)) {
      const bytes = new Uint8Array(pixels.length);
      for (let i = 0; i < bytes.length; i++) bytes[i] = toByte(pixels[i]!);
      slices.push(bytes);
      size = { width, height };
    }
  }
  const data = { kind, ...size, times, factor: 2 ** halvings, low, step: STEP };
  return layerOf(data, joined(slices), method);
}

/** How often a window must be halved until its pixels of all years are few enough. */
function halvingsFor({ width, height }: Window, times: number, most: number): number {
  for (let k = 0; ; k++) {
    if (Math.ceil(width / 2 ** k) * Math.ceil(height / 2 ** k) * times <= most || k === 6) return k;
  }
}

function layerOf(data: LayerData, bytes: Uint8Array, method: OverviewMethod): Layer {
  return { data, bytes, method, packed: packLayer(data, bytes) };
}

/** The layer at half its size. */
function halved({ data, bytes, method }: Layer): Layer {
  const size = data.width * data.height;
  const images = Array.from({ length: bytes.length / size }, (_, t) =>
    reduceByTwo(bytes.subarray(t * size, (t + 1) * size), data.width, data.height, 1, method, NO_DATA),
  );
  const { width, height } = images[0]!;
  const slices = images.map(({ pixels }) => pixels as Uint8Array);
  return layerOf({ ...data, width, height, factor: 2 * data.factor }, joined(slices), method);
}

function joined(slices: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(slices));
}
