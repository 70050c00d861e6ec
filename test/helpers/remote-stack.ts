/**
 * STAC item collections over Landsat scenes, for tests that read the same scenes from disk and over HTTP.
 * @module
 */
import { readdirSync } from 'node:fs';

const RADIOMETRY = [{ scale: 2.75e-5, offset: -0.2, nodata: 0 }];

/**
 * The item collection of all Landsat scenes in a folder.
 *
 * @param href The place of a file, by its name.
 */
export function landsatItems(folder: string, href: (name: string) => string): string {
  const red = readdirSync(folder).filter((name) => name.endsWith('_SR_B4.TIF'));
  const features = red.toSorted().map((name) => {
    const id = name.replace('_SR_B4.TIF', '');
    const day = /_(\d{4})(\d{2})(\d{2})_/.exec(id)!;
    return {
      type: 'Feature',
      stac_version: '1.0.0',
      id,
      collection: 'landsat-c2-l2',
      geometry: null,
      links: [],
      properties: { datetime: `${day[1]}-${day[2]}-${day[3]}T04:00:00Z`, platform: 'landsat-8' },
      assets: {
        red: { href: href(name), 'raster:bands': RADIOMETRY },
        nir08: { href: href(`${id}_SR_B5.TIF`), 'raster:bands': RADIOMETRY },
        qa_pixel: { href: href(`${id}_QA_PIXEL.TIF`) },
      },
    };
  });
  return JSON.stringify({ type: 'FeatureCollection', features });
}
