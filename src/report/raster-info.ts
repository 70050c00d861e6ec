/**
 * What `mine-rs info` says about a raster.
 * @module
 */
import { table } from './terminal.ts';

/** A raster, as `mine-rs info --json` prints it. docs/info.md says what each field means. */
export interface RasterDescription {
  readonly file: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly bandCount: number;
  readonly type: string;
  readonly bitsPerSample: number;
  readonly nodata: number | string | null;
  readonly transform: readonly number[] | null;
  readonly bbox: readonly number[] | null;
  readonly pixelIsPoint: boolean;
  readonly crs: {
    readonly epsg: number | null;
    readonly name: string | null;
    readonly proj: string | null;
    readonly problem: string | null;
  };
  readonly layout: {
    readonly container: 'TIFF' | 'BigTIFF' | 'JP2';
    readonly byteOrder: 'little' | 'big';
    readonly blocks: 'tiled' | 'striped';
    readonly blockWidth: number;
    readonly blockHeight: number;
    readonly interleave: 'pixel' | 'band';
    readonly compression: string;
    readonly predictor: number;
  };
  readonly mask: 'internal' | 'sidecar' | 'nodata' | 'alpha' | 'none';
  readonly overviews: readonly { readonly width: number; readonly height: number }[];
  readonly problem: string | null;
  readonly bands: readonly BandDescription[];
}

interface BandDescription {
  readonly band: number;
  readonly description: string | null;
  readonly scale: number;
  readonly offset: number;
  readonly sha256?: string;
}

const MASKS = {
  internal: 'a mask inside the file',
  sidecar: 'a .msk file beside it',
  nodata: 'the nodata value',
  alpha: 'the alpha band',
  none: 'nothing: all pixels are valid',
} as const;

/** A screen of text. */
export function rasterInfoText(raster: RasterDescription): string {
  const lines: [string, string][] = [
    ['Size', `${raster.width} × ${raster.height} pixels, ${count(raster.bandCount, 'band')} of ${typeText(raster)}`],
    ['Grid', gridText(raster)],
    ['CRS', crsText(raster)],
    ['Layout', layoutText(raster)],
    ['Nodata', raster.nodata === null ? 'none' : String(raster.nodata)],
    ['Validity', MASKS[raster.mask]],
    ['Overviews', raster.overviews.map(({ width, height }) => `${width} × ${height}`).join(', ') || 'none'],
  ];
  if (raster.problem !== null) lines.push(['Pixels', `cannot be read: ${raster.problem}`]);
  const text = lines.map(([name, value]) => `${name.padEnd(11)}${value}`).join('\n');
  const bands = bandText(raster);
  return `${raster.file}\n\n${text}\n${bands === '' ? '' : `\n${bands}\n`}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function typeText({ type, bitsPerSample }: RasterDescription): string {
  return type.endsWith(String(bitsPerSample)) ? type : `${type}, stored in ${count(bitsPerSample, 'bit')}`;
}

function gridText({ transform, bbox, pixelIsPoint }: RasterDescription): string {
  if (transform === null) return 'no georeferencing';
  const [a, b, c, d, e, f] = transform as [number, number, number, number, number, number];
  const number = (value: number) => String(Number(value.toPrecision(12)));
  const size = b === 0 && d === 0 ? `${number(a)} × ${number(-e)}` : `rotated [${[a, b, d, e].map(number).join(', ')}]`;
  const extent = bbox === null ? '' : `, extent ${bbox.map(number).join(', ')}`;
  const point = pixelIsPoint ? ' (stored by pixel centres)' : '';
  return `pixels of ${size}, origin ${number(c)}, ${number(f)}${extent}${point}`;
}

function crsText({ crs }: RasterDescription): string {
  if (crs.name === null) return crs.problem?.replace(/^has (?:the |a )?(?:CRS )?/, '') ?? 'none';
  const spelled = crs.epsg === null ? ' (spelled out, without a code)' : '';
  return `${crs.name}${spelled}, ${crs.proj}`;
}

function layoutText({ layout, bytes, bandCount }: RasterDescription): string {
  const blocks = `${layout.blocks === 'tiled' ? 'tiles' : 'strips'} of ${layout.blockWidth} × ${layout.blockHeight}`;
  const coding = layout.compression === 'none' ? 'uncompressed' : layout.compression;
  const predictor = layout.predictor === 1 ? '' : ` with predictor ${layout.predictor}`;
  const order = bandCount > 1 ? `, ${layout.interleave}-interleaved` : '';
  return `${blocks}, ${coding}${predictor}${order}, ${layout.byteOrder}-endian ${layout.container}, ${sizeText(bytes)}`;
}

function sizeText(bytes: number): string {
  if (bytes < 1e4) return `${bytes} bytes`;
  return bytes < 1e7 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(0)} MB`;
}

/** A line a band, where there is something to say about bands. */
function bandText({ bands }: RasterDescription): string {
  const described = bands.some(({ description }) => description !== null);
  const scaled = bands.some(({ scale, offset }) => scale !== 1 || offset !== 0);
  const digested = bands.some(({ sha256 }) => sha256 !== undefined);
  if (!described && !scaled && !digested) return '';
  const head = ['Band', ...(described ? ['description'] : []), ...(scaled ? ['scale', 'offset'] : [])];
  const rows = bands.map((band) => [
    String(band.band),
    ...(described ? [band.description ?? '–'] : []),
    ...(scaled ? [String(band.scale), String(band.offset)] : []),
    ...(digested ? [band.sha256!] : []),
  ]);
  return table([...head, ...(digested ? ['sha256 of its pixels'] : [])], rows, described ? 2 : 1, [head.length]);
}
