/**
 * The published shape of summary.json, as a JSON Schema (2020-12).
 *
 * Objects may hold more than is named here: a later version of the same first number adds fields.
 * @module
 */
import { z } from 'zod';
import { SUMMARY_VERSION } from './model.ts';

const text = z.string();
const number = z.number();
const year = z.int().describe('Calendar year.');
const hectares = z.number().min(0).describe('Hectares on the ellipsoid.');
/** Rounding may leave a sum a hair below zero. */
const rest = z.number().min(-1e-6).describe('Hectares on the ellipsoid.');
const share = z.number().min(0).max(1);
const count = z.int().min(0);
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

const area = {
  areaHa: hectares,
  trend: z.array(classFigures),
  years: z.array(yearFigures),
  meanTrend: meanTrend.nullable(),
  states: z.array(stateFigures),
  land: land.nullable(),
};

const levels = z.array(z.object({ year, fvc: number.nullable() }));

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

const segmentation = z.object({
  method: text,
  parameters: z.record(text, z.union([number, z.boolean()])),
  zones: z.array(z.object({ id: text, name: text, role: text, disturbed: agreement, recovered: agreement })),
  totals: z.array(z.object({ role: text, disturbed: agreement, recovered: agreement })),
});

const standing = z.array(
  z.object({ code: z.int().min(0).max(255), name: text, rawHa: hectares, maximumHa: hectares, patchHa: hectares }),
);

const permutation = z.object({
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

const seasonal = z.object({
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

const audit = z.object({
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

const influence = z.object({
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

/** Every field that summary.json has in this version. */
export const summarySchema = z.object({
  schemaVersion: text.regex(new RegExp(`^${SUMMARY_VERSION.split('.')[0]!}\\.\\d+$`)),
  tool: z.object({ name: z.literal('mine-rs'), version: text }),
  aoi: text.describe('The AOI file as it was named.'),
  years: z.array(year).min(1).describe('Years with scenes, ascending.'),
  missingYears: z.array(year),
  grid: z.object({
    width: z.int().min(1),
    height: z.int().min(1),
    crs: text,
    transform: z.array(number).length(6).describe('a, b, c, d, e, f of x = a·col + b·row + c, y = d·col + e·row + f.'),
    chosen: text,
  }),
  index: text,
  composite: text,
  fvc: z
    .object({ model: text, endpoints: z.object({ soil: number, vegetation: number, source: text }) })
    .nullable()
    .describe('Null where the run makes no FVC.'),
  trend: z.object({
    on: text,
    legend: text,
    pMethod: text,
    epsilon: number,
    minYears: count,
    smallestP: share,
    correction: text,
    reference: z.object({ text, levels }).nullable(),
  }),
  field: z
    .object({
      rate: share,
      domain: text,
      cells: count,
      threshold: share.nullable(),
      rejected: count,
      smallestP: share,
      leastShare: z.number().min(0),
    })
    .nullable()
    .describe('Field significance. Null where it is off.'),
  seasonal: seasonal.nullable().describe('Trends over seasons. Null without seasons.'),
  permutation: permutation.nullable().describe('What stands when whole years are shuffled. Null where they are not.'),
  baseline: z.object({ text, levels: levels.nullable() }).nullable(),
  thresholds: z
    .object({
      disturbedBelow: number,
      recoveredAbove: number,
      disturbedYears: count,
      recoveredYears: count,
      fillGaps: z.boolean(),
      filterFlips: z.boolean(),
      minPatch: z.object({ cells: count, neighbours: z.int() }).nullable(),
    })
    .nullable(),
  zones: z.array(z.object({ id: text, name: text, role: text, outsideHa: hectares, ...area })),
  totals: z.array(z.object({ role: text, zones: z.array(text), ...area })).describe('By role, overlaps counted once.'),
  overlaps: z.array(z.object({ a: text, b: text, hectares: number.nullable() })),
  segmentation: segmentation.nullable().describe('Null where the run segments nothing.'),
  influence: influence.nullable().describe('Null without rings.'),
  audit: audit.nullable().optional().describe('Null where the run was not audited.'),
  scenes: z.array(
    z.object({
      id: text,
      date: text.nullable(),
      year: year.nullable(),
      sensor: text.nullable(),
      product: text.nullable(),
      used: z.boolean(),
      reason: text,
      clearShare: share.nullable(),
      path: text,
    }),
  ),
  warnings: z.array(text),
});

/** The schema's file, beside summary.json. */
export const SCHEMA_FILE = 'summary.schema.json';

/** The JSON Schema as text. @param strict Whether objects may hold only what is named: for tests. */
export function summaryJsonSchema(strict = false): Record<string, unknown> {
  const schema = z.toJSONSchema(summarySchema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (!strict) delete jsonSchema.additionalProperties;
    },
  });
  return {
    $id: `urn:mine-rs:summary:${SUMMARY_VERSION}`,
    title: `summary.json of mine-rs, version ${SUMMARY_VERSION}`,
    ...schema,
  };
}
