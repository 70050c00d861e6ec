/**
 * The bearer token for HTTP requests: from the environment only, and sent to named hosts only.
 * @module
 */
import { MineRsError } from '../../errors.ts';

const TOKEN = 'MINE_RS_HTTP_BEARER';
const HOSTS = 'MINE_RS_HTTP_BEARER_HOSTS';

/**
 * The Authorization header for a URL, or undefined. A scene list may name any host, so the token goes only to hosts
 * that stand in MINE_RS_HTTP_BEARER_HOSTS, and unencrypted to this machine only.
 *
 * @throws {MineRsError} USAGE if the token has no hosts, or is none
 */
export function bearerFor(url: URL, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const token = environment[TOKEN]?.trim();
  if (token === undefined || token === '') return undefined;
  // Anything else would be refused by fetch, in a message that shows it.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new MineRsError('USAGE', `${TOKEN} holds characters that no token has`);
  const hosts = (environment[HOSTS] ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((host) => host !== '');
  if (hosts.length === 0) {
    throw new MineRsError(
      'USAGE',
      `${TOKEN} is set, but not who gets it: name the hosts in ${HOSTS}, with commas between`,
    );
  }
  const named = hosts.includes(url.hostname) || hosts.includes(url.host);
  return named && (url.protocol === 'https:' || isLoopback(url)) ? `Bearer ${token}` : undefined;
}

function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
}
