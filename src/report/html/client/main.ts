/**
 * The report's script: makes the page's charts, map and controls.
 * @module
 */
import { drawCharts } from './charts.ts';
import { drawMap } from './map.ts';
import { createView, part } from './page.ts';
import { followTheme } from './theme.ts';

const view = createView();
part('#tools').hidden = false;
followTheme();
drawCharts(view);
if (view.payload.map !== null) void drawMap(view, view.payload.map);

/** Rows of a table that is printed though it is closed on the screen, and of one that belongs to the printed report. */
const [SHORT, LONG] = [16, 90];
/** Width in pixels that a table can need on the screen to have room on A4, in its smaller letters; a wider one shrinks all. */
const WIDE = 940;

let opened: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('details.behind:not([open])')].filter(
    (details) => details.querySelectorAll('tr').length <= (details.dataset.print === undefined ? SHORT : LONG),
  );
  for (const details of opened) details.open = true;
  const fitting = opened.filter((details) => leastWidth(part('table', details)) <= WIDE);
  for (const details of opened) details.open = fitting.includes(details);
  opened = fitting;
});
addEventListener('afterprint', () => {
  for (const details of opened) details.open = false;
});

/** Width of a table whose words are wrapped wherever they can be. */
function leastWidth(table: HTMLElement): number {
  table.style.width = '0';
  const width = table.offsetWidth;
  table.style.width = '';
  return width;
}
