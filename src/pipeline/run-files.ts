/**
 * The files of a run besides its maps.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ringAttributes } from '../report/influence-tables.ts';
import type { Summary } from '../report/model.ts';
import { tableCsv, type Table } from '../report/table.ts';
import { round, valueName } from '../report/tables.ts';
import { redactData } from '../url.ts';
import { zoneFields } from '../vector/geopackage-writer.ts';
import { zonesGeoJson } from '../vector/zones-geojson.ts';
import type { Execution } from './execute.ts';
import type { TrendOptions } from './options.ts';
import { REPORT_FILE, RUN_FILE, WORKBOOK_FILE, type OutputFolder } from './output.ts';
import type { TaskRunner } from './pool.ts';
import type { Preparation } from './prepare.ts';
import type { ProductTask } from './products.ts';
import type { Progress } from './progress.ts';
import { provenance } from './provenance.ts';

/** The report is made from the other products, as `mine-rs report` makes it. */
export async function writeReport(work: string, language: TrendOptions['lang'], runner: TaskRunner): Promise<void> {
  writeFileSync(join(work, REPORT_FILE), await runner.make({ kind: 'report', folder: work, language }));
}

/** What other programs read is loaded and made only where it is wanted. */
export async function writeExtraFiles(
  run: Preparation,
  done: Execution,
  summary: Summary,
  tables: readonly Table[],
  work: string,
  others: Promise<unknown>,
  progress: Progress,
): Promise<void> {
  progress.begin('extras', 1);
  const { writeExtras } = await import('./extras.ts');
  await writeExtras(run, done.maps, summary, tables, work, others);
  progress.end();
}

/** The record, last of all: it holds the digests of maps and inputs. */
export function writeRecord(run: Preparation, done: Execution, { work, folder }: OutputFolder, started: Date): void {
  const record = redactData(provenance(run, done, folder, started));
  writeFileSync(join(work, RUN_FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/** Tables, zones and summary. @returns What workers are still making when all else is written. */
export async function writeProducts(
  run: Preparation,
  summary: Summary,
  tables: readonly Table[],
  work: string,
  runner: TaskRunner,
): Promise<{ made: Promise<unknown> }> {
  // Between two files the workers' messages get through.
  const write = async (name: string, data: string | Uint8Array): Promise<void> => {
    writeFileSync(join(work, name), data);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const writeMade = (name: string, product: ProductTask): Promise<void> => {
    const written = runner.make(product).then((data) => writeFileSync(join(work, name), data));
    // Whoever waits for it gets the error.
    written.catch(() => {});
    return written;
  };
  const rings = run.zones.rings.map(({ zone }) => zone);
  const zones = [...run.aoi.zones, ...rings];
  const attributes = { ...zoneProperties(summary), ...ringAttributes(summary) };
  const made = [writeMade('zones.gpkg', { kind: 'geopackage', zones, figures: zoneFields(attributes), tables })];
  if (run.options.extras) made.push(writeMade(WORKBOOK_FILE, { kind: 'workbook', summary, tables }));
  for (const table of tables) await write(join('tables', `${table.name}.csv`), tableCsv(table));
  if (run.options.parquet) {
    const { tableParquet } = await import('../report/parquet.ts');
    for (const table of tables) await write(join('tables', `${table.name}.parquet`), tableParquet(table));
  }
  await write('zones.geojson', zonesGeoJson(zones, attributes));
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  const all = Promise.all(made);
  all.catch(() => {});
  return { made: all };
}

/** The headline figures of each zone as attributes of its polygon. */
function zoneProperties(summary: Summary): Record<string, Record<string, number | string | null>> {
  const value = valueName(summary);
  return Object.fromEntries(
    summary.zones.map((zone) => {
      const last = zone.states.at(-1);
      const properties: Record<string, number | string | null> = { area_ha: round(zone.areaHa) };
      for (const c of zone.trend) properties[`trend_${c.name.replaceAll(' ', '_')}_ha`] = round(c.hectares);
      for (const y of zone.years) properties[`${value}_${y.year}`] = y.mean === null ? null : round(y.mean);
      if (last !== undefined) {
        properties.state_year = last.year;
        properties.undisturbed_ha = round(last.undisturbedHa);
        properties.disturbed_ha = round(last.disturbedHa);
        properties.recovering_ha = round(last.recoveringHa);
        properties.recovered_ha = round(last.recoveredHa);
        properties.not_assessable_ha = round(last.notAssessableHa);
        properties.nodata_ha = round(last.nodataHa);
      }
      return [zone.id, properties];
    }),
  );
}
