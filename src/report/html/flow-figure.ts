/**
 * Land that goes from class to class between years, as bands (Sankey's diagram) in SVG that needs no script.
 * @module
 */
import type { FlowFigure } from '../addition.ts';
import { html, type Html } from './markup.ts';
import { figureOf, place, svgPicture } from './svg-figure.ts';

const WIDTH = 820;
const HEIGHT = 340;
const BOX = { left: 10, right: 280, top: 26, bottom: 10 } as const;
const NODE_WIDTH = 14;
/** Between the classes of a year. */
const GAP = 6;

interface Node {
  readonly top: number;
  readonly height: number;
  readonly hectares: number;
  /** Where the next band leaves and arrives. */
  out: number;
  in: number;
}

/** The figure; null where nothing flows. */
export function flowFigure({ caption, years, classes, flows }: FlowFigure): Html | null {
  const total = sum(flows.filter(({ step }) => step === 0).map(({ hectares }) => hectares));
  if (!(total > 0)) return null;
  const nodes = years.map((_, y) => {
    const held = classes.map((_c, k) =>
      sum(
        y === 0
          ? flows.filter(({ step, from }) => step === 0 && from === k).map(({ hectares }) => hectares)
          : flows.filter(({ step, to }) => step === y - 1 && to === k).map(({ hectares }) => hectares),
      ),
    );
    return stacked(held, total, classes.length);
  });
  const x = (y: number): number =>
    BOX.left + ((WIDTH - BOX.left - BOX.right - NODE_WIDTH) * y) / Math.max(1, years.length - 1);
  const ordered = flows.toSorted((a, b) => a.step - b.step || a.from - b.from || a.to - b.to);
  const bands = ordered.map(({ step, from, to, hectares }) => {
    const [a, b] = [nodes[step]![from]!, nodes[step + 1]![to]!];
    const thick = (hectares / total) * usable(classes.length);
    const [y1, y2] = [a.out, b.in];
    a.out += thick;
    b.in += thick;
    const [x1, x2] = [x(step) + NODE_WIDTH, x(step + 1)];
    const middle = (x1 + x2) / 2;
    const path =
      `M${place(x1)} ${place(y1)}C${place(middle)} ${place(y1)} ${place(middle)} ${place(y2)} ${place(x2)} ${place(y2)}` +
      `V${place(y2 + thick)}C${place(middle)} ${place(y2 + thick)} ${place(middle)} ${place(y1 + thick)} ${place(x1)} ${place(y1 + thick)}Z`;
    return html`<path d="${path}" fill="${classes[from]!.colour}" fill-opacity="${from === to ? 0.25 : 0.6}">
      <title>
        ${years[step]} ${classes[from]!.label} – ${years[step + 1]} ${classes[to]!.label}: ${hectares.toFixed(2)} ha
      </title>
    </path>`;
  });
  const boxes = nodes.map((column, y) =>
    column.map(({ top, height, hectares }, k) =>
      hectares === 0
        ? null
        : html`<rect
            x="${place(x(y))}"
            y="${place(top)}"
            width="${NODE_WIDTH}"
            height="${place(Math.max(1, height))}"
            fill="${classes[k]!.colour}"
          >
            <title>${years[y]} ${classes[k]!.label}: ${hectares.toFixed(2)} ha</title>
          </rect>`,
    ),
  );
  const dates = years.map((year, y) => {
    const anchor = y === 0 ? 'start' : 'middle';
    return html`<text x="${place(x(y) + NODE_WIDTH / 2)}" y="${BOX.top - 10}" text-anchor="${anchor}">${year}</text>`;
  });
  const names = labels(nodes.at(-1)!, classes, x(years.length - 1) + NODE_WIDTH + 6);
  return figureOf(caption, [svgPicture(caption, WIDTH, HEIGHT, [bands, boxes, dates, names])]);
}

/** Names beside the last year, moved down where they would lie on each other. */
function labels(column: readonly Node[], classes: FlowFigure['classes'], x: number): Html[] {
  let free = BOX.top;
  return column.flatMap(({ top, height, hectares }, k) => {
    if (hectares === 0) return [];
    const y = Math.max(top + height / 2 + 4, free);
    free = y + 13;
    return [html`<text x="${place(x)}" y="${place(y)}">${classes[k]!.label}: ${hectares.toFixed(1)} ha</text>`];
  });
}

function stacked(held: readonly number[], total: number, count: number): Node[] {
  let at: number = BOX.top;
  return held.map((hectares) => {
    const height = (hectares / total) * usable(count);
    const node = { top: at, height, hectares, out: at, in: at };
    at += height + (hectares > 0 ? GAP : 0);
    return node;
  });
}

/** Height that all land has together. */
function usable(count: number): number {
  return HEIGHT - BOX.top - BOX.bottom - GAP * (count - 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
