/**
 * The correlation network as files of its own.
 * @module
 */
import { escapeHtml } from './html/markup.ts';
import { networkPicture } from './html/network-figure.ts';
import type { CorrelationNetwork } from './plots-model.ts';

/** Attributes of an edge, by name in the file. */
const ATTRIBUTES = {
  pearson_r: 'pearson',
  pearson_p: 'pearsonP',
  pearson_fdr_p: 'pearsonFdr',
  spearman_rho: 'spearman',
  spearman_p: 'spearmanP',
  n: 'n',
} as const;

const SIGNIFICANT_DIGITS = 9;

/** Viewers of SVG files know no variables. */
const COLOURS = { ink: '#1b1f1a', positive: '#2f6b3a', negative: '#9c4a1a' } as const;

/** GraphML 1.0: variables as nodes, correlations as undirected edges. */
export function networkGraphml({ nodes, edges }: CorrelationNetwork): string {
  const names = Object.entries(ATTRIBUTES);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    '  <key id="label" for="node" attr.name="label" attr.type="string"/>',
    ...names.map(([name]) => {
      return `  <key id="${name}" for="edge" attr.name="${name}" attr.type="${name === 'n' ? 'int' : 'double'}"/>`;
    }),
    '  <graph id="correlations" edgedefault="undirected">',
    ...nodes.map((node, k) => `    <node id="n${k}"><data key="label">${escapeHtml(node)}</data></node>`),
    ...edges.map((edge) => {
      const data = names.map(([name, key]) => `<data key="${name}">${number(edge[key])}</data>`);
      return `    <edge source="n${edge.from}" target="n${edge.to}">${data.join('')}</edge>`;
    }),
    '  </graph>',
    '</graphml>',
  ];
  return `${lines.join('\n')}\n`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}

/** The network as a picture. */
export function networkSvg({ nodes, edges }: CorrelationNetwork): string {
  const ties = edges.map(({ from, to, pearson }) => ({ from, to, weight: pearson }));
  const picture = networkPicture({ kind: 'network', caption: 'Correlation network', nodes, edges: ties }, COLOURS);
  return `${picture.text}\n`;
}
