/**
 * The radiometry ledger: how digital numbers became reflectances, and the scenes one by one.
 * @module
 */
import { html } from '../markup.ts';
import { NONE, percent } from '../numbers.ts';
import { groupLedger } from '../record.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const radiometry: Section = {
  id: 'radiometry',
  title: 'radiometry.title',
  body: (page) =>
    html`<p>${page.say('radiometry.lead')}</p>
      ${ledger(page)} ${resampled(page)}
      <details class="behind">
        <summary>${page.say('scenes.title', { scenes: page.summary.scenes.length })}</summary>
        ${scenes(page)}
      </details>`,
};

function ledger(page: Page) {
  const { say } = page;
  return dataTable(page, {
    caption: say('radiometry.title'),
    head: [
      say('radiometry.product'),
      say('radiometry.bands'),
      say('radiometry.source'),
      say('radiometry.mask'),
      say('radiometry.scale'),
      say('radiometry.offset'),
      say('radiometry.nodata'),
      say('radiometry.scenes'),
    ],
    rows: groupLedger(page.input.record).map((group) => [
      group.product === '' ? NONE : group.product,
      group.bands,
      group.adjustments === '' ? group.source : `${group.source}; ${group.adjustments}`,
      group.masks === '' ? NONE : group.masks,
      group.scale,
      group.offset,
      group.nodata ?? NONE,
      group.scenes,
    ]),
    words: 4,
  });
}

function resampled(page: Page) {
  const { resampled: files } = page.input.record;
  if (files.length === 0) return null;
  const fills = {
    files: files.length,
    scenes: new Set(files.map(({ scene }) => scene)).size,
    methods: [...new Set(files.map(({ method }) => method))].join(', '),
  };
  return html`<p>${page.say('radiometry.resampled', fills)}</p>`;
}

function scenes(page: Page) {
  const { say } = page;
  return dataTable(page, {
    caption: say('scenes.table'),
    head: [say('scenes.date'), say('scenes.id'), say('scenes.sensor'), say('scenes.used'), say('scenes.clear')],
    rows: page.summary.scenes.map((scene) => [
      scene.date ?? NONE,
      scene.id,
      scene.sensor ?? NONE,
      scene.used ? say('scenes.yes') : scene.reason,
      percent(scene.clearShare),
    ]),
    words: 4,
    names: 2,
  });
}
