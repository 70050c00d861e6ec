import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MineRsError } from '../../../src/errors.ts';
import { openBytes } from '../../../src/raster/source/open-bytes.ts';
import type { RemoteOptions } from '../../../src/raster/source/remote.ts';
import { bearerFor } from '../../../src/raster/source/bearer.ts';
import { parseS3Url, s3Address, s3Headers, s3Settings } from '../../../src/raster/source/s3.ts';
import { startRangeServer, type RangeServer } from './range-server.ts';

const QUICK: RemoteOptions = { timeoutMs: 300, backoffMs: 1, retries: 1 };

let server: RangeServer;
let other: RangeServer;

beforeAll(async () => {
  [server, other] = [await startRangeServer(), await startRangeServer()];
});

afterAll(() => Promise.all([server.close(), other.close()]));

beforeEach(() => {
  for (const each of [server, other]) {
    each.files.clear();
    each.files.set('/a.tif', { bytes: new Uint8Array(100_000), etag: '"1"' });
    each.served.length = 0;
    each.trick = undefined;
  }
});

afterEach(() => vi.unstubAllEnvs());

/** Sends one path of the server elsewhere. */
function redirect(from: string, to: string, status = 302): void {
  server.trick = (request, response) => {
    if (request.url !== from) return false;
    response.writeHead(status, { location: to }).end('moved');
    return true;
  };
}

async function failureOf(place: string, options = QUICK): Promise<string> {
  const error = await openBytes(place, options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MineRsError);
  const { message, details } = error as MineRsError;
  return `${message} ${JSON.stringify(details)}`;
}

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed, and not asked for again', async (status) => {
    redirect('/old.tif', '/a.tif', status);
    const file = await openBytes(`${server.origin}/old.tif`, QUICK);
    await file.readInto(50_000, new Uint8Array(10));
    expect(server.served.map(({ path }) => path)).toEqual(['/old.tif', '/a.tif', '/a.tif']);
  });

  it('are followed anew once the address they led to has expired', async () => {
    let key = 1;
    server.trick = (request, response) => {
      if (request.url === '/old.tif') {
        response.writeHead(302, { location: `/a.tif?key=${key}` }).end();
        return true;
      }
      if (request.url === `/a.tif?key=${key}`) return false;
      response.writeHead(403).end();
      return true;
    };
    const file = await openBytes(`${server.origin}/old.tif`, QUICK);
    key = 2;
    await file.readInto(50_000, new Uint8Array(10));
    expect(server.served.map(({ path }) => path)).toEqual([
      '/old.tif',
      '/a.tif?key=1',
      '/a.tif?key=1',
      '/old.tif',
      '/a.tif?key=2',
    ]);
  });

  it('in a circle are refused', async () => {
    redirect('/old.tif', '/old.tif');
    expect(await failureOf(`${server.origin}/old.tif`)).toMatch(/old\.tif: is redirected in a circle/);
    expect(server.served).toHaveLength(1);
  });

  it('without end are refused', async () => {
    server.trick = (request, response) => {
      response.writeHead(302, { location: `${request.url}x` }).end();
      return true;
    };
    expect(await failureOf(`${server.origin}/a`)).toMatch(/is redirected more than 5 times/);
    expect(server.served).toHaveLength(6);
  });

  it.each([
    ['file:///etc/passwd', /redirected to file:\/\/, which is not read/],
    ['http://', /redirected to nowhere/],
  ])('to %s are refused', async (to, message) => {
    redirect('/old.tif', to);
    expect(await failureOf(`${server.origin}/old.tif`)).toMatch(message);
  });

  it('from https to http are refused', async () => {
    const fetching = vi
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(new Response(null, { status: 302, headers: { location: 'http://example.org/a.tif' } }));
    try {
      expect(await failureOf('https://example.org/a.tif?sig=topsecret')).toMatch(/from https to http/);
      expect(fetching).toHaveBeenCalledTimes(1);
    } finally {
      fetching.mockRestore();
    }
  });

  it('to another host do not take the token along', async () => {
    vi.stubEnv('MINE_RS_HTTP_BEARER', 'topsecret');
    vi.stubEnv('MINE_RS_HTTP_BEARER_HOSTS', new URL(server.origin).host);
    redirect('/old.tif', `${other.origin}/a.tif`);
    await openBytes(`${server.origin}/old.tif`, QUICK);
    expect(server.served.map(({ headers }) => headers.authorization)).toEqual(['Bearer topsecret']);
    expect(other.served.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('the bearer token', () => {
  const https = new URL('https://data.example.org/a.tif');
  const given = { MINE_RS_HTTP_BEARER: 'topsecret', MINE_RS_HTTP_BEARER_HOSTS: 'data.example.org, Other.example.org' };

  it('goes to the hosts that were named, and to none other', () => {
    expect(bearerFor(https, given)).toBe('Bearer topsecret');
    expect(bearerFor(new URL('https://other.example.org/'), given)).toBe('Bearer topsecret');
    expect(bearerFor(new URL('https://example.org/'), given)).toBeUndefined();
    expect(bearerFor(new URL('https://evil-data.example.org/'), given)).toBeUndefined();
    expect(bearerFor(https, {})).toBeUndefined();
  });

  it('does not go over the network in the open', () => {
    expect(bearerFor(new URL('http://data.example.org/a.tif'), given)).toBeUndefined();
  });

  it('needs hosts, and is not shown where it is wrong', () => {
    expect(() => bearerFor(https, { MINE_RS_HTTP_BEARER: 'topsecret' })).toThrow(/MINE_RS_HTTP_BEARER_HOSTS/);
    const wrong = { ...given, MINE_RS_HTTP_BEARER: 'top secret' };
    expect(() => bearerFor(https, wrong)).toThrow(/^MINE_RS_HTTP_BEARER holds characters that no token has$/);
  });
});

describe('secrets', () => {
  it.each([
    ['a file that is not there', '/none.tif'],
    ['a broken file', '/a.tif'],
    ['a redirect in a circle', '/circle.tif'],
  ])('do not show in the error for %s', async (_name, path) => {
    vi.stubEnv('MINE_RS_HTTP_BEARER', 'topsecret');
    vi.stubEnv('MINE_RS_HTTP_BEARER_HOSTS', '127.0.0.1');
    redirect('/circle.tif?sv=1&sig=topsecret', '/circle.tif?sv=1&sig=topsecret');
    const { openGeoTiff } = await import('../../../src/raster/geotiff-file.ts');
    const error = await openGeoTiff(`${server.origin}${path}?sv=1&sig=topsecret`, QUICK).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MineRsError);
    const { message, details, stack } = error as MineRsError;
    expect(message).toContain(`${server.origin}${path}?redacted: `);
    expect(message + JSON.stringify(details) + stack).not.toContain('topsecret');
  });

  it('do not show where the server cannot be reached', async () => {
    const gone = await startRangeServer();
    await gone.close();
    expect(await failureOf(`${gone.origin}/a.tif?sig=topsecret`)).not.toContain('topsecret');
  });

  it('do not show in the refusal of a URL with a password', async () => {
    const message = await failureOf('https://me:topsecret@example.org/a.tif');
    expect(message).toMatch(/https:\/\/example\.org\/a\.tif: has a user name or password/);
    expect(message).not.toContain('topsecret');
  });
});

describe('s3://', () => {
  it('is a bucket and a key', () => {
    expect(parseS3Url('s3://bucket/a/b c.tif')).toEqual({ bucket: 'bucket', key: 'a/b c.tif' });
    expect(() => parseS3Url('s3://bucket')).toThrow(/is not of the form s3:\/\/bucket\/key/);
  });

  it.each([
    ['s3://bucket/a/b.tif', undefined, {}, 'https://bucket.s3.us-east-1.amazonaws.com/a/b.tif'],
    ['s3://bucket/a+b c.tif', undefined, {}, 'https://bucket.s3.us-east-1.amazonaws.com/a%2Bb%20c.tif'],
    ['s3://bucket/a', undefined, { AWS_REGION: 'us-west-2' }, 'https://bucket.s3.us-west-2.amazonaws.com/a'],
    ['s3://dot.ted/a', undefined, {}, 'https://s3.us-east-1.amazonaws.com/dot.ted/a'],
    ['s3://bucket/a', 'http://127.0.0.1:9000/', {}, 'http://127.0.0.1:9000/bucket/a'],
  ])('%s lies at the address of its service (endpoint %s)', (url, endpoint, environment, address) => {
    expect(s3Address(parseS3Url(url), s3Settings(endpoint, environment)).href).toBe(address);
  });

  it('takes an address for an endpoint', () => {
    for (const wrong of ['s3.example.org', 'ftp://x', 'https://x/y?z', 'https://u:p@x']) {
      expect(() => s3Settings(wrong, {})).toThrow(/--endpoint .*expected an address/);
    }
  });

  it('is not signed without credentials, or when told not to', async () => {
    const url = new URL('https://bucket.s3.us-east-1.amazonaws.com/a');
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect(await s3Headers(url, s3Settings(undefined, {}))).toEqual({});
    expect(await s3Headers(url, s3Settings(undefined, { ...keys, AWS_NO_SIGN_REQUEST: 'YES' }))).toEqual({});
    const payer = s3Settings(undefined, { AWS_REQUEST_PAYER: 'requester' });
    expect(await s3Headers(url, payer)).toEqual({ 'x-amz-request-payer': 'requester' });
  });

  it('is read from an endpoint, signed with credentials that do not show', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'topsecret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    server.files.set('/bucket/a.tif', { bytes: new Uint8Array(10), etag: '"1"' });
    const file = await openBytes('s3://bucket/a.tif', { ...QUICK, endpoint: server.origin });
    expect(file.path).toBe('s3://bucket/a.tif');
    const { headers } = server.served[0]!;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-amz-security-token']).toBe('session');
    expect(JSON.stringify(headers)).not.toContain('topsecret');
    expect(await failureOf('s3://bucket/none.tif', { ...QUICK, endpoint: server.origin })).not.toContain('topsecret');
  });

  it('is signed as AWS Signature Version 4 says', async () => {
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'topsecret',
      AWS_REGION: 'eu-west-1',
    };
    const url = s3Address(parseS3Url('s3://bucket/a b/c+(1).tif'), s3Settings(undefined, environment));
    const headers = await s3Headers(url, s3Settings(undefined, environment));
    const date = headers['x-amz-date']!;
    // The steps of the specification, by hand: canonical request, string to sign, derived key.
    const signed = [
      'host',
      ...Object.keys(headers).filter((name) => name !== 'authorization' && name !== 'host'),
    ].toSorted();
    const valueOf = (name: string) => (name === 'host' ? url.host : headers[name]!);
    const request = [
      'GET',
      '/a%20b/c%2B%281%29.tif',
      '',
      ...signed.map((name) => `${name}:${valueOf(name)}`),
      '',
      signed.join(';'),
      'UNSIGNED-PAYLOAD',
    ].join('\n');
    const scope = `${date.slice(0, 8)}/eu-west-1/s3/aws4_request`;
    const digest = createHash('sha256').update(request).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const key = scope.split('/').reduce<string | Buffer>((last, part) => hmac(last, part), 'AWS4topsecret');
    const signature = hmac(key, ['AWS4-HMAC-SHA256', date, scope, digest].join('\n')).toString('hex');
    expect(headers.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`,
    );
  });

  it('is asked for in the region that its service names', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
      const { host } = input as URL;
      if (host.includes('us-east-1')) {
        return new Response(null, { status: 301, headers: { 'x-amz-bucket-region': 'us-west-2' } });
      }
      return new Response(new Uint8Array(4), { status: 206, headers: { 'content-range': 'bytes 0-3/4' } });
    });
    try {
      expect((await openBytes('s3://bucket/a.tif', QUICK)).size).toBe(4);
      expect(fetching.mock.calls.map(([input]) => (input as URL).host)).toEqual([
        'bucket.s3.us-east-1.amazonaws.com',
        'bucket.s3.us-west-2.amazonaws.com',
      ]);
    } finally {
      fetching.mockRestore();
    }
  });
});
