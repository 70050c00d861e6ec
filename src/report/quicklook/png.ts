/**
 * Writes PNG pictures (ISO/IEC 15948): 8 bits each of red, green and blue.
 * @module
 */
import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const TRUE_COLOUR = 2;

/** The bytes of a picture. @param rgb Red, green, blue of each pixel, row by row. */
export function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  if (rgb.length !== 3 * width * height) {
    throw new RangeError(`Expected ${3 * width * height} bytes for ${width} × ${height} pixels. Got ${rgb.length}`);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  const data = deflateSync(filtered(rgb, 3 * width, height), { level: 9 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, data.length + 8)), data.length + 8);
  return out;
}

const [NONE, SUB, UP] = [0, 1, 2];

/** Rows with their filter before them: of none, the pixel to the left and the one above, that which leaves the least. */
function filtered(rgb: Uint8Array, rowBytes: number, height: number): Uint8Array {
  const out = new Uint8Array((rowBytes + 1) * height);
  const before = (filter: number, at: number, x: number, y: number): number => {
    if (filter === SUB) return x >= 3 ? rgb[at - 3]! : 0;
    return filter === UP && y > 0 ? rgb[at - rowBytes]! : 0;
  };
  for (let y = 0; y < height; y++) {
    let [best, least] = [NONE, Infinity];
    for (const filter of [NONE, SUB, UP]) {
      let sum = 0;
      for (let x = 0; x < rowBytes; x++) {
        const at = y * rowBytes + x;
        const rest = (rgb[at]! - before(filter, at, x, y)) & 255;
        sum += Math.min(rest, 256 - rest);
      }
      if (sum < least) [best, least] = [filter, sum];
    }
    const row = y * (rowBytes + 1);
    out[row] = best;
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      out[row + 1 + x] = rgb[at]! - before(best, at, x, y);
    }
  }
  return out;
}
