import { describe, expect, it } from 'vitest';
import { integer, real, significant, text, writtenTable, type Table } from '../../src/report/table.ts';
import { runTables } from '../../src/report/tables.ts';
import { tablesWorkbook } from '../../src/report/workbook.ts';
import { readWorkbook } from '../helpers/workbook.ts';
import { summaryOf } from './figures.ts';

const workbook = async (...tables: Table[]) => tablesWorkbook({ title: 'T', notes: ['a note'], tables });

const TABLE: Table = {
  name: 'area',
  title: 'Areas',
  columns: [text('zone_id'), text('zone_name'), integer('year', 'year'), real('area_ha', 'ha'), significant('p')],
  rows: [
    ['1', 'Grube "4" <Süd> & Nord', 2019, 1.234_567_89, 1.25e-9],
    ['007', '江仓', null, null, Number.NaN],
  ],
};

describe('the workbook', () => {
  it('holds numbers as numbers, text as text and "none" as nothing', async () => {
    const { sheets } = readWorkbook(await workbook(TABLE));
    expect(sheets['area']).toEqual([
      ['zone_id', 'zone_name', 'year', 'area_ha', 'p'],
      ['1', 'Grube "4" <Süd> & Nord', 2019, 1.234568, 1.25e-9],
      // A row ends with its last value.
      ['007', '江仓', null, null],
    ]);
    expect(sheets['Contents']).toEqual([
      ['T'],
      ['a note'],
      [],
      ['sheet', 'what it holds', 'rows'],
      ['area', 'Areas', 2],
    ]);
  });

  it('has a sheet for each table of a run, with the values of its CSV', async () => {
    const tables = runTables(summaryOf());
    const { sheets } = readWorkbook(await workbook(...tables));
    expect(Object.keys(sheets)).toEqual(['Contents', ...tables.map(({ name }) => name)]);
    for (const table of tables) {
      const rows = sheets[table.name]!.slice(1).map((row) => table.columns.map((_, k) => row[k] ?? null));
      expect(rows).toEqual(writtenTable(table).rows);
    }
  });

  it('says units in the head, where the name does not', async () => {
    const columns = [real('area_ha', 'ha'), real('slope', '1/year'), real('share'), integer('year', 'year')];
    const { sheets } = readWorkbook(await workbook({ ...TABLE, columns, rows: [] }));
    expect(sheets['area']).toEqual([['area_ha', 'slope (1/year)', 'share', 'year']]);
  });

  it('keeps the head and the ids in view, and filters', async () => {
    const { parts } = readWorkbook(await workbook(TABLE));
    const sheet = parts['xl/worksheets/sheet2.xml']!;
    expect(sheet).toMatch(/<pane xSplit="2" ySplit="1" topLeftCell="C2"[^>]* state="frozen"/);
    expect(sheet).toContain('<autoFilter ref="A1:E3"');
    expect(sheet.match(/<col /g)).toHaveLength(5);
    // Formats of a year, of hectares and of a p.
    const formats = [...parts['xl/styles.xml']!.matchAll(/formatCode="([^"]*)"/g)].map(([, code]) => code);
    expect(formats).toEqual(expect.arrayContaining([expect.stringContaining('0.00')]));
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x")', '\t=1', '{=1}'])(
    'keeps %j as text: nothing becomes a formula',
    async (name) => {
      const bytes = await workbook({ ...TABLE, rows: [['1', name, 2019, 1, 1]] });
      // The reader throws on formulas.
      const { sheets, parts } = readWorkbook(bytes);
      expect(sheets['area']![1]![1]).toBe(name);
      expect(parts['xl/worksheets/sheet2.xml']).toMatch(/<c r="B2" t="s"/);
    },
  );

  it('gives the same bytes for the same tables, at any time', async () => {
    const before = await workbook(TABLE);
    await new Promise((resolve) => setTimeout(resolve, 2100));
    // Two seconds are the step of times in an archive.
    expect(Buffer.from(await workbook(TABLE)).equals(before)).toBe(true);
  });

  it('finds names that Excel takes', async () => {
    const long = 'a_table_with_a_name_that_is_longer_than_excel_takes';
    const names = [long, `${long}_too`, 'a/b:c', 'contents', 'AREA', 'area'];
    const { sheets } = readWorkbook(await workbook(...names.map((name) => ({ ...TABLE, name }))));
    const found = Object.keys(sheets);
    expect(found).toEqual([
      'Contents',
      'a_table_with_a_name_that_is_lon',
      'a_table_with_a_name_that_is_l_2',
      'a_b_c',
      'contents_2',
      'AREA',
      'area_2',
    ]);
  });

  it('leaves the longest table to the other files where there are too many cells', async () => {
    const row = TABLE.rows[0]!;
    const huge: Table = { ...TABLE, name: 'huge', rows: Array.from({ length: 200_001 }, () => row) };
    const { sheets } = readWorkbook(await workbook(huge, TABLE));
    expect(Object.keys(sheets)).toEqual(['Contents', 'area']);
    expect(sheets['Contents']!.slice(-2)).toEqual([
      ['only as tables/huge.csv: too long', 'Areas', 200_001],
      ['area', 'Areas', 2],
    ]);
  });
});
