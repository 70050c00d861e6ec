/**
 * Draws every chart of the page, and again when its width or the area changes.
 * @module
 */
import type { Figure } from '../../addition.ts';
import { cohorts } from './charts/cohorts.ts';
import { cover } from './charts/cover.ts';
import { flows } from './charts/flows.ts';
import { lines } from './charts/lines.ts';
import { network } from './charts/network.ts';
import { observations } from './charts/observations.ts';
import { scatter } from './charts/scatter.ts';
import { states } from './charts/states.ts';
import { timing } from './charts/timing.ts';
import { trend } from './charts/trend.ts';
import { element, part, type View } from './page.ts';

type Drawn = SVGSVGElement | HTMLElement;

/** Makes a chart of a width in pixels; null where the area has nothing to show. */
export type Chart = (view: View, width: number) => Drawn | null;

/** Makes the chart of a figure of its own, whatever the area. */
export type FigureChart<Kind extends Figure['kind']> = (
  figure: Extract<Figure, { kind: Kind }>,
  view: View,
  width: number,
) => Drawn;

const CHARTS: Readonly<Record<string, Chart>> = { cover, cohorts, states, timing, trend, observations };

/** Width of a chart on paper: A4 less its margins at 96 pixels an inch. */
const PAPER_WIDTH = 680;

export function drawCharts(view: View): void {
  const figures = [...document.querySelectorAll<HTMLElement>('figure[data-chart]')];
  const ofArea = figures.filter(({ dataset }) => dataset.figure === undefined);
  const draw = (figure: HTMLElement, width: number): void => {
    const name = figure.dataset.chart!;
    const own = figure.dataset.figure;
    const room = Math.max(280, width);
    const made = own === undefined ? CHARTS[name]!(view, room) : figureChart(view, Number(own), room);
    const plot = part('.plot', figure);
    plot.replaceChildren(made ?? element('p', { class: 'note' }, view.say('noData')));
    const what = part('.area-name', figure);
    // The chart of trend classes shows all zones.
    what.textContent = name === 'trend' || own !== undefined ? '' : view.area().label;
    plot.setAttribute('role', 'img');
    const kind = `${view.say(`chart.${name}`)}. `;
    const where = view.say(own === undefined ? 'chart.seeTable' : 'chart.seeTables');
    plot.setAttribute('aria-label', `${kind}${part('figcaption', figure).textContent.trim()}. ${where}`);
  };
  const widthOf = (figure: HTMLElement): number => Math.floor(part('.plot', figure).clientWidth);
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
  view.onChoice(() => {
    for (const figure of ofArea) draw(figure, widthOf(figure));
  });
  addEventListener('beforeprint', () => {
    for (const figure of figures) draw(figure, PAPER_WIDTH);
  });
  addEventListener('afterprint', () => {
    for (const figure of figures) draw(figure, widthOf(figure));
  });
}

function figureChart(view: View, position: number, width: number): Drawn {
  const figure = view.payload.figures[position]!;
  if (figure.kind === 'lines') return lines(figure, view, width);
  if (figure.kind === 'flows') return flows(figure, view, width);
  return figure.kind === 'network' ? network(figure, view, width) : scatter(figure, view, width);
}
