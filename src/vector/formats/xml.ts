/**
 * The part of XML that KML needs: elements, attributes, text. No document types, so no entities that grow.
 * @module
 */

/** Called as the text is read; names come without their prefix. */
export interface XmlHandler {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text: (text: string) => void;
  readonly close: (name: string) => void;
}

const MAX_DEPTH = 256;

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * Reads a text from its start to its end.
 * @throws {SyntaxError} with what is wrong, for a message that begins with "it"
 */
export function readXml(text: string, handler: XmlHandler): void {
  const stack: string[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let seen = false;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    const end = open < 0 ? text.length : open;
    if (end > at) {
      const between = text.slice(at, end);
      if (stack.length > 0) handler.text(decodeText(between));
      else if (between.trim() !== '') throw new SyntaxError('has text outside of its elements');
    }
    if (open < 0) break;
    at = open;
    if (text.startsWith('<!--', at)) at = after(text, '-->', at + 4);
    else if (text.startsWith('<![CDATA[', at)) {
      const stop = after(text, ']]>', at + 9);
      handler.text(text.slice(at + 9, stop - 3));
      at = stop;
    } else if (text.startsWith('<?', at)) at = after(text, '?>', at + 2);
    else if (text.startsWith('<!', at)) throw new SyntaxError('has a document type, which is not read');
    else if (text.startsWith('</', at)) {
      const stop = after(text, '>', at + 2);
      const name = localName(text.slice(at + 2, stop - 1).trim());
      const expected = stack.pop();
      if (name !== expected)
        throw new SyntaxError(`closes <${shown(name)}> where <${shown(expected ?? 'nothing')}> is open`);
      handler.close(name);
      at = stop;
    } else {
      const stop = tagEnd(text, at + 1);
      const empty = text[stop - 2] === '/';
      const body = text.slice(at + 1, empty ? stop - 2 : stop - 1);
      const name = localName(/^[^\s/>]+/.exec(body)?.[0] ?? '');
      if (name === '') throw new SyntaxError('has a tag without a name');
      if (stack.length === 0 && seen) throw new SyntaxError('has more than one outermost element');
      seen = true;
      if (stack.length >= MAX_DEPTH) throw new SyntaxError('is nested too deep');
      handler.open(name, attributesOf(body));
      if (empty) handler.close(name);
      else stack.push(name);
      at = stop;
    }
  }
  if (stack.length > 0) throw new SyntaxError(`ends within <${shown(stack.at(-1)!)}>`);
  if (!seen) throw new SyntaxError('has no element');
}

function shown(name: string): string {
  return name.slice(0, 40);
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  if (at < 0) throw new SyntaxError('is cut off');
  return at + mark.length;
}

/** The place after a tag's `>`, which may stand in a quoted value too. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const sign = text[at]!;
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '>') return at + 1;
    else if (sign === '<') throw new SyntaxError('has a tag that is not closed');
  }
  throw new SyntaxError('is cut off');
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function attributesOf(body: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [, name, double, single] of body.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    out[localName(name!)] = decodeText(double ?? single ?? '');
  }
  return out;
}

function decodeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name as string] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
