/**
 * Decodes one JPEG 2000 tile with OpenJPEG in WebAssembly.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { J2KDecoder, OpenJpeg } from '@cornerstonejs/codec-openjpeg/decodewasmjs';

let loading: Promise<OpenJpeg> | undefined;
/** What the decoder said while it decoded the last tile. */
let complaints: string[] = [];

/** Loaded when the first tile is decoded, once a thread. */
async function load(): Promise<OpenJpeg> {
  const { default: factory } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  const wasmBinary = await readFile(createRequire(import.meta.url).resolve('@cornerstonejs/codec-openjpeg/decodewasm'));
  // It reports on every tile; of interest are errors, and the warnings with which it goes on where data end too early.
  const listen = (line: string): void => {
    if (/error|too short|truncat|inconsistent|premature/i.test(line)) complaints.push(line.trim());
  };
  return factory({ wasmBinary, print: listen, printErr: listen });
}

/**
 * The samples of a codestream of one component: bytes for up to 8 bits, and else 16-bit words.
 *
 * @throws {Error} if the codestream is damaged or its image is not of the size that it should have
 */
export async function decodeTile(
  stream: Uint8Array,
  expected: { width: number; height: number; bits: number },
): Promise<Uint8Array | Uint16Array> {
  loading ??= load();
  const { J2KDecoder } = await loading;
  complaints = [];
  let decoder: J2KDecoder | undefined;
  try {
    decoder = new J2KDecoder();
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    const bytes = decoder.getDecodedBuffer();
    const nPixels = expected.width * expected.height;
    const size = expected.bits > 8 ? 2 : 1;
    const right = width === expected.width && height === expected.height && componentCount === 1;
    if (complaints.length > 0 || !right || bitsPerSample !== expected.bits || bytes.length !== nPixels * size) {
      throw new Error(complaints[0] ?? 'the decoder returned an image of another size');
    }
    const copy = bytes.slice();
    return size === 1 ? copy : new Uint16Array(copy.buffer);
  } catch (error) {
    // After a trap or a C++ exception the module's memory cannot be trusted.
    loading = undefined;
    const reason = complaints[0] ?? (error instanceof Error ? error.message : 'the decoder failed');
    throw new Error(reason, { cause: error });
  } finally {
    if (loading !== undefined) decoder?.delete();
  }
}
