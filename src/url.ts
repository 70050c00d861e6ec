/**
 * URLs in options, messages and records.
 *
 * The query of a URL may be a key to the file (a signed URL, an SAS token), so nobody gets to see it.
 * @module
 */

const HIDDEN = '?redacted';

/** A URL inside a text: scheme, then host and path, then query and fragment. */
const URL_IN_TEXT = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"<>?#]*)([?#][^\s"<>]*)?/gi;
/** What of a query is rather the sentence's. */
const PUNCTUATION = new Set(".,:;!)]}'`");

/** Whether a place is named by a URL that is read from. */
export function isUrl(place: string): boolean {
  return /^(https?|s3):\/\//i.test(place);
}

/** A URL without user, password, query and fragment. Anything that is no URL comes back as it is. */
export function redactUrl(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*:\/\/)([^?#]*)([?#].*)?$/is.exec(url);
  return parts === null ? url : redacted(parts[1]!, parts[2]!, parts[3]);
}

/** A text with every URL in it redacted. */
export function redactUrls(text: string): string {
  if (!text.includes('://')) return text;
  return text.replaceAll(URL_IN_TEXT, (_, scheme: string, place: string, rest?: string) => {
    let end = rest?.length ?? 0;
    while (end > 1 && PUNCTUATION.has(rest![end - 1]!)) end--;
    return redacted(scheme, place, rest) + (rest?.slice(end) ?? '');
  });
}

/** Plain data with the URLs in all of its strings redacted. Typed arrays and the like stay as they are. */
export function redactData<T>(data: T): T {
  if (typeof data === 'string') return (isUrl(data) ? redactUrl(data) : redactUrls(data)) as T;
  if (Array.isArray(data)) return data.map(redactData) as T;
  if (data === null || typeof data !== 'object' || Object.getPrototypeOf(data) !== Object.prototype) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redactData(value)])) as T;
}

function redacted(scheme: string, place: string, rest: string | undefined): string {
  const slash = place.indexOf('/');
  const host = slash < 0 ? place : place.slice(0, slash);
  const user = host.lastIndexOf('@');
  return scheme + place.slice(user + 1) + (rest === undefined || rest.startsWith('#') ? '' : HIDDEN);
}
