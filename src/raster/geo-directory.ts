/**
 * The tags of a directory that say where the image lies, as they are stored.
 * @module
 */
import { GEO_KEY_NAMES } from '../geo/geokey-names.ts';
import type { Tags } from './tags.ts';

const PIXEL_SCALE = 33_550;
const TIEPOINTS = 33_922;
const TRANSFORMATION = 34_264;
const GEO_KEYS = 34_735;
const GEO_DOUBLES = 34_736;
const GEO_TEXT = 34_737;

const LATIN1 = new TextDecoder('latin1');

/** What an image's tags say about its place. */
export interface GeoDirectory {
  readonly pixelScale: Float64Array | undefined;
  readonly tiepoints: Float64Array | undefined;
  readonly transformation: Float64Array | undefined;
  /** GeoKeys by name, those that {@link GEO_KEY_NAMES} has; null where the file has none; undefined if they are damaged. */
  readonly keys: Readonly<Record<string, number | string>> | null | undefined;
}

/** Reads the tags. @throws {MineRsError} BAD_INPUT if a tag of the transform is no number */
export function readGeoDirectory(tags: Tags): GeoDirectory {
  let keys: GeoDirectory['keys'];
  try {
    const entries = tags.numbers(GEO_KEYS);
    const text = tags.bytes(GEO_TEXT);
    const texts = text === undefined ? undefined : LATIN1.decode(text);
    keys = entries === undefined ? null : keysOf(entries, tags.numbers(GEO_DOUBLES), texts);
  } catch {
    keys = undefined;
  }
  return {
    pixelScale: tags.numbers(PIXEL_SCALE),
    tiepoints: tags.numbers(TIEPOINTS),
    transformation: tags.numbers(TRANSFORMATION),
    keys,
  };
}

/**
 * The entries of the directory of keys: four numbers of the head, then number, place, count and value or offset of each.
 * @throws {RangeError} if a key points to what is not there
 */
function keysOf(
  entries: Float64Array,
  doubles: Float64Array | undefined,
  texts: string | undefined,
): Record<string, number | string> {
  const keys: Record<string, number | string> = {};
  const count = entries[3] ?? 0;
  for (let k = 1; k <= count; k++) {
    const [id, place, length, offset] = entries.subarray(4 * k, 4 * k + 4);
    if (offset === undefined) throw new RangeError('The directory of GeoKeys ends early');
    const name = GEO_KEY_NAMES[id!];
    let value: number | string | undefined;
    if (place === 0) value = offset;
    // Texts end in a bar that is no part of them.
    else if (place === GEO_TEXT) value = texts?.slice(offset, offset + length! - 1);
    else if (place === GEO_DOUBLES) value = doubles?.[offset];
    else if (place === GEO_KEYS) value = entries[offset];
    if (value === undefined) throw new RangeError(`GeoKey ${id} has no value`);
    if (name !== undefined) keys[name] = value;
  }
  return keys;
}
