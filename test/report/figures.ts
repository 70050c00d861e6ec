/**
 * A small summary for tests of tables and texts.
 * @module
 */
import { legendClasses } from '../../src/kernels/trend-classes.ts';
import type { LandFigures } from '../../src/report/land-model.ts';
import type { MeanTrend, StateFigures, Summary, YearFigures, ZoneFigures } from '../../src/report/model.ts';

export const YEARS = [2019, 2020, 2022, 2023];

function yearOf(year: number, change: Partial<YearFigures> = {}): YearFigures {
  return { year, mean: 0.5, sd: 0.125, validHa: 9.5, nodataHa: 0.5, clearObsMean: 2, ...change };
}

function stateOf(year: number, change: Partial<StateFigures> = {}): StateFigures {
  return {
    year,
    undisturbedHa: 4,
    disturbedHa: 3,
    recoveringHa: 1,
    recoveredHa: 1.25,
    notAssessableHa: 0.25,
    nodataHa: 0.5,
    newlyDisturbedHa: 0,
    newlyRecoveredHa: 0,
    recoveredToDisturbed: 1.25 / 5.25,
    ...change,
  };
}

function meanTrendOf(): MeanTrend {
  return {
    n: 4,
    s: 4,
    varS: 26 / 3,
    z: 1.019,
    p: 1 / 3,
    tau: 2 / 3,
    slope: 0.0125,
    slopeLow: null,
    slopeHigh: null,
    intercept: -24.75,
    lag1: -0.25,
    smallestP: 1 / 12,
    classCode: 5,
    className: 'no significant increase',
    changeAfter: 2020,
    changeK: 4,
    changeP: 0.6,
  };
}

/** 5 ha first disturbed in 2019, 0.25 ha in 2020; half of the first had recovered in 2023. */
export function landOf(change: Partial<LandFigures> = {}): LandFigures {
  const [fromYear, toYear] = [2019, 2023];
  const some = { hectares: 2.5, mean: 0.625 };
  const none = { hectares: 0, mean: null };
  const nothing = { disturbedHa: 0, recoveringHa: 0, recoveredHa: 0, notAssessableHa: 0, nodataHa: 0 };
  return {
    transitions: [
      { fromYear, toYear, from: 'undisturbed', to: 'undisturbed', hectares: 4.5 },
      { fromYear, toYear, from: 'disturbed', to: 'recovered', hectares: 5 },
      { fromYear, toYear, from: 'no data', to: 'no data', hectares: 0.5 },
    ],
    cohorts: [
      {
        year: 2022,
        hectares: 0.25,
        medianYearsToRecovery: null,
        years: [
          { ...nothing, year: 2022, disturbedHa: 0.25, recoveredShare: 0 },
          { ...nothing, year: 2023, nodataHa: 0.25, recoveredShare: null },
        ],
      },
    ],
    recovery: {
      disturbedHa: 5.25,
      recoveredHa: 2.5,
      magnitude: { hectares: 5.25, mean: 0.5 },
      yearsToRecovery: { hectares: 2.5, mean: 3.5 },
      y2r: some,
      r80p: none,
      yryr: none,
      rri: none,
    },
    ...change,
  };
}

export function zoneOf(id: string, change: Partial<ZoneFigures> = {}): ZoneFigures {
  return {
    id,
    name: `Pit ${id}`,
    role: 'mine',
    areaHa: 10,
    outsideHa: 0,
    trend: legendClasses('seven').map(({ code, name }) => {
      const hectares = { 1: 2.5, 4: 1.5, 7: 5.5, 255: 0.5 }[code] ?? 0;
      return { code, name, hectares, percent: hectares * 10, fdrHectares: hectares };
    }),
    years: YEARS.map((year) => yearOf(year)),
    meanTrend: meanTrendOf(),
    states: [
      stateOf(2019),
      stateOf(2020, { disturbedHa: 4, recoveringHa: 0, newlyDisturbedHa: 1.5 }),
      stateOf(2022),
      stateOf(2023, { newlyRecoveredHa: 0.75 }),
    ],
    land: landOf(),
    ...change,
  };
}

export function summaryOf(change: Partial<Summary> = {}): Summary {
  return {
    schemaVersion: '1.0',
    tool: { name: 'mine-rs', version: '0.0.0' },
    aoi: 'pits.geojson',
    years: YEARS,
    missingYears: [2021],
    grid: {
      width: 20,
      height: 10,
      crs: 'EPSG:32647',
      transform: [30, 0, 540_000, 0, -30, 4_216_000],
      chosen: 'the only grid',
    },
    index: 'ndvi',
    composite: 'max',
    fvc: { model: 'linear', endpoints: { soil: 0.1, vegetation: 0.8, source: 'given with --fvc' } },
    trend: {
      on: 'fvc',
      legend: 'seven',
      pMethod: 'exact',
      epsilon: 0.0005,
      minYears: 4,
      smallestP: 1 / 12,
      correction: 'none',
      reference: null,
    },
    field: null,
    seasonal: null,
    permutation: null,
    baseline: { text: 'median FVC of each pixel in 2019, 2020', levels: null },
    thresholds: {
      disturbedBelow: 0.5,
      recoveredAbove: 0.8,
      disturbedYears: 1,
      recoveredYears: 2,
      fillGaps: false,
      filterFlips: false,
      minPatch: null,
    },
    zones: [
      zoneOf('4'),
      zoneOf('5', {
        name: 'Dump',
        role: 'impact',
        years: YEARS.map((year) =>
          yearOf(year, { mean: null, sd: null, validHa: 0, nodataHa: 10, clearObsMean: null }),
        ),
      }),
    ],
    totals: [],
    segmentation: null,
    influence: null,
    overlaps: [],
    scenes: [
      {
        id: 's1',
        date: '2019-07-01',
        year: 2019,
        sensor: 'LC08',
        product: 'landsat-c2l2',
        used: true,
        reason: '',
        clearShare: 0.75,
        path: 'scenes/s1.TIF',
      },
      {
        id: 's2',
        date: null,
        year: null,
        sensor: null,
        product: null,
        used: false,
        reason: 'is an archive; unpack it first',
        clearShare: null,
        path: 'scenes/s2.tar',
      },
    ],
    warnings: [],
    ...change,
  };
}
