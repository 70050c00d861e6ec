/**
 * What the module exports. Compiled by `npm run wasm`; the loader is ../instance.ts.
 * @module
 */
export { deflate } from './deflate';
export { inflate, inflateBoth, other } from './inflate';
export { decodeLzw } from './lzw';
export { meanFloat, meanWord, modeByte } from './overview';
export { applyDifference, applyFloatDifference, undoDifference, undoFloatDifference } from './predictor';

/** The first byte of memory that is free. */
export function freeFrom(): usize {
  return __heap_base;
}
