/**
 * Upsampling and colours of JPEG, with the triangle filter and the roundings of the IJG library (its default, and GDAL's).
 * @module
 */

/** The samples of a component. */
export interface JpegPlane {
  readonly samples: Uint8Array;
  /** Bytes of a row. */
  readonly stride: number;
  /** Samples that count. */
  readonly width: number;
  readonly height: number;
}

/** Brings a plane to the full size, `h` times as wide and `v` times as high. */
export function upsample(plane: JpegPlane, h: number, v: number): JpegPlane {
  if (h === 1 && v === 1) return plane;
  const out: JpegPlane & { samples: Uint8Array } = {
    samples: new Uint8Array(plane.width * h * plane.height * v),
    stride: plane.width * h,
    width: plane.width * h,
    height: plane.height * v,
  };
  if (h === 2 && v === 1 && plane.width > 2) widen(plane, out);
  else if (h === 2 && v === 2 && plane.width > 2) widenAndHeighten(plane, out);
  else if (h === 1 && v === 2) heighten(plane, out);
  else repeat(plane, out, h, v);
  return out;
}

/** Three quarters of the nearer sample and one of the farther, rounded up and down in turn. */
function widen({ samples, stride, width, height }: JpegPlane, out: JpegPlane): void {
  for (let row = 0; row < height; row++) {
    const from = row * stride;
    const to = row * out.stride;
    for (let i = 0; i < width; i++) {
      const near = samples[from + i]! * 3;
      out.samples[to + 2 * i] = i === 0 ? samples[from]! : (near + samples[from + i - 1]! + 1) >> 2;
      out.samples[to + 2 * i + 1] = i === width - 1 ? samples[from + i]! : (near + samples[from + i + 1]! + 2) >> 2;
    }
  }
}

function heighten({ samples, stride, width, height }: JpegPlane, out: JpegPlane): void {
  for (let row = 0; row < 2 * height; row++) {
    const from = (row >> 1) * stride;
    const lower = (row & 1) === 1;
    const other = Math.min(Math.max((row >> 1) + (lower ? 1 : -1), 0), height - 1) * stride;
    const bias = lower ? 2 : 1;
    for (let i = 0; i < width; i++) {
      out.samples[row * out.stride + i] = (samples[from + i]! * 3 + samples[other + i]! + bias) >> 2;
    }
  }
}

function widenAndHeighten({ samples, stride, width, height }: JpegPlane, out: JpegPlane): void {
  for (let row = 0; row < 2 * height; row++) {
    const from = (row >> 1) * stride;
    const other = Math.min(Math.max((row >> 1) + ((row & 1) === 1 ? 1 : -1), 0), height - 1) * stride;
    const to = row * out.stride;
    let last = 0;
    let here = samples[from]! * 3 + samples[other]!;
    for (let i = 0; i < width; i++) {
      const next = i + 1 < width ? samples[from + i + 1]! * 3 + samples[other + i + 1]! : 0;
      out.samples[to + 2 * i] = i === 0 ? (here * 4 + 8) >> 4 : (here * 3 + last + 8) >> 4;
      out.samples[to + 2 * i + 1] = i === width - 1 ? (here * 4 + 7) >> 4 : (here * 3 + next + 7) >> 4;
      last = here;
      here = next;
    }
  }
}

function repeat({ samples, stride }: JpegPlane, out: JpegPlane, h: number, v: number): void {
  for (let row = 0; row < out.height; row++) {
    const from = Math.floor(row / v) * stride;
    for (let i = 0; i < out.width; i++) out.samples[row * out.stride + i] = samples[from + Math.floor(i / h)]!;
  }
}

/** Writes planes side by side: `planes.length` bytes a pixel. */
export function interleave(planes: readonly JpegPlane[], width: number, height: number): Uint8Array {
  const count = planes.length;
  const out = new Uint8Array(width * height * count);
  for (const [c, { samples, stride }] of planes.entries()) {
    for (let row = 0; row < height; row++) {
      const from = row * stride;
      for (let i = 0, to = row * width * count + c; i < width; i++, to += count) out[to] = samples[from + i]!;
    }
  }
  return out;
}

/** YCbCr to RGB in place (JFIF 1.02), in 16-bit fixed point. */
export function yccToRgb(pixels: Uint8Array): void {
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const y = pixels[i]!;
    const cb = pixels[i + 1]! - 128;
    const cr = pixels[i + 2]! - 128;
    pixels[i] = clamp(y + ((91_881 * cr + 32_768) >> 16));
    pixels[i + 1] = clamp(y + ((-22_554 * cb - 46_802 * cr + 32_768) >> 16));
    pixels[i + 2] = clamp(y + ((116_130 * cb + 32_768) >> 16));
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
