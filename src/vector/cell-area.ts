/**
 * The area of grid cells on the WGS 84 ellipsoid.
 *
 * A geographic grid has a formula. For a projected grid the area per CRS unit squared follows from the projection's own
 * inverse: points go to longitude and latitude, and on to the sphere that keeps the ellipsoid's areas, where the two
 * derivatives along x and y span the wanted parallelogram. It is worked out on a coarse lattice of the grid and
 * interpolated by cubics in between, as it changes only over hundreds of kilometres.
 * @module
 */
import { MineRsError } from '../errors.ts';
import { applyAffine } from '../geo/affine.ts';
import { createTransformer, WGS84 } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import { AUTHALIC_RADIUS2, cellBetweenParallels, RADIANS, sinAuthalic } from './ellipsoid.ts';

/** Areas of the cells of one grid, in m². They depend on the grid alone, never on the order of the calls. */
export interface CellArea {
  /** Area of one cell. */
  at(col: number, row: number): number;
  /** Areas of the cells from (fromCol, row) on, as many as `out` is long. */
  fillRow(row: number, fromCol: number, out: Float64Array): void;
  /** An upper bound of all cells' areas, at most 0.1 % too large. */
  readonly maximum: number;
}

/** Distance of lattice nodes in CRS units: the cubic's error is then below 1e-9 of the area in any usual projection. */
const NODE_SPACING = 25_000;

/** Steps of the derivatives in CRS units, the largest first; smaller ones serve at the edge of a projection. */
const STEPS = [5000, 500, 50];

/** Ellipsoidal cell areas of a grid. @throws {MineRsError} BAD_INPUT if the grid reaches outside its projection */
export function cellAreaM2(grid: Grid): CellArea {
  const [, b, , d] = grid.transform;
  return grid.crs.geographic && b === 0 && d === 0 ? geographicCellArea(grid) : projectedCellArea(grid);
}

/** Planar cell areas: the same everywhere, in CRS units squared (m² for a CRS in metres). */
export function planarCellArea(grid: Grid): CellArea {
  const [a, b, , d, e] = grid.transform;
  const area = Math.abs(a * e - b * d);
  return {
    at: () => area,
    fillRow: (_row, _fromCol, out) => {
      out.fill(area);
    },
    maximum: area,
  };
}

/** Rows of one longitude step between two parallels. Cells beyond a pole have no area there. */
function geographicCellArea(grid: Grid): CellArea {
  const [a, , , , e, f] = grid.transform;
  const phi = (row: number) => Math.max(-90, Math.min(90, f + e * row)) * RADIANS;
  const ofRow = (row: number) => cellBetweenParallels(a * RADIANS, phi(row), phi(row + 1));
  let maximum = 0;
  for (let row = 0; row < grid.height; row++) maximum = Math.max(maximum, ofRow(row));
  return {
    at: (_col, row) => ofRow(row),
    fillRow: (row, _fromCol, out) => {
      out.fill(ofRow(row));
    },
    maximum,
  };
}

function projectedCellArea(grid: Grid): CellArea {
  const [a, b, , d, e] = grid.transform;
  const unitScale = grid.crs.geographic ? 1 / 111_000 : 1;
  const cols = nodePositions(grid.width, Math.hypot(a, d), unitScale);
  const rows = nodePositions(grid.height, Math.hypot(b, e), unitScale);
  const nodes = new Float64Array(cols.count * rows.count);
  const densityAt = areaDensity(grid, unitScale);
  const planar = Math.abs(a * e - b * d);
  // Two Gauss points a side: the mean over the cell, not the value at its middle, also where cells are large.
  const gauss = 0.5 / Math.sqrt(3);
  let maximum = 0;
  for (let j = 0; j < rows.count; j++) {
    for (let i = 0; i < cols.count; i++) {
      const col = cols.start + cols.spacing * i + 0.5;
      const row = rows.start + rows.spacing * j + 0.5;
      let sum = 0;
      for (const v of [-gauss, gauss]) for (const u of [-gauss, gauss]) sum += densityAt(col + u, row + v);
      const area = (sum / 4) * planar;
      nodes[j * cols.count + i] = area;
      maximum = Math.max(maximum, area);
    }
  }

  const weights = new Float64Array(4);
  const line = new Float64Array(cols.count);
  let lineRow = -1;
  /** The lattice along one row of cells; a pure function of the row, kept for the row's next cell. */
  const interpolateLine = (row: number) => {
    if (row === lineRow) return;
    const first = cubicWeights(row, rows, weights);
    for (let i = 0; i < cols.count; i++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += weights[k]! * nodes[(first + k) * cols.count + i]!;
      line[i] = sum;
    }
    lineRow = row;
  };
  const ofCol = (col: number) => {
    const first = cubicWeights(col, cols, weights);
    return (
      weights[0]! * line[first]! +
      weights[1]! * line[first + 1]! +
      weights[2]! * line[first + 2]! +
      weights[3]! * line[first + 3]!
    );
  };
  return {
    at: (col, row) => {
      interpolateLine(row);
      return ofCol(col);
    },
    fillRow: (row, fromCol, out) => {
      interpolateLine(row);
      for (let k = 0; k < out.length; k++) out[k] = ofCol(fromCol + k);
    },
    maximum: maximum * 1.0005,
  };
}

/** Evenly spaced lattice nodes along one side of the grid, from its first cell to its last, so never outside it. */
interface Nodes {
  readonly count: number;
  /** Cell of the first node. */
  readonly start: number;
  /** In cells. */
  readonly spacing: number;
}

function nodePositions(cells: number, cellSize: number, unitScale: number): Nodes {
  // Within a single cell the scale changes too.
  if (cells === 1) return { count: 4, start: -0.5, spacing: 1 / 3 };
  const intervals = Math.max(3, Math.ceil(((cells - 1) * cellSize) / (NODE_SPACING * unitScale)));
  return { count: intervals + 1, start: 0, spacing: (cells - 1) / intervals };
}

/** Lagrange weights of the four nodes around a position; returns the first of them. */
function cubicWeights(position: number, nodes: Nodes, weights: Float64Array): number {
  const at = (position - nodes.start) / nodes.spacing;
  const first = Math.min(Math.max(Math.floor(at) - 1, 0), nodes.count - 4);
  const t = at - first;
  weights[0] = (-(t - 1) * (t - 2) * (t - 3)) / 6;
  weights[1] = (t * (t - 2) * (t - 3)) / 2;
  weights[2] = (-t * (t - 1) * (t - 3)) / 2;
  weights[3] = (t * (t - 1) * (t - 2)) / 6;
  return first;
}

/** Ellipsoidal m² per CRS unit squared at a pixel position, by fourth-order central differences. */
function areaDensity(grid: Grid, unitScale: number): (col: number, row: number) => number {
  const inverse = createTransformer(grid.crs, WGS84);
  const onSphere = (x: number, y: number): [number, number, number] => {
    const [lon, lat] = inverse(x, y);
    const s = sinAuthalic(lat * RADIANS);
    const c = Math.sqrt((1 - s) * (1 + s));
    return [c * Math.cos(lon * RADIANS), c * Math.sin(lon * RADIANS), s];
  };
  const derivative = (x: number, y: number, dx: number, dy: number, step: number) => {
    const far = onSphere(x + 2 * dx, y + 2 * dy);
    const near = onSphere(x + dx, y + dy);
    const nearBack = onSphere(x - dx, y - dy);
    const farBack = onSphere(x - 2 * dx, y - 2 * dy);
    return [0, 1, 2].map((k) => (8 * (near[k]! - nearBack[k]!) - (far[k]! - farBack[k]!)) / (12 * step));
  };
  return (col, row) => {
    const [x, y] = applyAffine(grid.transform, col, row);
    for (const size of STEPS) {
      const step = size * unitScale;
      const u = derivative(x, y, step, 0, step);
      const v = derivative(x, y, 0, step, step);
      const density =
        AUTHALIC_RADIUS2 *
        Math.hypot(u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!);
      if (Number.isFinite(density)) return density;
    }
    throw new MineRsError('BAD_INPUT', `The grid reaches (${x}, ${y}), which ${grid.crs.name} cannot represent`, {
      x,
      y,
      crs: grid.crs.name,
    });
  };
}
