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
let scratch = new Uint8Array(0);

let nextFile = 1;

interface Needed {
  readonly index: number;
  /** The block's place, in blocks. */
  readonly across: number;
  readonly down: number;
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
  private readonly blocks: BlockLayout;
  private readonly samples: SampleLayout;
  private readonly decode: BlockDecoder | undefined;
  private readonly id: number;

  constructor(file: TiffBytes, image: ImageSize, { layout, samples, decode }: ImageBlocks) {
    this.file = file;
    this.image = image;
    this.blocks = layout;
    this.samples = samples;
    this.decode = decode;
    this.id = nextFile++;
  }

  /** Fills `out` with a window of a band (from 0); both have been checked. */
  async read(window: Window, band: number, out: PixelArray): Promise<void> {
    const { blocks } = this;
    const planar = blocks.samples === 1;
    const plane = planar ? band * blocks.across * blocks.down : 0;
    const sample = planar ? 0 : band;
    const needed: Needed[] = [];
    const lastRow = Math.floor((window.row + window.height - 1) / blocks.height);
    const lastCol = Math.floor((window.col + window.width - 1) / blocks.width);
    for (let down = Math.floor(window.row / blocks.height); down <= lastRow; down++) {
      for (let across = Math.floor(window.col / blocks.width); across <= lastCol; across++) {
        const block = { index: plane + down * blocks.across + across, across, down };
        const kept = cachedBlock(this.id, block.index);
        if (kept !== undefined) this.copy(block, kept, sample, window, out);
        else if (this.isSparse(block.index)) this.fillEmpty(block, window, out);
        else needed.push(block);
      }
    }
    needed.sort((a, b) => blocks.offsets[a.index]! - blocks.offsets[b.index]!);
    const runs: Needed[][] = [];
    for (let first = 0; first < needed.length; first += runs.at(-1)!.length) {
      runs.push(needed.slice(first, this.endOfRun(needed, first)));
    }
    let next = 0;
    const readOn = async () => {
      while (next < runs.length) await this.readRun(runs[next++]!, sample, window, out);
    };
    const { parallel } = this.file.habits;
    if (parallel === 1 || runs.length < 2) return readOn();
    // All settle before an error is thrown: nothing of this window is under way behind the caller's back.
    const lanes = await Promise.allSettled(Array.from({ length: Math.min(parallel, runs.length) }, readOn));
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  }

  close(): void {
    forgetFile(this.id);
  }

  private isSparse(index: number): boolean {
    return this.blocks.byteCounts[index] === 0 || this.blocks.offsets[index] === 0;
  }

  /** Nodata, or 0 without a nodata value, where a sparse file has no block. */
  private fillEmpty(block: Needed, window: Window, out: PixelArray): void {
    const { image } = this;
    const { left, right, top, bottom } = this.overlap(block, window);
    const wide = image.numberType === 'int64' || image.numberType === 'uint64';
    for (let row = top; row < bottom; row++) {
      const to = (row - window.row) * window.width - window.col;
      const part = out.subarray(to + left, to + right);
      if (wide) fillWide(part as Float64Array, wideFromText(image.nodataText ?? '0'));
      else part.fill(image.nodata ?? 0);
    }
  }

  /** The end of a run of blocks that are read together. */
  private endOfRun(needed: readonly Needed[], first: number): number {
    const { offsets, byteCounts } = this.blocks;
    const { gapBytes, readBytes } = this.file.habits;
    const start = offsets[needed[first]!.index]!;
    let end = start + byteCounts[needed[first]!.index]!;
    let last = first + 1;
    for (; last < needed.length; last++) {
      const { index } = needed[last]!;
      const blockEnd = offsets[index]! + byteCounts[index]!;
      if (offsets[index]! > end + gapBytes || blockEnd - start > readBytes) break;
      end = Math.max(end, blockEnd);
    }
    return last;
  }

  private async readRun(run: readonly Needed[], sample: number, window: Window, out: PixelArray): Promise<void> {
    const { offsets, byteCounts } = this.blocks;
    const start = offsets[run[0]!.index]!;
    const end = run.reduce((most, { index }) => Math.max(most, offsets[index]! + byteCounts[index]!), start);
    // Taken for the time of this run: a read that is awaited lets others in between.
    const room = scratch.length < end - start ? new Uint8Array(Math.max(end - start, 64 * 1024)) : scratch;
    scratch = new Uint8Array(0);
    const stored = room.subarray(0, end - start);
    const reading = this.file.readInto(start, stored);
    if (reading !== undefined) await reading;
    for (const block of run) {
      const from = offsets[block.index]! - start;
      const pixels = this.decodeBlock(block, stored.subarray(from, from + byteCounts[block.index]!));
      if (this.isTouchedAgain(block, window)) {
        keepBlock(this.id, block.index, isBorrowed(pixels, stored) ? pixels.slice() : pixels);
      }
      this.copy(block, pixels, sample, window, out);
    }
    if (room.length > scratch.length) scratch = room;
  }

  private decodeBlock(block: Needed, stored: Uint8Array): PixelArray {
    const { blocks } = this;
    const rows = blocks.tiled ? blocks.height : Math.min(blocks.height, this.image.height - block.down * blocks.height);
    const expected = rows * blocks.rowBytes;
    try {
      const bytes = this.decode!(stored, expected);
      if (bytes.length < expected) throw new RangeError(`${bytes.length} of ${expected} bytes`);
      return samplesFromBytes(bytes.subarray(0, expected), blocks.width, this.samples);
    } catch (error) {
      throw this.file.damaged(`block ${block.index} cannot be decoded (${messageOf(error)}); the file is damaged`);
    }
  }

  /** Whether another window, or another band, may want the block. */
  private isTouchedAgain({ across, down }: Needed, window: Window): boolean {
    const { blocks, image } = this;
    if (blocks.samples > 1) return true;
    const right = Math.min((across + 1) * blocks.width, image.width);
    const bottom = Math.min((down + 1) * blocks.height, image.height);
    return (
      across * blocks.width < window.col ||
      down * blocks.height < window.row ||
      right > window.col + window.width ||
      bottom > window.row + window.height
    );
  }

  private overlap(block: Needed, window: Window) {
    const { width, height } = this.blocks;
    return {
      left: Math.max(block.across * width, window.col),
      right: Math.min((block.across + 1) * width, window.col + window.width),
      top: Math.max(block.down * height, window.row),
      bottom: Math.min((block.down + 1) * height, window.row + window.height),
    };
  }

  private copy(block: Needed, pixels: PixelArray, sample: number, window: Window, out: PixelArray): void {
    const { width, height, samples } = this.blocks;
    const { left, right, top, bottom } = this.overlap(block, window);
    for (let row = top; row < bottom; row++) {
      const from = (row - block.down * height) * width + left - block.across * width;
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
