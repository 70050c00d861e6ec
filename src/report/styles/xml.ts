/**
 * XML as text.
 * @module
 */

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text as content or attribute of an element; characters that XML cannot hold are left out. */
export function xml(text: string | number): string {
  const allowed = String(text).replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '');
  return allowed.replaceAll(/[&<>"']/g, (c) => ESCAPES[c]!);
}

/** An element. @param content XML, or nothing for an empty element. */
export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(value)}"`);
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** QGIS's map of options: names and text values. */
export function optionMap(options: Readonly<Record<string, string | number>>): string {
  const each = Object.entries(options).map(([name, value]) => element('Option', { type: 'QString', name, value }));
  return element('Option', { type: 'Map' }, each.join(''));
}
