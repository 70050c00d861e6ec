/**
 * A GeoTIFF's place: from its tags to one affine transform of pixel corners.
 * @module
 */
import { translateAffine, type Affine } from '../geo/affine.ts';

/** The tags that place an image; undefined where the file lacks one. */
export interface PlaceTags {
  readonly pixelScale: ArrayLike<number> | undefined;
  readonly tiepoints: ArrayLike<number> | undefined;
  readonly transformation: ArrayLike<number> | undefined;
  readonly pixelIsPoint: boolean;
}

/**
 * The transform of pixel corners to CRS coordinates, or null where the file has none (or only ground control points).
 *
 * PixelIsPoint files give the place of pixel centres; the half pixel is taken off here and nowhere else.
 */
export function transformFromTags(tags: PlaceTags): Affine | null {
  const raw = rawTransform(tags);
  if (raw === null || !raw.every((value) => Number.isFinite(value))) return null;
  if (raw[0] * raw[4] - raw[1] * raw[3] === 0) return null;
  return tags.pixelIsPoint ? translateAffine(raw, -0.5, -0.5) : raw;
}

function rawTransform({ pixelScale, tiepoints, transformation }: PlaceTags): Affine | null {
  if (pixelScale !== undefined && pixelScale.length >= 2 && tiepoints !== undefined && tiepoints.length >= 6) {
    const scaleX = pixelScale[0]!;
    // A negative scale is written by some programs; GDAL takes it as north up all the same.
    const scaleY = Math.abs(pixelScale[1]!);
    return [scaleX, 0, tiepoints[3]! - tiepoints[0]! * scaleX, 0, -scaleY, tiepoints[4]! + tiepoints[1]! * scaleY];
  }
  if (transformation !== undefined && transformation.length >= 16) {
    const t = transformation;
    return [t[0]!, t[1]!, t[3]!, t[4]!, t[5]!, t[7]!];
  }
  return null;
}

/** The tags that place an image of corner-based pixels; the inverse of {@link transformFromTags}. */
export function tagsFromTransform(
  t: Affine,
): { pixelScale: number[]; tiepoints: number[] } | { transformation: number[] } {
  if (t[1] === 0 && t[3] === 0 && t[0] > 0 && t[4] < 0) {
    return { pixelScale: [t[0], -t[4], 0], tiepoints: [0, 0, 0, t[2], t[5], 0] };
  }
  return { transformation: [t[0], t[1], 0, t[2], t[3], t[4], 0, t[5], 0, 0, 0, 0, 0, 0, 0, 1] };
}
