/**
 * OpenJPEG compiled to WebAssembly: the package has no types of its own.
 * @module
 */

declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export interface FrameInfo {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  }
  export interface J2KDecoder {
    /** Room in the module's memory for the codestream. */
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getFrameInfo(): FrameInfo;
    /** The module's memory: to be copied before the next call. */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  export interface OpenJpeg {
    J2KDecoder: new () => J2KDecoder;
  }
  export interface OpenJpegOptions {
    wasmBinary: Uint8Array;
    print(line: string): void;
    printErr(line: string): void;
  }
  const factory: (options: OpenJpegOptions) => Promise<OpenJpeg>;
  export default factory;
}
