/**
 * What happens in the synthetic mine, year by year.
 *
 * The zone means of 2020–2024 follow Feng et al. 2025 on the Jiangcang coal mine where the paper gives a figure; the
 * rest (which part opens when, the years before 2020) is made up so that it fits the paper's account of the mine.
 * @module
 */
import type { MineId } from './zones.ts';

/** Years with scenes. 2016 is missing. */
export const YEARS: readonly number[] = [2012, 2013, 2014, 2015, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024];

/** NDVI of bare ground (FVC 0) and of full cover (FVC 1), the endpoints that a run over all years should find. */
export const NDVI_SOIL = 0.1;
export const NDVI_VEGETATION = 0.8;

/** Mean FVC of the undisturbed meadow; published: 77–84 %. Dry and wet years move it. */
export const BACKGROUND_FVC: Readonly<Record<number, number>> = {
  2012: 0.792,
  2013: 0.801,
  2014: 0.786,
  2015: 0.774,
  2017: 0.798,
  2018: 0.823,
  2019: 0.812,
  2020: 0.803,
  2021: 0.817,
  2022: 0.789,
  2023: 0.806,
  2024: 0.832,
};

/**
 * Mean FVC of the mine zones since the restoration. Published: pit 4 and pit 5 in 2020 and 2021, the dump about 0.50
 * throughout. Later years keep rising a little, 2023 a step back, as most of pit 4 shows no significant increase.
 */
export const MINE_FVC: Readonly<Record<MineId, Readonly<Record<number, number>>>> = {
  'pit-4': { 2020: 0.5321, 2021: 0.7745, 2022: 0.7915, 2023: 0.785, 2024: 0.806 },
  'pit-5': { 2020: 0.5437, 2021: 0.7275, 2022: 0.744, 2023: 0.7375, 2024: 0.7575 },
  'dump-2': { 2017: 0.492, 2018: 0.507, 2019: 0.501, 2020: 0.498, 2021: 0.506, 2022: 0.493, 2023: 0.5, 2024: 0.509 },
};

/** A share of a zone, counted from where the work begins, and the year that finds it done. */
export type Stage = readonly [upToShare: number, year: number];

/** Which share of a mine zone is bare by which year. The rest keeps its meadow. */
export const OPENING: Readonly<Record<MineId, readonly Stage[]>> = {
  'pit-4': [
    [0.3, 2012],
    [0.5, 2013],
    [0.66, 2014],
    [0.8, 2015],
    [0.91, 2017],
    [0.97, 2019],
  ],
  'pit-5': [
    [0.18, 2013],
    [0.38, 2014],
    [0.58, 2015],
    [0.8, 2017],
    [0.91, 2018],
    [0.96, 2019],
  ],
  'dump-2': [
    [0.55, 2012],
    [1, 2013],
  ],
};

/** Which share of the opened land is seeded and green by which year. */
export const RESTORATION: Readonly<Record<MineId, readonly Stage[]>> = {
  'pit-4': [
    [0.7, 2020],
    [1, 2021],
  ],
  'pit-5': [
    [0.74, 2020],
    [1, 2021],
  ],
  'dump-2': [
    [0.45, 2014],
    [1, 2015],
  ],
};

/** Share of its cover that the meadow at the edge of a mine zone has lost to dust, traffic and drainage. */
export const EDGE_LOSS: Readonly<Record<MineId, Readonly<Record<number, number>>>> = {
  'pit-4': series([0.1, 0.14, 0.18, 0.22, 0.27, 0.29, 0.32, 0.27, 0.19, 0.14, 0.1, 0.07]),
  'pit-5': series([0.02, 0.06, 0.11, 0.16, 0.24, 0.27, 0.3, 0.26, 0.18, 0.13, 0.1, 0.07]),
  'dump-2': series([0.22, 0.24, 0.2, 0.17, 0.14, 0.13, 0.13, 0.12, 0.1, 0.09, 0.08, 0.07]),
};

/** Roads are in use from the first year; their verges are seeded in 2021. */
export const ROADS_CLOSED = 2021;

function series(values: readonly number[]): Record<number, number> {
  return Object.fromEntries(YEARS.map((year, k) => [year, values[k]!]));
}
