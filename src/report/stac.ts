/**
 * A run as a STAC Item, and runs as a STAC Collection (STAC 1.1).
 *
 * Nothing in them depends on when or where the run was made: links and files are named relative to the document.
 * @module
 */
import type { Summary } from './model.ts';
import type { MapStyle } from './styles/map-style.ts';

const VERSION = '1.1.0';
const EXTENSIONS = [
  'https://stac-extensions.github.io/processing/v1.2.0/schema.json',
  'https://stac-extensions.github.io/projection/v2.0.0/schema.json',
  'https://stac-extensions.github.io/file/v2.1.0/schema.json',
];
/** Of maps: who names the first must have a field of it. */
const MAP_EXTENSIONS = [
  'https://stac-extensions.github.io/raster/v2.0.0/schema.json',
  'https://stac-extensions.github.io/classification/v2.0.0/schema.json',
];

/** [west, south, east, north] in degrees; west is greater than east across the antimeridian. */
export type LonLatBox = readonly [number, number, number, number];

/** A file of a run. */
export interface StacFile {
  /** In the run's folder, with `/`. */
  readonly path: string;
  /** Size and digest; null for a file that later commands write anew. */
  readonly content: { readonly bytes: number; readonly sha256: string } | null;
}

/** A map of a run. */
export interface StacMap extends StacFile {
  readonly pixelType: string;
  /** NaN where the map uses it; null where every value is data. */
  readonly nodata: number | null;
  readonly bands: readonly string[];
  readonly style: MapStyle | undefined;
}

export interface StacInput {
  readonly summary: Summary;
  readonly id: string;
  readonly title: string;
  /** Of all maps, in longitude and latitude; null where it is not known. */
  readonly footprint: { readonly geometry: object; readonly bbox: LonLatBox } | null;
  /** Null where the CRS has none. */
  readonly epsg: number | null;
  /** Left, bottom, right, top in units of the CRS. */
  readonly extent: readonly [number, number, number, number];
  /** Metres; null in a geographic CRS. */
  readonly pixelSize: number | null;
  readonly maps: readonly StacMap[];
  readonly files: readonly StacFile[];
}

/** The run as an Item that lies one folder below the run's. */
export function stacItem(input: StacInput): Record<string, unknown> {
  const { summary, id, footprint, epsg, extent, pixelSize } = input;
  const [start, end] = timesOf(summary);
  const { grid } = summary;
  return {
    type: 'Feature',
    stac_version: VERSION,
    stac_extensions: input.maps.length === 0 ? EXTENSIONS : [...EXTENSIONS, ...MAP_EXTENSIONS],
    id,
    ...(footprint === null ? {} : { bbox: footprint.bbox }),
    geometry: footprint?.geometry ?? null,
    properties: {
      title: input.title,
      description: descriptionOf(summary),
      datetime: null,
      start_datetime: start,
      end_datetime: end,
      ...(pixelSize === null ? {} : { gsd: pixelSize }),
      'proj:code': epsg === null ? null : `EPSG:${epsg}`,
      'proj:shape': [grid.height, grid.width],
      'proj:transform': grid.transform,
      'proj:bbox': extent,
      'processing:software': { [summary.tool.name]: summary.tool.version },
      'processing:lineage': lineageOf(summary),
    },
    links: [],
    assets: Object.fromEntries([
      ...input.maps.map((map) => [keyOf(map.path), mapAsset(map, pixelSize)]),
      ...input.files.map((file) => [keyOf(file.path), fileAsset(file)]),
    ]),
  };
}

/** Runs of a batch as a Collection. */
export interface StacCollectionInput {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly items: readonly {
    /** Relative to the Collection. */
    readonly href: string;
    readonly item: Record<string, unknown>;
  }[];
}

/** A Collection over runs; undefined where no run has a place. */
export function stacCollection({
  id,
  title,
  version,
  items,
}: StacCollectionInput): Record<string, unknown> | undefined {
  const boxes = items.flatMap(({ item }) => (item.bbox === undefined ? [] : [item.bbox as LonLatBox]));
  if (boxes.length === 0) return undefined;
  const times = items.map(({ item }) => item.properties as { start_datetime: string; end_datetime: string });
  const starts = times.map((time) => time.start_datetime).toSorted();
  const ends = times.map((time) => time.end_datetime).toSorted();
  return {
    type: 'Collection',
    stac_version: VERSION,
    id,
    title,
    description: `${items.length} ${items.length === 1 ? 'run' : 'runs'} of mine-rs ${version}.`,
    license: 'other',
    // The first box is of all runs, those behind it are of each: STAC asks for one box, or for three and more.
    extent: {
      spatial: { bbox: boxes.length === 1 ? boxes : [uniteBoxes(boxes), ...boxes] },
      temporal: { interval: [[starts[0], ends.at(-1)]] },
    },
    links: items.map(({ href, item }) => ({
      rel: 'item',
      href,
      type: 'application/geo+json',
      title: (item.properties as { title: string }).title,
    })),
  };
}

/** A box round boxes. Where one passes the antimeridian, or they lie far apart, it goes all round the globe. */
function uniteBoxes(boxes: readonly LonLatBox[]): LonLatBox {
  const passes = boxes.some(([west, , east]) => west > east);
  const south = Math.min(...boxes.map((box) => box[1]));
  const north = Math.max(...boxes.map((box) => box[3]));
  if (passes) return [-180, south, 180, north];
  return [Math.min(...boxes.map((box) => box[0])), south, Math.max(...boxes.map((box) => box[2])), north];
}

/** From the first used scene's day to the end of the last one's. */
function timesOf({ scenes, years }: Summary): [start: string, end: string] {
  const dates = scenes.flatMap(({ used, date }) => (used && date !== null ? [date] : [])).toSorted();
  const [first, last] = [dates[0] ?? `${years[0]!}-01-01`, dates.at(-1) ?? `${years.at(-1)!}-12-31`];
  return [`${first.slice(0, 10)}T00:00:00Z`, `${last.slice(0, 10)}T23:59:59Z`];
}

function descriptionOf({ years, zones }: Summary): string {
  const span = `${years[0]!} to ${years.at(-1)!}`;
  return `Trend and land state of ${zones.length} ${zones.length === 1 ? 'zone' : 'zones'}, ${span}. A spectral change is evidence, not a compliance finding.`;
}

function lineageOf({ scenes, years, composite, index, fvc, trend, baseline }: Summary): string {
  const used = scenes.filter((scene) => scene.used);
  const sensors = [...new Set(used.map(({ sensor }) => sensor ?? 'unknown sensor'))].toSorted();
  const parts = [
    `${used.length} scenes of ${years.length} years (${sensors.join(', ')})`,
    `annual ${composite} of ${index.toUpperCase()}`,
  ];
  if (fvc !== null) {
    const { soil, vegetation, source } = fvc.endpoints;
    parts.push(`FVC (${fvc.model}, endpoints ${soil.toFixed(4)} and ${vegetation.toFixed(4)}: ${source})`);
  }
  parts.push(`Mann-Kendall test and Sen slope of ${trend.on.toUpperCase()} (${trend.pMethod} p)`);
  if (baseline !== null) parts.push(`land states against the ${baseline.text}`);
  return `${parts.join('; ')}.`;
}

const MEDIA_TYPES: Record<string, string> = {
  tif: 'image/tiff; application=geotiff; profile=cloud-optimized',
  png: 'image/png',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  geojson: 'application/geo+json',
  gpkg: 'application/geopackage+sqlite3',
  parquet: 'application/vnd.apache.parquet',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  qml: 'application/xml',
  qgs: 'application/x-qgis-project',
};

/** What a file is, by its folder or its name. */
const ROLES: readonly (readonly [start: string, role: string])[] = [
  ['quicklook/', 'overview'],
  ['report.html', 'overview'],
  ['tables', 'data'],
  ['zones.', 'data'],
  ['summary.json', 'data'],
];

/** `maps/fvc_2024.tif` is `maps-fvc_2024`, `zones.gpkg` is `zones-gpkg`. */
function keyOf(path: string): string {
  return path.replace(/^maps\/(.*)\.tif$/, 'maps/$1').replaceAll(/[/.]/g, '-');
}

function fileAsset({ path, content }: StacFile): Record<string, unknown> {
  const ending = /\.(\w+)$/.exec(path)?.[1] ?? '';
  return {
    href: `../${path.split('/').map(encodeURIComponent).join('/')}`,
    title: path,
    type: MEDIA_TYPES[ending] ?? 'application/octet-stream',
    roles: [ROLES.find(([start]) => path.startsWith(start))?.[1] ?? 'metadata'],
    // A multihash: 0x12 is SHA-256, 0x20 its length.
    ...(content === null ? {} : { 'file:size': content.bytes, 'file:checksum': `1220${content.sha256}` }),
  };
}

function mapAsset(map: StacMap, pixelSize: number | null): Record<string, unknown> {
  const { bands, pixelType, nodata, style } = map;
  const title = style === undefined || style.bands.length > 1 ? map.path : style.bands[0]!.title;
  const noValue = nodata === null ? {} : { nodata: Number.isNaN(nodata) ? 'nan' : nodata };
  const classes = style?.kind === 'classes' ? { 'classification:classes': classesOf(style, nodata) } : {};
  return {
    ...fileAsset(map),
    title,
    roles: ['data'],
    data_type: pixelType,
    ...noValue,
    ...(pixelSize === null ? {} : { 'raster:spatial_resolution': pixelSize }),
    'raster:sampling': 'area',
    ...classes,
    bands: bands.map((name) => ({ name })),
  };
}

function classesOf({ entries }: MapStyle, nodata: number | null): Record<string, unknown>[] {
  const classes = entries.map(({ value, label, colour }) => ({
    value,
    name: label.replaceAll(/[^\w-]+/g, '_'),
    title: label,
    color_hint: colour.slice(1).toUpperCase(),
  }));
  return nodata === null ? classes : [...classes, { value: nodata, name: 'no_data', title: 'no data', nodata: true }];
}
