/**
 * The correlation network as GraphML and as a picture.
 */
import { describe, expect, it } from 'vitest';
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
});
