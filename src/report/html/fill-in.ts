/**
 * Values in the place of names in a text.
 * @module
 */

/** Puts values in the place of `{names}`; a name without a value stays. */
export function fillIn(text: string, fills: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(fills[name] ?? whole));
}
