/**
 * A web server on this machine that serves ranges, and misbehaves on request.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one request got. */
export interface Served {
  path: string;
  range: string | undefined;
  headers: IncomingMessage['headers'];
}

/** Answers a request in its own way; returns false to have it answered properly. */
export type Trick = (request: IncomingMessage, response: ServerResponse, count: number) => boolean | Promise<boolean>;

export interface ServedFile {
  bytes: Uint8Array;
  etag: string | null;
  lastModified?: string;
}

export interface RangeServer {
  readonly origin: string;
  readonly files: Map<string, ServedFile>;
  /** Every request, in the order of arrival. */
  readonly served: Served[];
  /** Bytes of bodies sent by proper answers. */
  sent: number;
  trick: Trick | undefined;
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startRangeServer(): Promise<RangeServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1');
    server.served.push({ path: request.url!, range: request.headers.range, headers: request.headers });
    if ((await server.trick?.(request, response, server.served.length)) === true) return;
    server.sent += serve(server.files.get(decodeURIComponent(pathname)), request, response);
  };
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: RangeServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    files: new Map(),
    served: [],
    sent: 0,
    trick: undefined,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

/** RFC 9110 for one range. Returns the length of the body. */
function serve(file: ServedFile | undefined, request: IncomingMessage, response: ServerResponse): number {
  if (file === undefined) {
    response.writeHead(404).end('not here');
    return 0;
  }
  const { bytes, etag, lastModified } = file;
  const common: Record<string, string> = { 'accept-ranges': 'bytes' };
  if (etag !== null) common.etag = etag;
  if (lastModified !== undefined) common['last-modified'] = lastModified;
  const match = request.headers['if-match'];
  if (match !== undefined && match !== etag) {
    response.writeHead(412).end();
    return 0;
  }
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (range === null) {
    response.writeHead(200, { ...common, 'content-length': bytes.length }).end(bytes);
    return bytes.length;
  }
  const first = Number(range[1]);
  if (first >= bytes.length) {
    response.writeHead(416, { ...common, 'content-range': `bytes */${bytes.length}` }).end();
    return 0;
  }
  const body = bytes.subarray(first, Math.min(Number(range[2]) + 1, bytes.length));
  const contentRange = `bytes ${first}-${first + body.length - 1}/${bytes.length}`;
  response.writeHead(206, { ...common, 'content-range': contentRange, 'content-length': body.length }).end(body);
  return body.length;
}

/** Fails every fifth request, in turn by 503, reset, short body and delay. */
export function everyFifth(file: ServedFile, delayMs: number): Trick {
  let failures = 0;
  return (request, response, count) => {
    if (count % 5 !== 0) return false;
    switch (failures++ % 4) {
      case 0:
        response.writeHead(503).end('busy');
        return true;
      case 1:
        request.socket.resetAndDestroy();
        return true;
      case 2:
        // A whole answer, of which only a part comes.
        serve(file, request, Object.assign(response, { end: () => cutShort(request, response) }));
        return true;
      default:
        setTimeout(() => request.socket.destroy(), delayMs);
        return true;
    }
  };
}

function cutShort(request: IncomingMessage, response: ServerResponse): ServerResponse {
  response.write('II*', () => request.socket.destroy());
  return response;
}
