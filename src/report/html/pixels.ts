/**
 * The pixels of the map as the report holds them: a byte each, packed, as text.
 * @module
 */
import { deflateSync } from 'node:zlib';
import type { LayerData } from './payload.ts';

/** A layer and its packed pixels. */
export interface PackedLayer {
  readonly data: LayerData;
  /** zlib in base64. */
  readonly packed: string;
}

/** A higher level takes twice as long for some percent. */
const LEVEL = 4;

/** Packs a layer's bytes, [time][row][column]. */
export function packLayer(data: LayerData, bytes: Uint8Array): PackedLayer {
  return { data, packed: deflateSync(bytes, { level: LEVEL, memLevel: 9 }).toString('base64') };
}
