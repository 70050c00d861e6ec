/**
 * JSON as the project's formatter lays it out, so that a generated file passes the format check.
 * @module
 */

const LINE_WIDTH = 120;

/** Objects and lists of plain values on one line where they fit, all others with one member a line. */
export function formatJson(value: unknown): string {
  return `${layOut(value, 0, 0)}\n`;
}

/** @param indent Spaces before the line the value stands on @param used Characters on that line before the value */
function layOut(value: unknown, indent: number, used: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const members: [key: string, member: unknown][] = isList
    ? value.map((member): [string, unknown] => ['', member])
    : Object.entries(value).map(([key, member]): [string, unknown] => [`${JSON.stringify(key)}: `, member]);
  if (members.length === 0) return open + close;
  if (members.every(([, member]) => typeof member !== 'object' || member === null)) {
    const pad = isList ? '' : ' ';
    const line = open + pad + members.map(([key, member]) => key + JSON.stringify(member)).join(', ') + pad + close;
    if (used + line.length < LINE_WIDTH) return line;
  }
  const inner = ' '.repeat(indent + 2);
  const lines = members.map(([key, member]) => inner + key + layOut(member, indent + 2, indent + 2 + key.length));
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}
