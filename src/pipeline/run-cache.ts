/**
 * What a finished run leaves for the next one: by what it can tell that there is nothing to do, which maps it can keep, and
 * the digests of inputs.
 * @module
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../report/model.ts';
import { contentStampOf, digestOf } from './stamp.ts';

const STATE_FILE = 'state.json';
const FORMAT = 2;

/** A map in the output folder. */
export interface KeptMap {
  /** Its path in the output folder. */
  file: string;
  bytes: number;
  sha256: string;
}

/** The digest of an input, and the file's stamp when it was taken. */
export interface KeptDigest {
  stamp: string;
  bytes: number;
  sha256: string;
}

/** The memory of an output folder. */
export interface RunCache {
  /** Digest of all that the run depended on; see run-signature.ts. */
  signature: string;
  /** Digest of the places that were named; see early-check.ts. Empty where the next run has to be planned. */
  places: string;
  /** What the run was going to do, and the scenes that it left out. */
  plan: Plan;
  skipped: number;
  /** Stamps of all files that the run left, by their path in the output folder. */
  outputs: Record<string, string>;
  /** By the digest of all that the map depends on. */
  maps: Record<string, KeptMap>;
  /** By path. */
  digests: Record<string, KeptDigest>;
}

/** Reads the memory. Undefined where there is none, or it is damaged. */
export function readRunCache(folder: string): RunCache | undefined {
  try {
    const { format, sha256, state } = JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')) as Stored;
    return format === FORMAT && digestOf(state) === sha256 ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the memory: wholly or not at all. */
export function writeRunCache(folder: string, state: RunCache): void {
  const path = join(folder, STATE_FILE);
  const stored: Stored = { format: FORMAT, sha256: digestOf(state), state };
  writeDurably(`${path}.new`, JSON.stringify(stored));
  renameSync(`${path}.new`, path);
}

interface Stored {
  format: number;
  sha256: string;
  state: RunCache;
}

function writeDurably(path: string, text: string): void {
  const fd = openSync(path, 'w');
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Stamps of files by their path in a folder. */
export function outputStamps(folder: string, files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, contentStampOf(join(folder, file))]));
}

/** Whether files of an output folder are as the run left them. */
export function isIntact(folder: string, cache: RunCache, files = Object.keys(cache.outputs)): boolean {
  return files.length > 0 && files.every((file) => cache.outputs[file] === contentStampOf(join(folder, file)));
}
