import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  SPECTRAL_INDICES,
  spectralIndex,
  type BandRole,
  type BandValues,
  type IndexName,
} from '../../src/kernels/spectral-index.ts';
import { FLOAT32, oracle, relativeError } from './oracle.ts';

const plain = (data: BandValues['data']): BandValues => ({ data, scale: 1, offset: 0 });
const clearAll = (n: number): Uint8Array => new Uint8Array(n).fill(1);

function ndvi(nir: number[], red: number[], clear = clearAll(nir.length)): number[] {
  const out = new Float32Array(nir.length);
  spectralIndex('ndvi', { nir: plain(Float64Array.from(nir)), red: plain(Float64Array.from(red)) }, clear, out);
  return [...out];
}

describe('spectralIndex', () => {
  it('gives the NDVI of hand-worked reflectances', () => {
    expect(ndvi([0.3, 0.05], [0.05, 0.05])).toEqual([Math.fround(0.25 / 0.35), 0]);
  });

  it('is NaN where masked, where a band is NaN and where the sum is not positive, and clipped otherwise', () => {
    expect(ndvi([0.3, NaN, 0.3, -0.1, 0.1], [0.1, 0.1, NaN, 0.1, -0.2], Uint8Array.of(0, 1, 1, 1, 1))).toEqual(
      Array.from({ length: 5 }, () => NaN),
    );
    expect(ndvi([0.5, -0.01], [-0.01, 0.5])).toEqual([1, -1]);
  });

  it('has no value where EVI divides by zero or MSAVI2 has no root', () => {
    const out = new Float32Array(1);
    const band = (value: number): BandValues => plain(Float64Array.of(value));
    spectralIndex('evi', { nir: band(0.5), red: band(0), blue: band(0.2) }, clearAll(1), out);
    expect(out[0]).toBeNaN();
    spectralIndex('msavi2', { nir: band(0.5), red: band(-0.1) }, clearAll(1), out);
    expect(out[0]).toBeNaN();
  });

  it('names the band that is absent', () => {
    expect(() => spectralIndex('nbr', { nir: plain(Float32Array.of(1)) }, clearAll(1), new Float32Array(1))).toThrow(
      /Expected a swir2 band for nbr, got none/,
    );
    const bands = { nir: plain(Float32Array.of(1)), red: plain(Float32Array.of(1, 2)) };
    expect(() => spectralIndex('ndvi', bands, clearAll(1), new Float32Array(1))).toThrow(RangeError);
  });

  it('reads digital numbers of every type to the same bits as the fused uint16 loop', () => {
    const dn = fc.integer({ min: 0, max: 32_000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(dn, dn, fc.boolean()), { minLength: 1, maxLength: 3000, size: 'max' }),
        (pixels) => {
          const of = <T>(make: (values: number[]) => T, band: 0 | 1): T => make(pixels.map((pixel) => pixel[band]));
          const clear = Uint8Array.from(pixels, (pixel) => Number(pixel[2]));
          const scaled = (data: BandValues['data']): BandValues => ({ data, scale: 2.75e-5, offset: -0.2 });
          const fused = new Float32Array(pixels.length);
          const general = new Float32Array(pixels.length);
          const u16 = (values: number[]): Uint16Array => Uint16Array.from(values);
          const i32 = (values: number[]): Int32Array => Int32Array.from(values);
          spectralIndex('ndvi', { nir: scaled(of(u16, 0)), red: scaled(of(u16, 1)) }, clear, fused);
          spectralIndex('ndvi', { nir: scaled(of(i32, 0)), red: scaled(of(i32, 1)) }, clear, general);
          expect(fused).toEqual(general);
          for (const value of fused) expect(Number.isNaN(value) || Math.abs(value) <= 1).toBe(true);
        },
      ),
      { seed: 2, numRuns: 20 },
    );
  });

  it('leaves a ratio unchanged when both bands scale', () => {
    const reflectance = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(reflectance, reflectance, fc.integer({ min: 1, max: 30 }), (nir, red, factor) => {
        expect(ndvi([nir * factor], [red * factor])).toEqual(ndvi([nir], [red]));
      }),
      { seed: 3 },
    );
  });

  it.each(Object.keys(SPECTRAL_INDICES) as IndexName[])('%s agrees with numpy', (name) => {
    const { scale, offset, dn, expected } = oracle.indices;
    const bands: Partial<Record<BandRole, BandValues>> = {};
    for (const role of SPECTRAL_INDICES[name].bands) bands[role] = { data: Uint16Array.from(dn[role]!), scale, offset };
    const n = expected[name]!.length;
    const out = new Float32Array(n);
    spectralIndex(name, bands, clearAll(n), out);
    out.forEach((value, i) => expect(relativeError(value, expected[name]![i] ?? NaN)).toBeLessThan(FLOAT32));
  });
});
