/**
 * Names on a circle with lines between them: wide ones are strong, dashed ones negative.
 * @module
 */
import * as Plot from '@observablehq/plot';
import { fixed } from '../../numbers.ts';
import type { FigureChart } from '../charts.ts';
import { base, TIP } from './style.ts';

/** Height of a name, how far it is from its node, and room of a character, in pixels. */
const [LINE, AWAY, CHARACTER] = [16, 14, 7.4];
/** Above and below the circle names are farther away, so that those beside them do not touch them. */
const FARTHER = 7;

export const network: FigureChart<'network'> = ({ nodes, edges }, { say }, width) => {
  const named = circle(nodes, Math.min(200, width * 0.25));
  // Where a name has no room nodes have numbers, and their names stand below.
  const numbered = named.some(
    ({ name, nameX, side }) => CHARACTER * name.length > (side === 'middle' ? width : width / 2 - Math.abs(nameX)),
  );
  const radius = numbered ? Math.min(200, width / 2 - AWAY - 2 * LINE) : Math.min(200, width * 0.25);
  const at = numbered ? circle(nodes, radius) : named;
  const height = 2 * (radius + AWAY + FARTHER + LINE);
  const ties = edges.map(({ from, to, weight }) => ({ a: at[from]!, b: at[to]!, weight }));
  type Tie = (typeof ties)[number];
  const along = ties.flatMap(({ a, b, weight }) =>
    [0.2, 0.35, 0.65, 0.8].map((share) => ({
      x: a.x + share * (b.x - a.x),
      y: a.y + share * (b.y - a.y),
      title: `${a.name} – ${b.name}\n${fixed(weight, 2)}`,
    })),
  );
  const groups = [
    { sign: 'positive', own: ties.filter(({ weight }) => weight >= 0), stroke: 'var(--accent)', dash: 'none' },
    { sign: 'negative', own: ties.filter(({ weight }) => weight < 0), stroke: 'var(--warn)', dash: '8,5' },
  ].filter(({ own }) => own.length > 0);
  return Plot.plot({
    ...base(width, height),
    margin: 0,
    // Plot's own scales are those of the picture's pixels, from its middle.
    x: { axis: null, domain: [-width / 2, width / 2], range: [0, width] },
    y: { axis: null, domain: [-height / 2, height / 2], range: [0, height] },
    color: {
      type: 'categorical',
      domain: groups.map(({ sign }) => say(sign)),
      range: groups.map(({ stroke }) => stroke),
      legend: true,
    },
    marks: [
      groups.map(({ own, stroke, dash }) =>
        Plot.link(own, {
          x1: ({ a }: Tie) => a.x,
          y1: ({ a }: Tie) => a.y,
          x2: ({ b }: Tie) => b.x,
          y2: ({ b }: Tie) => b.y,
          stroke,
          strokeOpacity: 0.75,
          strokeWidth: ({ weight }: Tie) => 0.5 + 4.5 * Math.abs(weight),
          strokeDasharray: dash,
        }),
      ),
      Plot.dot(at, { x: 'x', y: 'y', r: 6, fill: 'var(--ink)' }),
      at.map((node, k) =>
        Plot.text([node], {
          x: 'nameX',
          y: 'nameY',
          text: () => (numbered ? String(k + 1) : node.name),
          textAnchor: node.side,
        }),
      ),
      Plot.tip(along, Plot.pointer({ x: 'x', y: 'y', ...TIP, title: 'title' })),
    ],
    ...(numbered ? { caption: nodes.map((name, k) => `${k + 1} ${name}`).join(' · ') } : {}),
  });
};

/** Nodes on a circle, in pixels from its middle, and where their names begin, end, or have their middle. */
function circle(nodes: readonly string[], radius: number) {
  return nodes.map((name, k) => {
    const angle = (2 * Math.PI * k) / nodes.length - Math.PI / 2;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const side = Math.abs(x) < 0.2 ? 'middle' : x > 0 ? 'start' : 'end';
    const out = radius + AWAY + (side === 'middle' ? FARTHER : 0);
    return { name, x: radius * x, y: radius * y, nameX: out * x, nameY: out * y, side } as const;
  });
}
