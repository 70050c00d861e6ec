/**
 * Landscape metrics as FRAGSTATS defines them (McGarigal, Cushman & Ene 2023, FRAGSTATS v4), from the counts of a class map.
 *
 * The map is one zone without a border: cells outside of it, and cells without data, are no part of the landscape. Patches
 * end there, and their perimeters run along it; adjacencies with it are not counted, and its edge is no edge between classes.
 * @module
 */
import type { ClassJoins } from '../kernels/landscape-connect.ts';
import { CLASS_SLOTS, type LandscapeCounts } from '../kernels/landscape-scan.ts';

/** Metrics of one class. Null where a metric is not defined. */
export interface ClassMetrics {
  /** Its number on the map. */
  readonly class: number;
  readonly cells: number;
  /** Cells × size of a cell. */
  readonly areaHa: number;
  /** PLAND, percent of the landscape. */
  readonly percent: number;
  /** NP. */
  readonly patches: number;
  /** PD, per 100 ha. */
  readonly patchDensity: number;
  /** AREA_MN. */
  readonly meanPatchHa: number;
  readonly largestPatchHa: number;
  /** LPI, percent of the landscape. */
  readonly largestPatchIndex: number;
  /** TE: edges with other classes. */
  readonly edgeM: number;
  /** Edges with the landscape's boundary and with cells without data. */
  readonly boundaryM: number;
  /** ED, m/ha, of `edgeM`. */
  readonly edgeDensity: number;
  /** FRAC_MN. */
  readonly fractal: number;
  /** COHESION. */
  readonly cohesion: number | null;
  /** AI; null for a class of one cell. */
  readonly aggregation: number | null;
  /** CONNECT; null where it was not asked for. */
  readonly connectance: number | null;
}

/** Metrics of a landscape. Null where a metric is not defined, all of them where the landscape has no cells. */
export interface LandscapeMetrics {
  readonly cells: number;
  readonly areaHa: number;
  readonly classes: number;
  readonly patches: number;
  readonly patchDensity: number | null;
  readonly meanPatchHa: number | null;
  readonly largestPatchHa: number | null;
  readonly largestPatchIndex: number | null;
  readonly edgeM: number;
  readonly boundaryM: number;
  readonly edgeDensity: number | null;
  /** SHDI = −Σ P ln P. */
  readonly shdi: number | null;
  /** The same with logarithms to base 2. */
  readonly shdiBase2: number | null;
  /** SHEI = SHDI / ln m; 0 for one class. */
  readonly shei: number | null;
  readonly fractal: number | null;
  /** CONTAG with the shares P_i · g_ik / Σ_k g_ik; null for fewer than two classes. */
  readonly contagion: number | null;
  /** CONTAG with each adjacency's share of all of them, g_ik / ΣΣ g, as landscapemetrics has it. */
  readonly contagionOfAll: number | null;
  readonly cohesion: number | null;
  readonly aggregation: number | null;
  readonly connectance: number | null;
  readonly byClass: ClassMetrics[];
}

const M2_PER_HA = 1e4;

/**
 * All metrics of a map.
 *
 * @param joins Pairs of near patches, for CONNECT; null where it was not asked for.
 */
export function landscapeMetrics(counts: LandscapeCounts, joins: readonly ClassJoins[] | null): LandscapeMetrics {
  const { classes, cellWidthM, cellHeightM } = counts;
  const cellHa = (cellWidthM * cellHeightM) / M2_PER_HA;
  const sum = (of: (c: (typeof classes)[number]) => number): number => classes.reduce((total, c) => total + of(c), 0);
  const cells = sum((c) => c.cells);
  const areaHa = cells * cellHa;
  const isolation = 1 - 1 / Math.sqrt(cells);
  const cohesionOf = (sides: number, rootArea: number): number | null =>
    cells > 1 ? (100 * (1 - sides / rootArea)) / isolation : null;

  const byClass = classes.map((c): ClassMetrics => {
    const { edgeM, boundaryM } = edgesOf(counts, c.class);
    const pair = joins?.find((join) => join.class === c.class);
    return {
      class: c.class,
      cells: c.cells,
      areaHa: c.cells * cellHa,
      percent: (100 * c.cells) / cells,
      patches: c.patches,
      patchDensity: (100 * c.patches) / areaHa,
      meanPatchHa: (c.cells * cellHa) / c.patches,
      largestPatchHa: c.largestCells * cellHa,
      largestPatchIndex: (100 * c.largestCells) / cells,
      edgeM,
      boundaryM,
      edgeDensity: edgeM / areaHa,
      fractal: c.fractal / c.patches,
      cohesion: cohesionOf(c.perimeterSides, c.perimeterRootArea),
      aggregation: aggregationIndex(c.cells, likeAdjacencies(counts, c.class)),
      connectance: pair === undefined ? null : share(pair.joined, pairsOf(pair.patches)),
    };
  });

  const patches = sum((c) => c.patches);
  const shdi = -byClass.reduce((total, { percent }) => total + entropyTerm(percent / 100), 0) + 0;
  const m = classes.length;
  const largest = classes.reduce((most, c) => Math.max(most, c.largestCells), 0);
  // Each edge is one of two classes.
  const edgeM = byClass.reduce((total, c) => total + c.edgeM, 0) / 2;
  const joined = joins?.reduce((total, join) => total + join.joined, 0) ?? 0;
  const pairs = joins?.reduce((total, join) => total + pairsOf(join.patches), 0) ?? 0;
  const some = <T>(value: T): T | null => (cells > 0 ? value : null);
  return {
    cells,
    areaHa,
    classes: m,
    patches,
    patchDensity: some((100 * patches) / areaHa),
    meanPatchHa: some(areaHa / patches),
    largestPatchHa: some(largest * cellHa),
    largestPatchIndex: some((100 * largest) / cells),
    edgeM,
    boundaryM: byClass.reduce((total, c) => total + c.boundaryM, 0),
    edgeDensity: some(edgeM / areaHa),
    shdi: some(shdi),
    shdiBase2: some(shdi / Math.LN2),
    shei: some(m === 1 ? 0 : shdi / Math.log(m)),
    fractal: some(sum((c) => c.fractal) / patches),
    ...contagions(counts, cells),
    cohesion: cohesionOf(
      sum((c) => c.perimeterSides),
      sum((c) => c.perimeterRootArea),
    ),
    aggregation: some(byClass.reduce((total, c) => total + ((c.aggregation ?? 0) * c.percent) / 100, 0)),
    connectance: joins === null || cells === 0 ? null : share(joined, pairs),
    byClass,
  };
}

/** P ln P, and its limit 0 at 0. */
function entropyTerm(p: number): number {
  return p === 0 ? 0 : p * Math.log(p);
}

function pairsOf(n: number): number {
  return (n * (n - 1)) / 2;
}

/** In percent; 0 where there are no pairs, as FRAGSTATS has it. */
function share(joined: number, pairs: number): number {
  return pairs === 0 ? 0 : (100 * joined) / pairs;
}

/** Adjacencies of two classes by sides, each counted once. */
function adjacencies({ beside, below }: LandscapeCounts, a: number, b: number): number {
  return beside[a * CLASS_SLOTS + b]! + below[a * CLASS_SLOTS + b]!;
}

function likeAdjacencies(counts: LandscapeCounts, c: number): number {
  return adjacencies(counts, c, c);
}

function edgesOf(counts: LandscapeCounts, c: number): { edgeM: number; boundaryM: number } {
  const { beside, below, cellWidthM, cellHeightM } = counts;
  const lengthWith = (other: number): number =>
    beside[c * CLASS_SLOTS + other]! * cellHeightM + below[c * CLASS_SLOTS + other]! * cellWidthM;
  const edgeM = counts.classes.reduce((sum, other) => sum + (other.class === c ? 0 : lengthWith(other.class)), 0);
  return { edgeM, boundaryM: lengthWith(0) };
}

/**
 * AI of a class: its like adjacencies, counted once, in percent of the most that its cells can have, when they lie in one
 * compact patch (He, DeZonia & Mladenoff 2000, doi:10.1023/A:1008102521322).
 *
 * @returns Null for a single cell, which can have none.
 */
export function aggregationIndex(cells: number, like: number): number | null {
  const side = Math.floor(Math.sqrt(cells));
  const rest = cells - side * side;
  const square = 2 * side * (side - 1);
  const most = rest === 0 ? square : rest <= side ? square + 2 * rest - 1 : square + 2 * rest - 2;
  return most === 0 ? null : (100 * like) / most;
}

/** CONTAG (Li & Reynolds 1993, doi:10.1007/BF00125347) with the shares of FRAGSTATS, and with those of all adjacencies. */
function contagions(counts: LandscapeCounts, cells: number): Pick<LandscapeMetrics, 'contagion' | 'contagionOfAll'> {
  const { classes } = counts;
  if (classes.length < 2) return { contagion: null, contagionOfAll: null };
  // Double count: a pair of cells of one class is two adjacencies.
  const twice = (a: number, b: number): number => adjacencies(counts, a, b) * (a === b ? 2 : 1);
  const rows = classes.map((a) => classes.map((b) => twice(a.class, b.class)));
  const sums = rows.map((row) => row.reduce((total, g) => total + g, 0));
  const all = sums.reduce((total, g) => total + g, 0);
  let [ofClass, ofAll] = [0, 0];
  for (const [i, row] of rows.entries()) {
    for (const g of row) {
      if (g === 0) continue;
      ofClass += entropyTerm(((classes[i]!.cells / cells) * g) / sums[i]!);
      ofAll += entropyTerm(g / all);
    }
  }
  const most = 2 * Math.log(classes.length);
  const contagion = 100 * (1 + ofClass / most);
  // Cells without any neighbour have no adjacencies to speak of.
  return { contagion: all === 0 ? null : contagion, contagionOfAll: all === 0 ? null : 100 * (1 + ofAll / most) };
}
