/**
 * Zstandard, by Node where it has it (from 22.15) and else by the reference decoder compiled to WebAssembly.
 * @module
 */
import * as zlib from 'node:zlib';

/** Decompresses to at most `maxBytes`. */
export type Decompress = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

type ZstdOfNode = (bytes: Uint8Array, options: { chunkSize: number; maxOutputLength: number }) => Buffer;

/** Loads the decompressor, once a thread. */
export async function loadZstd(): Promise<Decompress> {
  const own = (zlib as unknown as { zstdDecompressSync?: ZstdOfNode }).zstdDecompressSync;
  if (own !== undefined) {
    return (bytes, maxBytes) => own(bytes, { chunkSize: Math.max(maxBytes, 64), maxOutputLength: maxBytes });
  }
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  // An error comes back as an empty array, which is too short for any block.
  return (bytes, maxBytes) => decoder.decode(bytes, maxBytes);
}
