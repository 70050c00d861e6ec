/**
 * From a path to features: the format follows from the file's first bytes, not from its name.
 * @module
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { MineRsError, messageOf } from '../../errors.ts';
import { fileError, type FeatureSet, type SideFile } from '../features.ts';
import { FGB_MAGIC, readFlatGeobuf } from './flatgeobuf.ts';
import { readGeoJson } from './geojson.ts';
import { readGeoPackage } from './geopackage.ts';
import { readKml } from './kml.ts';
import { readShapefile } from './shapefile.ts';
import { looksLikeWkt, readWkt } from './wkt.ts';
import { readZip, type ZipEntry } from './zip.ts';

/** Larger files are no outlines of mines, and would not fit in memory as text. */
const MAX_BYTES = 512 * 1024 * 1024;

const FORMATS = 'GeoJSON, GeoPackage, Shapefile, FlatGeobuf, KML and WKT';

/** What readers find beside a file: another of its name with another ending, in any capitals. */
type Beside = (extension: string) => Promise<SideFile | undefined>;

/** A file's features, and its bytes. */
export interface OpenedFile {
  readonly set: FeatureSet;
  readonly bytes: Uint8Array;
}

/**
 * Reads a vector file.
 *
 * @param path May end in `|layername=NAME`, as QGIS writes it.
 * @param layer Layer of a GeoPackage, or Shapefile of an archive.
 * @throws {MineRsError} BAD_INPUT for a file that cannot be read
 */
export async function openVectorFile(path: string, layer: string | undefined): Promise<OpenedFile> {
  const bytes = await readBytes(path);
  const beside: Beside = async (extension) => {
    const folder = dirname(path);
    const wanted = `${basename(path, extname(path))}${extension}`.toLowerCase();
    const names = await readdir(folder);
    const exact = names.find((name) => name === `${basename(path, extname(path))}${extension}`);
    const name = exact ?? names.find((candidate) => candidate.toLowerCase() === wanted);
    if (name === undefined) return undefined;
    const side = join(folder, name);
    return { path: side, bytes: await readBytes(side) };
  };
  return { set: await readFeatures(path, bytes, layer, beside), bytes };
}

/** A path and the layer in `|layername=NAME`, where there is one. */
export function splitLayer(path: string): { path: string; layer: string | undefined } {
  const match = /^(.*?)\|layername=(.+)$/s.exec(path);
  return match === null ? { path, layer: undefined } : { path: match[1]!, layer: match[2]! };
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw fileError(path, `is not a file. The AOI is a file with polygons: ${FORMATS} are read`);
    if (info.size > MAX_BYTES)
      throw fileError(path, `has ${info.size} bytes; an AOI of more than ${MAX_BYTES} is not read`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw fileError(path, missing ? 'the AOI file does not exist' : `cannot be read (${messageOf(error)})`);
  }
}

async function readFeatures(
  path: string,
  bytes: Uint8Array,
  layer: string | undefined,
  beside: Beside,
): Promise<FeatureSet> {
  const starts = (...head: readonly number[]) => head.every((byte, k) => bytes[k] === byte);
  const extension = extname(path).toLowerCase();
  if (Buffer.from(bytes.subarray(0, 16)).toString('latin1').startsWith('SQLite format 3')) {
    return readGeoPackage(path, bytes, layer);
  }
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return readArchive(path, bytes, layer);
  if (layer !== undefined) throw fileError(path, `has no layers, so none called '${layer}'`, { layer });
  if (starts(0, 0, 0x27, 0x0a) && extension !== '.shx') {
    const [shx, dbf, prj, cpg] = await Promise.all(['.shx', '.dbf', '.prj', '.cpg'].map(beside));
    return readShapefile({ path, shp: bytes, shx, dbf, prj, cpg });
  }
  if (starts(...FGB_MAGIC)) return readFlatGeobuf(path, bytes);
  if (extension === '.gpkg')
    throw fileError(path, 'not readable as a GeoPackage: it is no SQLite file. Is it complete?');
  if (extension === '.fgb') throw fileError(path, 'not readable as FlatGeobuf of version 3. Is it complete?');
  if (extension === '.shp') throw fileError(path, 'not readable as a Shapefile: it has no header. Is it complete?');
  if (/^\.(shx|dbf|prj|cpg)$/.test(extension)) throw fileError(path, 'is a part of a Shapefile: name its .shp file');
  const notRead = `not a vector file that can be read; ${FORMATS} are. Others convert with "ogr2ogr out.gpkg" and their name`;
  if (bytes.includes(0)) throw fileError(path, notRead);
  const text = decodeText(bytes);
  if (/^\s*</.test(text)) return readKml(path, text);
  if (looksLikeWkt(text)) return readWkt(path, text, await beside('.prj'));
  // Anything else may be GeoJSON that is damaged, but only if it looks like JSON or is called so.
  if (!/^\s*(?:[{[]|$)/.test(text) && !/json/.test(extension)) {
    throw fileError(path, notRead);
  }
  return readGeoJson(path, text);
}

/** Text as UTF-8, or in what an XML declaration says. */
function decodeText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^(?:\u00ef\u00bb\u00bf)?\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** What may be the one vector file of an archive. */
const IN_ARCHIVE = /\.(shp|kml|geojson|json|gpkg|fgb|wkt)$/i;

async function readArchive(path: string, bytes: Uint8Array, layer: string | undefined): Promise<FeatureSet> {
  const entries = readZip(path, bytes, MAX_BYTES);
  const candidates = entries.filter(({ name }) => IN_ARCHIVE.test(name));
  const listed = candidates.map(({ name }) => name).join(', ');
  if (candidates.length === 0) throw fileError(path, 'holds no vector file that can be read');
  const [only] = candidates;
  // The layer of the one GeoPackage in an archive is a layer of that.
  if (candidates.length === 1 && /\.gpkg$/i.test(only!.name)) return readEntry(path, entries, only!, layer);
  if (layer !== undefined) {
    const named = candidates.filter(({ name }) => name === layer || basename(name, extname(name)) === layer);
    if (named.length === 1) return readEntry(path, entries, named[0]!, undefined);
    throw fileError(path, `has no layer '${layer}'. Its files: ${listed}`, { layer });
  }
  // A KMZ begins at doc.kml, which may hold the placemarks, or only links to the files that do.
  const main = candidates.find(({ name }) => /^doc\.kml$/i.test(name));
  const begun = main === undefined ? undefined : await readEntry(path, entries, main, undefined);
  if (begun !== undefined && (begun.features.length > 0 || candidates.length === 1)) return begun;
  const rest = candidates.filter((entry) => entry !== main);
  if (rest.length === 1) return readEntry(path, entries, rest[0]!, undefined);
  throw fileError(path, `several vector files are in it: ${listed}. Name one of them with --layer NAME`);
}

async function readEntry(
  path: string,
  entries: readonly ZipEntry[],
  entry: ZipEntry,
  layer: string | undefined,
): Promise<FeatureSet> {
  const stem = entry.name.slice(0, entry.name.length - extname(entry.name).length).toLowerCase();
  const beside: Beside = async (extension) => {
    const side = entries.find(({ name }) => name.toLowerCase() === `${stem}${extension}`);
    return side === undefined ? undefined : { path: `${path}/${side.name}`, bytes: side.read() };
  };
  const inner = entry.read();
  if (inner[0] === 0x50 && inner[1] === 0x4b) throw fileError(path, 'is an archive in an archive, which is not read');
  const set = await readFeatures(`${path}/${entry.name}`, inner, layer, beside);
  // The digest of the archive holds its files.
  return { ...set, sides: [] };
}
