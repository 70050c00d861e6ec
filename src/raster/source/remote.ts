/**
 * What is known of remote files, and how they are to be read.
 * @module
 */
import type { Traffic } from './traffic.ts';

/** Bytes of a remote file that are kept. */
export interface KeptBytes {
  readonly offset: number;
  /** May lie in memory that threads share. */
  readonly bytes: Uint8Array;
}

/**
 * A remote file as it was when it was first opened: plain data, to be handed to other threads. They then ask for no byte
 * of its header again, and refuse the file once it has changed.
 */
export interface RemoteFile {
  readonly size: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The header, and the whole of a file whose server does not serve ranges. */
  readonly kept: KeptBytes[];
}

/** How remote files are read; all of it may be left out. */
export interface RemoteOptions {
  /** Address of an S3 service, such as http://127.0.0.1:9000, for s3:// URLs; the default is Amazon's. */
  endpoint?: string | undefined;
  /** Aborting it ends all requests. */
  signal?: AbortSignal | undefined;
  /** Files opened before, by URL; files opened now are added. */
  known?: Map<string, RemoteFile> | undefined;
  /** Counts what is fetched. */
  traffic?: Traffic | undefined;
  /** Milliseconds without a byte after which a request is given up; 30,000. */
  timeoutMs?: number | undefined;
  /** How often a request that fails in passing is repeated; 5. */
  retries?: number | undefined;
  /** Milliseconds before the first repetition, doubled for each further one; 250. */
  backoffMs?: number | undefined;
}
