/**
 * The correlation network as files of its own.
 * @module
 */
import { escapeHtml } from './html/markup.ts';
import type { CorrelationNetwork } from './plots-model.ts';
import { networkPicture } from './plots-network-picture.ts';

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
export function networkSvg(network: CorrelationNetwork): string {
  return `${networkPicture(network).text}\n`;
}
