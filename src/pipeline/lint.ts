/**
 * `mine-rs lint`: what is wrong with an AOI file, and a mended copy.
 * @module
 */
import { existsSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { MineRsError, messageOf } from '../errors.ts';
import type { LintMended, LintPage } from '../report/lint-model.ts';
import { zonesGeoPackage } from '../vector/geopackage-writer.ts';
import { splitLayer } from '../vector/formats/open.ts';
import { KINDS, type Level } from '../vector/lint/findings.ts';
import { lintAoi, repairAoi, type LintOptions, type RepairedAoi } from '../vector/lint/lint.ts';
import { mendedGeoJson } from '../vector/lint/mended-geojson.ts';

const LEVELS: readonly Level[] = ['error', 'warning', 'note'];
const ENDINGS = ['.geojson', '.json', '.gpkg'];

/**
 * Looks at an AOI file, and writes a mended copy where `repair` names one.
 *
 * @throws {MineRsError} BAD_INPUT for a file that cannot be read at all; USAGE for a copy that would be the file itself or
 *   has another ending than .geojson, .json or .gpkg; OUTPUT if it cannot be written
 */
export async function lintPage(aoi: string, options: LintOptions & { repair?: string | undefined }): Promise<LintPage> {
  const { repair, ...rest } = options;
  if (repair !== undefined) checkCopy(splitLayer(aoi).path, repair);
  const { path, format, crs, features, zones, findings } = await lintAoi(aoi, rest);
  const kinds = [...findings.counts]
    .map(([kind, count]) => ({ kind, level: KINDS[kind][0], meaning: KINDS[kind][1], count }))
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  return {
    file: path,
    format,
    crs: crs.name,
    features,
    zones,
    errors: findings.count('error'),
    warnings: findings.count('warning'),
    notes: findings.count('note'),
    kinds,
    findings: findings.listed,
    repaired: repair === undefined ? null : await writeCopy(repair, await repairAoi(aoi, rest)),
  };
}

function checkCopy(aoi: string, copy: string): void {
  if (!ENDINGS.includes(extname(copy).toLowerCase())) {
    throw new MineRsError('USAGE', `--repair ${copy}: expected a file that ends in ${ENDINGS.join(', ')}`);
  }
  const real = (path: string) => {
    try {
      return realpathSync(path);
    } catch {
      return resolve(path);
    }
  };
  if (real(aoi) === real(copy))
    throw new MineRsError('USAGE', `--repair ${copy} is the file itself: choose another name`);
}

/** Writes the copy under a temporary name, looks at it again, and renames it. */
async function writeCopy(path: string, copy: RepairedAoi): Promise<NonNullable<LintPage['repaired']>> {
  const { zones, crs, mended, leftOut } = copy;
  const ending = extname(path).toLowerCase();
  if (!existsSync(dirname(path)))
    throw new MineRsError('OUTPUT', `Cannot write ${path}: there is no folder ${dirname(path)}`);
  const temporary = `${path.slice(0, path.length - ending.length)}.${process.pid}.tmp${ending}`;
  try {
    const data =
      ending === '.gpkg'
        ? await zonesGeoPackage(zones, { columns: [], figures: {} }, [], crs)
        : mendedGeoJson(zones, crs);
    writeFileSync(temporary, data);
    const again = (await lintAoi(temporary, {})).findings;
    renameSync(temporary, path);
    return {
      file: path,
      zones: zones.length,
      mended: mended.map(({ feature, id, areaBeforeM2, areaAfterM2, newId }): LintMended => ({
        feature,
        id,
        areaBeforeHa: hectares(areaBeforeM2),
        areaAfterHa: hectares(areaAfterM2),
        newId,
      })),
      leftOut,
      errors: again.count('error'),
      warnings: again.count('warning'),
    };
  } catch (error) {
    if (error instanceof MineRsError) throw error;
    throw new MineRsError('OUTPUT', `Cannot write ${path}: ${messageOf(error)}`);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function hectares(areaM2: number): number | null {
  return Number.isFinite(areaM2) ? areaM2 / 1e4 : null;
}
