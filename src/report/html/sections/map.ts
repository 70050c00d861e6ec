/**
 * The map: zones over the layers, their legend, the values under the pointer.
 * @module
 */
import { html } from '../markup.ts';
import type { LayerData, LayerKind } from '../payload.ts';
import type { Page, Section } from '../section.ts';

export const map: Section = {
  id: 'map',
  title: 'map.title',
  body(page) {
    const { say } = page;
    const { map: data } = page.payload;
    if (data === null) return html`<p class="note">${say('map.none')}</p>`;
    const layers = data.layers.map(({ kind }) => kind);
    // What the answer is about, where there is a map of it.
    const first = layers.includes('state') ? 'state' : layers[0];
    const yearly = data.layers.some(({ times }) => times.length > 0);
    return html`<p>${say('map.lead')}</p>
      <div class="map-tools">
        ${
          layers.length === 0
            ? html`<p class="note">${say('map.outlines')}</p>`
            : html`<fieldset class="segments">
                <legend>${say('map.layer')}</legend>
                ${layers.map((kind) => html`<label><input type="radio" name="layer" value="${kind}" ${kind === first ? html` checked` : null} /><span>${layerName(page, kind)}</span></label> `)}
              </fieldset>`
        }
        ${
          yearly
            ? html`<div class="year-tool" hidden>
                <label for="year">${say('map.year')}</label>
                <input
                  type="range"
                  id="year"
                  min="0"
                  max="${page.summary.years.length - 1}"
                  value="${page.summary.years.length - 1}"
                  step="1"
                  aria-describedby="year-keys"
                />
                <output for="year" id="year-shown">${page.summary.years.at(-1)}</output
                ><span id="year-keys" class="hidden">${say('map.yearKeys')}</span>
              </div>`
            : null
        }
      </div>
      <div class="map-row">
        <div id="map-view" role="application" aria-label="${say('map.label')}" aria-describedby="map-keys"></div>
        <aside class="map-side">
          <div id="legend" aria-live="polite"></div>
          <div class="reading">
            <h3>${say('map.reading')}</h3>
            <div id="reading"><p class="note">${say('map.readingHint')}</p></div>
          </div>
          <div class="zone-card">
            <h3>${say('map.zone')}</h3>
            <div id="zone-card" aria-live="polite"></div>
          </div>
        </aside>
      </div>
      <p class="note" id="map-keys">${say('map.keys')}</p>
      ${resolution(page, data.layers)} ${missing(page, layers)}`;
  },
};

function layerName(page: Page, kind: LayerKind): string {
  return page.say(`layer.${kind}`, { value: page.valueName });
}

/** How much coarser the layers are than the map files, where they are. */
function resolution(page: Page, layers: readonly LayerData[]) {
  const coarse = layers.filter(({ factor }) => factor > 1);
  if (coarse.length === 0) return null;
  const list = coarse.map(({ kind, factor }) => {
    const how = page.say(kind === 'value' ? 'map.byMean' : 'map.byMode');
    return page.say('map.coarserLayer', { layer: layerName(page, kind), factor, how });
  });
  return html`<p class="note">${page.say('map.coarser', { list: list.join('; ') })}</p>`;
}

function missing(page: Page, layers: readonly LayerKind[]) {
  if (layers.includes('value')) return null;
  return html`<p class="note">${page.say('map.missing')}</p>`;
}
