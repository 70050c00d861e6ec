/**
 * Small text files behind URLs, such as STAC items: fetched like the rasters that they name.
 * @module
 */
import { exchange } from './exchange.ts';
import { checkStatus } from './http-range.ts';
import { RemoteAddress } from './remote-address.ts';
import type { RemoteOptions } from './remote.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The text behind a URL (http, https, s3), in UTF-8.
 * @throws {MineRsError} BAD_INPUT naming the URL, without secrets, if it cannot be had or is larger than 64 MiB
 */
export async function fetchText(url: string, options: RemoteOptions): Promise<string> {
  const address = new RemoteAddress(url, options.endpoint);
  const bytes = await exchange(address, {}, options, async (answer) => {
    checkStatus(address, answer.response);
    const body = await answer.readUpTo(MAX_BYTES);
    if (body === undefined) throw address.refused(`is larger than ${MAX_BYTES / 2 ** 20} MiB`);
    return body;
  });
  return new TextDecoder().decode(bytes);
}
