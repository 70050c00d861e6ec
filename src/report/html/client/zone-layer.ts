/**
 * The zones on the map: outlines that are chosen by pointer or keyboard, and the figures of the chosen one.
 * @module
 */
import * as L from 'leaflet';
import { NO_DATA_COLOUR } from '../../palette.ts';
import { fixed, hectares, percent } from '../numbers.ts';
import type { Area, MapData } from '../payload.ts';
import { element, part, type View } from './page.ts';

/** Adds the outlines. `bounds` is what they span; null without zones. */
export function addZones(view: View, map: L.Map, data: MapData): { bounds: L.LatLngBounds | null } {
  const { payload } = view;
  const shapes = new Map<number, L.Polygon[]>();
  let bounds: L.LatLngBounds | null = null;
  // Large ones first: a zone that lies in another can be pointed at.
  for (const { area, rings } of data.zones.toSorted((a, b) => boxSize(b.rings) - boxSize(a.rings))) {
    const { label, role, roleLabel } = payload.areas[area]!;
    const points = rings.map((flat) =>
      Array.from({ length: flat.length / 2 }, (_, k): L.LatLngTuple => [-flat[2 * k + 1]!, flat[2 * k]!]),
    );
    // A white line under a dark one is seen on any colour.
    const under = L.polygon(points, { className: 'zone-under', interactive: false, fill: false });
    const shape = L.polygon(points, {
      className: `zone zone-${/^(mine|impact|reference)$/.test(role) ? role : 'other'}`,
    });
    under.addTo(map);
    shape.addTo(map);
    shape.bindTooltip(element('span', {}, `${label} · ${roleLabel}`), { sticky: true });
    const choose = (): void => view.choose(area);
    shape.on('click', choose);
    const path = shape.getElement();
    path?.setAttribute('tabindex', '0');
    path?.setAttribute('role', 'button');
    path?.setAttribute('aria-label', `${label}, ${roleLabel}`);
    path?.addEventListener('keydown', (event) => {
      const key = (event as KeyboardEvent).key;
      if (key !== 'Enter' && key !== ' ') return;
      event.preventDefault();
      choose();
    });
    shapes.set(area, [...(shapes.get(area) ?? []), shape]);
    const box = shape.getBounds();
    bounds = (bounds ?? L.latLngBounds(box.getSouthWest(), box.getNorthEast())).extend(box);
  }
  const mark = (chosen: number): void => {
    const own = payload.areas[chosen]!;
    for (const [area, list] of shapes) {
      // All zones of a role are marked together.
      const marked = area === chosen || (own.id === null && payload.areas[area]!.role === own.role);
      for (const shape of list) {
        const path = shape.getElement();
        path?.classList.toggle('chosen', marked);
        path?.setAttribute('aria-pressed', String(marked));
      }
    }
    showCard(view, own);
  };
  view.onChoice(mark);
  mark(payload.areas.indexOf(view.area()));
  return { bounds };
}

/** Area of the box around an outline, in m². */
function boxSize([outer = []]: readonly number[][]): number {
  const extent = (axis: 0 | 1): number => {
    const values = outer.filter((_, k) => k % 2 === axis);
    return values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  };
  return extent(0) * extent(1);
}

/** The figures of the chosen area in the last year. */
function showCard({ payload, say }: View, area: Area): void {
  const year = payload.years.at(-1)!;
  const row = (name: string, value: string, colour?: string): HTMLElement => {
    const swatch = element('span', { class: 'key' });
    if (colour !== undefined) swatch.style.setProperty('--c', colour);
    return element(
      'div',
      {},
      element('dt', {}, ...(colour === undefined ? [] : [swatch]), name),
      element('dd', {}, value),
    );
  };
  const ha = (value: number): string => `${hectares(value)} ${say('ha')}`;
  const mean = area.mean.at(-1) ?? null;
  const lost = area.noDataHa.at(-1) ?? 0;
  const states = payload.states.filter(({ code }) => (area.states[code]?.at(-1) ?? 0) > 0);
  const value = mean === null ? say('noData') : payload.value.percent ? percent(mean, 1) : fixed(mean, 3);
  part('#zone-card').replaceChildren(
    element('p', { class: 'zone-name' }, `${area.label} · ${area.roleLabel}`),
    element(
      'dl',
      {},
      row(say('area'), ha(area.areaHa)),
      ...states.map(({ code, label, colour }) => row(`${label} ${year}`, ha(area.states[code]!.at(-1)!), colour)),
      ...(lost > 0.05 ? [row(`${say('noData')} ${year}`, ha(lost), NO_DATA_COLOUR)] : []),
      row(`${payload.value.name.toUpperCase()} ${year}`, value),
    ),
  );
}
