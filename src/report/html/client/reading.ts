/**
 * The values under the pointer.
 * @module
 */
import { fixed, percent } from '../numbers.ts';
import { NO_DATA, type LayerData, type LayerKind, type MapData } from '../payload.ts';
import { entriesOf } from './legend.ts';
import { element, part, type View } from './page.ts';

/** A layer whose pixels are unpacked. */
export interface LoadedLayer {
  readonly data: LayerData;
  /** Pixels of a year, by its position; of the whole series where the layer has no years. */
  readonly slice: (year: number) => Uint8Array;
}

export interface Reading {
  setYear(year: number): void;
  /** Shows the values at a place, in metres from the map's upper left corner. */
  at(x: number, y: number): void;
}

export function createReading(view: View, data: MapData, layers: ReadonlyMap<LayerKind, LoadedLayer>): Reading {
  const { payload, say } = view;
  const place = part('#reading');
  let year = payload.years.length - 1;
  let last: [number, number] | undefined;

  const valueOf = ({ data: layer, slice }: LoadedLayer, x: number, y: number): string => {
    const col = Math.floor((x / data.widthM) * layer.width);
    const row = Math.floor((y / data.heightM) * layer.height);
    const byte = slice(year)[row * layer.width + col]!;
    if (byte === NO_DATA) return say('noData');
    const entries = entriesOf(payload, layer.kind);
    if (entries !== undefined) return entries.find(({ code }) => code === byte)?.label ?? say('noData');
    if (layer.kind !== 'value') return byte === 0 ? say('never') : String(payload.years[byte - 1]);
    const value = layer.low + byte * layer.step;
    return payload.value.percent ? percent(value) : fixed(value, 2);
  };
  const show = (): void => {
    if (last === undefined) return;
    const [x, y] = last;
    if (x < 0 || y < 0 || x >= data.widthM || y >= data.heightM) {
      place.replaceChildren(element('p', { class: 'note' }, say('outside')));
      return;
    }
    const rows = [...layers.values()].map((layer) => {
      const { kind, times } = layer.data;
      const name = kind === 'value' ? payload.value.name.toUpperCase() : say(`layer.${kind}`);
      const when = times.length > 0 ? ` ${payload.years[year]}` : '';
      return element('div', {}, element('dt', {}, name + when), element('dd', {}, valueOf(layer, x, y)));
    });
    rows.push(element('div', {}, element('dt', {}, say('place')), element('dd', {}, placeText(data, x, y))));
    place.replaceChildren(element('dl', {}, ...rows));
  };
  return {
    setYear(shown) {
      year = shown;
      show();
    },
    at(x, y) {
      last = [x, y];
      show();
    },
  };
}

/** Latitude and longitude with the hemisphere, between the known points. */
export function placeText({ widthM, heightM, places }: MapData, x: number, y: number): string {
  const { nodes, lon, lat } = places;
  const u = (x / widthM) * (nodes - 1);
  const v = (y / heightM) * (nodes - 1);
  const col = Math.min(nodes - 2, Math.floor(u));
  const row = Math.min(nodes - 2, Math.floor(v));
  const [s, t] = [u - col, v - row];
  const at = (list: readonly number[]): number => {
    const k = row * nodes + col;
    const upper = list[k]! * (1 - s) + list[k + 1]! * s;
    return upper * (1 - t) + (list[k + nodes]! * (1 - s) + list[k + nodes + 1]! * s) * t;
  };
  // Longitudes run on beyond 180 where the map spans the antimeridian.
  const east = ((((at(lon) + 180) % 360) + 360) % 360) - 180;
  const north = at(lat);
  return `${Math.abs(north).toFixed(5)}° ${north < 0 ? 'S' : 'N'}, ${Math.abs(east).toFixed(5)}° ${east < 0 ? 'W' : 'E'}`;
}
