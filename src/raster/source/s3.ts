/**
 * `s3://bucket/key`: the file's HTTP address, and signed requests for it where the environment has credentials.
 * @module
 */
import { MineRsError } from '../../errors.ts';

const DEFAULT_REGION = 'us-east-1';

/** An object in a bucket. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/** What the environment says of S3; the names are those of Amazon's own tools and of GDAL. */
export interface S3Settings {
  readonly region: string;
  readonly endpoint: string | undefined;
  /** Undefined: requests are not signed. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string } | undefined;
  /** Buckets whose readers pay for the transfer want to be told that we know. */
  readonly requesterPays: boolean;
}

/** Takes an s3:// URL apart. @throws {MineRsError} BAD_INPUT if it names no object */
export function parseS3Url(url: string): S3Object {
  const parts = /^s3:\/\/([a-z0-9][a-z0-9._-]*)\/([^?#]+)$/i.exec(url);
  if (parts === null) throw new MineRsError('BAD_INPUT', `${url}: is not of the form s3://bucket/key`, { path: url });
  return { bucket: parts[1]!, key: parts[2]! };
}

/** Reads the settings. @throws {MineRsError} USAGE if the endpoint is no http address */
export function s3Settings(endpoint: string | undefined, environment: NodeJS.ProcessEnv = process.env): S3Settings {
  if (endpoint !== undefined && !/^https?:\/\/[^/?#@]+\/?$/i.test(endpoint)) {
    throw new MineRsError('USAGE', `--endpoint ${endpoint}: expected an address such as https://s3.example.org`);
  }
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  const unsigned = /^(yes|true|1)$/i.test(environment.AWS_NO_SIGN_REQUEST ?? '');
  return {
    region: environment.AWS_REGION || environment.AWS_DEFAULT_REGION || DEFAULT_REGION,
    endpoint: endpoint?.replace(/\/$/, ''),
    credentials:
      id && secret && !unsigned
        ? { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) }
        : undefined,
    requesterPays: environment.AWS_REQUEST_PAYER === 'requester',
  };
}

/** The address of an object. Buckets with dots have no valid certificate as a host name, so they go into the path. */
export function s3Address({ bucket, key }: S3Object, { endpoint, region }: S3Settings): URL {
  const path = key.split('/').map(encodeURIComponent).join('/');
  if (endpoint !== undefined) return new URL(`${endpoint}/${bucket}/${path}`);
  if (/[._]/.test(bucket)) return new URL(`https://s3.${region}.amazonaws.com/${bucket}/${path}`);
  return new URL(`https://${bucket}.s3.${region}.amazonaws.com/${path}`);
}

/** The headers that a GET of an object needs, signed (AWS Signature Version 4) where there are credentials. */
export async function s3Headers(url: URL, settings: S3Settings): Promise<Record<string, string>> {
  const headers: Record<string, string> = settings.requesterPays ? { 'x-amz-request-payer': 'requester' } : {};
  if (settings.credentials === undefined) return headers;
  // Loaded when it is needed: most runs sign nothing.
  const { AwsV4Signer } = await import('aws4fetch');
  const signer = new AwsV4Signer({
    ...settings.credentials,
    url: url.href,
    method: 'GET',
    headers,
    service: 's3',
    region: settings.region,
  });
  return Object.fromEntries((await signer.sign()).headers);
}
