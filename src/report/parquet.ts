/**
 * Tables as Parquet files. The only file that imports hyparquet-writer.
 * @module
 */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { cellValue, type Column, type Table } from './table.ts';

const TYPES = { text: 'STRING', integer: 'INT64', real: 'DOUBLE' } as const;

/**
 * A table as Parquet: text as UTF-8, whole numbers as int64, the rest as double, none as null; Snappy. The title and the
 * units are in the file's metadata. The same table gives the same bytes.
 */
export function tableParquet({ title, columns, rows }: Table): Uint8Array {
  const columnData = columns.map((column, k) => ({
    name: column.name,
    type: TYPES[column.type],
    nullable: true,
    data: rows.map((row) => valueOf(column, row[k]!)),
  }));
  const units = Object.fromEntries(columns.filter(({ unit }) => unit !== '').map(({ name, unit }) => [name, unit]));
  const kvMetadata = [
    { key: 'title', value: title },
    { key: 'units', value: JSON.stringify(units) },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata }));
}

function valueOf(column: Column, cell: string | number | null): string | number | bigint | null {
  const value = cellValue(column, cell);
  return column.type === 'integer' && typeof value === 'number' ? BigInt(Math.round(value)) : value;
}
