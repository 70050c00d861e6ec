/**
 * Draws every chart of the page, and again when its width or the area changes.
 * @module
 */
import { cohorts } from './charts/cohorts.ts';
import { cover } from './charts/cover.ts';
import { observations } from './charts/observations.ts';
import { states } from './charts/states.ts';
import { timing } from './charts/timing.ts';
import { trend } from './charts/trend.ts';
import { element, part, type View } from './page.ts';

/** Makes a chart of a width in pixels; null where the area has nothing to show. */
export type Chart = (view: View, width: number) => SVGSVGElement | HTMLElement | null;

const CHARTS: Readonly<Record<string, Chart>> = { cover, cohorts, states, timing, trend, observations };

/** Width of a chart on paper: A4 less its margins at 96 pixels an inch. */
const PAPER_WIDTH = 680;

export function drawCharts(view: View): void {
  const figures = [...document.querySelectorAll<HTMLElement>('figure[data-chart]')];
  const draw = (figure: HTMLElement, width: number): void => {
    const name = figure.dataset.chart!;
    const made = CHARTS[name]!(view, Math.max(280, width));
    const plot = part('.plot', figure);
    plot.replaceChildren(made ?? element('p', { class: 'note' }, view.say('noData')));
    const what = part('.area-name', figure);
    // The chart of trend classes shows all zones.
    what.textContent = name === 'trend' ? '' : view.area().label;
    plot.setAttribute('role', 'img');
    const kind = `${view.say(`chart.${name}`)}. `;
    plot.setAttribute('aria-label', kind + part('figcaption', figure).textContent + `. ${view.say('chart.seeTable')}`);
  };
  const widthOf = (figure: HTMLElement): number => Math.floor(part('.plot', figure).clientWidth);
  const all = (): void => {
    for (const figure of figures) draw(figure, widthOf(figure));
  };
  const widths = new Map<Element, number>();
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const figure = target as HTMLElement;
      const width = widthOf(figure);
      if (widths.get(figure) === width || matchMedia('print').matches) continue;
      widths.set(figure, width);
      draw(figure, width);
    }
  });
  for (const figure of figures) observer.observe(figure);
  view.onChoice(all);
  addEventListener('beforeprint', () => {
    for (const figure of figures) draw(figure, PAPER_WIDTH);
  });
  addEventListener('afterprint', all);
}
