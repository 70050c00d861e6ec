/**
 * The blocks of an image: how they lie in the file, how their samples lie in them, and what decodes them.
 * @module
 */
import { readBlockLayout, type BlockLayout } from './block-layout.ts';
import { openBlockDecoder, PREDICTS_ITSELF } from './codecs/open-decoder.ts';
import { compressionName, type BlockDecoder, type SampleLayout } from './decode.ts';
import type { ImageTags } from './image-tags.ts';
import type { Tags } from './tags.ts';
import type { TiffBytes } from './tiff-bytes.ts';

/** What a block reader needs. */
export interface ImageBlocks {
  readonly layout: BlockLayout;
  readonly samples: SampleLayout;
  /** Undefined where the pixels cannot be read. */
  readonly decode: BlockDecoder | undefined;
  /** Why the pixels cannot be read, or null. */
  readonly pixelProblem: string | null;
}

/**
 * Reads where the blocks are, and loads their codec.
 * @throws {MineRsError} BAD_INPUT if the layout is incomplete, absurdly large, or points past the file's end
 */
export async function openImageBlocks(file: TiffBytes, tags: Tags, image: ImageTags): Promise<ImageBlocks> {
  const { shape, sampleType, extraSamples } = image;
  const layout = readBlockLayout(file, tags, shape);
  const samples: SampleLayout = {
    pixelType: sampleType.pixelType,
    bits: shape.bits,
    littleEndian: tags.littleEndian,
    predictor: PREDICTS_ITSELF.has(shape.compression) ? 1 : shape.predictor,
    samples: layout.samples,
  };
  if (image.pixelProblem !== null) return { layout, samples, decode: undefined, pixelProblem: image.pixelProblem };
  const decode = await openBlockDecoder({
    compression: shape.compression,
    blockWidth: layout.width,
    blockHeight: layout.height,
    rowBytes: layout.rowBytes,
    pixelType: samples.pixelType,
    bits: samples.bits,
    littleEndian: samples.littleEndian,
    samples: samples.samples,
    ycc: image.ycc,
    alpha: !shape.planar && extraSamples[extraSamples.length - 1] === 2,
    reversedBits: image.reversedBits,
    jpegTables: image.jpegTables,
    lercParameters: image.lercParameters,
  });
  const pixelProblem =
    decode === undefined ? `${compressionName(shape.compression)} compression is not supported` : null;
  return { layout, samples, decode, pixelProblem };
}
