/**
 * Attributes of Shapefiles: dBASE III tables.
 * @module
 */
import { fileError } from '../features.ts';

/** The rows of a table; null for a row that is marked as deleted. */
export interface DbfTable {
  readonly rows: readonly (Readonly<Record<string, unknown>> | null)[];
  readonly warnings: readonly string[];
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly start: number;
  readonly length: number;
}

type Decoder = InstanceType<typeof TextDecoder>;

const HEADER_BYTES = 32;
const FIELD_BYTES = 32;
const MAX_FIELDS = 2048;

/** Encodings by the language byte of the header, as TextDecoder calls them. */
const LANGUAGES: Record<number, string> = {
  0x03: 'windows-1252',
  0x57: 'windows-1252',
  0x4d: 'gbk',
  0x4e: 'euc-kr',
  0x4f: 'big5',
  0x13: 'shift_jis',
  0x7a: 'gbk',
  0x7b: 'shift_jis',
  0x78: 'big5',
  0x79: 'euc-kr',
  0xc8: 'windows-1250',
  0xc9: 'windows-1251',
  0xca: 'windows-1254',
  0xcb: 'windows-1253',
  0x26: 'ibm866',
};

/**
 * Reads a table.
 *
 * @param codePage What the .cpg file says; without it, the language byte counts, then UTF-8 where the bytes are that,
 *   then Windows-1252.
 * @throws {MineRsError} BAD_INPUT for a table that is cut off or forged
 */
export function readDbf(path: string, bytes: Uint8Array, codePage: string | undefined): DbfTable {
  const bad = (what: string) => fileError(path, `not readable as the attributes of a Shapefile: ${what}`);
  if (bytes.length < HEADER_BYTES + 1) throw bad('it is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(4, true);
  const headerBytes = view.getUint16(8, true);
  const rowBytes = view.getUint16(10, true);
  if (headerBytes > bytes.length || headerBytes < HEADER_BYTES || rowBytes < 1) throw bad('its header is damaged');
  // Some writers leave out the last byte, the mark of the end of the file.
  if (count * rowBytes > bytes.length - headerBytes) throw bad('it is cut off');
  const { label, warnings } = encodingOf(bytes, view.getUint8(29), codePage, headerBytes);
  const decoder = new TextDecoder(label);
  const fields = fieldsOf(bytes, headerBytes, rowBytes, decoder);
  if (fields === undefined) throw bad('its list of fields is damaged');
  const rows = Array.from({ length: count }, (_, row) => {
    const start = headerBytes + row * rowBytes;
    if (bytes[start] === 0x2a) return null;
    return Object.fromEntries(
      fields.map((field) => [field.name, valueOf(bytes, view, start + field.start, field, decoder)]),
    );
  });
  return { rows, warnings };
}

function fieldsOf(bytes: Uint8Array, headerBytes: number, rowBytes: number, decoder: Decoder): Field[] | undefined {
  const fields: Field[] = [];
  const names = new Set<string>();
  let start = 1;
  for (let at = HEADER_BYTES; at + FIELD_BYTES <= headerBytes && bytes[at] !== 0x0d; at += FIELD_BYTES) {
    const raw = bytes.subarray(at, at + 11);
    const zero = raw.indexOf(0);
    let name = decoder.decode(zero < 0 ? raw : raw.subarray(0, zero)).trim();
    for (let n = 2; names.has(name) || name === ''; n++) name = `${name}_${n}`;
    names.add(name);
    const length = bytes[at + 16]!;
    fields.push({ name, type: String.fromCharCode(bytes[at + 11]!), start, length });
    start += length;
    if (start > rowBytes || fields.length > MAX_FIELDS) return undefined;
  }
  return fields;
}

/** A value: number, boolean, text, or null where nothing is given. */
function valueOf(bytes: Uint8Array, view: DataView, at: number, field: Field, decoder: Decoder): unknown {
  if (field.type === 'I' && field.length === 4) return view.getInt32(at, true);
  if (field.type === 'O' && field.length === 8) return view.getFloat64(at, true);
  const text = decoder
    .decode(bytes.subarray(at, at + field.length))
    .replaceAll('\0', '')
    .trim();
  if (field.type === 'N' || field.type === 'F') {
    const number = Number(text);
    return text === '' || !Number.isFinite(number) ? null : number;
  }
  if (field.type === 'L') return /^[TtYy]$/.test(text) ? true : /^[FfNn]$/.test(text) ? false : null;
  return text === '' ? null : text;
}

function encodingOf(
  bytes: Uint8Array,
  language: number,
  codePage: string | undefined,
  headerBytes: number,
): { label: string; warnings: string[] } {
  if (codePage !== undefined && codePage !== '') {
    const label = labelOf(codePage);
    if (label !== undefined) return { label, warnings: [] };
    const text = `the encoding "${codePage.slice(0, 40)}" of the attributes is not known; names may have wrong letters`;
    return { label: 'windows-1252', warnings: [text] };
  }
  const label = LANGUAGES[language];
  // Many writers state Windows-1252 whatever they write.
  if (label !== undefined && label !== 'windows-1252') return { label, warnings: [] };
  return { label: isUtf8(bytes.subarray(headerBytes)) ? 'utf-8' : 'windows-1252', warnings: [] };
}

/** A code page as TextDecoder calls it: `UTF-8`, `1252`, `ANSI 1252`, `CP936`, `ISO-8859-1`, `88591`. */
function labelOf(codePage: string): string | undefined {
  const text = codePage.trim().toLowerCase();
  const number = /(\d{3,5})$/.exec(text.replaceAll(/[\s_-]/g, ''))?.[1];
  const numbered: Record<string, string> = {
    '936': 'gbk',
    '950': 'big5',
    '932': 'shift_jis',
    '949': 'euc-kr',
    '866': 'ibm866',
    '65001': 'utf-8',
  };
  const iso = /^8859(\d{1,2})$/.exec(number ?? '')?.[1];
  const candidates = [
    text,
    number === undefined ? undefined : numbered[number],
    iso === undefined ? undefined : `iso-8859-${iso}`,
    number === undefined ? undefined : `windows-${number}`,
  ];
  return candidates.find((candidate) => {
    try {
      return candidate !== undefined && new TextDecoder(candidate).encoding !== '';
    } catch {
      return false;
    }
  });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
