/**
 * The correlation network as GraphML and as a picture.
 */
import { describe, expect, it } from 'vitest';
import { figureHtml } from '../../src/report/html/figures.ts';
import { networkGraphml, networkSvg } from '../../src/report/plots-network.ts';
import type { CorrelationFigures, CorrelationNetwork } from '../../src/report/plots-model.ts';
import { readXml } from '../../src/vector/formats/xml.ts';

const figures: CorrelationFigures = {
  first: 'SOM <g>',
  second: 'TN',
  n: 12,
  pearson: -0.93,
  pearsonP: 1.234567891e-5,
  pearsonFdr: 3e-5,
  spearman: 0.9,
  spearmanP: 0.01,
  spearmanFdr: 0.02,
};
const network: CorrelationNetwork = {
  nodes: ['SOM <g>', 'TN', 'a variable with a name that is much too long'],
  edges: [{ ...figures, from: 0, to: 1 }],
};

/** Names of the elements; throws where the text is not XML. */
function elementsIn(xml: string): string[] {
  const names: string[] = [];
  readXml(xml, { open: (name) => names.push(name), text: () => {}, close: () => {} });
  return names;
}

describe('the network', () => {
  it('as GraphML names its nodes, and has the figures of each edge', () => {
    const text = networkGraphml(network);
    expect(elementsIn(text)).toContain('graphml');
    expect(text).toContain('<node id="n0"><data key="label">SOM &lt;g&gt;</data></node>');
    expect(text).toContain('<edge source="n0" target="n1"><data key="pearson_r">-0.93</data>');
    expect(text).toContain('<data key="pearson_p">0.0000123456789</data>');
    const declared = [...text.matchAll(/<key id="(\w+)" for="edge"/g)].map(([, id]) => id);
    const used = [...text.matchAll(/<data key="(\w+)">/g)].map(([, id]) => id);
    expect(new Set(used)).toEqual(new Set(['label', ...declared]));
  });

  it('as SVG has colours of its own, dashes for negative ties, and no markup from names', () => {
    const svg = networkSvg(network);
    expect(elementsIn(svg)).toContain('svg');
    expect(svg).not.toContain('var(');
    expect(svg).not.toContain('<g>');
    expect(svg).toContain('stroke-dasharray="8 5"');
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('a variable with a name th…');
  });

  it('on the page takes its colours, and is nothing without nodes', () => {
    const figure = {
      kind: 'network',
      caption: 'Ties',
      nodes: ['a', 'b'],
      edges: [{ from: 0, to: 1, weight: 0.5 }],
    } as const;
    expect(figureHtml(figure)!.text).toContain('var(--accent)');
    expect(figureHtml({ ...figure, nodes: [], edges: [] })).toBeNull();
  });
});

describe('field cover against FVC', () => {
  const figure = {
    kind: 'scatter',
    caption: 'Cover',
    xLabel: 'FVC',
    yLabel: 'field cover',
    points: [{ label: 'p<1>', x: 0.5, y: 0.25 }],
    line: { slope: 2, intercept: -0.5 },
  } as const;

  it('shows the points, and the line where it runs within the square', () => {
    const { text } = figureHtml(figure)!;
    expect(text.match(/<circle/g)).toHaveLength(1);
    expect(text).toContain('p&lt;1&gt;: 0.50, 0.25');
    // The line enters at x = 0.25 and leaves at 0.75: 60 + 344·x, from the bottom at 372 to the top at 16.
    expect(text.replaceAll('\n', ' ')).toContain('x1="146" y1="372" x2="318" y2="16" stroke="var(--accent)"');
  });

  it('has no line where there is none, and is nothing without points', () => {
    for (const line of [null, { slope: 0, intercept: 1.2 }, { slope: 1, intercept: 3 }]) {
      expect(figureHtml({ ...figure, line })!.text).not.toContain('stroke="var(--accent)"');
    }
    expect(figureHtml({ ...figure, points: [] })).toBeNull();
  });
});
