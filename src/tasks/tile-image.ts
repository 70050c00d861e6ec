/**
 * Between a tile's own pixels and the tiles and overviews of a COG.
 * @module
 */
import { createPixels, type PixelArray } from '../raster/pixel-type.ts';
import { encodeTile, TILE_SIZE, type CogSpec } from '../raster/cog.ts';
import { copyRows } from '../raster/copy-rows.ts';
import { reusablePixels } from '../raster/reusable.ts';

const HALF_TILE = TILE_SIZE / 2;

/** Whether maps of this size have overviews, so that their half-size pixels are wanted. */
export function hasOverviews(spec: CogSpec): boolean {
  return spec.grid.width > TILE_SIZE || spec.grid.height > TILE_SIZE;
}

/**
 * A tile as it is stored, or null where all of it is no data.
 *
 * @param pixels Row-major over the tile's part of the image, samples of a pixel side by side.
 */
export function encodeImageTile(pixels: PixelArray, width: number, height: number, spec: CogSpec): Uint8Array | null {
  return isEmpty(pixels, spec.nodata) ? null : encodeTile(padToTile(pixels, width, height, spec), spec);
}

function isEmpty(pixels: PixelArray, nodata: number | null): boolean {
  if (nodata === null) return false;
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]!;
    if (value !== nodata && value === value) return false;
  }
  return true;
}

/** Edge tiles are stored at full size; what lies outside the image is no data. */
function padToTile(pixels: PixelArray, width: number, height: number, spec: CogSpec): PixelArray {
  if (width === TILE_SIZE && height === TILE_SIZE) return pixels;
  const { samples } = spec;
  const out = createPixels(spec.pixelType, TILE_SIZE * TILE_SIZE * samples);
  out.fill(spec.nodata ?? 0);
  const stride = width * samples;
  copyRows({ pixels, first: 0, stride }, { pixels: out, first: 0, stride: TILE_SIZE * samples }, stride, height);
  return out;
}

const halfRowsRoom = reusablePixels();

/**
 * Rows of the half-size image, put together from half-size tiles; good until the next ones.
 *
 * @param halfOf The half-size pixels of a tile by its row-major number; null where all is no data.
 */
export function halfRowsOf(
  spec: CogSpec,
  row: number,
  count: number,
  halfOf: (tileIndex: number) => PixelArray | null,
): PixelArray {
  const { grid, samples, pixelType, nodata } = spec;
  const width = Math.ceil(grid.width / 2);
  const across = Math.ceil(grid.width / TILE_SIZE);
  const out = halfRowsRoom(pixelType, width * count * samples);
  out.fill(nodata ?? 0);
  const lastTileRow = Math.floor((row + count - 1) / HALF_TILE);
  for (let ty = Math.floor(row / HALF_TILE); ty <= lastTileRow; ty++) {
    const below = ty * HALF_TILE - row;
    for (let tx = 0; tx < across; tx++) {
      const half = halfOf(ty * across + tx);
      if (half === null) continue;
      const tileWidth = Math.min(HALF_TILE, width - tx * HALF_TILE);
      const tileHeight = half.length / (tileWidth * samples);
      const [first, end] = [Math.max(0, -below), Math.min(tileHeight, count - below)];
      const stride = tileWidth * samples;
      const to = ((below + first) * width + tx * HALF_TILE) * samples;
      copyRows(
        { pixels: half, first: first * stride, stride },
        { pixels: out, first: to, stride: width * samples },
        stride,
        end - first,
      );
    }
  }
  return out;
}
