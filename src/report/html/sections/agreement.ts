/**
 * Where land states and segmentation agree on what was disturbed and what recovered.
 * @module
 */
import type { AgreementFigures } from '../../segmentation-model.ts';
import { shownZones } from '../areas.ts';
import { html, type Fill } from '../markup.ts';
import { hectares } from '../numbers.ts';
import type { Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const agreement: Section = {
  id: 'agreement',
  title: 'agreement.title',
  body(page) {
    const { say } = page;
    const found = page.summary.segmentation ?? null;
    if (found === null) return null;
    const shown = new Set(shownZones(page.summary).map(({ id }) => id));
    const zones = found.zones.filter(({ id }) => shown.has(id));
    return html`<p>${say('agreement.lead', { method: found.method })}</p>
      ${dataTable(page, {
        caption: say('agreement.table'),
        head: [
          say('col.zone'),
          say('agreement.event'),
          say('agreement.sameYear'),
          say('agreement.otherYear'),
          say('agreement.statesOnly'),
          say('agreement.segmentationOnly'),
          say('agreement.neither'),
          say('agreement.notCompared'),
        ],
        rows: zones.flatMap((zone) => [
          [zone.name, say('state.2'), ...cells(zone.disturbed)],
          [zone.name, say('state.4'), ...cells(zone.recovered)],
        ]),
        words: 2,
        names: 2,
      })}`;
  },
};

function cells(figures: AgreementFigures): Fill[] {
  const same = figures.differences.find(({ years }) => years === 0)?.hectares ?? 0;
  const { bothHa, statesOnlyHa, segmentationOnlyHa, neitherHa, notComparedHa } = figures;
  // What is left of a difference of sums may be below zero by a rounding.
  const other = Math.max(0, bothHa - same);
  return [same, other, statesOnlyHa, segmentationOnlyHa, neitherHa, notComparedHa].map(hectares);
}
