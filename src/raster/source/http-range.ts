/**
 * Ranges of a remote file, with everything checked that the server says about them.
 * @module
 */
import type { MineRsError } from '../../errors.ts';
import { exchange, type Answer } from './exchange.ts';
import type { RemoteAddress } from './remote-address.ts';
import type { RemoteFile, RemoteOptions } from './remote.ts';
import { PassingFailure } from './retry.ts';

/** A file whose server does not serve ranges is read whole up to this. */
const MAX_WHOLE_BYTES = 32 * 1024 * 1024;
/** All such files of a run, which keeps them. */
const MAX_ALL_WHOLE_BYTES = 256 * 1024 * 1024;

/**
 * Reads the beginning of a file, and learns its size and version.
 *
 * @param length Bytes wanted; a shorter file is read whole.
 * @throws {MineRsError} BAD_INPUT naming the file if it cannot be had, or is large and served in one piece only
 */
export async function fetchHead(address: RemoteAddress, length: number, options: RemoteOptions): Promise<RemoteFile> {
  return exchange(address, { range: `bytes=0-${length - 1}` }, options, async (answer) => {
    const { response } = answer;
    const version = versionOf(response);
    const range = parseContentRange(response.headers.get('content-range'));
    if (response.status === 416 && range?.size === 0) {
      await response.body?.cancel();
      return { size: 0, ...version, kept: [] };
    }
    checkStatus(address, response);
    if (response.status === 200) {
      const bytes = await readWhole(address, answer, options);
      return { size: bytes.length, ...version, kept: [{ offset: 0, bytes }] };
    }
    if (range === undefined || range.size === undefined)
      throw address.refused('the server does not say how long it is');
    const wanted = Math.min(length, range.size);
    if (range.first !== 0 || range.last !== wanted - 1) throw wrongRange(address, response, 0, wanted);
    checkLength(response, wanted);
    const bytes = sharedBytes(wanted);
    await answer.fill(bytes);
    return { size: range.size, ...version, kept: [{ offset: 0, bytes }] };
  });
}

/**
 * Fills `out` with the bytes from `first` on, which lie inside the file.
 * @throws {MineRsError} BAD_INPUT naming the file if it has changed since `file` was learnt, or cannot be had
 */
export async function fetchRange(
  address: RemoteAddress,
  first: number,
  out: Uint8Array,
  file: RemoteFile,
  options: RemoteOptions,
): Promise<void> {
  const headers: Record<string, string> = { range: `bytes=${first}-${first + out.length - 1}` };
  // A weak tag never matches, by definition.
  if (file.etag !== null && !file.etag.startsWith('W/')) headers['if-match'] = file.etag;
  await exchange(address, headers, options, async (answer) => {
    const { response } = answer;
    if (response.status === 412 || response.status === 416) throw changed(address);
    checkStatus(address, response);
    if (isOtherVersion(file, versionOf(response))) throw changed(address);
    if (response.status === 200) throw address.refused('the server stopped serving ranges of it');
    const range = parseContentRange(response.headers.get('content-range'));
    if (range?.size !== undefined && range.size !== file.size) throw changed(address);
    if (range === undefined || range.first !== first || range.last !== first + out.length - 1) {
      throw wrongRange(address, response, first, out.length);
    }
    checkLength(response, out.length);
    await answer.fill(out);
  });
}

/** Room for bytes that other threads will read too. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

async function readWhole(address: RemoteAddress, answer: Answer, options: RemoteOptions): Promise<Uint8Array> {
  let others = 0;
  for (const { size, kept } of options.known?.values() ?? []) if (kept[0]?.bytes.length === size) others += size;
  const most = Math.min(MAX_WHOLE_BYTES, MAX_ALL_WHOLE_BYTES - others);
  const header = answer.response.headers.get('content-length');
  const length = header === null ? undefined : Number(header);
  const bytes = length !== undefined && length > most ? undefined : await answer.readUpTo(most);
  if (bytes === undefined) {
    const limit = `${MAX_WHOLE_BYTES / 2 ** 20} MiB a file and ${MAX_ALL_WHOLE_BYTES / 2 ** 20} MiB in all`;
    throw address.refused(
      `the server does not serve ranges of it, and more than ${limit} are not read whole; download it`,
    );
  }
  if (length !== undefined && bytes.length !== length) {
    throw new PassingFailure(`the server sent ${bytes.length} of ${length} bytes`);
  }
  const shared = sharedBytes(bytes.length);
  shared.set(bytes);
  return shared;
}

/** @throws {MineRsError} BAD_INPUT unless the answer is the file, or a part of it, as it is stored */
export function checkStatus(address: RemoteAddress, response: Response): void {
  const { status } = response;
  if (status === 404 || status === 410) throw address.refused(`does not exist (the server answers ${status})`);
  if (status === 401 || status === 403) {
    throw address.refused(`is not open to everybody (the server answers ${status}); ${address.accessAdvice}`);
  }
  if (status !== 200 && status !== 206) throw address.refused(`cannot be read (the server answers ${status})`);
  const encoding = response.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw address.refused(`the server compresses it on the way (${encoding}), so its ranges cannot be read`);
  }
}

/** A body of another length than its range is a proxy's accident. */
function checkLength(response: Response, wanted: number): void {
  const length = response.headers.get('content-length');
  if (length !== null && Number(length) !== wanted) {
    throw new PassingFailure(`the server announced ${length} of ${wanted} bytes`);
  }
}

type Version = Pick<RemoteFile, 'etag' | 'lastModified'>;

function versionOf({ headers }: Response): Version {
  return { etag: headers.get('etag'), lastModified: headers.get('last-modified') };
}

/** Whether the tags, or without tags the dates, of two answers tell that the file is another one. */
function isOtherVersion(before: Version, now: Version): boolean {
  const strong = (tag: string) => tag.replace(/^W\//, '');
  if (before.etag !== null && now.etag !== null) return strong(before.etag) !== strong(now.etag);
  return before.lastModified !== null && now.lastModified !== null && before.lastModified !== now.lastModified;
}

interface ContentRange {
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Of the whole file. */
  readonly size: number | undefined;
}

function parseContentRange(header: string | null): ContentRange | undefined {
  const parts = /^bytes\s+(?:(\d+)-(\d+)|\*)\/(?:(\d+)|\*)$/i.exec(header ?? '');
  if (parts === null) return undefined;
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  if (!Number.isSafeInteger(number(parts[3]) ?? 0)) return undefined;
  return { first: number(parts[1]), last: number(parts[2]), size: number(parts[3]) };
}

function wrongRange(address: RemoteAddress, response: Response, first: number, length: number): MineRsError {
  const got = response.headers.get('content-range') ?? 'no range';
  return address.refused(`the server sent ${got} where bytes ${first}-${first + length - 1} were asked for`);
}

function changed(address: RemoteAddress): MineRsError {
  return address.refused('has changed on the server since it was first read; start again');
}
