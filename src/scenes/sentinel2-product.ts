/**
 * What Sentinel-2 Level-2A products are: bands, mask, and which of several processings is used.
 * @module
 */
import { groupBy } from './recognised.ts';
import { SCL_DROPPED } from './scl-picture.ts';
import type { BandRole, MaskSource, Scene, UnusableScene } from './scene.ts';

export interface Sentinel2Band {
  /** ESA's name, also the file name in COG archives. */
  name: string;
  /** Asset key in the newer archives, and common name of the band. */
  key: string;
}

export const BANDS: Record<BandRole, Sentinel2Band> = {
  blue: { name: 'B02', key: 'blue' },
  green: { name: 'B03', key: 'green' },
  red: { name: 'B04', key: 'red' },
  nir: { name: 'B08', key: 'nir' },
  swir1: { name: 'B11', key: 'swir16' },
  swir2: { name: 'B12', key: 'swir22' },
};
/** The 20 m near infrared, used only where a scene has no B08, or where an adjustment asks for it. */
export const NARROW_NIR: Sentinel2Band = { name: 'B8A', key: 'nir08' };
export const SCL: Sentinel2Band = { name: 'SCL', key: 'scl' };

/** A scene, and what decides between several of one acquisition. */
export interface Sentinel2Candidate {
  scene: Scene;
  /** `S2A_MSIL2A_…_N0212_…`, or the id where that is not known. */
  productName: string;
  /** Processing baseline as a number, 0 where it is not known. */
  baseline: number;
  /** Folder or document that it was found in. */
  place: string;
}

/** What the scene classification drops. */
export function sclMask(path: string): MaskSource {
  return {
    path,
    band: 1,
    rule: { kind: 'drop', values: [...SCL_DROPPED] },
    description: `SCL drops ${SCL_DROPPED.join(', ')}: no data, defective, cloud shadow, cloud, cirrus, snow`,
  };
}

/**
 * Of the same acquisition (sensing time, orbit, tile) in several processing baselines the newest is used; of the same
 * product in several places the first. Products that differ in neither are parts of one acquisition and are all used.
 */
export function keepNewestBaseline(candidates: readonly Sentinel2Candidate[]): {
  kept: Scene[];
  dropped: UnusableScene[];
} {
  const kept: Scene[] = [];
  const dropped: UnusableScene[] = [];
  const drop = ({ scene: { id, date, sensor }, place }: Sentinel2Candidate, reason: string): void => {
    dropped.push({ id, date, sensor, path: place, reason, harmless: true });
  };
  const firsts: Sentinel2Candidate[] = [];
  for (const [, group] of groupBy(candidates, ({ scene }) => scene.id)) {
    const [first, ...others] = group as [Sentinel2Candidate, ...Sentinel2Candidate[]];
    firsts.push(first);
    for (const other of others) drop(other, `the same product is used from ${first.place}`);
  }
  for (const [, group] of groupBy(firsts, acquisitionOf)) {
    const newest = group.reduce((a, b) => (b.baseline > a.baseline ? b : a));
    for (const candidate of group) {
      if (candidate.baseline === newest.baseline) kept.push(candidate.scene);
      else drop(candidate, `the same acquisition is used in a newer processing as ${newest.scene.id}`);
    }
  }
  return { kept, dropped };
}

function acquisitionOf({ scene, productName }: Sentinel2Candidate): string {
  const match = /^(S2[A-D])_MSIL2A_(\d{8}T\d{6})_(?:N\d{4}_)?(R\d{3})_(T\w{5})/.exec(productName);
  return match === null ? scene.id : match.slice(1).join('_');
}
