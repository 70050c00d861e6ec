import { describe, expect, it } from 'vitest';
import { messageOf, MineRsError } from '../src/errors.ts';
import { isUrl, redactData, redactUrl, redactUrls } from '../src/url.ts';

describe('isUrl', () => {
  it.each(['http://a/b.tif', 'https://a/b.tif', 'HTTPS://a', 's3://bucket/key'])('%s is one', (place) => {
    expect(isUrl(place)).toBe(true);
  });

  it.each(['/data/b.tif', 'b.tif', 'C:\\data\\b.tif', 'file:///b.tif', 'scenes/http/b.tif'])('%s is none', (place) => {
    expect(isUrl(place)).toBe(false);
  });
});

describe('redactUrl', () => {
  it.each([
    ['https://host/a.tif', 'https://host/a.tif'],
    ['https://host/a.tif?sig=secret', 'https://host/a.tif?redacted'],
    ['https://host/a.tif?redacted', 'https://host/a.tif?redacted'],
    ['https://host/a.tif#secret', 'https://host/a.tif'],
    ['https://me:secret@host/a.tif', 'https://host/a.tif'],
    ['https://me:se@cret@host/a@b.tif', 'https://host/a@b.tif'],
    ['https://host?sig=a b\'c"secret', 'https://host?redacted'],
    ['s3://bucket/key', 's3://bucket/key'],
    ['/data/what?.tif', '/data/what?.tif'],
  ])('%s becomes %s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
    expect(redactUrl(redactUrl(url))).toBe(expected);
  });
});

describe('redactUrls', () => {
  it.each([
    ['https://host/a.tif?sig=secret: does not exist', 'https://host/a.tif?redacted: does not exist'],
    ['see https://host/a?k=secret, or "http://u:secret@b/c".', 'see https://host/a?redacted, or "http://b/c".'],
    ["'https://host/a?k=secret' is wrong", "'https://host/a?redacted' is wrong"],
    ['two https://a/b?secret https://c/d?secret', 'two https://a/b?redacted https://c/d?redacted'],
    ['a (https://host/a?x=1.5&sig=secret)', 'a (https://host/a?redacted)'],
    ['is it clear? no://', 'is it clear? no://'],
  ])('%s', (text, expected) => {
    expect(redactUrls(text)).toBe(expected);
  });
});

describe('a hostile text', () => {
  it('takes no longer than its length', () => {
    const text = `http://a?${':'.repeat(300_000)}x http://${'a-'.repeat(300_000)}`;
    const start = performance.now();
    expect(redactUrls(text).length).toBeLessThan(text.length);
    // Quadratic time would be minutes.
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('errors and records', () => {
  const url = 'https://host/a.tif?sig=secret';

  it('hold no secrets of URLs', () => {
    const error = new MineRsError('BAD_INPUT', `${url}: is wrong`, { path: url, scenes: [url] });
    expect(error.message).toBe('https://host/a.tif?redacted: is wrong');
    expect(JSON.stringify(error.details)).not.toContain('secret');
    expect(messageOf(new TypeError(`Failed to parse ${url}`))).toBe('Failed to parse https://host/a.tif?redacted');
  });

  it('keep everything else', () => {
    const pixels = new Float32Array(2);
    const record = { a: [1, null, undefined, { b: 'x' }], pixels };
    expect(redactData(record)).toEqual(record);
    expect(redactData(record).pixels).toBe(pixels);
    expect(redactData({ inputs: [{ path: url }] })).toEqual({ inputs: [{ path: 'https://host/a.tif?redacted' }] });
  });
});
