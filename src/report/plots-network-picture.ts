/**
 * The correlation network as an SVG file. It is made without a browser, where the plotting library has no document to draw
 * into: so this picture, and only this one, is put together by hand. The page's own is in html/client/charts/network.ts.
 * @module
 */
import { html, type Html } from './html/markup.ts';
import type { CorrelationNetwork } from './plots-model.ts';

const WIDTH = 800;
const HEIGHT = 500;
const RADIUS = 200;
/** Characters of a name that have room. */
const LONGEST = 26;

const [INK, POSITIVE, NEGATIVE] = ['#1b1f1a', '#2f6b3a', '#9c4a1a'] as const;

/** The picture. Wide lines are strong; negative ones are dashed too. */
export function networkPicture({ nodes, edges }: CorrelationNetwork): Html {
  const places = nodes.map((_, k) => (2 * Math.PI * k) / nodes.length - Math.PI / 2);
  const at = (k: number, radius: number): [string, string] => [
    tenths(WIDTH / 2 + radius * Math.cos(places[k]!)),
    tenths(HEIGHT / 2 + radius * Math.sin(places[k]!)),
  ];
  return html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Correlation network"
    style="width:100%;max-width:${WIDTH}px;height:auto"
    font-family="sans-serif"
    font-size="13"
    fill="${INK}"
  >
    ${edges.map(({ from, to, pearson }) => {
      const [[x1, y1], [x2, y2]] = [at(from, RADIUS), at(to, RADIUS)];
      return html`<line
        x1="${x1}"
        y1="${y1}"
        x2="${x2}"
        y2="${y2}"
        stroke="${pearson > 0 ? POSITIVE : NEGATIVE}"
        stroke-width="${tenths(0.5 + 4.5 * Math.abs(pearson))}"
        stroke-opacity="0.7"
        stroke-dasharray="${pearson > 0 ? 'none' : '8 5'}"
      >
        <title>${nodes[from]} – ${nodes[to]}: ${pearson.toFixed(2)}</title>
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

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
