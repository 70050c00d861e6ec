/**
 * Writes the synthetic mine: `npm run sample-data`, or `node dist/sample-data/generate.js FOLDER` for another place.
 *
 * Everything is drawn from one seed. The pixels are the same on every machine; the files' bytes can differ where
 * another zlib deflates them.
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeCogFromPixels } from '../src/raster/cog.ts';
import { fvcOfYear } from './generator/fvc.ts';
import { formatJson } from './generator/json.ts';
import { samplePlots } from './generator/plots.ts';
import { paintScene, SCENES, sceneFrame, sceneYear, type ScenePlan, type SceneImage } from './generator/scenes.ts';
import { buildSite } from './generator/site.ts';
import { buildWorld, truthOf, type World } from './generator/truth.ts';
import { zonesAsGeoJson } from './generator/zones.ts';

const SCENE_FORMAT = {
  pixelType: 'uint16',
  samples: 1,
  overview: 'average',
  metadata: { SYNTHETIC: 'Made-up pixels in the shape of a Landsat scene; no satellite saw this. See README.md' },
} as const;
/** Small, so that the scenes have several tiles. */
const TILE_SIZE = 128;

/**
 * Writes `pits.geojson`, `scenes/`, `plots.csv`, `species.csv`, `truth.json` and `PIXELS.sha256` below a folder, over files of
 * the same names.
 * @param folder Is made if missing
 */
export async function generateSample(folder: string): Promise<void> {
  const world = buildWorld();
  await mkdir(join(folder, 'scenes'), { recursive: true });
  await writeFile(join(folder, 'pits.geojson'), formatJson(zonesAsGeoJson()));
  await writeFile(join(folder, 'truth.json'), formatJson(truthOf(world)));
  const { plots, species } = samplePlots(world);
  await writeFile(join(folder, 'plots.csv'), plots);
  await writeFile(join(folder, 'species.csv'), species);
  const sums: string[] = [];
  for (const scene of SCENES) {
    const image = imageOf(world, scene);
    for (const [name, pixels] of bandsOf(image)) {
      const path = `scenes/${image.id}_${name}.TIF`;
      await writeCogFromPixels(
        join(folder, path),
        { ...SCENE_FORMAT, grid: image.grid, nodata: name === 'QA_PIXEL' ? 1 : 0 },
        pixels,
        { tileSize: TILE_SIZE },
      );
      sums.push(`${sha256(pixels)}  ${path}`);
    }
  }
  await writeFile(join(folder, 'PIXELS.sha256'), `${sums.join('\n')}\n`);
}

function imageOf({ site, levels, fvc }: World, scene: ScenePlan): SceneImage {
  const year = sceneYear(scene);
  if (scene.frame === undefined) return paintScene(scene, site, fvc.get(year)!);
  const own = buildSite(sceneFrame(scene));
  return paintScene(scene, own, fvcOfYear(own, year, levels.get(year)!));
}

function bandsOf(image: SceneImage): [name: string, pixels: Uint16Array][] {
  return [
    [image.bands[0], image.red],
    [image.bands[1], image.nir],
    ['QA_PIXEL', image.qa],
  ];
}

/** Digest of pixels as little-endian 16-bit numbers in row-major order. */
function sha256(pixels: Uint16Array): string {
  const bytes = Buffer.alloc(pixels.length * 2);
  pixels.forEach((value, i) => bytes.writeUInt16LE(value, 2 * i));
  return createHash('sha256').update(bytes).digest('hex');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await generateSample(process.argv[2] ?? 'sample-data');
}
