import { describe, expect, it } from 'vitest';
import type { SceneFigures, ScenesPage } from '../../src/report/scenes-model.ts';
import { scenesText } from '../../src/report/scenes-text.ts';

function scene(date: string, extra: Partial<SceneFigures> = {}): SceneFigures {
  const digits = date.replaceAll('-', '');
  const id = `S2B_47SNB_${digits}_0_L2A`;
  const band = { path: 'B04.tif', band: 1, scale: 1e-4, offset: -0.1, nodata: 0, source: `raster:bands of ${id}.json` };
  return {
    id,
    date,
    sensor: 'S2B',
    product: 'sentinel-2-l2a',
    place: '47SNB',
    path: `/data/${id}/B04.tif`,
    state: 'ok',
    problems: [],
    grid: { crs: 'EPSG:32647', geographic: false, width: 10980, height: 10980, pixel: 10 },
    bands: { red: band, nir: band },
    masks: [],
    adjustments: [],
    clear: { share: 0.8765, of: 'aoi', sampled: false },
    reflectance: null,
    ...extra,
  };
}

const page = (scenes: SceneFigures[], extra: Partial<ScenesPage> = {}): ScenesPage => ({
  version: '1.0',
  sources: ['/data'],
  aoi: 'pits.geojson',
  scenes,
  years: [],
  missingYears: [],
  grids: [],
  products: [],
  sameDay: [],
  ignored: 0,
  ...extra,
});

describe('scenesText', () => {
  it('shows scenes, what is wrong, radiometry, years and remarks', () => {
    const scenes = [
      scene('2019-07-15', {
        bands: {
          red: {
            path: '',
            band: 1,
            scale: 1e-4,
            offset: 0,
            nodata: 0,
            source: 'offset 0 by processing baseline 02.14 of x.json',
          },
        },
      }),
      scene('2021-07-15', {
        state: 'check',
        problems: [
          'there is vegetation (NDVI up to 0.52), yet 99 % of the red reflectances are above 0.13: is the offset missing?',
        ],
      }),
      scene('2021-08-16', {
        state: 'copy',
        problems: ['the same product is used from /data/a'],
        grid: null,
        bands: {},
        clear: null,
      }),
      scene('2021-09-01', {
        state: 'unusable',
        problems: ['B04: no file where the item says'],
        grid: null,
        bands: {},
        clear: null,
      }),
    ];
    const text = scenesText(
      page(scenes, {
        years: [
          { year: 2019, scenes: 1, clear: 0.8765 },
          { year: 2021, scenes: 1, clear: null },
        ],
        missingYears: [2020],
        grids: [
          { crs: 'EPSG:32647', pixel: 10, scenes: 1 },
          { crs: 'EPSG:32648', pixel: 10, scenes: 1 },
        ],
        products: [
          { product: 'sentinel-2-l2a', scenes: 1 },
          { product: 'landsat-c2l2', scenes: 1 },
        ],
        sameDay: [{ date: '2019-07-15', place: '47SNB', ids: ['a', 'b'] }],
        ignored: 3,
      }),
    );
    expect(text).toMatchInlineSnapshot(`
      "2 usable scenes of 2 years, 2019 to 2021; 1 of them to check; 1 not usable; 1 left out as copies

      Date        sensor  tile   CRS                pixels  size  ρ  clear of AOI
      2019-07-15  S2B     47SNB  EPSG:32647  10980 × 10980    10  a        87.6 %
      2021-07-15  S2B     47SNB  EPSG:32647  10980 × 10980    10  b        87.6 %  check!
      2021-08-16  S2B     47SNB  –                       –     –  –             –  copy
      2021-09-01  S2B     47SNB  –                       –     –  –             –  not usable

      What is wrong
      2021-07-15 S2B_47SNB_20210715_0_L2A: there is vegetation (NDVI up to 0.52), yet 99 % of the red reflectances are above
         0.13: is the offset missing?
      2021-08-16 S2B_47SNB_20210816_0_L2A: the same product is used from /data/a
      2021-09-01 S2B_47SNB_20210901_0_L2A: B04: no file where the item says

      Radiometry
      a ρ = DN × 0.0001 + 0; no data 0; offset 0 by processing baseline 02.14 of the item (1 scene)
      b ρ = DN × 0.0001 − 0.1; no data 0; raster:bands of the item (1 scene)

      Year  scenes  mean clear
      2019       1      87.6 %
      2021       1           –

      No usable scene of 2020.
      Several grids: EPSG:32647, pixel 10 (1); EPSG:32648, pixel 10 (1). A run takes the commonest of the scenes that touch
         the AOI and resamples the others.
      Several products: sentinel-2-l2a (1), landsat-c2l2 (1). A run takes one: name its scenes alone, or describe all in a
         scenes.yaml.
      Several scenes of one sensor, tile and day: 2019-07-15 47SNB (2). All are used.
      3 TIFF files belong to no known layout.
      "
    `);
  });

  it('keeps to 120 columns but for words that are longer', () => {
    const long = scene('2020-07-15', {
      id: `a-very-long-name/${'x'.repeat(60)}`,
      sensor: 'yearly-composites-of-the-basin',
      grid: {
        crs: '+proj=aea +lat_1=25 +lat_2=47',
        geographic: false,
        width: 123_456,
        height: 123_456,
        pixel: 29.987654321,
      },
      clear: { share: 1, of: 'scene', sampled: true },
      problems: ['word '.repeat(60).trim()],
      state: 'outside',
    });
    const text = scenesText(page([long, scene('2021-07-15')], { aoi: null }));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    expect(text).toContain('~ clear');
  });

  it('says it where nothing is usable', () => {
    const text = scenesText(
      page([scene('2020-07-15', { state: 'unusable', problems: ['is Level-1C'], bands: {}, grid: null, clear: null })]),
    );
    expect(text).toMatch(/^0 usable scenes; 1 not usable\n/);
    expect(text).not.toMatch(/Radiometry|Year/);
  });
});
