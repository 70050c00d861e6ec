/**
 * JPEG as TIFF keeps it (TIFF Technical Note 2): one image a block, its tables often in a tag of their own.
 *
 * Sequential and progressive, 8 bit, Huffman-coded; sample for sample what GDAL reads.
 * @module
 */
import { huffmanTable, type HuffmanTable } from './jpeg-bits.ts';
import { interleave, upsample, yccToRgb, type JpegPlane } from './jpeg-color.ts';
import { inverseTransform } from './jpeg-idct.ts';
import { decodeScan, ZIGZAG, type JpegComponent } from './jpeg-scan.ts';

/** What a block must be. */
export interface JpegExpectation {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows that are wanted; the image may have more, up to `maxHeight`. */
  readonly height: number;
  readonly maxHeight: number;
  readonly components: number;
  /** Whether the components are Y, Cb and Cr and RGB is wanted. */
  readonly ycc: boolean;
}

interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly maxH: number;
  readonly maxV: number;
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly components: readonly JpegComponent[];
}

interface State {
  readonly quantization: (Uint16Array | undefined)[];
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  restartInterval: number;
  frame: Frame | undefined;
}

/** Kinds of JPEG that are not decoded. */
const REFUSED: Record<number, string> = {
  0xc3: 'lossless',
  0xc5: 'hierarchical',
  0xc6: 'hierarchical',
  0xc7: 'hierarchical',
  0xc9: 'arithmetic-coded',
  0xca: 'arithmetic-coded',
  0xcb: 'lossless arithmetic-coded',
};

/**
 * Decodes one block.
 *
 * @param tables The file's JPEGTables tag: tables that the blocks leave out.
 * @returns Rows of `width × components` samples; YCbCr as RGB where that is expected.
 * @throws {RangeError} if the data are damaged, of another size, or of a kind that is not decoded
 */
export function decodeJpeg(bytes: Uint8Array, tables: Uint8Array | undefined, expected: JpegExpectation): Uint8Array {
  const state: State = { quantization: [], dc: [], ac: [], restartInterval: 0, frame: undefined };
  if (tables !== undefined) readMarkers(tables, state, expected);
  readMarkers(bytes, state, expected);
  const { frame } = state;
  if (frame === undefined) throw new RangeError('JPEG without an image');
  const planes = frame.components.map((component): JpegPlane => {
    const { width, height, blocksAcross } = component;
    const plane = { samples: inverseTransform(component), stride: blocksAcross * 8, width, height };
    return upsample(plane, frame.maxH / component.h, frame.maxV / component.v);
  });
  const pixels = interleave(planes, frame.width, expected.height);
  if (expected.ycc) yccToRgb(pixels);
  return pixels;
}

function readMarkers(bytes: Uint8Array, state: State, expected: JpegExpectation): void {
  const word = (at: number) => (bytes[at]! << 8) | bytes[at + 1]!;
  if (bytes.length < 4 || word(0) !== 0xffd8) throw new RangeError('not JPEG data');
  let at = 2;
  while (at + 3 < bytes.length) {
    if (bytes[at] !== 0xff) throw new RangeError('JPEG with a damaged marker');
    const marker = bytes[at + 1]!;
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9) return;
    const length = word(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || segment.length !== length - 2) throw new RangeError('JPEG data end too early');
    at += 2 + length;
    if (marker in REFUSED) throw new RangeError(`${REFUSED[marker]} JPEG is not supported`);
    if (marker === 0xdb) readQuantization(segment, state);
    else if (marker === 0xc4) readHuffman(segment, state);
    else if (marker === 0xdd) state.restartInterval = segment.length < 2 ? 0 : (segment[0]! << 8) | segment[1]!;
    else if (marker >= 0xc0 && marker <= 0xc2) state.frame = readFrame(segment, marker === 0xc2, expected);
    else if (marker === 0xda) at = readScan(bytes, at, segment, state);
  }
}

function readQuantization(segment: Uint8Array, state: State): void {
  for (let at = 0; at < segment.length;) {
    const wide = segment[at]! >> 4 !== 0;
    const table = new Uint16Array(64);
    const size = wide ? 128 : 64;
    if (at + 1 + size > segment.length) throw new RangeError('JPEG with a damaged quantization table');
    for (let k = 0; k < 64; k++) {
      const from = at + 1 + (wide ? 2 * k : k);
      table[ZIGZAG[k]!] = wide ? (segment[from]! << 8) | segment[from + 1]! : segment[from]!;
    }
    state.quantization[segment[at]! & 15] = table;
    at += 1 + size;
  }
}

function readHuffman(segment: Uint8Array, state: State): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total > 256 || at + 17 + total > segment.length) throw new RangeError('JPEG with a damaged Huffman table');
    const tables = segment[at]! >> 4 === 0 ? state.dc : state.ac;
    tables[segment[at]! & 15] = huffmanTable(counts, segment.slice(at + 17, at + 17 + total));
    at += 17 + total;
  }
}

/** Nothing is allocated before the size is known to be the block's. */
function readFrame(segment: Uint8Array, progressive: boolean, expected: JpegExpectation): Frame {
  const precision = segment[0]!;
  const height = (segment[1]! << 8) | segment[2]!;
  const width = (segment[3]! << 8) | segment[4]!;
  const count = segment[5] ?? 0;
  if (segment.length < 6 + 3 * count) throw new RangeError('JPEG with a damaged frame');
  if (precision !== 8) throw new RangeError(`JPEG of ${precision} bits is not supported`);
  const fits = width === expected.width && height >= expected.height && height <= expected.maxHeight;
  if (!fits || count !== expected.components) {
    const wanted = `${expected.width} × ${expected.height} × ${expected.components}`;
    throw new RangeError(`JPEG of ${width} × ${height} pixels × ${count} components where ${wanted} are due`);
  }
  const parts = Array.from({ length: count }, (_, i) => {
    const [id, sampling, quantizer] = segment.subarray(6 + 3 * i, 9 + 3 * i);
    return { id: id!, h: sampling! >> 4, v: sampling! & 15, quantizer: quantizer! };
  });
  const maxH = Math.max(...parts.map(({ h }) => h));
  const maxV = Math.max(...parts.map(({ v }) => v));
  if (parts.some(({ h, v }) => h < 1 || v < 1 || h > 4 || v > 4 || maxH % h !== 0 || maxV % v !== 0)) {
    throw new RangeError('JPEG with sampling factors that are not supported');
  }
  const mcusAcross = Math.ceil(width / (8 * maxH));
  const mcusDown = Math.ceil(height / (8 * maxV));
  const components = parts.map((part): JpegComponent => ({
    ...part,
    width: Math.ceil((width * part.h) / maxH),
    height: Math.ceil((height * part.v) / maxV),
    blocksAcross: mcusAcross * part.h,
    blocksDown: mcusDown * part.v,
    coefficients: new Int16Array(mcusAcross * part.h * mcusDown * part.v * 64),
    quantization: undefined,
  }));
  return { progressive, width, height, maxH, maxV, mcusAcross, mcusDown, components };
}

function readScan(bytes: Uint8Array, start: number, header: Uint8Array, state: State): number {
  const { frame } = state;
  const count = header[0] ?? 0;
  if (frame === undefined || count < 1 || header.length < 4 + 2 * count)
    throw new RangeError('JPEG with a damaged scan');
  const components = Array.from({ length: count }, (_, i) => {
    const id = header[1 + 2 * i]!;
    const tables = header[2 + 2 * i]!;
    const component = frame.components.find((c) => c.id === id);
    if (component === undefined) throw new RangeError('JPEG with a scan of an unknown component');
    component.quantization ??= state.quantization[component.quantizer];
    return { component, dc: state.dc[tables >> 4], ac: state.ac[tables & 15] };
  });
  const [first, last, bits] = header.subarray(1 + 2 * count, 4 + 2 * count);
  const { progressive, mcusAcross, mcusDown } = frame;
  if (progressive && (first! > last! || last! > 63 || (first! > 0 && count > 1))) {
    throw new RangeError('JPEG with a damaged scan');
  }
  const { restartInterval } = state;
  const scan = { first: first!, last: last!, high: bits! >> 4, low: bits! & 15, restartInterval };
  return decodeScan(bytes, start, components, { progressive, mcusAcross, mcusDown, ...scan });
}
