/**
 * Products that take a while to make and need no pixels: a worker makes them while others are made by the main thread.
 * @module
 */
import { releaseReusable } from '../raster/reusable.ts';
import type { Language } from '../report/html/payload.ts';
import type { Summary } from '../report/model.ts';
import type { Table } from '../report/table.ts';
import type { ZoneFields } from '../vector/geopackage-writer.ts';
import type { Zone } from '../vector/zone.ts';

/** What is to be made, and from what: plain data. */
export type ProductTask =
  | { kind: 'geopackage'; zones: readonly Zone[]; figures: ZoneFields; tables: readonly Table[] }
  | { kind: 'workbook'; summary: Summary; tables: readonly Table[] }
  /** From what lies in the folder already. */
  | { kind: 'report'; folder: string; language: Language };

/** The content of the product's file. What it takes is loaded only now. */
export async function makeProduct(task: ProductTask): Promise<Uint8Array | string> {
  // The pixels are done with.
  releaseReusable();
  if (task.kind === 'report') {
    const { buildReport } = await import('./report.ts');
    return buildReport(task.folder, task.language);
  }
  if (task.kind === 'workbook') {
    const { workbookOf } = await import('./extras.ts');
    return workbookOf(task.summary, task.tables);
  }
  const { zonesGeoPackage } = await import('../vector/geopackage-writer.ts');
  const { writtenTable } = await import('../report/table.ts');
  const { zoneStyleFile } = await import('../report/styles/zone-style.ts');
  const { WGS84 } = await import('../geo/crs.ts');
  return zonesGeoPackage(task.zones, task.figures, task.tables.map(writtenTable), WGS84, zoneStyleFile());
}
