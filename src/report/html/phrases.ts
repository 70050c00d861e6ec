/**
 * What a run says about itself in English, such as its warnings and where its endpoints come from, in the report's language.
 * @module
 */
import { fillIn } from './fill-in.ts';
import { html, type Html } from './markup.ts';
import { PHRASES } from './phrase-texts.ts';
import type { Page } from './section.ts';

/** Longer sentences stay as they are: names that people give could be made to keep the search busy. */
const LONGEST = 1000;

let shapes: RegExp[] | undefined;

/** The sentence; one that is not known stays English, and says that it is. */
export function phrase({ input: { language } }: Pick<Page, 'input'>, text: string): Html {
  if (language === 'en') return html`${text}`;
  shapes ??= PHRASES.map(({ en }) => shapeOf(en));
  for (const [k, shape] of shapes.entries()) {
    const found = text.length > LONGEST ? null : shape.exec(text);
    if (found !== null) return html`${fillIn(PHRASES[k]![language], found.groups ?? {})}`;
  }
  return html`<span lang="en">${text}</span>`;
}

/** Sentences like this one, with anything in place of its `{names}`. */
function shapeOf(sentence: string): RegExp {
  const literal = sentence.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll(/\{(\w+)\}/g, '(?<$1>.+)')}$`, 's');
}
