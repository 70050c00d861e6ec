/**
 * The maps of a run: their names, and how each is stored.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import type { RecoveryOut } from '../kernels/recovery-metrics.ts';
import { legendClasses, type Legend } from '../kernels/trend.ts';
import type { CogSpec } from '../raster/cog.ts';
import type { AnnualMapKind } from './contract.ts';

/** A map by its file name without ending, and how it is stored. */
export interface MapSpec {
  key: string;
  spec: CogSpec;
  /** For a map of one year: of what, and which year by its index; undefined for maps of the whole series. */
  annual?: { what: AnnualMapKind; time: number };
}

/** Which groups of maps are kept. */
export interface MapChoice {
  annual: boolean;
  trend: boolean;
  states: boolean;
}

export interface MapPlan {
  grid: Grid;
  years: readonly number[];
  index: string;
  cover: boolean;
  legend: Legend;
  choice: MapChoice;
}

/** Maps of the recovery metrics. */
export const RECOVERY_MAPS: readonly { key: string; metric: keyof RecoveryOut; description: string }[] = [
  { key: 'disturbed_last_year', metric: 'disturbedLastYear', description: 'year in which the last disturbance began' },
  { key: 'disturbed_until', metric: 'disturbedUntil', description: 'last year of the first disturbance' },
  { key: 'disturbance_magnitude', metric: 'magnitude', description: 'largest drop of FVC below the baseline' },
  { key: 'years_to_recovery', metric: 'yearsToRecovery', description: 'years from disturbed to recovered' },
  { key: 'y2r', metric: 'y2r', description: 'years from the end of disturbance to 80 % of the baseline' },
  { key: 'r80p', metric: 'r80p', description: 'share of 80 % of the baseline reached after five years' },
  { key: 'yryr', metric: 'yryr', description: 'gain of FVC per year over five years' },
  { key: 'rri', metric: 'rri', description: 'share of the drop regained after four or five years' },
];

/** Those of whole years; the others are float32. */
const YEAR_METRICS: readonly (keyof RecoveryOut)[] = ['disturbedLastYear', 'disturbedUntil', 'yearsToRecovery', 'y2r'];

type Rgba = readonly [number, number, number, number];

/** Brown to green, readable with the common colour blindnesses: strongest decrease first, strongest increase last. */
const TREND_RAMP: readonly Rgba[] = [
  [84, 48, 5, 255],
  [140, 81, 10, 255],
  [191, 129, 45, 255],
  [223, 194, 125, 255],
  [245, 245, 245, 255],
  [128, 205, 193, 255],
  [53, 151, 143, 255],
  [1, 102, 94, 255],
  [0, 60, 48, 255],
];
/** Positions in the ramp by legend, in the order of the codes from 1. */
const RAMP_POSITIONS: Record<Legend, readonly number[]> = {
  nine: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  seven: [1, 2, 3, 4, 5, 6, 7],
  five: [1, 3, 4, 5, 7],
};
const NOT_TESTABLE: Rgba = [190, 174, 212, 255];
const TRANSPARENT: Rgba = [0, 0, 0, 0];

function trendColours(legend: Legend): Rgba[] {
  const table: Rgba[] = Array.from({ length: 256 }, () => TRANSPARENT);
  table[0] = NOT_TESTABLE;
  for (const [k, position] of RAMP_POSITIONS[legend].entries()) table[k + 1] = TREND_RAMP[position]!;
  return table;
}

/** The maps that a run leaves, in a fixed order. */
export function mapSpecs(plan: MapPlan): MapSpec[] {
  const { grid, years, choice } = plan;
  const value = { grid, pixelType: 'float32', samples: 1, nodata: NaN, overview: 'average' } as const;
  const maps: MapSpec[] = [];
  // No tag for no data: a count of zero is a finding.
  const count = { grid, pixelType: 'uint16', samples: 1, nodata: null, overview: 'average' } as const;
  if (choice.annual) {
    for (const [time, year] of years.entries()) {
      const add = (what: AnnualMapKind, name: string, description: string, spec: Omit<CogSpec, 'descriptions'>) =>
        maps.push({
          key: `${name}_${year}`,
          spec: { ...spec, descriptions: [`${description} ${year}`] },
          annual: { what, time },
        });
      add('index', plan.index, plan.index, value);
      add('clear', 'clear', 'clear observations', count);
      if (plan.cover) add('fvc', 'fvc', 'fvc', value);
    }
  }
  if (choice.trend) {
    const names = legendClasses(plan.legend).map((c) => `${c.code} ${c.name}`);
    maps.push({
      key: 'trend_class',
      spec: {
        grid,
        pixelType: 'uint8',
        samples: 1,
        nodata: 255,
        overview: 'mode',
        colorTable: trendColours(plan.legend),
        descriptions: ['trend class'],
        metadata: { CLASSES: names.join('; ') },
      },
    });
    for (const [key, description] of [
      ['trend_slope', 'Sen slope per year'],
      ['trend_p', 'two-sided p of the Mann-Kendall test'],
      ['trend_z', 'Mann-Kendall Z with continuity correction'],
    ] as const) {
      maps.push({ key, spec: { ...value, descriptions: [description] } });
    }
    maps.push({ key: 'trend_n', spec: { ...count, descriptions: ['years with data'] } });
  }
  if (choice.states) {
    const classes = { grid, nodata: 255, overview: 'mode' } as const;
    const metadata = {
      CLASSES: '0 not assessable; 1 undisturbed; 2 disturbed; 3 recovering; 4 recovered; 255 no data',
    };
    const descriptions = years.map((year) => `state ${year}`);
    maps.push({
      key: 'state',
      spec: { ...classes, pixelType: 'uint8', samples: years.length, descriptions, metadata },
    });
    for (const [key, description] of [
      ['disturbed_year', 'year of the first disturbance'],
      ['recovered_year', 'year of the first recovery'],
    ] as const) {
      maps.push({
        key,
        spec: { ...classes, nodata: 0, pixelType: 'uint16', samples: 1, descriptions: [description] },
      });
    }
    for (const { key, metric, description } of RECOVERY_MAPS) {
      const yearly = { ...classes, nodata: 0, pixelType: 'uint16', samples: 1 } as const;
      maps.push({
        key,
        spec: { ...(YEAR_METRICS.includes(metric) ? yearly : value), descriptions: [description] },
      });
    }
  }
  return maps;
}
