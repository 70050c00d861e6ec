/**
 * Tables of the report.
 * @module
 */
import { html, type Fill, type Html } from './markup.ts';
import type { Page } from './section.ts';

/** Rows that a table shows; the CSV files have them all. */
export const MOST_ROWS = 800;

export interface TableContent {
  /** What the table shows, read out before it. */
  caption: string;
  head: readonly Fill[];
  rows: readonly (readonly Fill[])[];
  /** Columns from the left that hold words. */
  words: number;
  /** Columns from the left that name the row. */
  names?: number;
}

/** A table that scrolls sideways where it does not fit, and can be reached by keyboard then. */
export function dataTable(page: Pick<Page, 'say'>, { caption, head, rows, words, names = 1 }: TableContent): Html {
  const shown = rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  const cell = (fill: Fill, k: number): Html =>
    k < names
      ? html`<th scope="row">${fill}</th>`
      : k < words
        ? html`<td class="word">${fill}</td>`
        : html`<td>${fill}</td>`;
  const more = left === 0 ? null : html`<p class="note">${page.say('table.more', { rows: left })}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            ${head.map((fill, k) => (k < words ? html`<th scope="col" class="word">${fill}</th>` : html`<th scope="col">${fill}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              html`<tr>
                ${row.map(cell)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${more}`;
}

/**
 * A chart, drawn by the page's script.
 *
 * @param figure Position in the payload's figures; without it the chart is of the chosen area.
 */
export function drawing(name: string, caption: Fill, figure?: number): Html {
  return html`<figure class="chart" data-chart="${name}" ${figure === undefined ? null : html`data-figure="${figure}"`}>
    <figcaption>${caption} <span class="area-name"></span></figcaption>
    <div class="plot"></div>
  </figure>`;
}

/**
 * A {@link drawing}, and the table with its figures behind it.
 *
 * @param printed Whether the table is printed too, though it is closed on the screen.
 */
export function chart(page: Pick<Page, 'say'>, name: string, caption: string, table: Html, printed = false): Html {
  return html`${drawing(name, caption)}
    <details class="behind" ${printed ? html`data-print` : null}>
      <summary>${page.say('table.behind')}</summary>
      ${table}
    </details>`;
}
