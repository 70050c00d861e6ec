/**
 * Colours of the map's layers, and their legends.
 * @module
 */
import { COVER_RAMP, rampColour, rgbOf, YEAR_RAMP, type Colour } from '../../palette.ts';
import { fixed } from '../numbers.ts';
import { NO_DATA, type Entry, type LayerData, type LayerKind, type Payload } from '../payload.ts';
import { element, part, type View } from './page.ts';

function packed([red, green, blue]: readonly [number, number, number]): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The legend entries of a layer of classes; undefined for a ramp. */
export function entriesOf(payload: Payload, kind: LayerKind): readonly Entry[] | undefined {
  if (kind === 'class') return payload.classes.filter(({ code }) => code !== NO_DATA);
  return kind === 'state' ? payload.states : undefined;
}

/** The ramp of a layer of values. */
function rampOf(kind: LayerKind): readonly Colour[] {
  return kind === 'value' ? COVER_RAMP : YEAR_RAMP;
}

/** Colour of each byte; transparent without data, and in years where nothing happened. */
export function colourTable(payload: Payload, { kind, step, low }: LayerData): Uint32Array {
  const table = new Uint32Array(256);
  const entries = entriesOf(payload, kind);
  if (entries !== undefined) {
    for (const { code, colour } of entries) table[code] = packed(rgbOf(colour));
    return table;
  }
  if (kind === 'value') {
    const top = payload.value.percent ? 1 : 0.9;
    const bottom = payload.value.percent ? 0 : -0.1;
    for (let b = 0; b < NO_DATA; b++) {
      table[b] = packed(rampColour(COVER_RAMP, (low + b * step - bottom) / (top - bottom)));
    }
    return table;
  }
  const last = Math.max(1, payload.years.length - 1);
  for (let k = 0; k < payload.years.length; k++) table[k + 1] = packed(rampColour(YEAR_RAMP, k / last));
  return table;
}

export function drawLegend({ payload, say }: View, layer: LayerData): void {
  const place = part('#legend');
  const entries = entriesOf(payload, layer.kind);
  if (entries !== undefined) {
    const rows = entries.map(({ label, colour }) => {
      const swatch = element('span', { class: 'key' });
      swatch.style.setProperty('--c', colour);
      return element('li', {}, swatch, label);
    });
    place.replaceChildren(element('ul', { class: 'legend' }, ...rows, blank(say('noData'))));
    return;
  }
  const ramp = element('div', { class: 'ramp' });
  ramp.style.background = `linear-gradient(to right, ${rampOf(layer.kind).join(', ')})`;
  const { years } = payload;
  const labels =
    layer.kind === 'value'
      ? payload.value.percent
        ? ['0 %', '50 %', '100 %']
        : [fixed(-0.1, 1), fixed(0.4, 1), fixed(0.9, 1)]
      : [years[0]!, years[Math.floor((years.length - 1) / 2)]!, years.at(-1)!].map(String);
  const scale = element('div', { class: 'ramp-labels' }, ...labels.map((label) => element('span', {}, label)));
  const none = blank(layer.kind === 'value' ? say('noData') : say('never'));
  place.replaceChildren(ramp, scale, element('ul', { class: 'legend' }, none));
}

function blank(label: string): HTMLElement {
  return element('li', {}, element('span', { class: 'key blank' }), label);
}
