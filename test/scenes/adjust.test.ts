import { describe, expect, it } from 'vitest';
import { adjustScene } from '../../src/scenes/adjust.ts';
import type { Scene } from '../../src/scenes/scene.ts';
import { find, makeFolder } from './folder.ts';

/** float64 rounding of a few operations on numbers below 1 */
const EXACT = 12;

const scene = (sensor: string, product: Scene['product'], scale: number, offset: number): Scene => {
  const band = (path: string) => ({ path, band: 1, scale, offset, nodata: 0, radiometry: 'told' });
  return {
    id: 'x',
    date: '2020-07-01',
    year: 2020,
    sensor,
    product,
    bands: { red: band('r.tif'), nir: band('n.tif') },
    masks: [],
    files: ['n.tif', 'r.tif'],
    adjustments: [],
  };
};

/** Reflectance of a digital number. */
const rho = (found: ReturnType<typeof adjustScene>, role: 'red' | 'nir', dn: number): number => {
  const { scale, offset } = (found as Scene).bands[role]!;
  return dn * scale + offset;
};

describe('cross-sensor adjustment', () => {
  // red 0.05 and NIR 0.30 of MSI by hand: a · ρ + b
  it.each([
    ['S2A', 0.9765 * 0.05 + 0.0009, 0.9983 * 0.3 - 0.0001],
    ['S2B', 0.9761 * 0.05 + 0.001, 0.9966 * 0.3],
    ['S2C', 0.9718 * 0.05 + 0.0011, 0.9995 * 0.3 - 0.0003],
  ])('brings %s to OLI, after scale and offset', (sensor, red, nir) => {
    // DN 1500 and 4000 with the offset of −1000 are 0.05 and 0.30
    const found = adjustScene(scene(sensor, 'sentinel-2-l2a', 1e-4, -0.1), 'hls-bandpass');
    expect(rho(found, 'red', 1500)).toBeCloseTo(red, EXACT);
    expect(rho(found, 'nir', 4000)).toBeCloseTo(nir, EXACT);
    expect((found as Scene).adjustments).toEqual([`nir and red adjusted: HLS bandpass MSI to OLI, ${sensor}`]);
    expect((found as Scene).bands.red?.radiometry).toMatch(/^told; then ρ × 0\.97\d+ \+ 0\.00\d+ \(HLS bandpass/);
  });

  it('brings ETM+ to OLI, and leaves TM and OLI alone', () => {
    const found = adjustScene(scene('LE07', 'landsat-c2l2', 2.75e-5, -0.2), 'roy2016');
    // DN of 0.05 and 0.30
    expect(rho(found, 'red', 0.25 / 2.75e-5)).toBeCloseTo(0.9047 * 0.05 + 0.0061, EXACT);
    expect(rho(found, 'nir', 0.5 / 2.75e-5)).toBeCloseTo(0.8462 * 0.3 + 0.0412, EXACT);
    for (const sensor of ['LT05', 'LC08', 'LC09']) {
      const other = scene(sensor, 'landsat-c2l2', 2.75e-5, -0.2);
      expect(adjustScene(other, 'roy2016')).toBe(other);
    }
  });

  it('leaves HLS alone, which is adjusted already', () => {
    const hls = scene('HLS S30', 'hls-v2', 1e-4, 0);
    expect(adjustScene(hls, 'hls-bandpass')).toBe(hls);
  });

  it('refuses what it has no coefficients for', () => {
    expect(adjustScene(scene('S2', 'copernicus-browser', 1, 0), 'hls-bandpass')).toMatchObject({
      reason: expect.stringMatching(/which Sentinel-2 .* leave out --adjust hls-bandpass/),
    });
    const swir = scene('S2A', 'sentinel-2-l2a', 1, 0);
    swir.bands = { nir: swir.bands.nir!, swir2: swir.bands.nir! };
    expect(adjustScene(swir, 'hls-bandpass')).toMatchObject({
      reason: expect.stringMatching(/no coefficients of swir2/),
    });
  });

  it('takes B8A as near infrared of Sentinel-2, and nothing else', async () => {
    const raster = [{ scale: 1e-4, offset: -0.1 }];
    const assets = (names: readonly string[]): object =>
      Object.fromEntries(names.map((name) => [name, { href: `${name}.tif`, 'raster:bands': raster }]));
    const item = (names: readonly string[]): string =>
      JSON.stringify({
        type: 'Feature',
        stac_version: '1.0.0',
        id: 'S2A_47SNB_20220715_0_L2A',
        collection: 'sentinel-2-l2a',
        properties: { datetime: '2022-07-15T04:11:12Z', platform: 'sentinel-2a' },
        assets: assets(names),
      });
    const all = ['B04', 'B08', 'B8A', 'SCL'];
    const files = Object.fromEntries(all.map((name) => [`${name}.tif`, '']));
    const both = await makeFolder({ ...files, 'i.json': item(all) });
    const { scenes } = await find(both, { adjust: 'hls-bandpass' });
    expect(scenes[0]?.bands.nir?.path).toMatch(/B8A\.tif$/);
    expect((await find(both, { adjust: 'none' })).scenes[0]?.bands.nir?.path).toMatch(/B08\.tif$/);

    const { 'B8A.tif': _, ...broadOnly } = files;
    const lacking = await makeFolder({ ...broadOnly, 'i.json': item(['B04', 'B08', 'SCL']) });
    const refused = await find(lacking, { adjust: 'hls-bandpass' });
    expect(refused.scenes).toEqual([]);
    expect(refused.unusable[0]?.reason).toMatch(/^B8A: neither in the item nor beside it/);
  });
});
