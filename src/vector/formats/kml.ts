/**
 * Polygons of KML (OGC 12-007r2): longitude and latitude on WGS 84, always.
 * @module
 */
import { messageOf } from '../../errors.ts';
import { WGS84 } from '../../geo/crs.ts';
import { featureError, fileError, type Feature, type FeatureSet } from '../features.ts';
import type { Polygons, Ring } from '../polygons.ts';
import { readXml } from './xml.ts';

const GEOMETRIES = new Set([
  'Point',
  'LineString',
  'LinearRing',
  'Polygon',
  'MultiGeometry',
  'Model',
  'Track',
  'MultiTrack',
]);

interface Placemark {
  id: string | undefined;
  properties: Record<string, unknown>;
  polygons: Polygons;
  types: Set<string>;
}

/**
 * The placemarks of a KML text. Attributes are `name`, `description`, the extended data, and `folder`: the name of the
 * innermost folder around.
 * @throws {MineRsError} BAD_INPUT for a text that is no KML, or with coordinates that are none
 */
export function readKml(path: string, text: string): FeatureSet {
  const reader = new KmlReader(path);
  try {
    readXml(text, reader);
  } catch (error) {
    if (error instanceof SyntaxError) throw fileError(path, `not readable as KML: it ${messageOf(error)}`);
    throw error;
  }
  const { features, links, hasZ } = reader;
  if (!reader.isKml)
    throw fileError(path, 'is XML, but not KML. Convert it, such as with "ogr2ogr out.gpkg" and its name');
  const warnings = links > 0 ? [`${links} link(s) to other files are not followed`] : [];
  return { features, crs: WGS84, warnings, format: 'KML', ringOrder: 'none', closed: true, hasZ, sides: [] };
}

class KmlReader {
  readonly features: Feature[] = [];
  links = 0;
  hasZ = false;
  isKml = false;
  readonly #path: string;
  readonly #stack: string[] = [];
  readonly #folders: string[] = [];
  #placemark: Placemark | undefined;
  #text = '';
  #rings: { outer: Ring | undefined; holes: Ring[] } | undefined;
  #inHole = false;
  #field: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  readonly open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (this.#stack.length === 0)
      this.isKml = name === 'kml' || name === 'Document' || name === 'Folder' || name === 'Placemark';
    if (name === 'Placemark') {
      this.#placemark = { id: attributes['id'], properties: {}, polygons: [], types: new Set() };
    } else if (name === 'Folder') this.#folders.push('');
    else if (name === 'NetworkLink') this.links++;
    else if (name === 'Polygon') this.#rings = { outer: undefined, holes: [] };
    else if (name === 'innerBoundaryIs') this.#inHole = true;
    else if (name === 'outerBoundaryIs') this.#inHole = false;
    else if (name === 'Data' || name === 'SimpleData') this.#field = attributes['name'];
    if (GEOMETRIES.has(name) && name !== 'MultiGeometry' && name !== 'LinearRing') this.#placemark?.types.add(name);
    this.#stack.push(name);
    this.#text = '';
  };

  readonly text = (text: string): void => {
    this.#text += text;
  };

  readonly close = (name: string): void => {
    this.#stack.pop();
    const parent = this.#stack.at(-1);
    const text = this.#text.trim();
    this.#text = '';
    const placemark = this.#placemark;
    if (name === 'Folder') this.#folders.pop();
    else if (name === 'name' && parent === 'Folder') this.#folders[this.#folders.length - 1] = text;
    else if (placemark === undefined) return;
    else if ((name === 'name' || name === 'description') && parent === 'Placemark') placemark.properties[name] = text;
    else if (name === 'SimpleData' || (name === 'value' && parent === 'Data')) {
      if (this.#field !== undefined) placemark.properties[this.#field] = text;
    } else if (name === 'coordinates' && this.#rings !== undefined) this.#addRing(text, this.#rings);
    else if (name === 'Polygon') this.#endPolygon(placemark);
    else if (name === 'Placemark') this.#endPlacemark(placemark);
  };

  #addRing(text: string, rings: { outer: Ring | undefined; holes: Ring[] }): void {
    const ring: Ring = [];
    for (const tuple of text.split(/\s+/)) {
      if (tuple === '') continue;
      const parts = tuple.split(',');
      const [x, y] = [Number(parts[0]), Number(parts[1])];
      if (parts.length < 2 || parts[1] === '' || !Number.isFinite(x) || !Number.isFinite(y)) {
        const shown = tuple.slice(0, 60);
        throw featureError(
          this.#path,
          this.features.length + 1,
          `has the coordinates '${shown}', which are not "longitude,latitude"`,
        );
      }
      if (Number(parts[2] ?? 0) !== 0) this.hasZ = true;
      ring.push([x, y]);
    }
    if (this.#inHole) rings.holes.push(ring);
    else rings.outer = ring;
  }

  #endPolygon(placemark: Placemark): void {
    const rings = this.#rings;
    this.#rings = undefined;
    this.#inHole = false;
    if (rings?.outer !== undefined) placemark.polygons.push([rings.outer, ...rings.holes]);
  }

  #endPlacemark({ id, properties, polygons, types }: Placemark): void {
    const folder = this.#folders.at(-1);
    if (folder !== undefined && folder !== '' && properties['folder'] === undefined) properties['folder'] = folder;
    this.features.push({
      number: this.features.length + 1,
      fileId: id,
      properties,
      polygons,
      geometryType: types.size === 0 ? 'no geometry' : [...types].join(' and '),
    });
    this.#placemark = undefined;
  }
}
