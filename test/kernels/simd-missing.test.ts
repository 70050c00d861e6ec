/**
 * Where the engine lacks WebAssembly, or its SIMD instructions, the plain twins run and nothing changes.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fractionalCover } from '../../src/kernels/fvc.ts';
import { trendStack, type TrendOut } from '../../src/kernels/trend.ts';
import { bitsOf, uniform } from '../helpers/twins.ts';

const [N_TIMES, N_PIXELS] = [12, 100];

function trend(kernel: typeof trendStack): TrendOut {
  const random = uniform(1);
  const stack = Float32Array.from({ length: N_TIMES * N_PIXELS }, random);
  const out: TrendOut = {
    trendClass: new Uint8Array(N_PIXELS),
    slope: new Float32Array(N_PIXELS),
    p: new Float32Array(N_PIXELS),
    z: new Float32Array(N_PIXELS),
    n: new Uint16Array(N_PIXELS),
  };
  const years = Float64Array.from({ length: N_TIMES }, (_, t) => 2000 + t);
  kernel(stack, N_TIMES, N_PIXELS, { years, minYears: 4, epsilon: 0, legend: 'seven', pMethod: 'exact' }, out);
  return out;
}

function refuse(): never {
  throw new Error('invalid SIMD opcode');
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each([
  ['no WebAssembly', undefined],
  ['an engine that refuses the module', { Module: refuse }],
])('with %s', (_, api) => {
  it('the plain twins run', async () => {
    const here = trend(trendStack);
    vi.resetModules();
    vi.stubGlobal('WebAssembly', api);
    const { simdModule } = await import('../../src/kernels/simd/instance.ts');
    const raster = await import('../../src/raster/simd/instance.ts');
    expect([simdModule(), raster.simdModule()]).toEqual([null, null]);
    const plain = await import('../../src/kernels/trend.ts');
    const there = trend(plain.trendStack);
    for (const key of Object.keys(here) as (keyof TrendOut)[]) expect(bitsOf(there[key])).toBe(bitsOf(here[key]));
    const fvc = await import('../../src/kernels/fvc.ts');
    const index = Float32Array.of(0, 0.3, NaN, 1);
    const [one, other] = [index.slice(), index.slice()];
    fractionalCover(index, 0.1, 0.9, 'linear', one);
    fvc.fractionalCover(index, 0.1, 0.9, 'linear', other);
    expect(bitsOf(other)).toBe(bitsOf(one));
  });
});
