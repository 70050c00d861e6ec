/**
 * How numbers are written, the same on the page and in its charts: no locale, so that a report is the same everywhere.
 * @module
 */

/** For what does not exist. */
export const NONE = '–';

/** A number with a fixed count of digits, thousands apart and a true minus sign. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole, part] = text.split('.') as [string, string?];
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(text) !== 0 ? '−' : '';
  return sign + grouped + (part === undefined ? '' : `.${part}`);
}

/** Hectares: a digit behind the point up to 10,000. Land that is there but rounds to nothing is not 0. */
export function hectares(value: number): string {
  if (value > 0 && value < 0.05) return '< 0.1';
  return fixed(value, value >= 10_000 ? 0 : 1);
}

/** Square kilometres of hectares. */
export function squareKm(valueHa: number): string {
  return fixed(valueHa / 100, valueHa >= 100_000 ? 1 : 3);
}

/** A share of 0 to 1 in percent. */
export function percent(share: number | null, digits = 0): string {
  if (share === null) return NONE;
  if (share > 0 && share < 0.5 / 10 ** (digits + 2)) return `< ${(1 / 10 ** digits).toFixed(digits)} %`;
  return `${fixed(100 * share, digits)} %`;
}

/** A p-value: three digits behind the point, or that it is less. */
export function pValue(p: number | null): string {
  if (p === null) return NONE;
  return p < 0.001 ? '< 0.001' : fixed(p, 3);
}

/** With its sign, for changes. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text;
}

/** Any figure with four digits that count, and all of its whole ones. */
export function brief(value: number): string {
  const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return fixed(value, Math.max(0, Math.min(9, 4 - whole)));
}
