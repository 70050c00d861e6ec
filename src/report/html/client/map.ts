/**
 * The map: a layer of pixels under the zones, with legend, values and scale bar.
 * @module
 */
import * as L from 'leaflet';
import type { LayerKind, MapData } from '../payload.ts';
import { canvasOverlay } from './canvas-overlay.ts';
import { colourTable, drawLegend } from './legend.ts';
import { part, type View } from './page.ts';
import { createReading, type LoadedLayer } from './reading.ts';
import { unpack } from './unpack.ts';
import { addZones } from './zone-layer.ts';

/** Size of the map on paper, in pixels of 1/96 inch. */
const PAPER = { width: '680px', height: '430px' };

export async function drawMap(view: View, data: MapData): Promise<void> {
  const { say, payload } = view;
  const container = part('#map-view');
  const corner = (x: number, y: number): L.LatLngTuple => [-y, x];
  const whole = L.latLngBounds(corner(0, 0), corner(data.widthM, data.heightM));
  const map = L.map(container, {
    crs: L.CRS.Simple,
    minZoom: -16,
    maxZoom: 4,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    attributionControl: false,
    zoomControl: false,
    // Keys that come while an animation runs would be lost.
    zoomAnimation: false,
    // A page that is scrolled with the wheel or a finger must not get stuck on the map.
    scrollWheelZoom: false,
    maxBounds: whole.pad(0.5),
  });
  L.control.zoom({ zoomInTitle: say('zoomIn'), zoomOutTitle: say('zoomOut') }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  map.fitBounds(whole);

  const layers = new Map<LayerKind, LoadedLayer>();
  const overlay = canvasOverlay(whole).addTo(map);
  const zones = addZones(view, map, data);
  const reading = createReading(view, data, layers);
  const home = (): void => {
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(zones.bounds ?? whole, { animate: false, padding: [12, 12] });
  };
  home();
  addHomeButton(map, say('whole'), home);

  const slider = document.querySelector<HTMLInputElement>('#year');
  const kindShown = (): LayerKind | undefined =>
    document.querySelector<HTMLInputElement>('input[name=layer]:checked')?.value as LayerKind | undefined;
  const show = (): void => {
    const layer = layers.get(kindShown() ?? 'class');
    const year = slider === null ? payload.years.length - 1 : Number(slider.value);
    if (slider !== null) {
      part('#year-shown').textContent = String(payload.years[year]);
      slider.setAttribute('aria-valuetext', String(payload.years[year]));
      part('.year-tool').hidden = layer === undefined || layer.data.times.length === 0;
    }
    reading.setYear(year);
    if (layer === undefined) return;
    overlay.draw(layer.data.width, layer.data.height, layer.slice(year), colourTable(payload, layer.data));
    drawLegend(view, layer.data);
  };
  for (const input of document.querySelectorAll('input[name=layer]')) input.addEventListener('change', show);
  slider?.addEventListener('input', show);

  const point = ({ latlng }: L.LeafletMouseEvent): void => reading.at(latlng.lng, -latlng.lat);
  map.on('mousemove', point).on('click', point);
  const readCentre = (): void => {
    const { lat, lng } = map.getCenter();
    if (container.matches(':focus')) reading.at(lng, -lat);
  };
  map.on('moveend', readCentre);
  container.addEventListener('focus', readCentre);
  addEventListener('beforeprint', () => {
    Object.assign(container.style, PAPER);
    home();
  });
  addEventListener('afterprint', () => {
    Object.assign(container.style, { width: '', height: '' });
    home();
  });

  for (const layer of data.layers) {
    const bytes = await unpack(part(`#raster-${layer.kind}`).textContent);
    const size = layer.width * layer.height;
    layers.set(layer.kind, {
      data: layer,
      slice: (year) => {
        const time = Math.max(0, layer.times.indexOf(year));
        return bytes.subarray(time * size, (time + 1) * size);
      },
    });
    if (layer.kind === kindShown()) show();
  }
  container.dataset.ready = 'yes';
}

function addHomeButton(map: L.Map, label: string, go: () => void): void {
  const control = new L.Control({ position: 'topleft' });
  control.onAdd = () => {
    const bar = L.DomUtil.create('div', 'leaflet-bar');
    const button = L.DomUtil.create('a', 'home', bar);
    Object.assign(button, { href: '#map-view', role: 'button', title: label, textContent: '⌂' });
    button.setAttribute('aria-label', label);
    L.DomEvent.on(button, 'click', (event) => {
      L.DomEvent.stop(event);
      go();
    });
    return bar;
  };
  control.addTo(map);
}
