/**
 * How a run reads remote files.
 * @module
 */
import type { RemoteFile, RemoteOptions } from '../raster/source/remote.ts';
import { createTraffic } from '../raster/source/traffic.ts';

/** Settings for one run: each remote file is learnt once, and what is fetched is counted. */
export function createRemote(endpoint: string | undefined, signal: AbortSignal | undefined): RemoteOptions {
  return { endpoint, signal, known: new Map<string, RemoteFile>(), traffic: createTraffic() };
}
