/**
 * The same figures everywhere: each file of a run and the screen are read back, with readers of their own, and compared.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parquetReadObjects } from 'hyparquet';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { round } from '../../src/report/tables.ts';
import type { Summary, ZoneFigures } from '../../src/report/model.ts';
import { summaryJsonSchema } from '../report/summary-schema.ts';
import { callMain } from '../helpers/cli.ts';
import { utmGrid, writeNoisyStack, writeZones } from '../helpers/stack.ts';
import { tempFolders } from '../helpers/temp.ts';
import { readWorkbook, type Workbook } from '../helpers/workbook.ts';

const newFolder = tempFolders('figures');
const GRID = utmGrid(60, 50);
const YEARS = [2010, 2011, 2012, 2014, 2015, 2016, 2017, 2018, 2019];
const LAST = YEARS.at(-1)!;

type Cell = string | number | null;
type Row = Record<string, Cell>;

let out = '';
let screen = '';
let printed: Summary;
let summary: Summary;
let tables: Record<string, Row[]> = {};
let workbook: Workbook;

/** A table of text cells, without the apostrophe that keeps a spreadsheet from running a name as a formula. */
function readCsv(text: string): Row[] {
  const lines = text.trimEnd().split('\n');
  const cells = (line: string) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
      (quoted?.replaceAll('""', '"') ?? bare!).replace(/^'(?=[=@+-])/, ''),
    );
  const head = cells(lines[0]!);
  return lines.slice(1).map((line) => Object.fromEntries(cells(line).map((cell, k) => [head[k]!, cell])));
}

/** A cell as CSV says it. */
const asText = (cell: Cell | bigint | undefined) => (cell === null || cell === undefined ? '' : String(cell));

beforeAll(async () => {
  const folder = newFolder();
  const aoi = writeZones(join(folder, 'pits.geojson'), GRID, [
    { id: 'pit', name: 'Pit, "north"', role: 'mine', col: 10, row: 10, width: 30, height: 24 },
    { id: 'rim', name: '=SUM(1,2)', role: 'impact', col: 2, row: 36, width: 40, height: 12.5 },
    { id: 'meadow', name: 'Meadow', role: 'reference', col: 44, row: 2, width: 12.3, height: 30 },
    { id: 'small', name: 'Grube Süd', role: 'mine', col: 30, row: 4, width: 8, height: 12 },
  ]);
  await writeNoisyStack(join(folder, 'scenes'), GRID, YEARS);
  out = join(folder, 'out');
  const args = ['trend', '--aoi', aoi, '--out', out, '--workers', '0', '--parquet', '--segmentation'];
  args.push('--rings', '60m,120m,240m', '--audit', '--permutations', '60');
  args.push('--seasons', '07-01..07-31,08-01..08-31');
  const run = await callMain(args);
  if (run.code !== 0) throw new Error(run.stderr);
  screen = run.stdout;
  // Nothing is left to do: what was found is said again.
  printed = JSON.parse((await callMain([...args, '--json'])).stdout) as Summary;
  summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Summary;
  const names = readdirSync(join(out, 'tables')).filter((name) => name.endsWith('.csv'));
  tables = Object.fromEntries(
    names.map((name) => [name.slice(0, -4), readCsv(readFileSync(join(out, 'tables', name), 'utf8'))]),
  );
  workbook = readWorkbook(readFileSync(join(out, 'tables.xlsx')));
});

/** Rows of a table that belong to a zone. */
const rowsOf = (table: string, zone: ZoneFigures) => tables[table]!.filter((row) => row['zone_id'] === zone.id);

const STATES = {
  undisturbed: 'undisturbedHa',
  disturbed: 'disturbedHa',
  recovering: 'recoveringHa',
  recovered: 'recoveredHa',
  not_assessable: 'notAssessableHa',
  nodata: 'nodataHa',
} as const;

describe('the figures of a run', () => {
  it('are of land where something happened', () => {
    const pit = summary.zones.find(({ id }) => id === 'pit')!;
    expect(pit.states.some(({ disturbedHa }) => disturbedHa > 10)).toBe(true);
    expect(pit.states.some(({ recoveringHa }) => recoveringHa > 10)).toBe(true);
    expect(pit.trend.filter(({ hectares }) => hectares > 1).length).toBeGreaterThan(2);
    expect(Object.keys(tables).length).toBeGreaterThan(12);
  });

  it('are printed by --json as they stand in summary.json', () => {
    expect(printed).toEqual(summary);
  });

  it('are in summary.json as its schema says, which lies beside it', () => {
    const schema = JSON.parse(readFileSync(join(out, 'summary.schema.json'), 'utf8')) as Record<string, unknown>;
    expect(schema).toEqual(summaryJsonSchema());
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    for (const one of [schema, { ...summaryJsonSchema(true), $id: 'urn:mine-rs:strict' }]) {
      const validate = ajv.compile(one);
      validate(summary);
      // The strict one also says that every field is described.
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('are in the CSV files as in summary.json, with six digits', () => {
    for (const zone of summary.zones) {
      const classes = rowsOf('trend_classes', zone);
      expect(classes.map((row) => [row['class_code'], row['class'], row['hectares'], row['percent']])).toEqual(
        zone.trend.map((c) => [c.code, c.name, round(c.hectares), round(c.percent)].map(String)),
      );
      expect(rowsOf('trend_fdr', zone).map((row) => row['fdr_ha'])).toEqual(
        zone.trend.map((c) => String(round(c.fdrHectares!))),
      );
      expect(rowsOf('fvc_by_year', zone).map((row) => [row['year'], row['fvc_mean'], row['valid_ha']])).toEqual(
        zone.years.map((y) => [String(y.year), y.mean === null ? '' : String(round(y.mean)), String(round(y.validHa))]),
      );
      const states = rowsOf('land_state_by_year', zone);
      expect(states).toHaveLength(YEARS.length);
      for (const [k, state] of zone.states.entries()) {
        expect(states[k]!['year']).toBe(String(state.year));
        for (const [column, key] of Object.entries(STATES)) {
          expect(states[k]![`${column}_ha`]).toBe(String(round(state[key])));
        }
      }
      expect(Number(rowsOf('zone_trends', zone)[0]!['slope'])).toBeCloseTo(zone.meanTrend!.slope, 8);
    }
    expect(tables['scenes']).toHaveLength(summary.scenes.length);
  });

  it('are in the workbook as in the CSV files', () => {
    const { Contents: contents, ...sheets } = workbook.sheets;
    expect(Object.keys(sheets).toSorted()).toEqual(Object.keys(tables).toSorted());
    for (const [name, rows] of Object.entries(tables)) {
      const [head, ...body] = sheets[name]!;
      const columns = readFileSync(join(out, 'tables', `${name}.csv`), 'utf8')
        .split('\n')[0]!
        .split(',');
      expect(head!.map((cell) => String(cell).replace(/ \(.*\)$/, ''))).toEqual(columns);
      const said = body.map((cells) => columns.map((_, k) => asText(cells[k])));
      expect([name, said]).toEqual([name, rows.map((row) => columns.map((column) => row[column]))]);
      expect(contents!.find(([sheet]) => sheet === name)![2]).toBe(rows.length);
    }
    // Numbers are numbers, and a name that looks like a formula is a name.
    const classes = sheets['trend_classes']!.slice(1);
    expect(classes.every((cells) => typeof cells[5] === 'number' && typeof cells[0] === 'string')).toBe(true);
    expect(classes.some((cells) => cells[1] === '=SUM(1,2)')).toBe(true);
    expect(readFileSync(join(out, 'tables', 'trend_classes.csv'), 'utf8')).toContain(`"'=SUM(1,2)"`);
  });

  it('are in the Parquet files as in the CSV files', async () => {
    for (const [name, rows] of Object.entries(tables)) {
      const bytes = readFileSync(join(out, 'tables', `${name}.parquet`));
      const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
      const found = (await parquetReadObjects({ file })) as Record<string, Cell | bigint>[];
      const said = found.map((row) =>
        Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, asText(cell)])),
      );
      expect([name, said]).toEqual([name, rows]);
    }
  });

  it('are in the GeoPackage and zones.geojson as in the CSV files', async () => {
    const sqlite = await initSqlJs();
    const database = new sqlite.Database(readFileSync(join(out, 'zones.gpkg')));
    const select = (table: string): Row[] => {
      const [found] = database.exec(`SELECT * FROM "${table}" ORDER BY rowid`);
      // Nothing is found in a table without rows.
      return (found?.values ?? []).map((values) =>
        Object.fromEntries(values.map((value, k) => [found!.columns[k]!, value as Cell])),
      );
    };
    for (const [name, rows] of Object.entries(tables)) {
      const said = select(name).map((row) =>
        Object.fromEntries(
          Object.entries(row)
            .filter(([key]) => key !== 'fid')
            .map(([key, cell]) => [key, asText(cell)]),
        ),
      );
      expect([name, said]).toEqual([name, rows]);
    }
    const { features } = JSON.parse(readFileSync(join(out, 'zones.geojson'), 'utf8')) as {
      features: { properties: Row }[];
    };
    const layer = select('zones');
    database.close();
    for (const zone of summary.zones) {
      const geojson = features.find(({ properties }) => properties['id'] === zone.id)!.properties;
      const attributes = layer.find((row) => row['id'] === zone.id)!;
      for (const row of rowsOf('trend_classes', zone)) {
        const key = `trend_${String(row['class']).replaceAll(' ', '_')}_ha`;
        expect([geojson[key], attributes[key]].map(asText)).toEqual([row['hectares'], row['hectares']]);
      }
      for (const row of rowsOf('fvc_by_year', zone)) {
        const key = `fvc_${row['year']!}`;
        expect([geojson[key], attributes[key]].map(asText)).toEqual([row['fvc_mean'], row['fvc_mean']]);
      }
      const last = rowsOf('land_state_by_year', zone).at(-1)!;
      for (const column of Object.keys(STATES)) {
        const key = `${column}_ha`;
        expect([geojson[key], attributes[key]].map(asText)).toEqual([last[key], last[key]]);
      }
    }
  });

  it('are in the report as in the CSV files', () => {
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    const data = /<script type="application\/json" id="payload">(.*?)<\/script>/s.exec(page)![1]!;
    interface Area {
      id: string | null;
      areaHa: number;
      mean: (number | null)[];
      trend: number[];
      states: number[][];
      noDataHa: number[];
    }
    const payload = JSON.parse(data) as { years: number[]; classes: { code: number }[]; areas: Area[] };
    expect(payload.years).toEqual(YEARS);
    for (const zone of summary.zones) {
      const area = payload.areas.find(({ id }) => id === zone.id)!;
      expect(area.areaHa).toBe(round(zone.areaHa));
      const classes = rowsOf('trend_classes', zone);
      expect(classes.map((row) => row['class_code'])).toEqual(payload.classes.map(({ code }) => String(code)));
      expect(area.trend.map(asText)).toEqual(classes.map((row) => row['hectares']));
      expect(area.mean.map(asText)).toEqual(rowsOf('fvc_by_year', zone).map((row) => row['fvc_mean']));
      const states = rowsOf('land_state_by_year', zone);
      const columns = ['not_assessable_ha', 'undisturbed_ha', 'disturbed_ha', 'recovering_ha', 'recovered_ha'];
      for (const [code, column] of columns.entries()) {
        expect(area.states[code]!.map(asText)).toEqual(states.map((row) => row[column]));
      }
      expect(area.noDataHa.map(asText)).toEqual(states.map((row) => row['nodata_ha']));
    }
  });

  it('are read in the report as in the CSV files, rounded', () => {
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    const section = (id: string) => new RegExp(`<section id="${id}".*?</section>`, 's').exec(page)![0];
    const rows = (html: string) =>
      [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
        [...row!.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => plain(cell!)),
      );
    const [answer, trend] = [rows(section('answer')), rows(section('trend'))];
    for (const zone of summary.zones) {
      const last = rowsOf('land_state_by_year', zone).at(-1)!;
      const line = answer.find(([name]) => name === zone.name)!;
      expect(line[2]).toBe(zone.areaHa.toFixed(1));
      // A state that no zone has is left out.
      const columns = {
        Disturbed: 'disturbed',
        Recovering: 'recovering',
        Recovered: 'recovered',
        Undisturbed: 'undisturbed',
        'No data': 'nodata',
      };
      for (const [title, name] of Object.entries(columns)) {
        const shown = line[answer[0]!.indexOf(title)] ?? '0.0';
        expect([title, shown]).toEqual([title, Number(last[`${name}_ha`]).toFixed(1)]);
      }
      for (const row of rowsOf('trend_classes', zone)) {
        if (Number(row['hectares']) === 0) continue;
        const found = trend.find(([name, label]) => name === zone.name && label === row['class']);
        expect(found?.slice(3, 5)).toEqual([Number(row['hectares']).toFixed(1), Number(row['percent']).toFixed(2)]);
      }
    }
  });

  it('are on the screen as in the CSV files, rounded', () => {
    const block = (title: RegExp) => {
      const lines = screen.split('\n');
      const from = lines.findIndex((line) => title.test(line));
      const to = lines.indexOf('', from);
      return lines.slice(from + 2, to === -1 ? undefined : to);
    };
    const lineOf = (lines: readonly string[], zone: ZoneFigures) =>
      lines
        .find((line) => line.startsWith(`${zone.name}  `))!
        .slice(zone.name.length)
        .replaceAll(' %', '%')
        .trim()
        .split(/\s+/)
        .slice(1);
    for (const zone of summary.zones) {
      const last = rowsOf('land_state_by_year', zone).at(-1)!;
      expect(lineOf(block(new RegExp(`^Land state in ${LAST}`)), zone)).toEqual([
        zone.areaHa.toFixed(1),
        ...Object.keys(STATES).map((name) => Number(last[`${name}_ha`]).toFixed(1)),
      ]);
      const means = rowsOf('fvc_by_year', zone).map((row) => `${(100 * Number(row['fvc_mean'])).toFixed(1)}%`);
      expect(lineOf(block(/^Mean fractional vegetation cover/), zone)).toEqual(means);
      const shown = rowsOf('trend_classes', zone).filter((row) =>
        tables['trend_classes']!.some((other) => other['class'] === row['class'] && Number(other['hectares']) > 0),
      );
      const zonesClasses = shown.filter((row) =>
        summary.zones.some((z) => z.trend.some((c) => c.name === row['class'] && c.hectares > 0)),
      );
      expect(lineOf(block(/^Trend of FVC/), zone)).toEqual(
        zonesClasses.map((row) => Number(row['hectares']).toFixed(1)),
      );
    }
  });
});

function plain(html: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/&(#?\w+);/g, (whole, name: string) => names[name] ?? whole)
    .trim();
}
