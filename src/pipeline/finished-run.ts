/**
 * What a finished run left in its folder.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import type { Summary } from '../report/model.ts';

/** The first number of a summary's version; with another one its fields may mean something else. */
const MAJOR_VERSION = '1';

/** The figures of a run. @throws {MineRsError} BAD_INPUT naming the file if there is none, or it is none */
export function readSummary(folder: string): Summary {
  const path = join(folder, 'summary.json');
  const summary = readRunJson(folder, 'summary.json') as Partial<Summary>;
  if (!Array.isArray(summary.zones) || !Array.isArray(summary.years) || summary.trend === undefined) {
    throw new MineRsError('BAD_INPUT', `${path} is not the summary of a trend run`);
  }
  const version = String(summary.schemaVersion);
  if (version.split('.')[0] !== MAJOR_VERSION) {
    throw new MineRsError('BAD_INPUT', `${path} has the version ${version}; this mine-rs reads ${MAJOR_VERSION}.x`);
  }
  return summary as Summary;
}

/** A JSON file of a run. @throws {MineRsError} BAD_INPUT if it cannot be read as an object */
export function readRunJson(folder: string, name: string): Record<string, unknown> {
  const path = join(folder, name);
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new MineRsError('BAD_INPUT', `No finished run in ${folder}: cannot read ${path} (${messageOf(error)})`);
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found)) {
    throw new MineRsError('BAD_INPUT', `${path} does not hold an object`);
  }
  return found as Record<string, unknown>;
}
