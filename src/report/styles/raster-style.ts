/**
 * QGIS styles of maps (.qml).
 * @module
 */
import { rgbOf, type Colour } from '../palette.ts';
import type { MapStyle, StyleEntry } from './map-style.ts';
import { element, optionMap } from './xml.ts';

/** Oldest QGIS whose way of writing styles this is. */
export const QGIS_VERSION = '3.22.0';

const DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n";

/** A style file of QGIS. @param content XML of what it styles */
export function styleFile(content: string): string {
  const attributes = { version: QGIS_VERSION, styleCategories: 'Symbology|Labeling' };
  return `${DOCTYPE}${element('qgis', attributes, content)}\n`;
}

/** The style of one band of a map, as it stands in a .qml file and in a project. */
export function rasterPipe(style: MapStyle, band: number): string {
  const shared = { band, opacity: 1, alphaBand: -1, nodataColor: '' };
  const renderer =
    style.kind === 'classes'
      ? element('rasterrenderer', { type: 'paletted', ...shared }, palette(style.entries))
      : element(
          'rasterrenderer',
          { type: 'singlebandpseudocolor', ...shared, ...limitsOf(style, 'classificationMin', 'classificationMax') },
          shader(style),
        );
  return element('pipe', {}, renderer);
}

/** The style of a map; of one of several bands, that of the first one named. */
export function rasterStyleFile(style: MapStyle): string {
  return styleFile(`${rasterPipe(style, style.bands[0]!.band)}${element('blendMode', {}, '0')}`);
}

function palette(entries: readonly StyleEntry[]): string {
  const each = entries.map(({ value, label, colour }) =>
    element('paletteEntry', { value, label, color: colour, alpha: 255 }),
  );
  return element('colorPalette', {}, each.join(''));
}

function shader({ kind, entries, ...rest }: MapStyle): string {
  const items = entries.map(({ value, label, colour }) =>
    element('item', { value: Number.isFinite(value) ? value : 'inf', label, color: colour, alpha: 255 }),
  );
  const attributes = {
    colorRampType: kind === 'ramp' ? 'INTERPOLATED' : 'DISCRETE',
    classificationMode: 1,
    clip: 0,
    labelPrecision: 4,
    ...limitsOf({ kind, entries, ...rest }, 'minimumValue', 'maximumValue'),
  };
  const content = `${kind === 'ramp' ? gradient(entries) : ''}${items.join('')}`;
  return element('rastershader', {}, element('colorrampshader', attributes, content));
}

/** Least and greatest finite value under the names that an element has for them. */
function limitsOf({ entries }: MapStyle, least: string, greatest: string): Record<string, number> {
  const finite = entries.map(({ value }) => value).filter(Number.isFinite);
  return { [least]: finite[0]!, [greatest]: finite.at(-1)! };
}

/** The ramp behind the entries, with which QGIS draws a continuous legend. */
function gradient(entries: readonly StyleEntry[]): string {
  const rgba = (colour: Colour) => `${rgbOf(colour).join(',')},255`;
  const inner = entries.slice(1, -1).map(({ colour }, k) => `${place(k + 1, entries.length)};${rgba(colour)}`);
  const options = {
    color1: rgba(entries[0]!.colour),
    color2: rgba(entries.at(-1)!.colour),
    discrete: 0,
    rampType: 'gradient',
    stops: inner.join(':'),
  };
  return element('colorramp', { type: 'gradient', name: '[source]' }, optionMap(options));
}

function place(k: number, n: number): number {
  return Number((k / (n - 1)).toFixed(6));
}
