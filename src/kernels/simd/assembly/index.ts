/**
 * What the module exports. Compiled by `npm run wasm`; the loader is ../instance.ts.
 * @module
 */
export { composite, compositeSetup } from './composite';
export { cover, dropBits, dropValue, maximum, normalizedDifference } from './pixels';
export { countHighKeys, countLowKeys, countReflectances, differenceMaximum, takeKeys } from './maximum';
export { states } from './states';
export { trendSetup } from './pairs';
export { trendPixels } from './trend';

/** The first byte of memory that is free. */
export function freeFrom(): usize {
  return __heap_base;
}
