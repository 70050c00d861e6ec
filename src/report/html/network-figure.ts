/**
 * A network on a circle as SVG that needs no script.
 * @module
 */
import type { NetworkFigure } from '../addition.ts';
import { html, type Html } from './markup.ts';
import { figureOf, place } from './svg-figure.ts';

const WIDTH = 800;
const HEIGHT = 500;
const RADIUS = 200;
/** Characters of a name that have room. */
const LONGEST = 26;

/** The figure; null without nodes. Wide lines are strong; negative ones are dashed too. */
export function networkFigure(figure: NetworkFigure): Html | null {
  if (figure.nodes.length === 0) return null;
  return figureOf(figure.caption, [networkPicture(figure)]);
}

export interface NetworkColours {
  readonly ink: string;
  readonly positive: string;
  readonly negative: string;
}

const PAGE_COLOURS: NetworkColours = { ink: 'var(--ink)', positive: 'var(--accent)', negative: 'var(--reference)' };

/** The picture alone. @param colours Those of the page, unless it stands in a file of its own. */
export function networkPicture({ caption, nodes, edges }: NetworkFigure, colours = PAGE_COLOURS): Html {
  const places = nodes.map((_, k) => (2 * Math.PI * k) / nodes.length - Math.PI / 2);
  const at = (k: number, radius: number): [string, string] => [
    place(WIDTH / 2 + radius * Math.cos(places[k]!)),
    place(HEIGHT / 2 + radius * Math.sin(places[k]!)),
  ];
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${caption}"
    style="width:100%;max-width:${WIDTH}px;height:auto"
    font-family="sans-serif"
    font-size="13"
    fill="${colours.ink}"
  >
    ${edges.map(({ from, to, weight }) => {
      const [[x1, y1], [x2, y2]] = [at(from, RADIUS), at(to, RADIUS)];
      const colour = weight > 0 ? colours.positive : colours.negative;
      return html`<line
        x1="${x1}"
        y1="${y1}"
        x2="${x2}"
        y2="${y2}"
        stroke="${colour}"
        stroke-width="${place(0.5 + 4.5 * Math.abs(weight))}"
        stroke-opacity="0.7"
        stroke-dasharray="${weight > 0 ? 'none' : '8 5'}"
      >
        <title>${nodes[from]} – ${nodes[to]}: ${weight.toFixed(2)}</title>
      </line>`;
    })}
    ${nodes.map((name, k) => {
      const [[cx, cy], [x, y]] = [at(k, RADIUS), at(k, RADIUS + 14)];
      const side = Math.cos(places[k]!);
      const anchor = Math.abs(side) < 0.2 ? 'middle' : side > 0 ? 'start' : 'end';
      return html`<circle cx="${cx}" cy="${cy}" r="6" />
        <text x="${x}" y="${y}" dominant-baseline="middle" text-anchor="${anchor}">${shortened(name)}</text>`;
    })}
  </svg>`;
}

function shortened(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}
