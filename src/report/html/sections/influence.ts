/**
 * How far the influence of each mine reaches.
 * @module
 */
import type { InfluenceFigures, MineInfluence } from '../../influence-model.ts';
import { html } from '../markup.ts';
import { fixed, hectares, NONE, pValue } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const influence: Section = {
  id: 'influence',
  title: 'influence.title',
  body(page) {
    const { say } = page;
    const found = page.summary.influence ?? null;
    if (found === null) return null;
    const ha = (value: number | null) => (value === null ? NONE : hectares(value));
    return html`<p>${say('influence.lead', { method: '' })}<span class="detail" lang="en">${found.method}</span></p>
      ${dataTable(page, {
        caption: say('influence.table'),
        head: [
          say('influence.mine'),
          say('influence.result'),
          say('col.area'),
          say('influence.excavated'),
          say('influence.area'),
          say('influence.ratio'),
        ],
        rows: found.mines.map((mine) => [
          mine.name,
          resultText(page, mine),
          hectares(mine.polygonHa),
          ha(mine.excavatedHa),
          ha(mine.influenceHa),
          mine.ratio === null ? NONE : fixed(mine.ratio, 2),
        ]),
        words: 2,
      })}
      <details class="behind">
        <summary>${say('influence.rings')}</summary>
        ${rings(page, found)}
      </details>`;
  },
};

function resultText({ say }: Page, { result, radiusM, testedToM }: MineInfluence): string {
  return say(`influence.${result}`, { radius: fixed(radiusM ?? 0, 0), tested: fixed(testedToM, 0) });
}

function rings(page: Page, found: InfluenceFigures) {
  const { say, valueName: value } = page;
  return dataTable(page, {
    caption: say('influence.rings'),
    head: [
      say('influence.mine'),
      say('influence.ring'),
      say('col.area'),
      say('influence.mean', { value }),
      say('influence.reference'),
      say('influence.shortfall'),
      'p',
      say('influence.inside'),
    ],
    rows: found.rings.map((ring) => [
      ring.mine,
      `${fixed(ring.fromM, 0)}–${fixed(ring.toM, 0)}`,
      hectares(ring.areaHa),
      page.value(ring.mean),
      page.value(ring.reference),
      page.value(ring.shortfall),
      pValue(ring.p),
      ring.influenced === null ? '–' : say(ring.influenced ? 'influence.yes' : 'influence.no'),
    ]),
    words: 1,
    names: 2,
  });
}
