/**
 * The recovery metrics of each zone.
 * @module
 */
import type { MetricFigures } from '../../land-model.ts';
import { shownZones } from '../areas.ts';
import { html } from '../markup.ts';
import { fixed, hectares, NONE } from '../numbers.ts';
import type { Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const recovery: Section = {
  id: 'recovery',
  title: 'recovery.title',
  body(page) {
    const { say } = page;
    const zones = shownZones(page.summary).filter(({ land }) => (land?.recovery.disturbedHa ?? 0) > 0);
    if (zones.length === 0) return null;
    const metric = ({ mean }: MetricFigures, digits: number) => (mean === null ? NONE : fixed(mean, digits));
    return html`<p>${say('recovery.lead')}</p>
      ${dataTable(page, {
        caption: say('recovery.table'),
        head: [
          say('col.zone'),
          say('recovery.ever'),
          say('recovery.recovered'),
          say('recovery.magnitude'),
          say('recovery.years'),
          'Y2R',
          'R80P',
          'YrYr',
          'RRI',
        ],
        rows: zones.map(({ name, land }) => {
          const { disturbedHa, recoveredHa, magnitude, yearsToRecovery, y2r, r80p, yryr, rri } = land!.recovery;
          return [
            name,
            hectares(disturbedHa),
            hectares(recoveredHa),
            metric(magnitude, 2),
            metric(yearsToRecovery, 1),
            metric(y2r, 1),
            metric(r80p, 2),
            metric(yryr, 3),
            metric(rri, 2),
          ];
        }),
        words: 1,
      })}`;
  },
};
