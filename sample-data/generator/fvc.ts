/**
 * The true FVC of the synthetic landscape in each year, at the height of the growing season.
 * @module
 */
import { fractalNoise } from './random.ts';
import { SEED, type Site } from './site.ts';
import { BACKGROUND_FVC, EDGE_LOSS, MINE_FVC, ROADS_CLOSED } from './story.ts';
import { MINES, ZONES } from './zones.ts';

/** What must be added to the drawn cover so that the zones reach the story's means. */
export interface Levels {
  /** Added to all natural cover. */
  readonly meadow: number;
  /** Added to the seeded ground of each mine zone. */
  readonly mines: readonly number[];
}

/**
 * The FVC of a year: pixels of the site, row-major, may leave [0, 1].
 * @param levels From {@link levelsOfYear}
 */
export function fvcOfYear(site: Site, year: number, levels: Levels): Float64Array {
  const { frame } = site;
  const fvc = new Float64Array(site.zone.length);
  for (let i = 0; i < fvc.length; i++) {
    const x = frame.x + (i % frame.width) + 0.5;
    const y = frame.y + Math.floor(i / frame.width) + 0.5;
    const zone = site.zone[i]!;
    const isMine = zone >= 0 && zone < MINES.length;
    if (isMine && year >= site.opened[i]!) {
      fvc[i] = year < site.seeded[i]! ? workedGround(site, i, x, y, year) : seededGround(site, i, x, y, year, levels);
      continue;
    }
    let cover = site.meadow[i]!;
    const grass = 1 - site.natural[i]!;
    cover += grass * (levels.meadow + 0.012 * fractalNoise(SEED + 100 * year, x, y, 18, 3));
    if (!isMine) {
      let kept = 1;
      MINES.forEach((mine, k) => {
        const patchy = 1 + 0.3 * fractalNoise(SEED + 41, x, y, 7, 3);
        const distance = Math.max(0, site.distance[k]![i]!);
        kept *= 1 - Math.min(0.85, EDGE_LOSS[mine.id][year]! * patchy * Math.exp(-distance / 9));
      });
      cover = grass * cover * kept + (1 - grass) * cover;
    }
    const road = site.road[i]! * (year >= ROADS_CLOSED ? 0.55 : 1);
    fvc[i] = cover * (1 - road) + 0.06 * road;
  }
  return fvc;
}

/** Bare benches near 10 % and coal near 0; a little more in the last year before seeding, when the ground is being shaped. */
function workedGround(site: Site, i: number, x: number, y: number, year: number): number {
  const seeded = site.seeded[i]!;
  const shaped = year >= 2020 || (seeded < 2020 && year === seeded - 1) ? 0.08 : 0;
  const bench = 0.03 * fractalNoise(SEED + 51, x, y, 6, 2) + 0.012 * fractalNoise(SEED + 52 + 100 * year, x, y, 8, 2);
  return 0.1 + shaped + bench - 0.085 * site.coal[i]!;
}

function seededGround(site: Site, i: number, x: number, y: number, year: number, levels: Levels): number {
  const mine = site.zone[i]!;
  const rest = levels.mines[mine]!;
  const { id } = MINES[mine]!;
  if (id === 'dump-2') {
    const young = year === site.seeded[i] ? -0.12 : 0;
    return site.quality[i]! + young + rest + 0.012 * fractalNoise(SEED + 53 + 100 * year, x, y, 9, 2);
  }
  // Between years the cover moves by the pixel's own pace, so that a declining patch declines in all years.
  const step = year <= 2021 ? 0 : MINE_FVC[id][year]! - MINE_FVC[id][2021]!;
  const young = year === 2020 ? -0.12 : 0;
  return (
    site.quality[i]! + young + step * site.vigour[i]! + rest + 0.0025 * fractalNoise(SEED + 54 + 100 * year, x, y, 7, 2)
  );
}

/** Finds the levels of a year on the site of the base grid. */
export function levelsOfYear(site: Site, year: number): Levels {
  const background = ZONES.length - 1;
  let meadow = 0;
  let mines: readonly number[] = MINES.map(() => 0);
  // Cover is clipped at 1, which makes the mean answer a little less than the level asks; a few rounds settle it.
  for (let round = 0; round < 6; round++) {
    const fvc = fvcOfYear(site, year, { meadow, mines });
    meadow += BACKGROUND_FVC[year]! - zoneMean(site, fvc, background).mean;
    mines = MINES.map((mine, k) => {
      const wanted = MINE_FVC[mine.id][year];
      if (wanted === undefined) return 0;
      const { mean, seededShare } = zoneMean(site, fvc, k, year);
      return mines[k]! + (wanted - mean) / seededShare;
    });
  }
  return { meadow, mines };
}

/** Mean clipped FVC of a zone by pixel centres, and the share of its pixels that are seeded by a year. */
export function zoneMean(site: Site, fvc: Float64Array, zone: number, year = 0): { mean: number; seededShare: number } {
  let sum = 0;
  let seeded = 0;
  let n = 0;
  for (let i = 0; i < fvc.length; i++) {
    if (site.zone[i] !== zone) continue;
    sum += Math.min(1, Math.max(0, fvc[i]!));
    if (site.seeded[i]! <= year) seeded++;
    n++;
  }
  return { mean: sum / n, seededShare: seeded / n };
}
