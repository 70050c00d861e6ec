/**
 * The ecological network of a zone, or of all land that a map of classes shows.
 * @module
 */
import { ecologicalNetwork, type Network, type NetworkRule } from '../ecology/corridors.ts';
import { landscapeMetrics } from '../ecology/landscape.ts';
import { codeNumbers } from '../kernels/class-codes.ts';
import { addRows, beginScan, endScan } from '../kernels/landscape-scan.ts';
import type { ResilienceClass } from '../report/resilience-model.ts';
import { readClasses } from '../tasks/class-pixels.ts';
import type { Zone } from '../vector/zone.ts';
import type { YearMap } from './class-sources.ts';
import { pixelSize } from './report-map.ts';
import type { ResilienceConfig } from './resilience-config.ts';
import { fvcAt, MOST_CELLS, zoneCells, type ZoneCells } from './zone-cover.ts';

export interface ZoneNetwork extends Network {
  readonly year: number;
  /** Columns and rows of the network's cells count from its upper left corner, on the grid of the map of classes. */
  readonly place: ZoneCells;
  readonly cellM2: number;
  /** P_i by class, in the order of the classes. */
  readonly shares: readonly number[];
  /** Cells of sources, of cells with data. */
  readonly sourceShare: number;
  /** NaN without sources. */
  readonly sourceFvc: number;
  /** COHESION of sources; NaN without any, or in a landscape of one cell. */
  readonly cohesion: number;
}

/**
 * Finds sources and corridors.
 *
 * @param zone Null takes the whole map.
 * @returns Null where there are no cells with data, or too many cells in the whole map.
 * @throws {MineRsError} BAD_INPUT if the zone's window is too large
 */
export async function zoneNetwork(
  folder: string,
  zone: Zone | null,
  { year, source, header }: YearMap,
  classes: readonly ResilienceClass[],
  config: ResilienceConfig,
): Promise<ZoneNetwork | null> {
  const { grid } = header;
  const cells = zone === null ? wholeMap(grid.width, grid.height) : zoneCells(zone, grid);
  if (cells === null || cells.inside.length === 0) return null;
  const { window, inside } = cells;
  const numbers = codeNumbers(source.rule.kind === 'codes' ? source.rule.noData : []);
  const found = await readClasses(source, window, numbers);
  const fvc = await fvcAt(folder, year, grid, window);
  // By number on the map: position among the classes.
  const codeOf = (number: number): number => (source.rule.kind === 'codes' ? numbers.codes[number - 1]! : number);
  const counts = new Float64Array(256);
  let land = 0;
  for (let i = 0; i < found.length; i++) {
    if (inside[i] === 0) found[i] = 0;
    if (found[i] === 0) continue;
    counts[found[i]!]!++;
    land++;
  }
  if (land === 0) return null;
  const shares = classes.map(() => 0);
  const isSource = new Uint8Array(256);
  const resistance = new Float32Array(256).fill(NaN);
  for (let number = 1; number < counts.length; number++) {
    if (counts[number] === 0) continue;
    const at = classes.findIndex(({ code }) => code === codeOf(number));
    if (at < 0) continue;
    shares[at]! += counts[number]! / land;
    isSource[number] = classes[at]!.source ? 1 : 0;
    resistance[number] = classes[at]!.resistance;
  }
  const [cellWidth, cellHeight] = pixelSize(grid, window);
  const cellM2 = cellWidth * cellHeight;
  const rule: NetworkRule = {
    isSource,
    resistance,
    edge: config.sourceEdge,
    leastCells: Math.max(1, Math.ceil((config.sourceLeastHa * 1e4) / cellM2 - 1e-9)),
    limit: config.corridorLimit,
  };
  const network = ecologicalNetwork(found, window.width, window.height, { width: cellWidth, height: cellHeight }, rule);
  const about = sourceFigures(found, fvc, network.sources, window.width);
  return { ...network, year, place: cells, cellM2, shares, ...about };
}

function wholeMap(width: number, height: number): ZoneCells | null {
  if (width * height > MOST_CELLS) return null;
  return { window: { col: 0, row: 0, width, height }, inside: new Uint8Array(width * height).fill(1) };
}

function sourceFigures(
  classes: Uint8Array,
  fvc: Float32Array,
  sources: Int32Array,
  width: number,
): Pick<ZoneNetwork, 'sourceShare' | 'sourceFvc' | 'cohesion'> {
  let [land, found, sum, seen] = [0, 0, 0, 0];
  const mask = new Uint8Array(classes.length);
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] === 0) continue;
    land++;
    mask[i] = sources[i] === 0 ? 2 : 1;
    if (sources[i] === 0) continue;
    found++;
    if (fvc[i] !== fvc[i]) continue;
    sum += fvc[i]!;
    seen++;
  }
  // Cohesion counts sides and cells, so their size does not matter. Sources are patches of 8 neighbours.
  const scan = beginScan(width, 1, 1, 8);
  addRows(scan, mask);
  const cohesion = landscapeMetrics(endScan(scan), null).byClass.find((c) => c.class === 1)?.cohesion;
  return { sourceShare: found / land, sourceFvc: seen === 0 ? NaN : sum / seen, cohesion: cohesion ?? NaN };
}
