/**
 * Where a remote file is asked for: URL, redirects, credentials.
 * @module
 */
import { MineRsError } from '../../errors.ts';
import { redactUrl } from '../../url.ts';
import { bearerFor } from './bearer.ts';
import { parseS3Url, s3Address, s3Headers, s3Settings, type S3Object, type S3Settings } from './s3.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Answers of an address that was redirected to, once what it was signed with has expired. */
const EXPIRED = new Set([401, 403, 404, 410]);

/** A remote file's address. */
export class RemoteAddress {
  /** The URL without secrets. */
  readonly name: string;
  private readonly object: S3Object | undefined;
  private settings: S3Settings | undefined;
  private start: URL;
  /** Where redirects led the last time. */
  private resolved: URL | undefined;

  /** @throws {MineRsError} BAD_INPUT if the URL is none that can be read; USAGE if the endpoint is wrong */
  constructor(url: string, endpoint: string | undefined) {
    this.name = redactUrl(url);
    if (/^s3:/i.test(url)) {
      this.object = parseS3Url(url);
      this.settings = s3Settings(endpoint);
      this.start = s3Address(this.object, this.settings);
    } else {
      if (!URL.canParse(url)) throw this.refused('is not a URL');
      this.start = new URL(url);
    }
    if (this.start.username !== '' || this.start.password !== '') {
      throw this.refused('has a user name or password in it, which is not supported');
    }
  }

  /** The error for a file that cannot be had. */
  refused(what: string): MineRsError {
    return new MineRsError('BAD_INPUT', `${this.name}: ${what}`, { path: this.name });
  }

  /** What to do about a file that is not open to everybody. */
  get accessAdvice(): string {
    return this.object === undefined
      ? 'a signed URL may have expired; a token goes into MINE_RS_HTTP_BEARER and its hosts into MINE_RS_HTTP_BEARER_HOSTS'
      : 'credentials go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_REQUEST_PAYER=requester accepts the costs';
  }

  /**
   * Asks for the file and follows redirects, each with the credentials for its own host and none other.
   *
   * @returns An answer that is no redirect, whatever its status.
   * @throws {MineRsError} BAD_INPUT for redirects in a circle, too many, to another protocol, or from https to http
   */
  async get(headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
    let url = this.resolved ?? this.start;
    const seen = new Set<string>();
    for (;;) {
      if (seen.has(url.href)) throw this.refused('is redirected in a circle');
      if (seen.size > MAX_REDIRECTS) throw this.refused(`is redirected more than ${MAX_REDIRECTS} times`);
      seen.add(url.href);
      const allHeaders = { ...headers, 'accept-encoding': 'identity', ...(await this.credentials(url)) };
      const response = await fetch(url, { headers: allHeaders, redirect: 'manual', signal });
      const next = this.following(url, response);
      if (next === undefined) {
        if (response.ok && url !== this.start) this.resolved = url;
        return response;
      }
      await response.body?.cancel();
      url = next;
    }
  }

  /** The next URL to ask, or undefined where the answer is final. */
  private following(url: URL, response: Response): URL | undefined {
    if (url === this.resolved && EXPIRED.has(response.status)) {
      this.resolved = undefined;
      return this.start;
    }
    const region = response.headers.get('x-amz-bucket-region');
    if (!response.ok && this.object !== undefined && region !== null && this.isElsewhere(region)) {
      this.settings = { ...this.settings!, region };
      this.start = s3Address(this.object, this.settings);
      return this.start;
    }
    if (!REDIRECTS.has(response.status)) return undefined;
    const location = response.headers.get('location');
    if (location === null || !URL.canParse(location, url.href)) throw this.refused('is redirected to nowhere');
    const next = new URL(location, url);
    next.username = '';
    next.password = '';
    if (next.protocol !== 'https:' && next.protocol !== 'http:') {
      throw this.refused(`is redirected to ${next.protocol}//, which is not read`);
    }
    if (url.protocol === 'https:' && next.protocol === 'http:') {
      throw this.refused('is redirected from https to http, which is not followed');
    }
    return next;
  }

  private isElsewhere(region: string): boolean {
    return this.settings!.endpoint === undefined && region !== this.settings!.region && /^[a-z0-9-]+$/.test(region);
  }

  private async credentials(url: URL): Promise<Record<string, string>> {
    if (this.settings !== undefined) return url.origin === this.start.origin ? s3Headers(url, this.settings) : {};
    const bearer = bearerFor(url);
    return bearer === undefined ? {} : { authorization: bearer };
  }
}
