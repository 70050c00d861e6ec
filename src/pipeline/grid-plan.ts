/**
 * The run's grid, and how each scene comes onto it.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { applyAffine, invertAffine } from '../geo/affine.ts';
import { bboxesOverlap, type Bbox } from '../geo/bbox.ts';
import { createTransformer, type Crs } from '../geo/crs.ts';
import { gridBbox, latticeOffset, sameLattice, subgrid, type Grid } from '../geo/grid.ts';
import { intersectWindows, type Window } from '../geo/window.ts';
import { chooseResampling } from '../raster/resample.ts';
import type { BandSource, MaskSource } from '../scenes/scene.ts';
import type { BandRead, BandResampling, MaskRead, Placement, SceneRead } from '../tasks/contract.ts';
import { polygonsBbox, projectZone } from '../vector/project.ts';
import type { Zone } from '../vector/zone.ts';
import { valueSources, type Header, type InspectedScene } from './inspect.ts';

/** The grid that a run works on. */
export interface GridPlan {
  grid: Grid;
  /** The header whose blocks the run's blocks are aligned to. */
  source: Header;
  /** Why the grid is this one, in words. */
  chosen: string;
}

/** How far inside a pixel an edge may end and still be taken to lie on the pixel's border. */
const SNAP = 1e-9;

/** The bounding box of the zones in a CRS. */
export function zonesBbox(zones: readonly Zone[], crs: Crs): Bbox {
  const boxes = zones.map((zone) => polygonsBbox(projectZone(zone, crs)));
  return [
    Math.min(...boxes.map((b) => b[0])),
    Math.min(...boxes.map((b) => b[1])),
    Math.max(...boxes.map((b) => b[2])),
    Math.max(...boxes.map((b) => b[3])),
  ];
}

/** Splits scenes into those whose extent touches the zones' bounding box and the others. */
export function touchingScenes(
  scenes: readonly InspectedScene[],
  zones: readonly Zone[],
): { touching: InspectedScene[]; apart: InspectedScene[] } {
  const boxes = new Map<string, Bbox>();
  const touching: InspectedScene[] = [];
  const apart: InspectedScene[] = [];
  for (const scene of scenes) {
    const { crs } = scene.main.grid;
    let box = boxes.get(crs.definition);
    if (box === undefined) {
      box = zonesBbox(zones, crs);
      boxes.set(crs.definition, box);
    }
    (bboxesOverlap(box, gridBbox(scene.main.grid)) ? touching : apart).push(scene);
  }
  return { touching, apart };
}

/**
 * Chooses the run's grid: the commonest lattice of the scenes (of equally common ones the finer, then the earlier), or
 * that of a file named by the user; cut to the zones' bounding box, snapped outward, or to the scenes of that lattice.
 *
 * @param scenes Scenes that touch the zones, in order of date; at least one.
 * @throws {MineRsError} BAD_INPUT if zones and scenes share no pixel
 */
export function planGrid(
  scenes: readonly InspectedScene[],
  zones: readonly Zone[],
  extent: 'aoi' | 'scene',
  like: Header | undefined,
): GridPlan {
  const lattice = like === undefined ? commonestLattice(scenes) : sharedWith(like, scenes);
  const { anchor } = lattice;
  const covered = extent === 'scene' ? lattice.scenes.map((s) => s.main.grid) : scenes.map((s) => s.main.grid);
  let window = like !== undefined && extent === 'scene' ? wholeOf(anchor.grid) : unionOf(anchor.grid, covered);
  if (extent === 'aoi') {
    const [minX, minY, maxX, maxY] = zonesBbox(zones, anchor.grid.crs);
    const corners: [number, number][] = [
      [minX, minY],
      [minX, maxY],
      [maxX, minY],
      [maxX, maxY],
    ];
    const wanted = snapOutward(anchor.grid, corners);
    const shared = intersectWindows(window, wanted);
    if (shared === undefined) throw new MineRsError('BAD_INPUT', 'The zones and the scenes share no pixel');
    window = shared;
  }
  return { grid: subgrid(anchor.grid, window), source: lattice.source, chosen: lattice.chosen };
}

interface Lattice {
  anchor: Header;
  scenes: readonly InspectedScene[];
  source: Header;
  chosen: string;
}

function commonestLattice(scenes: readonly InspectedScene[]): Lattice {
  const groups: InspectedScene[][] = [];
  for (const scene of scenes) {
    const group = groups.find((members) => sameLattice(members[0]!.main.grid, scene.main.grid));
    if (group === undefined) groups.push([scene]);
    else group.push(scene);
  }
  const size = (group: InspectedScene[]) => Math.abs(group[0]!.main.grid.transform[0]);
  // Stable: of groups that are equal in all of this, the one with the earliest scene stays first.
  const best = groups.toSorted((a, b) => b.length - a.length || size(a) - size(b))[0]!;
  const anchor = best[0]!.main;
  const others = scenes.length - best.length;
  const chosen = `the commonest grid: ${best.length} of ${scenes.length} scenes${others === 0 ? '' : `, ${others} resampled onto it`}`;
  return { anchor, scenes: best, source: anchor, chosen };
}

function sharedWith(like: Header, scenes: readonly InspectedScene[]): Lattice {
  const same = scenes.filter((scene) => sameLattice(like.grid, scene.main.grid));
  return { anchor: like, scenes: same, source: same[0]?.main ?? like, chosen: `the grid of ${like.info.path}` };
}

function wholeOf(grid: Grid): Window {
  return { col: 0, row: 0, width: grid.width, height: grid.height };
}

/** The window of a lattice around all of some grids. */
function unionOf(anchor: Grid, grids: readonly Grid[]): Window {
  const windows = grids.map((grid) => {
    if (sameLattice(anchor, grid)) {
      const [col, row] = latticeOffset(anchor, grid);
      return { col: Math.round(col), row: Math.round(row), width: grid.width, height: grid.height };
    }
    return snapOutward(anchor, outlineOf(grid, anchor.crs));
  });
  const col = Math.min(...windows.map((w) => w.col));
  const row = Math.min(...windows.map((w) => w.row));
  const endCol = Math.max(...windows.map((w) => w.col + w.width));
  const endRow = Math.max(...windows.map((w) => w.row + w.height));
  return { col, row, width: endCol - col, height: endRow - row };
}

/** Points along a grid's edge in another CRS, close enough for a bounding box. */
function outlineOf(grid: Grid, crs: Crs): [number, number][] {
  const transform = createTransformer(grid.crs, crs);
  const points: [number, number][] = [];
  const steps = 32;
  for (let k = 0; k <= steps; k++) {
    const [col, row] = [(grid.width * k) / steps, (grid.height * k) / steps];
    for (const [c, r] of [
      [col, 0],
      [col, grid.height],
      [0, row],
      [grid.width, row],
    ] as const) {
      const point = transform(...applyAffine(grid.transform, c, r));
      if (Number.isFinite(point[0]) && Number.isFinite(point[1])) points.push(point);
    }
  }
  return points;
}

/** The smallest window of a grid's lattice around some points; it may reach beyond the grid. */
export function snapOutward(grid: Grid, points: readonly [number, number][]): Window {
  const inverse = invertAffine(grid.transform);
  const pixels = points.map(([x, y]) => applyAffine(inverse, x, y));
  const col = Math.floor(Math.min(...pixels.map((p) => p[0])) + SNAP);
  const row = Math.floor(Math.min(...pixels.map((p) => p[1])) + SNAP);
  const endCol = Math.ceil(Math.max(...pixels.map((p) => p[0])) - SNAP);
  const endRow = Math.ceil(Math.max(...pixels.map((p) => p[1])) - SNAP);
  return { col, row, width: Math.max(1, endCol - col), height: Math.max(1, endRow - row) };
}

/** One file that had to be resampled, for the record. */
export interface Resampled {
  scene: string;
  path: string;
  method: BandResampling;
  from: string;
}

/**
 * What the workers are told of a scene, and which of its files are resampled.
 *
 * @param resampling The rule for bands; auto chooses by the sizes of the pixels.
 */
export function planScene(
  inspected: InspectedScene,
  grid: Grid,
  resampling: BandResampling | 'auto' = 'auto',
): { read: SceneRead; resampled: Resampled[] } {
  const { scene, headers } = inspected;
  const resampled: Resampled[] = [];
  const place = (path: string, categories: boolean): Placement => {
    const placement = placementOf(headers.get(path)!.grid, grid, categories ? 'nearest' : resampling);
    if (placement.kind === 'resample') {
      const from = `${placement.grid.crs.name}, pixel ${Math.abs(placement.grid.transform[0])}`;
      resampled.push({ scene: scene.id, path, method: placement.method, from });
    }
    return placement;
  };
  const band = ({ path, band, scale, offset, nodata }: BandSource): BandRead => ({
    path,
    band,
    scale,
    offset,
    nodata,
    placement: place(path, false),
  });
  const mask = ({ path, band, rule }: MaskSource): MaskRead => ({ path, band, rule, placement: place(path, true) });
  const bands: SceneRead['bands'] = {};
  if (scene.index === undefined) {
    for (const [role, source] of Object.entries(scene.bands)) bands[role as keyof typeof bands] = band(source);
  }
  const index = scene.index === undefined ? null : band(scene.index.source);
  return { read: { id: scene.id, bands, index, masks: scene.masks.map(mask) }, resampled };
}

function placementOf(file: Grid, grid: Grid, resampling: BandResampling | 'auto'): Placement {
  if (sameLattice(file, grid)) {
    const [col, row] = latticeOffset(file, grid);
    return { kind: 'aligned', col: Math.round(col), row: Math.round(row), width: file.width, height: file.height };
  }
  const method = resampling === 'auto' ? chooseResampling(grid, file) : resampling;
  return { kind: 'resample', method, grid: file };
}

/** The files behind a scene's bands and masks, each once. */
export function filesOfScene(inspected: InspectedScene): string[] {
  const { scene } = inspected;
  return [...new Set([...valueSources(scene), ...scene.masks].map((source) => source.path))];
}
