/**
 * Tables of FlatBuffers: fields found through offsets, each of which is checked against the bytes before it is used.
 * @module
 */

/** What is said of bytes that do not hold what they should. */
export const CUT_OFF = 'is cut off or damaged';

/** A table of a FlatBuffer: where it starts, and the bytes it may use. */
export interface Table {
  readonly view: DataView;
  readonly at: number;
}

/** Elements one after the other. */
export interface Vector {
  readonly at: number;
  readonly length: number;
}

export function uint32(view: DataView, at: number): number {
  if (at < 0 || at + 4 > view.byteLength) throw new RangeError(CUT_OFF);
  return view.getUint32(at, true);
}

export function slice(view: DataView, at: number, length: number): DataView {
  if (at + length > view.byteLength) throw new RangeError(CUT_OFF);
  return new DataView(view.buffer, view.byteOffset + at, length);
}

export function rootTable(view: DataView): Table {
  return tableAt(view, 0);
}

/** The table that an offset at a place points to. */
export function tableAt(view: DataView, place: number): Table {
  const at = place + uint32(view, place);
  uint32(view, at);
  return { view, at };
}

/** Where a field of a table lies; undefined where it is left out. */
function fieldAt({ view, at }: Table, field: number): number | undefined {
  const vtable = at - view.getInt32(at, true);
  if (vtable < 0 || vtable + 4 > view.byteLength) throw new RangeError(CUT_OFF);
  const entry = 4 + 2 * field;
  if (entry + 2 > view.getUint16(vtable, true)) return undefined;
  if (vtable + entry + 2 > view.byteLength) throw new RangeError(CUT_OFF);
  const offset = view.getUint16(vtable + entry, true);
  return offset === 0 ? undefined : at + offset;
}

export function scalar(table: Table, field: number, bytes: 1 | 2 | 4 | 8, otherwise: number): number {
  const at = fieldAt(table, field);
  if (at === undefined) return otherwise;
  const { view } = table;
  if (at + bytes > view.byteLength) throw new RangeError(CUT_OFF);
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true);
  if (bytes === 4) return view.getInt32(at, true);
  return Number(view.getBigUint64(at, true));
}

export function subTable(table: Table, field: number): Table | undefined {
  const at = fieldAt(table, field);
  return at === undefined ? undefined : tableAt(table.view, at);
}

export function vector(table: Table, field: number, elementBytes: number): Vector | undefined {
  const place = fieldAt(table, field);
  if (place === undefined) return undefined;
  const at = place + uint32(table.view, place);
  const length = uint32(table.view, at);
  if (at + 4 + length * elementBytes > table.view.byteLength) throw new RangeError(CUT_OFF);
  return { at: at + 4, length };
}

export function text(table: Table, field: number): string | undefined {
  const bytes = vector(table, field, 1);
  return bytes === undefined || bytes.length === 0 ? undefined : decode(table.view, bytes.at, bytes.length);
}

export function decode(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}
