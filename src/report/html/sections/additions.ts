/**
 * What later commands have added to the run: a section each.
 * @module
 */
import { ADDITIONS, type AdditionName, type Figure } from '../../addition.ts';
import { cellValue, headOf, type Cell, type Column } from '../../table.ts';
import { html, type Html } from '../markup.ts';
import { NONE } from '../numbers.ts';
import type { Page, Section } from '../section.ts';
import { dataTable, drawing } from '../tables.ts';

export const additions: readonly Section[] = ADDITIONS.map(additionSection);

function additionSection(name: AdditionName): Section {
  return {
    id: name,
    title: `addition.${name}`,
    body(page) {
      const found = page.input.additions?.find((addition) => addition.name === name);
      if (found === undefined) return null;
      return html`${found.figures.map((figure) => chart(page, figure))}
        <ul class="notes" lang="en">
          ${found.notes.map((note) => html`<li>${note}</li>`)}
        </ul>
        ${found.tables.map(
          ({ name: file, title, columns, rows }) =>
            html`<details class="behind">
              <summary lang="en">${title} (${file}.csv)</summary>
              ${dataTable(page, {
                caption: title,
                head: columns.map(headOf),
                rows: rows.map((row) => row.map((cell, k) => shown(columns[k]!, cell))),
                words: Math.max(
                  0,
                  columns.findIndex(({ type }) => type !== 'text'),
                ),
              })}
            </details>`,
        )}`;
    },
  };
}

/** The place of the chart; nothing where it would show nothing. */
function chart({ payload }: Page, figure: Figure): Html | null {
  const position = payload.figures.indexOf(figure);
  return position < 0 ? null : drawing(figure.kind, html`<span lang="en">${figure.caption}</span>`, position);
}

/** The figure with all digits that the other files have, so that it can be looked up there. */
function shown(column: Column, cell: Cell): Cell {
  const value = cellValue(column, cell);
  return value === null ? NONE : value;
}
