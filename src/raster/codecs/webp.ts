/**
 * WebP blocks, by libwebp compiled to WebAssembly.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Decodes one block of a known size to rows of `samples` (3 or 4) bytes a pixel. */
export type WebpDecoder = (bytes: Uint8Array, width: number, height: number, samples: number) => Uint8Array;

interface Codec {
  decode(bytes: Uint8Array): { data: Uint8ClampedArray; width: number; height: number } | null;
}
type CodecFactory = (options: { noInitialRun: boolean; wasmBinary: Uint8Array }) => Promise<Codec>;

let codec: Promise<Codec> | undefined;

/** Loads the codec, once a thread; a codec that crashed is loaded anew. */
export async function loadWebp(): Promise<WebpDecoder> {
  codec ??= load();
  const loaded = await codec;
  return (bytes, width, height, samples) => {
    const size = webpSize(bytes);
    // Before anything is allocated: a damaged file may say 16383 × 16383.
    if (size === undefined || size.width !== width || size.height < height) {
      const found = size === undefined ? 'no WebP data' : `WebP of ${size.width} × ${size.height} pixels`;
      throw new RangeError(`${found} where ${width} × ${height} are due`);
    }
    let image: ReturnType<Codec['decode']>;
    try {
      image = loaded.decode(bytes);
    } catch (error) {
      codec = undefined;
      throw error;
    }
    if (image === null || image.width !== width || image.height < height) throw new RangeError('damaged WebP data');
    return samples === 4 ? new Uint8Array(image.data.buffer) : withoutAlpha(image.data, width * height);
  };
}

async function load(): Promise<Codec> {
  const module: { default: unknown } = await import('@jsquash/webp/codec/dec/webp_dec.js');
  const factory = module.default as CodecFactory;
  const path = createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm');
  return factory({ noInitialRun: true, wasmBinary: await readFile(path) });
}

function withoutAlpha(rgba: Uint8ClampedArray, pixels: number): Uint8Array {
  const out = new Uint8Array(pixels * 3);
  for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
    out[to] = rgba[from]!;
    out[to + 1] = rgba[from + 1]!;
    out[to + 2] = rgba[from + 2]!;
  }
  return out;
}

/** The size that the header says (RFC 9649, section 2), or undefined. */
function webpSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes.length < 30) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) return undefined;
  const chunk = view.getUint32(12);
  if (chunk === 0x56503820) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 0x5650384c) {
    const packed = view.getUint32(21, true);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 0x56503858) return undefined;
  const size = (at: number) => (view.getUint16(at, true) | (bytes[at + 2]! << 16)) + 1;
  return { width: size(24), height: size(27) };
}
