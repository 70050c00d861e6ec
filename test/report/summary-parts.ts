/**
 * The parts of summary.json, as ./summary-schema.ts puts them together: figures of areas, and of what a run can add to them.
 * @module
 */
import { z } from 'zod';

export const text = z.string();
export const number = z.number();
export const year = z.int().describe('Calendar year.');
export const hectares = z.number().min(0).describe('Hectares on the ellipsoid.');
/** Rounding may leave a sum a hair below zero. */
const rest = z.number().min(-1e-6).describe('Hectares on the ellipsoid.');
export const share = z.number().min(0).max(1);
export const count = z.int().min(0);
const p = share.describe('Two-sided p.');

const classFigures = z.object({
  code: z.int().min(0).max(255).describe('Code in maps/trend_class.tif.'),
  name: text,
  hectares,
  percent: z.number().min(0).max(100.001).describe('Percent of the area.'),
  fdrHectares: hectares.nullable().describe('After the correction for many tests; null where it is off.'),
});

const meanTrend = z
  .object({
    n: count,
    s: number,
    varS: number,
    z: number.nullable(),
    p: p.nullable(),
    tau: number.nullable(),
    slope: number.describe('Sen slope per year.'),
    slopeLow: number.nullable().describe('Lower 95 % limit.'),
    slopeHigh: number.nullable().describe('Upper 95 % limit.'),
    intercept: number,
    lag1: number.nullable(),
    smallestP: share,
    classCode: z.int(),
    className: text,
    changeAfter: year.nullable().describe("Pettitt's change point: the last year before it."),
    changeK: number,
    changeP: p.nullable(),
  })
  .meta({ id: 'meanTrend', description: 'Trend of the yearly means. Null with too few years.' });

const yearFigures = z.object({
  year,
  mean: number.nullable().describe('Mean FVC, or index, over the land with data, weighted by area.'),
  sd: z.number().min(0).nullable(),
  validHa: hectares,
  nodataHa: rest,
  clearObsMean: z.number().min(0).nullable(),
});

const stateFigures = z
  .object({
    year,
    undisturbedHa: hectares,
    disturbedHa: hectares,
    recoveringHa: hectares,
    recoveredHa: hectares,
    notAssessableHa: hectares,
    nodataHa: rest,
    newlyDisturbedHa: hectares,
    newlyRecoveredHa: hectares,
    recoveredToDisturbed: share.nullable(),
  })
  .describe('One year by land state; the first six sum to the area.');

const metric = z.object({ hectares, mean: number.nullable() });

const land = z
  .object({
    transitions: z.array(z.object({ fromYear: year, toYear: year, from: text, to: text, hectares })),
    cohorts: z
      .array(
        z.object({
          year,
          hectares,
          medianYearsToRecovery: number.nullable(),
          years: z.array(
            z.object({
              year,
              disturbedHa: hectares,
              recoveringHa: hectares,
              recoveredHa: hectares,
              notAssessableHa: hectares,
              nodataHa: hectares,
              recoveredShare: share.nullable(),
            }),
          ),
        }),
      )
      .nullable(),
    recovery: z.object({
      disturbedHa: hectares,
      recoveredHa: hectares,
      magnitude: metric,
      yearsToRecovery: metric,
      y2r: metric,
      r80p: metric,
      yryr: metric,
      rri: metric,
    }),
  })
  .meta({ id: 'land', description: 'What became of the land. Null where the run makes no FVC.' });

export const area = {
  areaHa: hectares,
  trend: z.array(classFigures),
  years: z.array(yearFigures),
  meanTrend: meanTrend.nullable(),
  states: z.array(stateFigures),
  land: land.nullable(),
};

export const levels = z.array(z.object({ year, fvc: number.nullable() }));

const agreement = z
  .object({
    differences: z.array(z.object({ years: z.int(), hectares })),
    bothHa: hectares,
    statesOnlyHa: hectares,
    segmentationOnlyHa: hectares,
    neitherHa: hectares,
    notComparedHa: rest,
  })
  .meta({ id: 'agreement' });

export const segmentation = z.object({
  method: text,
  parameters: z.record(text, z.union([number, z.boolean()])),
  zones: z.array(z.object({ id: text, name: text, role: text, disturbed: agreement, recovered: agreement })),
  totals: z.array(z.object({ role: text, disturbed: agreement, recovered: agreement })),
});

const standing = z.array(
  z.object({ code: z.int().min(0).max(255), name: text, rawHa: hectares, maximumHa: hectares, patchHa: hectares }),
);

export const permutation = z.object({
  permutations: count,
  seed: count,
  alpha: share,
  patchP: share,
  domain: text,
  cells: count,
  zAbove: z.number().min(0).describe('A cell stands where its |Z| is larger.'),
  patchAbove: count.describe('A patch stands where it has more cells.'),
  patches: count,
  patchesStanding: count,
  smallestP: share,
  zones: z.array(z.object({ id: text, name: text, role: text, classes: standing })),
  totals: z.array(z.object({ role: text, classes: standing })),
});

const seasonTrend = z
  .object({
    n: count,
    s: number,
    varS: number,
    z: number.nullable(),
    p: p.nullable(),
    tau: number.nullable(),
    slope: number.nullable().describe('Sen slope per year.'),
    slopeLow: number.nullable(),
    slopeHigh: number.nullable(),
  })
  .meta({ id: 'seasonTrend' })
  .nullable();

export const seasonal = z.object({
  seasons: z.array(z.object({ season: text, scenes: count, years: count })),
  zones: z.array(
    z.object({
      id: text,
      name: text,
      role: text,
      all: seasonTrend,
      seasons: z.array(
        z.object({
          season: text,
          years: z.array(z.object({ year, mean: number.nullable(), validHa: hectares })),
          trend: seasonTrend,
        }),
      ),
    }),
  ),
});

const ring = z.object({
  id: text,
  mine: text,
  fromM: number,
  toM: number,
  areaHa: hectares,
  outsideHa: hectares,
  years: z.array(
    z.object({
      year,
      mean: number.nullable(),
      validHa: hectares,
      nodataHa: rest,
      reference: number.nullable(),
      shortfall: number.nullable(),
      disturbedHa: hectares.nullable(),
      recoveringHa: hectares.nullable(),
      recoveredHa: hectares.nullable(),
    }),
  ),
  trend: z.array(classFigures),
  meanTrend: meanTrend.nullable(),
  disturbedHa: hectares.nullable(),
  mean: number.nullable(),
  reference: number.nullable(),
  shortfall: number.nullable(),
  n: count,
  p: p.nullable(),
  influenced: z.boolean().nullable(),
});

export const audit = z.object({
  maskRows: z.array(
    z.object({
      zone: text,
      name: text,
      role: text,
      year,
      sensor: text,
      scenes: count,
      seenHa: hectares.describe('Hectares with data, summed over the scenes.'),
      maskedShare: share,
      impactShare: share.nullable(),
      referenceShare: share.nullable(),
      excess: number.nullable().describe('maskedShare less that of the land around.'),
    }),
  ),
  maskBias: z.array(z.object({ zone: text, name: text, role: text, maskedShare: share, excess: number.nullable() })),
  over: text.describe('Land over which sensors are compared.'),
  sensors: z.array(text),
  overlaps: z.array(
    z.object({ sensorA: text, sensorB: text, year, hectares, meanA: number, meanB: number, step: number }),
  ),
  steps: z.array(
    z.object({ sensorA: text, sensorB: text, years: count, step: number, standardError: number.nullable() }),
  ),
  unlinked: z.array(text).describe('Sensors that overlap with no other.'),
  effects: z.array(
    z.object({
      zone: text,
      name: text,
      role: text,
      slope: number.nullable(),
      sensorSlope: number.nullable(),
      share: number.nullable().describe('sensorSlope / slope.'),
    }),
  ),
  sensitivity: z.array(
    z.object({
      zone: text,
      name: text,
      role: text,
      parameter: text,
      value: number.nullable(),
      disturbedHa: hectares.nullable(),
      recoveringHa: hectares.nullable(),
      recoveredHa: hectares.nullable(),
      decreaseHa: hectares,
      increaseHa: hectares,
    }),
  ),
});

export const influence = z.object({
  method: text,
  tolerance: share,
  alpha: share,
  years: z.array(year),
  reference: z.enum(['zones', 'outermost ring']),
  rings: z.array(ring),
  mines: z.array(
    z.object({
      id: text,
      name: text,
      result: z.enum(['fades', 'none', 'not reached', 'not testable']),
      radiusM: number.nullable(),
      testedToM: number,
      falling: z.boolean(),
      beyond: z.array(text),
      polygonHa: hectares,
      excavatedHa: hectares.nullable(),
      influenceHa: number.nullable(),
      ratio: number.nullable(),
      productionT: number.nullable(),
    }),
  ),
  total: z
    .object({
      mines: z.array(text),
      excavatedHa: hectares,
      influenceHa: number,
      ratio: number.nullable(),
      productionT: number.nullable(),
    })
    .nullable(),
  region: z.object({ productionT: number, excavatedHa: number, influenceHa: number }).nullable(),
});
