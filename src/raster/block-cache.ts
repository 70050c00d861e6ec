/**
 * Decoded blocks that several windows touch, kept within one bound for all files of a thread.
 * @module
 */
import type { PixelArray } from './pixel-type.ts';

/** Bytes of decoded blocks kept in a thread, over all of its open files. */
const CACHE_BYTES = 32 * 1024 * 1024;

const blocks = new Map<string, PixelArray>();
let bytes = 0;

/** A kept block, now the most recently used, or undefined. */
export function cachedBlock(file: number, index: number): PixelArray | undefined {
  const key = `${file}:${index}`;
  const block = blocks.get(key);
  if (block !== undefined) {
    blocks.delete(key);
    blocks.set(key, block);
  }
  return block;
}

/** Keeps a block, dropping the least recently used ones; a block too large for that is not kept. */
export function keepBlock(file: number, index: number, block: PixelArray): void {
  if (block.byteLength > CACHE_BYTES) return;
  forget(`${file}:${index}`);
  blocks.set(`${file}:${index}`, block);
  bytes += block.byteLength;
  for (const key of blocks.keys()) {
    if (bytes <= CACHE_BYTES) break;
    forget(key);
  }
}

/** Drops all blocks of a file. */
export function forgetFile(file: number): void {
  const prefix = `${file}:`;
  for (const key of blocks.keys()) if (key.startsWith(prefix)) forget(key);
}

function forget(key: string): void {
  const block = blocks.get(key);
  if (block === undefined) return;
  blocks.delete(key);
  bytes -= block.byteLength;
}
