/**
 * The report's texts in the reader's language.
 * @module
 */
import { fillIn } from './fill-in.ts';
import { EN, type TextKey } from './text-en.ts';
import type { Language } from './payload.ts';
import { ZH } from './text-zh.ts';

export type { TextKey } from './text-en.ts';

export type Texts = Readonly<Record<TextKey, string>>;

export const TEXTS: Readonly<Record<Language, Texts>> = { en: EN, zh: ZH };

/** Says a text with its `{names}` filled in. */
export type Say = (key: TextKey, fills?: Readonly<Record<string, string | number>>) => string;

export function sayIn(language: Language): Say {
  const texts = TEXTS[language];
  return (key, fills = {}) => fillIn(texts[key], fills);
}

/** The texts of the page's script: those whose keys begin with `ui.`, without it. */
export function scriptTexts(language: Language): Record<string, string> {
  const entries = Object.entries(TEXTS[language]).filter(([key]) => key.startsWith('ui.'));
  return Object.fromEntries(entries.map(([key, text]) => [key.slice(3), text]));
}

/** A word of a small fixed set, such as a role; the word itself where it has no translation. */
export function wordOr(say: Say, prefix: 'role' | 'class', word: string): string {
  const key = `${prefix}.${word}`;
  return Object.hasOwn(EN, key) ? say(key as TextKey) : word;
}
