import { describe, expect, it } from 'vitest';
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { gridBbox, type Grid } from '../../src/geo/grid.ts';
import { planGrid, planScene, touchingScenes, zonesBbox } from '../../src/pipeline/grid-plan.ts';
import type { Header, InspectedScene } from '../../src/pipeline/inspect.ts';
import type { Zone } from '../../src/vector/zone.ts';
import { utmGrid } from '../helpers/stack.ts';

function headerOf(path: string, grid: Grid): Header {
  const info = { path, width: grid.width, height: grid.height, layout: 'tiled', blockWidth: 256, blockHeight: 256 };
  return { grid, info: info as unknown as Header['info'] };
}

/** A scene whose bands lie on one grid and whose mask lies on another. */
function sceneOf(id: string, grid: Grid, maskGrid = grid): InspectedScene {
  const source = { band: 1, scale: 1, offset: 0, nodata: 0, radiometry: '' };
  const [red, nir, mask] = [`${id}-red`, `${id}-nir`, `${id}-mask`];
  const main = headerOf(red, grid);
  return {
    main,
    headers: new Map([
      [red, main],
      [nir, headerOf(nir, grid)],
      [mask, headerOf(mask, maskGrid)],
    ]),
    scene: {
      id,
      date: '2020-07-01',
      year: 2020,
      sensor: 'LC08',
      product: 'landsat-c2l2',
      bands: { red: { path: red, ...source }, nir: { path: nir, ...source } },
      masks: [{ path: mask, band: 1, rule: { kind: 'bits', bits: [0] }, description: '' }],
      files: [red, nir, mask],
      adjustments: [],
    },
  };
}

/** A zone in the CRS of a grid, so that its box is exact. */
function zoneOf(grid: Grid, minX: number, minY: number, maxX: number, maxY: number): Zone {
  const ring: [number, number][] = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
    [minX, minY],
  ];
  return { id: 'a', name: 'a', role: 'mine', properties: {}, polygons: [[ring]], crs: grid.crs };
}

const GRID = utmGrid(200, 100);
/** Ten pixels from the left and five from the top, 20 × 12 pixels, in the corner of its pixels. */
const ZONE = zoneOf(GRID, 540_300, 4_216_000 - 17 * 30, 540_300 + 600, 4_216_000 - 150);

describe('planGrid', () => {
  it('cuts the lattice of the scenes to the zones, and snaps outward', () => {
    const plan = planGrid([sceneOf('a', GRID)], [ZONE], 'aoi', undefined);
    expect(plan.grid).toMatchObject({ width: 20, height: 12, transform: [30, 0, 540_300, 0, -30, 4_215_850] });
    const off = zoneOf(GRID, 540_301, 4_216_000 - 17 * 30 - 1, 540_899, 4_215_849);
    expect(planGrid([sceneOf('a', GRID)], [off], 'aoi', undefined).grid).toMatchObject({
      width: 20,
      height: 13,
      transform: [30, 0, 540_300, 0, -30, 4_215_850],
    });
  });

  it('takes the commonest lattice, not the first or the largest scene', () => {
    const odd = utmGrid(400, 300, { x: 539_000 + 7, y: 4_217_000 });
    const scenes = [sceneOf('odd', odd), sceneOf('b', GRID), sceneOf('c', utmGrid(50, 40, { x: 540_090 }))];
    const plan = planGrid(scenes, [ZONE], 'aoi', undefined);
    expect(plan.grid.transform[2]).toBe(540_300);
    expect(plan.chosen).toBe('the commonest grid: 2 of 3 scenes, 1 resampled onto it');
    expect(planScene(scenes[0]!, plan.grid).resampled.map(({ path, method }) => [path, method])).toEqual([
      ['odd-red', 'bilinear'],
      ['odd-nir', 'bilinear'],
      ['odd-mask', 'nearest'],
    ]);
    const cubic = planScene(scenes[0]!, plan.grid, 'cubic').resampled;
    expect(cubic.map(({ method }) => method)).toEqual(['cubic', 'cubic', 'nearest']);
    expect(planScene(scenes[1]!, plan.grid, 'cubic').resampled).toEqual([]);
    // The run's pixel (0, 0) is the scene's pixel (10, 5).
    expect(planScene(scenes[1]!, plan.grid).read.bands.red!.placement).toEqual({
      kind: 'aligned',
      col: 10,
      row: 5,
      width: 200,
      height: 100,
    });
  });

  it('takes the finer of equally common lattices, and then the earlier', () => {
    const fine = utmGrid(600, 300, { pixel: 10 });
    expect(planGrid([sceneOf('a', GRID), sceneOf('b', fine)], [ZONE], 'aoi', undefined).grid.transform[0]).toBe(10);
    const shifted = utmGrid(200, 100, { x: 540_015 });
    const plan = planGrid([sceneOf('a', shifted), sceneOf('b', GRID)], [ZONE], 'aoi', undefined);
    expect((plan.grid.transform[2] - 540_015) % 30).toBe(0);
  });

  it('is clipped to what the scenes show', () => {
    const small = utmGrid(20, 10);
    expect(planGrid([sceneOf('a', small)], [ZONE], 'aoi', undefined).grid).toMatchObject({ width: 10, height: 5 });
  });

  it('takes all scenes of the lattice with the extent of the scenes', () => {
    const right = utmGrid(200, 100, { x: 540_000 + 150 * 30, y: 4_216_000 + 60 });
    const odd = utmGrid(900, 900, { x: 530_007 });
    const plan = planGrid([sceneOf('a', GRID), sceneOf('b', right), sceneOf('c', odd)], [ZONE], 'scene', undefined);
    expect(plan.grid).toMatchObject({ width: 350, height: 102, transform: [30, 0, 540_000, 0, -30, 4_216_060] });
  });

  it('takes the grid of a named file', () => {
    const like = headerOf('like.tif', utmGrid(40, 30, { pixel: 60, x: 540_010 }));
    const plan = planGrid([sceneOf('a', GRID)], [ZONE], 'scene', like);
    expect(plan.grid).toMatchObject({ width: 40, height: 30 });
    expect(plan.grid.transform[2]).toBe(540_010);
    expect(plan.chosen).toContain('like.tif');
    const cut = planGrid([sceneOf('a', GRID)], [ZONE], 'aoi', like);
    expect(cut.grid.transform).toEqual([60, 0, 540_250, 0, -60, 4_215_880]);
  });

  it('holds the nearest rule for masks of twice the pixel, and aligned bands', () => {
    const scene = sceneOf('a', utmGrid(200, 100, { pixel: 10 }), utmGrid(100, 50, { pixel: 20 }));
    const { grid } = planGrid([scene], [zoneOf(GRID, 540_100, 4_215_800, 540_200, 4_215_900)], 'aoi', undefined);
    const { read, resampled } = planScene(scene, grid);
    expect(resampled).toEqual([{ scene: 'a', path: 'a-mask', method: 'nearest', from: 'EPSG:32647, pixel 20' }]);
    expect(read.masks[0]!.placement).toMatchObject({ kind: 'resample', method: 'nearest' });
  });
});

describe('touchingScenes', () => {
  it('asks in the CRS of each scene', () => {
    const toLonLat = createTransformer(GRID.crs, WGS84);
    const [minX, minY, maxX, maxY] = gridBbox(utmGrid(20, 10));
    const zone: Zone = {
      ...zoneOf(GRID, 0, 0, 0, 0),
      crs: WGS84,
      polygons: [[[toLonLat(minX, minY), toLonLat(maxX, minY), toLonLat(maxX, maxY), toLonLat(minX, minY)]]],
    };
    const toZone48 = createTransformer(GRID.crs, utmGrid(1, 1, { epsg: 32648 }).crs);
    const [x48, y48] = toZone48(minX, maxY);
    const neighbour = utmGrid(50, 50, { x: x48 - 300, y: y48 + 300, epsg: 32648 });
    const far = utmGrid(50, 50, { x: 700_000 });
    const scenes = [sceneOf('a', GRID), sceneOf('neighbour', neighbour), sceneOf('far', far)];
    const { touching, apart } = touchingScenes(scenes, [zone]);
    expect(touching.map(({ scene }) => scene.id)).toEqual(['a', 'neighbour']);
    expect(apart.map(({ scene }) => scene.id)).toEqual(['far']);
    expect(zonesBbox([zone], neighbour.crs)[0]).toBeCloseTo(x48, -2);
  });
});
