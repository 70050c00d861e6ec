/**
 * HTML from templates in which everything that is filled in is escaped.
 * @module
 */

/** Finished HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Fill = Html | string | number | null | undefined | readonly Fill[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that steer text rather than being read: they could turn the line around, or hide a part of it. */
const STEERING = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text as HTML: nothing in it is markup any more. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(STEERING, (c) => (c === '\n' || c === '\t' ? c : ''))
    .replaceAll(/[&<>"']/g, (c) => ESCAPES[c]!);
}

/** The tag of a template: strings and numbers are escaped, {@link Html} and lists of it are taken as they are. */
export function html(parts: TemplateStringsArray, ...fills: readonly Fill[]): Html {
  const lines = unindented(parts);
  let text = lines[0]!;
  for (let k = 0; k < fills.length; k++) text += fillText(fills[k]) + lines[k + 1]!;
  return new Html(text);
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The template's own lines without their indentation: it would be a good part of a long table. */
function unindented(parts: TemplateStringsArray): readonly string[] {
  let lines = known.get(parts);
  if (lines === undefined) {
    lines = parts.map((part) => part.replaceAll(/\n\s*/g, '\n'));
    known.set(parts, lines);
  }
  return lines;
}

function fillText(fill: Fill): string {
  if (fill === null || fill === undefined) return '';
  if (fill instanceof Html) return fill.text;
  if (typeof fill === 'object') return fill.map(fillText).join('');
  return escapeHtml(String(fill));
}

/** JSON that can stand in a script element: it can neither end the element nor begin a comment. */
export function scriptJson(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replaceAll(
      /[<>&\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
}
