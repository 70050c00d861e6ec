/**
 * One request and its answer: bounded in time and number, repeated when it fails in passing.
 * @module
 */
import { MineRsError, messageOf } from '../../errors.ts';
import type { RemoteAddress } from './remote-address.ts';
import type { RemoteOptions } from './remote.ts';
import { throughGate } from './request-gate.ts';
import { interrupted, PassingFailure, retryAfterMs, withRetries } from './retry.ts';
import { countBytes, countFailure, countRequest } from './traffic.ts';

const TIMEOUT_MS = 30_000;
/** Bytes per millisecond: a body that comes more slowly, and not only at times, is given up though it never stands still. */
const SLOWEST = 8;

/** Answers of a server that may do better the next time. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Failures to connect that are no accident. */
const LASTING = /^(ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL|HPE_|UND_ERR_INVALID)/;

/** An answer whose body has not been read. */
export interface Answer {
  readonly response: Response;
  /** Reads the body, which has to fill `out` exactly. */
  fill(out: Uint8Array): Promise<void>;
  /** Reads a body of unknown length. @returns undefined if it is longer than `most` */
  readUpTo(most: number): Promise<Uint8Array | undefined>;
}

/**
 * Sends a request and hands the answer to `use`; both are repeated when they fail in passing.
 *
 * @throws {MineRsError} BAD_INPUT naming the file; INTERRUPTED once the signal is aborted
 */
export async function exchange<T>(
  address: RemoteAddress,
  headers: Record<string, string>,
  options: RemoteOptions,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  return withRetries(address.name, options, () =>
    throughGate(async () => {
      try {
        return await attempt(address, headers, options, use);
      } catch (error) {
        if (error instanceof PassingFailure) countFailure(options.traffic);
        throw error;
      }
    }),
  );
}

async function attempt<T>(
  address: RemoteAddress,
  headers: Record<string, string>,
  options: RemoteOptions,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const { signal, traffic, timeoutMs = TIMEOUT_MS } = options;
  if (signal?.aborted === true) throw interrupted();
  const controller = new AbortController();
  let stopped = false;
  let late = false;
  const stop = () => {
    stopped = true;
    controller.abort();
  };
  const giveUp = () => {
    late = true;
    controller.abort();
  };
  const silence = setTimeout(giveUp, timeoutMs);
  const start = performance.now();
  let received = 0;
  let deadline = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener('abort', stop, { once: true });
  const hear = (chunk: Uint8Array) => {
    silence.refresh();
    received += chunk.length;
    clearTimeout(deadline);
    deadline = setTimeout(giveUp, timeoutMs + received / SLOWEST - (performance.now() - start));
    countBytes(traffic, chunk.length);
  };
  try {
    countRequest(traffic);
    const response = await address.get(headers, controller.signal);
    if (PASSING.has(response.status)) {
      throw new PassingFailure(
        `the server answers ${response.status}`,
        retryAfterMs(response.headers.get('retry-after')),
      );
    }
    return await use(answerOf(address, response, hear));
  } catch (error) {
    // Whatever is left of the body is not waited for.
    controller.abort();
    if (stopped) throw interrupted();
    if (late) throw new PassingFailure(`the server did not answer within ${timeoutMs / 1000} s`);
    throw connectionFailure(address, error);
  } finally {
    clearTimeout(silence);
    clearTimeout(deadline);
    signal?.removeEventListener('abort', stop);
  }
}

function answerOf(address: RemoteAddress, response: Response, hear: (chunk: Uint8Array) => void): Answer {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body ?? []) {
      hear(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  };
  return {
    response,
    async fill(out) {
      let done = 0;
      for await (const chunk of chunks()) {
        if (done + chunk.length > out.length) throw address.refused('the server sends more bytes than were asked for');
        out.set(chunk, done);
        done += chunk.length;
      }
      if (done < out.length) throw new PassingFailure(`the server sent ${done} of ${out.length} bytes`);
    },
    async readUpTo(most) {
      const parts: Uint8Array[] = [];
      let done = 0;
      for await (const chunk of chunks()) {
        parts.push(chunk);
        done += chunk.length;
        if (done > most) return undefined;
      }
      return Buffer.concat(parts);
    },
  };
}

/** What a failed connection means; errors that are none of the network's come back as they are. */
function connectionFailure(address: RemoteAddress, error: unknown): unknown {
  if (error instanceof MineRsError || !(error instanceof TypeError) || error.cause === undefined) return error;
  const cause = error.cause as { code?: string };
  const what = `the connection failed (${cause.code ?? messageOf(error.cause)})`;
  return cause.code !== undefined && LASTING.test(cause.code) ? address.refused(what) : new PassingFailure(what);
}
