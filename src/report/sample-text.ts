/**
 * A sample as files for interpreters, and as a table on the screen.
 * @module
 */
import { stringify } from 'csv-stringify/sync';
import type { SamplePage } from './sample-model.ts';
import { integer, real, tableCsv, text } from './table.ts';
import { table } from './terminal.ts';

/** Degrees are written to the centimetre. */
const DEGREE_DIGITS = 7;

/** Points with an empty column `reference` for what the interpreter sees. */
export function pointsCsv({ points, blind }: SamplePage): string {
  const head = ['id', 'lon', 'lat', 'x', 'y', ...(blind ? [] : ['stratum']), 'reference'];
  const rows = points.map(({ id, lon, lat, x, y, stratum }) => [
    id,
    lon.toFixed(DEGREE_DIGITS),
    lat.toFixed(DEGREE_DIGITS),
    String(x),
    String(y),
    ...(blind ? [] : [stratum]),
    '',
  ]);
  return stringify([head, ...rows]);
}

/** Strata of the points, kept from the interpreters. */
export function keyCsv({ points }: SamplePage): string {
  return stringify([['id', 'stratum'], ...points.map(({ id, stratum }) => [id, stratum])]);
}

/** The cells of the sample as polygons: what is to be interpreted is the land of the cell, not its middle. */
export function pointsGeoJson({ points, blind }: SamplePage): string {
  const short = (degrees: number) => Number(degrees.toFixed(DEGREE_DIGITS));
  const features = points.map(({ id, lon, lat, stratum, outline }) => {
    const ring = [...outline, outline[0]!].map(([x, y]) => [short(x), short(y)]);
    const properties = { id, lon: short(lon), lat: short(lat), ...(blind ? {} : { stratum }), reference: null };
    // Clockwise corners: GeoJSON wants outer rings the other way round.
    return { type: 'Feature', id, properties, geometry: { type: 'Polygon', coordinates: [ring.toReversed()] } };
  });
  const lines = features.map((feature) => JSON.stringify(feature)).join(',\n');
  return `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`;
}

export function strataCsv({ strata }: SamplePage): string {
  const columns = [text('stratum'), integer('code'), real('area_ha', 'ha'), integer('cells'), integer('units')];
  const rows = strata.map(({ name, code, areaHa, cells, units }) => [name, code, areaHa, cells, units]);
  return tableCsv({ name: 'strata', title: 'Strata of the sample', columns, rows });
}

export function sampleText(page: SamplePage): string {
  const { strata, points, standardError, out, blind } = page;
  const rows = strata.map((s) => [
    s.name,
    s.areaHa.toFixed(2),
    String(s.cells),
    String(s.units),
    s.expected.toFixed(2),
  ]);
  const error =
    standardError === null
      ? []
      : [`If so, the overall accuracy is told with a standard error of ${standardError.toFixed(3)}.`];
  const hidden = blind ? ' The strata of the points are in key.csv: keep it from the interpreters.' : '';
  const lines = [
    `${points.length} cells of ${page.map} (${page.what}), ${page.allocation}, seed ${page.seed}`,
    '',
    table(['Stratum', 'hectares', 'cells', 'sample', 'expected accuracy'], rows, 1),
    ...error,
    '',
    `Fill the column reference of ${out}/points.csv: the class that the land of each cell really is.${hidden}`,
    `Then: mine-rs estimate ${out}/points.csv`,
  ];
  return `${lines.join('\n')}\n`;
}
