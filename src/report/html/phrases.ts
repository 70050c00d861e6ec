/**
 * What a run says about itself in English, such as where its endpoints come from, in the report's language.
 * @module
 */
import { html, type Html } from './markup.ts';
import type { Page } from './section.ts';
import type { TextKey } from './text.ts';

/** Sentences of summary.json by their shape, and the text that says the same. */
const PHRASES: readonly (readonly [RegExp, TextKey])[] = [
  [
    /^percentiles (?<low>\S+) and (?<high>\S+) of all valid annual values in the processed extent, all years$/,
    'phrase.percentiles',
  ],
  [
    /^percentiles (?<low>\S+) and (?<high>\S+) of all valid annual values in zone (?<zone>.+), all years$/,
    'phrase.percentilesZone',
  ],
  [/^given with --fvc$/, 'phrase.given'],
  [/^mean FVC of the reference zones? \((?<zones>.+)\) in the same year$/, 'phrase.reference'],
  [/^mean FVC of zone (?<zone>.+) in the same year$/, 'phrase.zone'],
  [/^median FVC of each pixel in (?<years>[\d, ]+)$/, 'phrase.median'],
  [/^the commonest grid: (?<some>\d+) of (?<all>\d+) scenes, (?<others>\d+) resampled onto it$/, 'phrase.commonest'],
  [/^the commonest grid: (?<some>\d+) of (?<all>\d+) scenes$/, 'phrase.only'],
];

/** The sentence; one that is not known stays English, and says that it is. */
export function phrase({ say, input }: Page, text: string): Html {
  if (input.language !== 'en') {
    for (const [shape, key] of PHRASES) {
      const found = shape.exec(text);
      if (found !== null) return html`${say(key, found.groups ?? {})}`;
    }
  }
  return html`<span lang="en">${text}</span>`;
}
