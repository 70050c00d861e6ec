/**
 * The published shape of summary.json, from which docs/summary.schema.json is made (JSON Schema 2020-12).
 *
 * Objects may hold more than is named here: a later version of the same first number adds fields.
 * @module
 */
import { z } from 'zod';
import { SUMMARY_VERSION } from '../../src/report/model.ts';
import {
  area,
  audit,
  count,
  hectares,
  influence,
  levels,
  number,
  permutation,
  seasonal,
  segmentation,
  share,
  text,
  year,
} from './summary-parts.ts';

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
