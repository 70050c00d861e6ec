/**
 * Source patches and corridors of an ecological network as a GeoPackage.
 * @module
 */
import { applyAffine } from '../geo/affine.ts';
import { uniteBboxes, type Bbox } from '../geo/bbox.ts';
import { createTransformer, WGS84, type Crs } from '../geo/crs.ts';
import type { Grid } from '../geo/grid.ts';
import { geoPackage, insertLayer, type FieldSpec, type Layer } from './geopackage-writer.ts';
import { polygonsBbox, type Position } from './polygons.ts';
import { nestRings } from './ring-nesting.ts';
import { geoPackageBlob, geoPackageLine } from './wkb-writer.ts';

type Cells = readonly (string | number | null)[];

/** A patch: its rings as [col, row, …] of corners of cells. */
export interface PatchShape {
  readonly rings: readonly Int32Array[];
  readonly cells: Cells;
}

/** A corridor: [col, row, …] of the cells whose middles it runs along, at least two. */
export interface CorridorShape {
  readonly line: Int32Array;
  readonly cells: Cells;
}

export interface NetworkShapes<T> {
  readonly columns: readonly FieldSpec[];
  readonly shapes: readonly T[];
}

/**
 * The layers `sources` and `corridors`, in the grid's CRS; in longitude and latitude where that has no EPSG code.
 *
 * @param grid Columns and rows count from its upper left corner.
 */
export function networkGeoPackage(
  patches: NetworkShapes<PatchShape>,
  corridors: NetworkShapes<CorridorShape>,
  grid: Grid,
): Promise<Uint8Array> {
  const crs: Crs = grid.crs.epsg === null ? WGS84 : grid.crs;
  const place = createTransformer(grid.crs, crs);
  const points = (at: Int32Array, shift: number): Position[] =>
    Array.from({ length: at.length / 2 }, (_, k) =>
      place(...applyAffine(grid.transform, at[2 * k]! + shift, at[2 * k + 1]! + shift)),
    );
  const srsId = crs.epsg!;
  const boxes: Bbox[] = [];
  const sources: Layer['rows'] = patches.shapes.map(({ rings, cells }) => {
    const polygons = nestRings(rings.map((ring) => points(ring, 0)));
    boxes.push(polygonsBbox(polygons));
    return [geoPackageBlob(polygons, srsId), ...cells];
  });
  const lineBoxes: Bbox[] = [];
  const ways: Layer['rows'] = corridors.shapes.map(({ line, cells }) => {
    const along = points(line, 0.5);
    lineBoxes.push(polygonsBbox([[along]]));
    return [geoPackageLine(along, srsId), ...cells];
  });
  const around = (all: readonly Bbox[]) => (all.length === 0 ? null : all.reduce(uniteBboxes));
  return geoPackage(crs, (database) => {
    const { columns } = patches;
    insertLayer(
      database,
      { name: 'sources', title: 'Source patches', type: 'MULTIPOLYGON', columns, rows: sources, bbox: around(boxes) },
      crs,
    );
    insertLayer(
      database,
      {
        name: 'corridors',
        title: 'Least-cost corridors between source patches',
        type: 'LINESTRING',
        columns: corridors.columns,
        rows: ways,
        bbox: around(lineBoxes),
      },
      crs,
    );
  });
}
