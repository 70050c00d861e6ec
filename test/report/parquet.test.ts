import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tableParquet } from '../../src/report/parquet.ts';
import { integer, real, significant, tableCsv, text, type Table } from '../../src/report/table.ts';
import { runTables } from '../../src/report/tables.ts';
import { summaryOf } from './figures.ts';

const TABLE: Table = {
  name: 't',
  title: 'A table',
  columns: [text('name'), integer('year', 'year'), real('area_ha', 'ha'), significant('p')],
  rows: [
    ['Grube 4, Süd', 2019, 1.234_567_89, 1.25e-9],
    ['江仓', null, null, Number.NaN],
  ],
};

const buffer = (table: Table) => tableParquet(table).buffer as ArrayBuffer;

describe('a table as Parquet', () => {
  it('holds what the CSV holds, with types', async () => {
    expect(await parquetReadObjects({ file: buffer(TABLE) })).toEqual([
      { name: 'Grube 4, Süd', year: 2019n, area_ha: 1.234568, p: 1.25e-9 },
      { name: '江仓', year: null, area_ha: null, p: null },
    ]);
    expect(tableCsv(TABLE)).toBe('name,year,area_ha,p\n"Grube 4, Süd",2019,1.234568,1.25e-9\n江仓,,,\n');
  });

  it('names its units and title', () => {
    const { schema, key_value_metadata: metadata } = parquetMetadata(buffer(TABLE));
    expect(schema.slice(1).map(({ name, type }) => `${name} ${type}`)).toEqual([
      'name BYTE_ARRAY',
      'year INT64',
      'area_ha DOUBLE',
      'p DOUBLE',
    ]);
    const found = Object.fromEntries(metadata!.map(({ key, value }) => [key, value]));
    expect(found).toMatchObject({ title: 'A table', units: '{"year":"year","area_ha":"ha","p":"1"}' });
  });

  it('has the same bytes every time', () => {
    expect(Buffer.from(buffer(TABLE)).equals(Buffer.from(buffer(TABLE)))).toBe(true);
  });

  it.each(runTables(summaryOf()))('holds every row of $name', async (table) => {
    const rows = await parquetReadObjects({ file: buffer(table) });
    expect(rows).toHaveLength(table.rows.length);
    expect(Object.keys(rows[0] ?? {})).toEqual(table.rows.length === 0 ? [] : table.columns.map(({ name }) => name));
  });
});

describe('the tables of a run', () => {
  it('have one cell a column, of the column’s type', () => {
    for (const { columns, rows } of runTables(summaryOf())) {
      for (const row of rows) {
        const types = row.map((cell) => (cell === null ? null : Number.isInteger(cell) ? 'integer' : typeof cell));
        const allowed = { text: ['string', null], integer: ['integer', null], real: ['integer', 'number', null] };
        expect(types).toHaveLength(columns.length);
        expect(types.every((type, k) => (allowed[columns[k]!.type] as unknown[]).includes(type))).toBe(true);
      }
    }
  });
});
