/**
 * The boxes of a JP2 file (ISO/IEC 15444-1 annex I): where the codestream lies, and the GML that says where the image lies.
 * @module
 */
import type { TiffBytes } from '../tiff-bytes.ts';

export interface Jp2Boxes {
  codestream: { offset: number; length: number };
  /** The GML of a GMLJP2 box; null where there is none. */
  gml: string | null;
}

const MAX_BOXES = 1000;
const MAX_DEPTH = 8;
const MAX_GML_BYTES = 4 * 1024 * 1024;

/** Reads the boxes. @throws {MineRsError} BAD_INPUT if they are damaged or there is no codestream */
export async function readBoxes(file: TiffBytes): Promise<Jp2Boxes> {
  const found: { codestream: Jp2Boxes['codestream'] | null; gml: string | null; count: number } = {
    codestream: null,
    gml: null,
    count: 0,
  };
  const walk = async (start: number, end: number, depth: number): Promise<void> => {
    let position = start;
    while (position + 8 <= end) {
      if (++found.count > MAX_BOXES) throw file.damaged('has too many JP2 boxes');
      const head = new DataView((await file.read(position, Math.min(16, end - position))).buffer);
      const type = String.fromCharCode(head.getUint8(4), head.getUint8(5), head.getUint8(6), head.getUint8(7));
      let length = head.getUint32(0);
      let content = 8;
      if (length === 1 && head.byteLength === 16) {
        length = Number(head.getBigUint64(8));
        content = 16;
      } else if (length === 0) length = end - position;
      if (length < content || position + length > end)
        throw file.damaged(`has a JP2 box ${type.trim()} that is cut short`);
      const from = position + content;
      if (type === 'jp2c') found.codestream ??= { offset: from, length: length - content };
      else if (type === 'asoc' && depth < MAX_DEPTH) await walk(from, position + length, depth + 1);
      else if (type === 'xml ' && found.gml === null && length - content <= MAX_GML_BYTES) {
        const text = new TextDecoder().decode(await file.read(from, length - content));
        if (text.includes('RectifiedGrid')) found.gml = text;
      }
      position += length;
    }
  };
  await walk(0, file.size, 0);
  if (found.codestream === null) throw file.damaged('is a JP2 file without an image');
  return { codestream: found.codestream, gml: found.gml };
}
