/**
 * What stands when whole years are shuffled: a part of the section on certainty.
 * @module
 */
import { shownZones } from '../areas.ts';
import { html, type Html } from '../markup.ts';
import { fixed, hectares, percent, pValue } from '../numbers.ts';
import type { Page } from '../section.ts';
import { dataTable } from '../tables.ts';
import { wordOr } from '../text.ts';

/** Nothing where the run shuffled nothing. */
export function permutationPart(page: Page): Html | null {
  const { say, summary } = page;
  const found = summary.permutation ?? null;
  if (found === null) return null;
  const shown = new Set(shownZones(summary).map(({ id }) => id));
  const fills = {
    n: fixed(found.permutations, 0),
    alpha: percent(found.alpha),
    cells: fixed(found.cells, 0),
    z: fixed(found.zAbove, 2),
    patch: fixed(found.patchAbove, 0),
    stand: fixed(found.patchesStanding, 0),
    patches: fixed(found.patches, 0),
  };
  return html`<h3>${say('shuffle.title')}</h3>
    <p>${say('shuffle.lead', fills)}</p>
    ${found.smallestP > found.alpha ? html`<p>${say('shuffle.unreachable', { p: pValue(found.smallestP) })}</p>` : null}
    ${dataTable(page, {
      caption: say('shuffle.table'),
      head: [say('col.zone'), say('trend.class'), say('shuffle.raw'), say('shuffle.maximum'), say('shuffle.cluster')],
      rows: found.zones
        .filter(({ id }) => shown.has(id))
        .flatMap(({ name, classes }) =>
          classes
            .filter((c) => c.rawHa > 0 || c.maximumHa > 0 || c.patchHa > 0)
            .map((c) => [name, wordOr(say, 'class', c.name), ...[c.rawHa, c.maximumHa, c.patchHa].map(hectares)]),
        ),
      words: 2,
      names: 2,
    })}`;
}
