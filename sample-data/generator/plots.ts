/**
 * Made-up field plots on the synthetic mine: one table with a line a plot, one with its species.
 * @module
 */
import { createTransformer, WGS84 } from '../../src/geo/crs.ts';
import { applyAffine } from '../../src/geo/affine.ts';
import { createRandom, nearlyNormal } from './random.ts';
import { SEED } from './site.ts';
import type { World } from './truth.ts';
import { GRID, ZONES } from './zones.ts';

const YEAR = 2024;
/** As many as Colorado's rule asks for. */
const PLOTS = 15;
/** Standard deviation of a cover that is estimated by eye, as a share. */
const COVER_ERROR = 0.05;

interface Vegetation {
  /** Mean height, cm. */
  readonly height: number;
  /** Soil organic matter of ground with full cover, g/kg. */
  readonly soil: number;
  /** Individuals at full cover, by species. */
  readonly species: Readonly<Record<string, number>>;
}

const SEEDED: Vegetation = {
  height: 20,
  soil: 28,
  species: { 'Elymus nutans': 46, 'Poa crymophila': 14, 'Festuca sinensis': 9, 'Puccinellia tenuiflora': 4 },
};

const VEGETATION: Readonly<Record<string, Vegetation>> = {
  'pit-4': SEEDED,
  'pit-5': { ...SEEDED, height: 18, soil: 26 },
  'dump-2': { height: 23, soil: 19, species: { 'Elymus nutans': 60, 'Poa crymophila': 7 } },
  background: {
    height: 12,
    soil: 52,
    species: {
      'Kobresia pygmaea': 30,
      'Kobresia humilis': 18,
      'Potentilla nivea': 7,
      'Poa crymophila': 6,
      'Leontopodium nanum': 5,
      'Gentiana straminea': 4,
      'Elymus nutans': 3,
    },
  },
};

/** The two tables as CSV. */
export function samplePlots({ site, fvc }: World): { plots: string; species: string } {
  const toDegrees = createTransformer(GRID.crs, WGS84);
  const truth = fvc.get(YEAR)!;
  const plots = ['plot,group,lon,lat,year,cover (%),height (cm),organic_matter (g/kg),water_content (%)'];
  const species = ['plot,species,count'];
  for (const [group, vegetation] of Object.entries(VEGETATION)) {
    const zone = ZONES.findIndex(({ id }) => id === group);
    const random = createRandom(SEED + 900 + zone);
    const cells = Array.from(site.zone.keys()).filter((i) => site.zone[i] === zone);
    for (let k = 1; k <= PLOTS; k++) {
      const cell = cells[Math.floor(random() * cells.length)]!;
      const [x, y] = applyAffine(GRID.transform, (cell % GRID.width) + 0.5, Math.floor(cell / GRID.width) + 0.5);
      const [lon, lat] = toDegrees(x, y);
      const cover = Math.min(1, Math.max(0, truth[cell]! + COVER_ERROR * nearlyNormal(random)));
      const soil = vegetation.soil * (0.4 + 0.6 * cover) + 2 * nearlyNormal(random);
      const water = 6 + 0.4 * soil + 1.5 * nearlyNormal(random);
      const height = vegetation.height * (0.7 + 0.3 * cover) + 1.2 * nearlyNormal(random);
      const id = `${group}-${String(k).padStart(2, '0')}`;
      const figures = [100 * cover, height, soil, water].map((value) => value.toFixed(1));
      plots.push([id, group, lon.toFixed(6), lat.toFixed(6), YEAR, ...figures].join(','));
      for (const [name, most] of Object.entries(vegetation.species)) {
        const count = Math.round(most * cover * (0.3 + 1.4 * random()));
        if (count > 0) species.push(`${id},${name},${count}`);
      }
    }
  }
  return { plots: `${plots.join('\n')}\n`, species: `${species.join('\n')}\n` };
}
