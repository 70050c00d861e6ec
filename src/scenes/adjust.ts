/**
 * Cross-sensor adjustment of reflectance: ρ' = a · ρ + b, put together with scale and offset.
 * @module
 */
import type { BandRole, BandSource, Scene, UnusableScene } from './scene.ts';

export const ADJUSTMENTS = ['hls-bandpass', 'roy2016'] as const;

export type Adjustment = (typeof ADJUSTMENTS)[number];

interface Coefficients {
  a: number;
  b: number;
}

type SensorCoefficients = Partial<Record<BandRole, Coefficients>>;

/** MSI to OLI of the HLS user guide 2.0; near infrared is B8A, B08 has none. */
const HLS_BANDPASS: Record<string, SensorCoefficients> = {
  S2A: { red: { a: 0.9765, b: 0.0009 }, nir: { a: 0.9983, b: -0.0001 } },
  S2B: { red: { a: 0.9761, b: 0.001 }, nir: { a: 0.9966, b: 0 } },
  S2C: { red: { a: 0.9718, b: 0.0011 }, nir: { a: 0.9995, b: -0.0003 } },
};

/** ETM+ to OLI surface reflectance, ordinary least squares: Roy et al. 2016, doi:10.1016/j.rse.2015.12.024. */
const ROY_2016: Record<string, SensorCoefficients> = {
  LE07: { red: { a: 0.9047, b: 0.0061 }, nir: { a: 0.8462, b: 0.0412 } },
};

/** What each adjustment is called in the record. */
const WORDS: Record<Adjustment, string> = {
  'hls-bandpass': 'HLS bandpass MSI to OLI',
  roy2016: 'Roy et al. 2016 ETM+ to OLI',
};

/** Whether the near infrared of Sentinel-2 has to be B8A. */
export function needsNarrowNir(adjustment: Adjustment | undefined): boolean {
  return adjustment === 'hls-bandpass';
}

/**
 * Adjusts a scene, if it is of a sensor that the adjustment is for: Sentinel-2 Level-2A or ETM+. All others, HLS among
 * them, come back as they are. A scene that cannot be adjusted though it should be is unusable.
 */
export function adjustScene(scene: Scene, adjustment: Adjustment): Scene | UnusableScene {
  const isMeant =
    adjustment === 'hls-bandpass'
      ? scene.product === 'sentinel-2-l2a' || scene.product === 'copernicus-browser'
      : scene.product === 'landsat-c2l2' && scene.sensor === 'LE07';
  if (!isMeant) return scene;
  const unusable = (reason: string): UnusableScene => {
    const { id, date, sensor, files } = scene;
    return { id, date, sensor, path: files[0] ?? '', reason: `${reason}; leave out --adjust ${adjustment}` };
  };
  const coefficients = (adjustment === 'hls-bandpass' ? HLS_BANDPASS : ROY_2016)[scene.sensor];
  if (coefficients === undefined) {
    return unusable(`which Sentinel-2 it is of is not told, and ${adjustment} differs between them`);
  }
  const bands: Partial<Record<BandRole, BandSource>> = {};
  for (const [role, source] of Object.entries(scene.bands) as [BandRole, BandSource][]) {
    const pair = coefficients[role];
    if (pair === undefined) return unusable(`${adjustment} has no coefficients of ${role}, only of red and nir`);
    bands[role] = adjustBand(source, pair, `${WORDS[adjustment]}, ${scene.sensor}`);
  }
  const text = `${Object.keys(bands).toSorted().join(' and ')} adjusted: ${WORDS[adjustment]}, ${scene.sensor}`;
  return { ...scene, bands, adjustments: [...scene.adjustments, text] };
}

/** a · (DN · scale + offset) + b */
function adjustBand(source: BandSource, { a, b }: Coefficients, words: string): BandSource {
  const sign = b < 0 ? '−' : '+';
  return {
    ...source,
    scale: a * source.scale,
    offset: a * source.offset + b,
    radiometry: `${source.radiometry}; then ρ × ${a} ${sign} ${Math.abs(b)} (${words})`,
  };
}
