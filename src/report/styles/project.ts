/**
 * A QGIS project of a run: zones, maps by theme and tables, with paths relative to the project.
 * @module
 */
import type { MapStyle } from './map-style.ts';
import { THEMES, type Theme } from './map-style.ts';
import { QGIS_VERSION, rasterPipe } from './raster-style.ts';
import { element, xml } from './xml.ts';
import { zoneRenderer } from './zone-style.ts';

/** A CRS by its code where it has one, and by its PROJ string. */
export interface ProjectCrs {
  readonly epsg: number | null;
  readonly definition: string;
  readonly geographic: boolean;
}

export interface ProjectInput {
  readonly title: string;
  readonly crs: ProjectCrs;
  /** What is shown at first, in units of the CRS. */
  readonly extent: readonly [left: number, bottom: number, right: number, top: number];
  /** Maps by their file name without ending, in order. */
  readonly maps: readonly { readonly key: string; readonly style: MapStyle }[];
  /** Tables in zones.gpkg. */
  readonly tables: readonly { readonly name: string; readonly title: string }[];
}

interface Layer {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly provider: 'gdal' | 'ogr';
  /** The layer as an element of the project. */
  readonly definition: string;
}

const LON_LAT: ProjectCrs = { epsg: 4326, definition: '+proj=longlat +datum=WGS84 +no_defs', geographic: true };

/** The text of project.qgs. */
export function qgisProject({ title, crs, extent, maps, tables }: ProjectInput): string {
  const zones = zoneLayer();
  const themes = Object.keys(THEMES) as Theme[];
  const groups = themes.flatMap((theme) => {
    const layers = maps
      .filter(({ style }) => style.theme === theme)
      .flatMap(({ key, style }) => mapLayers(key, style, crs));
    return layers.length === 0 ? [] : [{ name: THEMES[theme], layers }];
  });
  const tableLayers = tables.map(({ name, title: text }) => tableLayer(name, text));
  // One map lies under the zones at first: they hide each other.
  const shown = groups[0]?.layers[0];
  const tree = [
    treeLayer(zones, true),
    ...groups.map(({ name, layers }) => treeGroup(name, layers, shown)),
    ...(tableLayers.length === 0 ? [] : [treeGroup('Tables', tableLayers, undefined)]),
  ];
  const all = [zones, ...groups.flatMap(({ layers }) => layers), ...tableLayers];
  const content = [
    element('homePath', { path: '' }),
    element('title', {}, xml(title)),
    element('projectCrs', {}, spatialReference(crs)),
    element('layer-tree-group', {}, tree.join('\n')),
    mapCanvas(crs, extent),
    element('projectlayers', {}, `\n${all.map(({ definition }) => definition).join('\n')}\n`),
    element(
      'properties',
      {},
      element('Paths', {}, element('Absolute', { type: 'bool' }, 'false')) +
        // Without it QGIS leaves the project's CRS aside.
        element('SpatialRefSys', {}, element('ProjectionsEnabled', { type: 'int' }, '1')),
    ),
  ];
  const project = element('qgis', { version: QGIS_VERSION, projectname: title }, `\n${content.join('\n')}\n`);
  return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n${project}\n`;
}

function mapCanvas(crs: ProjectCrs, [left, bottom, right, top]: ProjectInput['extent']): string {
  const corners = { xmin: left, ymin: bottom, xmax: right, ymax: top };
  const extent = Object.entries(corners).map(([name, value]) => element(name, {}, xml(value)));
  const content = [
    element('units', {}, crs.geographic ? 'degrees' : 'meters'),
    element('extent', {}, extent.join('')),
    element('rotation', {}, '0'),
    element('destinationsrs', {}, spatialReference(crs)),
  ];
  return element('mapcanvas', { name: 'theMapCanvas', annotationsVisible: 1 }, content.join(''));
}

function spatialReference({ epsg, definition, geographic }: ProjectCrs): string {
  const known = epsg === null ? '' : `${element('srid', {}, xml(epsg))}${element('authid', {}, `EPSG:${epsg}`)}`;
  const flag = element('geographicflag', {}, String(geographic));
  return element('spatialrefsys', {}, `${element('proj4', {}, xml(definition))}${known}${flag}`);
}

/** An id of a layer. QGIS puts others in the place of short ones, and then finds nothing to show. */
function idOf(name: string): string {
  return `mine_rs_layer_${name}`;
}

function layerOf(
  layer: Omit<Layer, 'definition'>,
  attributes: Record<string, string>,
  crs: ProjectCrs | null,
  style: string,
): Layer {
  const content = [
    element('id', {}, xml(layer.id)),
    element('datasource', {}, xml(layer.source)),
    element('layername', {}, xml(layer.name)),
    crs === null ? '' : element('srs', {}, spatialReference(crs)),
    layer.provider === 'ogr' ? element('provider', { encoding: 'UTF-8' }, 'ogr') : element('provider', {}, 'gdal'),
    style,
  ];
  return { ...layer, definition: element('maplayer', { autoRefreshEnabled: 0, ...attributes }, content.join('')) };
}

function mapLayers(key: string, style: MapStyle, crs: ProjectCrs): Layer[] {
  return style.bands.map(({ band, title }) => {
    const layer = { id: idOf(`${key}_${band}`), name: title, source: `./maps/${key}.tif`, provider: 'gdal' } as const;
    return layerOf(layer, { type: 'raster' }, crs, `${rasterPipe(style, band)}${element('blendMode', {}, '0')}`);
  });
}

function zoneLayer(): Layer {
  const layer = { id: idOf('zones'), name: 'Zones', source: './zones.gpkg|layername=zones', provider: 'ogr' } as const;
  const attributes = { type: 'vector', geometry: 'Polygon', wkbType: 'MultiPolygon', labelsEnabled: '1' };
  return layerOf(layer, attributes, LON_LAT, zoneRenderer());
}

function tableLayer(name: string, title: string): Layer {
  const layer = {
    id: idOf(`table_${name}`),
    name: title,
    source: `./zones.gpkg|layername=${name}`,
    provider: 'ogr',
  } as const;
  return layerOf(layer, { type: 'vector', geometry: 'No geometry', wkbType: 'NoGeometry' }, null, '');
}

function treeLayer({ id, name, source, provider }: Layer, shown: boolean): string {
  const state = { checked: shown ? 'Qt::Checked' : 'Qt::Unchecked', expanded: shown ? 1 : 0 };
  return element('layer-tree-layer', { id, name, source, providerKey: provider, ...state });
}

function treeGroup(name: string, layers: readonly Layer[], shown: Layer | undefined): string {
  const holds = shown !== undefined && layers.includes(shown);
  const state = { checked: 'Qt::Checked', expanded: holds ? 1 : 0 };
  const content = layers.map((layer) => treeLayer(layer, layer === shown)).join('\n');
  return element('layer-tree-group', { name, ...state }, `\n${content}\n`);
}
