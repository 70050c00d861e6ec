/**
 * Windows out of blocks: which tiles or strips a window touches, read, decoded and copied.
 * @module
 */
import { messageOf } from '../errors.ts';
import type { Window } from '../geo/window.ts';
import { cachedBlock, forgetFile, keepBlock } from './block-cache.ts';
import type { BlockLayout } from './block-layout.ts';
import { isBorrowed, samplesFromBytes, type BlockDecoder, type SampleLayout } from './decode.ts';
import type { ImageBlocks } from './image-blocks.ts';
import type { NumberType, PixelArray } from './pixel-type.ts';
import type { TiffBytes } from './tiff-bytes.ts';
import { fillWide, wideFromText } from './wide-integers.ts';

/** Stored bytes on their way to the decoder; each read of this thread uses the same room. */
let scratch: Uint8Array = new Uint8Array(0);
const NO_ROOM = scratch;

let nextFile = 1;

/** A window of one band that is being read. */
interface WindowRead {
  readonly window: Window;
  /** The band's place among the samples of a pixel. */
  readonly sample: number;
  readonly out: PixelArray;
  /** Nobody will read pixels outside of this window. */
  readonly wanted: Window;
}

/** Where a block lies, in pixels of the image, and which part of it is in a window. */
interface Place {
  readonly col: number;
  readonly row: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What is to be known of the image besides its blocks. */
interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly numberType: NumberType;
  readonly nodata: number | null;
  readonly nodataText: string | null;
}

/** Reads the windows of one image. */
export class BlockReader {
  private readonly file: TiffBytes;
  private readonly image: ImageSize;
  private readonly whole: Window;
  private readonly blocks: BlockLayout;
  private readonly samples: SampleLayout;
  private readonly decode: BlockDecoder | undefined;
  private readonly id: number;

  constructor(file: TiffBytes, image: ImageSize, { layout, samples, decode }: ImageBlocks) {
    this.file = file;
    this.image = image;
    this.whole = { col: 0, row: 0, width: image.width, height: image.height };
    this.blocks = layout;
    this.samples = samples;
    this.decode = decode;
    this.id = nextFile++;
  }

  /**
   * Fills `out` with a window of a band (from 0); both have been checked.
   *
   * @param wanted What will ever be read of the image: blocks that reach out of it are not kept for others.
   */
  async read(window: Window, band: number, out: PixelArray, wanted: Window = this.whole): Promise<void> {
    const { blocks } = this;
    const planar = blocks.samples === 1;
    const reading: WindowRead = { window, sample: planar ? 0 : band, out, wanted };
    const needed = this.takeKnown(planar ? band * blocks.across * blocks.down : 0, reading);
    needed.sort((a, b) => blocks.offsets[a]! - blocks.offsets[b]!);
    let next = 0;
    const readOn = async () => {
      while (next < needed.length) {
        const first = next;
        next = this.endOfRun(needed, first);
        const done = this.readRun(needed.slice(first, next), reading);
        if (done !== undefined) await done;
      }
    };
    const { parallel } = this.file.habits;
    if (parallel === 1) return readOn();
    // All settle before an error is thrown: nothing of this window is under way behind the caller's back.
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(parallel, needed.length) }, readOn));
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  }

  /** Takes what is kept of the window's blocks, or empty; the numbers of the others. @param plane Number of the band's first block */
  private takeKnown(plane: number, reading: WindowRead): number[] {
    const { width, height, across } = this.blocks;
    const { window } = reading;
    const needed: number[] = [];
    const lastRow = Math.floor((window.row + window.height - 1) / height);
    const lastCol = Math.floor((window.col + window.width - 1) / width);
    for (let row = Math.floor(window.row / height); row <= lastRow; row++) {
      for (let col = Math.floor(window.col / width); col <= lastCol; col++) {
        const block = plane + row * across + col;
        const kept = cachedBlock(this.id, block);
        if (kept !== undefined) this.copy(this.placeOf(block, window), kept, reading);
        else if (this.isSparse(block)) this.fillEmpty(this.placeOf(block, window), reading);
        else needed.push(block);
      }
    }
    return needed;
  }

  close(): void {
    forgetFile(this.id);
  }

  private isSparse(index: number): boolean {
    return this.blocks.byteCounts[index] === 0 || this.blocks.offsets[index] === 0;
  }

  /** Nodata, or 0 without a nodata value, where a sparse file has no block. */
  private fillEmpty({ left, right, top, bottom }: Place, { window, out }: WindowRead): void {
    const { image } = this;
    const wide = image.numberType === 'int64' || image.numberType === 'uint64';
    for (let row = top; row < bottom; row++) {
      const to = (row - window.row) * window.width - window.col;
      const part = out.subarray(to + left, to + right);
      if (wide) fillWide(part as Float64Array, wideFromText(image.nodataText ?? '0'));
      else part.fill(image.nodata ?? 0);
    }
  }

  /** The end of a run of blocks that are read together. */
  private endOfRun(needed: readonly number[], first: number): number {
    const { offsets, byteCounts } = this.blocks;
    const { gapBytes, readBytes } = this.file.habits;
    const start = offsets[needed[first]!]!;
    let end = start + byteCounts[needed[first]!]!;
    let last = first + 1;
    for (; last < needed.length; last++) {
      const block = needed[last]!;
      const blockEnd = offsets[block]! + byteCounts[block]!;
      if (offsets[block]! > end + gapBytes || blockEnd - start > readBytes) break;
      end = Math.max(end, blockEnd);
    }
    return last;
  }

  /** Done on return where no promise is returned. */
  private readRun(run: readonly number[], reading: WindowRead): void | Promise<void> {
    const { offsets, byteCounts } = this.blocks;
    const start = offsets[run[0]!]!;
    let end = start;
    for (const block of run) end = Math.max(end, offsets[block]! + byteCounts[block]!);
    // Taken for the time of this run: a read that is awaited lets others in between.
    const room = scratch.length < end - start ? new Uint8Array(Math.max(end - start, 64 * 1024)) : scratch;
    scratch = NO_ROOM;
    const stored = room.subarray(0, end - start);
    const arriving = this.file.readInto(start, stored);
    if (arriving !== undefined) return arriving.then(() => this.takeRun(run, start, stored, reading));
    this.takeRun(run, start, stored, reading);
  }

  /** Takes the blocks of a run from their stored bytes, and returns the room that these lie in. */
  private takeRun(run: readonly number[], start: number, stored: Uint8Array, reading: WindowRead): void {
    const { offsets, byteCounts } = this.blocks;
    const parts: Uint8Array[] = [];
    for (const block of run) {
      const from = offsets[block]! - start;
      parts.push(stored.subarray(from, from + byteCounts[block]!));
    }
    for (let k = 0; k < run.length; k++) {
      const block = run[k]!;
      const place = this.placeOf(block, reading.window);
      const pixels = this.decodeBlock(block, place, parts[k]!, parts[k + 1]);
      if (this.isTouchedAgain(place, reading)) {
        keepBlock(this.id, block, isBorrowed(pixels, stored) ? pixels.slice() : pixels);
      }
      this.copy(place, pixels, reading);
    }
    if (stored.buffer.byteLength > scratch.length) scratch = new Uint8Array(stored.buffer);
  }

  private decodeBlock(block: number, { row }: Place, stored: Uint8Array, next: Uint8Array | undefined): PixelArray {
    const { blocks } = this;
    const rows = blocks.tiled ? blocks.height : Math.min(blocks.height, this.image.height - row);
    const expected = rows * blocks.rowBytes;
    try {
      const bytes = this.decode!(stored, expected, next);
      if (bytes.length < expected) throw new RangeError(`${bytes.length} of ${expected} bytes`);
      return samplesFromBytes(bytes.subarray(0, expected), blocks.width, this.samples);
    } catch (error) {
      throw this.file.damaged(`block ${block} cannot be decoded (${messageOf(error)}); the file is damaged`);
    }
  }

  /** Whether another window, or another band, may want the block. */
  private isTouchedAgain({ col, row }: Place, { window, wanted }: WindowRead): boolean {
    const { blocks, image } = this;
    if (blocks.samples > 1) return true;
    const left = Math.max(col, wanted.col);
    const top = Math.max(row, wanted.row);
    const right = Math.min(col + blocks.width, image.width, wanted.col + wanted.width);
    const bottom = Math.min(row + blocks.height, image.height, wanted.row + wanted.height);
    return (
      left < window.col || top < window.row || right > window.col + window.width || bottom > window.row + window.height
    );
  }

  private placeOf(block: number, window: Window): Place {
    const { width, height, across, down } = this.blocks;
    const inPlane = block % (across * down);
    const col = (inPlane % across) * width;
    const row = Math.floor(inPlane / across) * height;
    return {
      col,
      row,
      left: Math.max(col, window.col),
      right: Math.min(col + width, window.col + window.width),
      top: Math.max(row, window.row),
      bottom: Math.min(row + height, window.row + window.height),
    };
  }

  private copy(place: Place, pixels: PixelArray, { window, sample, out }: WindowRead): void {
    const { width, samples } = this.blocks;
    const { left, right, top, bottom } = place;
    for (let row = top; row < bottom; row++) {
      const from = (row - place.row) * width + left - place.col;
      const to = (row - window.row) * window.width + left - window.col;
      if (samples === 1) out.set(pixels.subarray(from, from + right - left), to);
      else copySample(pixels, from * samples + sample, samples, out, to, right - left);
    }
  }
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/** An array's bits as unsigned integers, so that the copying loop meets three kinds of array and not eight. */
function wordsOf(pixels: PixelArray): Words {
  const { buffer, byteOffset, length, BYTES_PER_ELEMENT: size } = pixels;
  if (size === 1) return new Uint8Array(buffer, byteOffset, length);
  if (size === 2) return new Uint16Array(buffer, byteOffset, length);
  return new Uint32Array(buffer, byteOffset, (length * size) / 4);
}

/** Copies every `stride`-th number. */
function copySample(from: PixelArray, start: number, stride: number, to: PixelArray, at: number, count: number): void {
  const source = wordsOf(from);
  const target = wordsOf(to);
  const words = from.BYTES_PER_ELEMENT === 8 ? 2 : 1;
  for (let word = 0; word < words; word++) {
    let s = start * words + word;
    let t = at * words + word;
    for (let i = 0; i < count; i++, s += stride * words, t += words) target[t] = source[s]!;
  }
}
