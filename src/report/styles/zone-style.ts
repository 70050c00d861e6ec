/**
 * The QGIS style of the zones: outlines by role over any map, with their names.
 * @module
 */
import type { Colour } from '../palette.ts';
import { rgbOf } from '../palette.ts';
import { styleFile } from './raster-style.ts';
import { element, optionMap } from './xml.ts';

/** Outlines by role; the last one is for any other role. */
export const ZONE_LINES: readonly { role: string; label: string; colour: Colour; line: 'solid' | 'dash' | 'dot' }[] = [
  { role: 'mine', label: 'mine', colour: '#000000', line: 'solid' },
  { role: 'impact', label: 'impact', colour: '#7b2d8b', line: 'dash' },
  { role: 'reference', label: 'reference', colour: '#1f4e9c', line: 'dot' },
  { role: '', label: 'other role', colour: '#555555', line: 'solid' },
];

function rgba(colour: Colour): string {
  return `${rgbOf(colour).join(',')},255`;
}

/** An outline on a white one that is wider: it shows on dark and on light land. */
function symbol(name: number, colour: Colour, line: string): string {
  const stroke = (color: Colour, style: string, width: number) =>
    element(
      'layer',
      { class: 'SimpleLine', enabled: 1, locked: 0, pass: 0 },
      optionMap({
        line_color: rgba(color),
        line_style: style,
        line_width: width,
        line_width_unit: 'MM',
        joinstyle: 'round',
      }),
    );
  const attributes = { type: 'fill', name, alpha: 1, clip_to_extent: 1, force_rhr: 0 };
  return element('symbol', attributes, `${stroke('#ffffff', 'solid', 0.9)}${stroke(colour, line, 0.45)}`);
}

/** Renderer and labels of the zones, as they stand in a .qml file and in a project. */
export function zoneRenderer(): string {
  const categories = ZONE_LINES.map(({ role, label }, k) =>
    element('category', { value: role, label, symbol: k, render: 'true', type: 'string' }),
  );
  const symbols = ZONE_LINES.map(({ colour, line }, k) => symbol(k, colour, line));
  const attributes = { type: 'categorizedSymbol', attr: 'role', symbollevels: 0, enableorderby: 0, forceraster: 0 };
  const content = `${element('categories', {}, categories.join(''))}${element('symbols', {}, symbols.join(''))}`;
  return `${element('renderer-v2', attributes, content)}${labels()}`;
}

function labels(): string {
  const buffer = element('text-buffer', {
    bufferDraw: 1,
    bufferSize: 1,
    bufferSizeUnits: 'MM',
    bufferColor: '255,255,255,255',
    bufferOpacity: 1,
  });
  const style = element(
    'text-style',
    {
      fieldName: 'name',
      isExpression: 0,
      fontSize: 9,
      fontSizeUnit: 'Point',
      textColor: '20,20,20,255',
      textOpacity: 1,
    },
    buffer,
  );
  const settings = element('settings', {}, style);
  return element('labeling', { type: 'simple' }, settings);
}

/** The zones' style as a .qml file. */
export function zoneStyleFile(): string {
  return styleFile(zoneRenderer());
}
