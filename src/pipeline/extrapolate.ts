/**
 * From the mines that were looked at to a region: areas grow with production.
 * @module
 */
import { MineRsError } from '../errors.ts';

const UNITS: Record<string, number> = { t: 1, kt: 1e3, mt: 1e6, gt: 1e9 };
const AMOUNT = /^([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:e([0-9]{1,2}))?\s*(t|kt|mt|gt)$/i;

/**
 * A mass in tonnes.
 *
 * @param text A number with its unit: t, kt, Mt or Gt.
 * @param what Whose it is, for the message.
 * @throws {MineRsError} USAGE for anything else, a number without a unit included
 */
export function parseTonnes(text: string, what: string): number {
  const found = AMOUNT.exec(text.trim());
  const tonnes = found === null ? Number.NaN : Number(`${found[1]}e${found[2] ?? 0}`) * UNITS[found[3]!.toLowerCase()]!;
  if (tonnes > 0 && Number.isFinite(tonnes)) return tonnes;
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  throw new MineRsError(
    'USAGE',
    `${what}: '${shown}' is no production; write it with its unit, such as 35Mt or 1.06Gt`,
  );
}

/**
 * The area that belongs to a region's production, if each tonne takes as much as at the mines that were looked at:
 * Σ areas × region / Σ productions (Dong et al. 2025: 1,679.60 km² of five mines with 142 Mt make some 12,500 km² of
 * 1.06 Gt).
 *
 * @param areas Of the mines, in any unit; the result is in the same.
 * @param productions Of the same mines, in any unit.
 * @param region Production of the region, in the productions' unit.
 * @throws {RangeError} for lists of different length or none, and for figures that are negative or not finite
 */
export function extrapolateByProduction(
  areas: readonly number[],
  productions: readonly number[],
  region: number,
): number {
  if (areas.length !== productions.length || areas.length === 0) {
    throw new RangeError(`Each mine needs an area and a production: got ${areas.length} and ${productions.length}`);
  }
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const produced = sum(productions);
  if ([...areas, ...productions, region].some((value) => !(value >= 0 && value < Infinity)) || produced === 0) {
    throw new RangeError('Areas and productions must be finite, not negative, and some production must be there');
  }
  return (sum(areas) * region) / produced;
}
