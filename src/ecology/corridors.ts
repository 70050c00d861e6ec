/**
 * Source patches of an ecological network and the least-cost corridors between them.
 * @module
 */
import { coreCells } from '../kernels/core-cells.ts';
import { leastCostLinks, spreadCost, type CellSize, type LeastCostLink } from '../kernels/least-cost.ts';
import { labelPatches } from '../kernels/patches.ts';

/** What a network is made by. */
export interface NetworkRule {
  /** By class 0–255: 1 for classes that sources are made of. */
  readonly isSource: Uint8Array;
  /** Resistance of a class 0–255, above 0, as a factor of length; NaN is a barrier. Class 0 lies outside. */
  readonly resistance: Float32Array;
  /** Cells from a patch's edge that are not its core. */
  readonly edge: number;
  /** Smaller cores are no sources. */
  readonly leastCells: number;
  /** A corridor costs no more, in metres of resistance 1. */
  readonly limit: number;
}

export interface Network {
  /** Row-major: number of the source, from 1; 0 elsewhere. */
  readonly sources: Int32Array;
  /** Cells of each source by its number; element 0 is 0. */
  readonly cells: Int32Array;
  readonly corridors: readonly LeastCostLink[];
  readonly indices: NetworkIndices;
  /** 1 − mean(cost / limit) of the corridors; NaN without any. */
  readonly ease: number;
}

/**
 * Sources are the morphological cores of the source classes, with 8 neighbours; corridors are the cheapest ways between
 * sources whose areas of least cost touch.
 *
 * @param classes Row-major, 1–255; 0 outside, which nothing crosses.
 * @throws {RangeError} if lengths differ
 */
export function ecologicalNetwork(
  classes: Uint8Array,
  width: number,
  height: number,
  size: CellSize,
  rule: NetworkRule,
): Network {
  const n = width * height;
  const mask = new Uint8Array(n);
  const resistance = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    mask[i] = rule.isSource[classes[i]!]!;
    resistance[i] = classes[i] === 0 ? NaN : rule.resistance[classes[i]!]!;
  }
  const sources = new Int32Array(n);
  const found = labelPatches(coreCells(mask, width, height, rule.edge, new Uint8Array(n)), width, height, 8, sources);
  const cells = withoutSmall(sources, found, rule.leastCells);
  const count = cells.length - 1;
  let corridors: readonly LeastCostLink[] = [];
  if (count > 1) {
    const field = spreadCost(resistance, sources, width, height, size, rule.limit);
    corridors = leastCostLinks(field, resistance, width, height, size, rule.limit);
  }
  const costs = corridors.reduce((sum, { cost }) => sum + cost, 0);
  const ease = corridors.length === 0 ? NaN : 1 - costs / corridors.length / rule.limit;
  return { sources, cells, corridors, indices: networkIndices(count, corridors), ease };
}

/** Takes small sources out of the labels and numbers the rest anew. */
function withoutSmall(sources: Int32Array, cells: Int32Array, least: number): Int32Array {
  const numbers = new Int32Array(cells.length);
  const kept = [0];
  for (let k = 1; k < cells.length; k++) if (cells[k]! >= least) numbers[k] = kept.push(cells[k]!) - 1;
  for (let i = 0; i < sources.length; i++) sources[i] = numbers[sources[i]!]!;
  return Int32Array.from(kept);
}

/** Connectivity of a planar network of V nodes and L links in p parts (Kansky 1963; Forman & Godron 1986). */
export interface NetworkIndices {
  readonly nodes: number;
  readonly links: number;
  /** Parts that no link connects. */
  readonly parts: number;
  /** Circuits per circuit that there could be: (L − V + p)/(2V − 5); NaN below three nodes. */
  readonly alpha: number;
  /** Links per node: L/V; NaN without nodes. */
  readonly beta: number;
  /** Links per link that there could be: L/3(V − 2), and L of two nodes; NaN of one or none. */
  readonly gamma: number;
}

/** @param links Nodes are numbers from 1; each pair stands once. */
export function networkIndices(nodes: number, links: readonly { from: number; to: number }[]): NetworkIndices {
  const roots = Array.from({ length: nodes + 1 }, (_, k) => k);
  const rootOf = (node: number): number => {
    let at = node;
    while (roots[at] !== at) at = roots[at] = roots[roots[at]!]!;
    return at;
  };
  let parts = nodes;
  for (const { from, to } of links) {
    const [a, b] = [rootOf(from), rootOf(to)];
    if (a === b) continue;
    roots[Math.max(a, b)] = Math.min(a, b);
    parts--;
  }
  const count = links.length;
  return {
    nodes,
    links: count,
    parts,
    alpha: nodes < 3 ? NaN : (count - nodes + parts) / (2 * nodes - 5),
    beta: nodes === 0 ? NaN : count / nodes,
    gamma: nodes < 2 ? NaN : nodes === 2 ? count : count / (3 * (nodes - 2)),
  };
}
