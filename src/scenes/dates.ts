/**
 * Calendar dates in file names and descriptions.
 * @module
 */

/** YYYY-MM-DD, or null when there is no such day in the calendar. */
export function isoDate(year: number, month: number, day: number): string | null {
  if (!Number.isInteger(year) || year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1) return null;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > lastDay) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** `20190114` as 2019-01-14, or null. */
export function isoDateOfDigits(digits: string): string | null {
  if (!/^\d{8}$/.test(digits)) return null;
  return isoDate(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)));
}

/** Year and day of year (1 to 366) as YYYY-MM-DD, or null. */
export function isoDateOfYearDay(year: number, day: number): string | null {
  if (day < 1 || day > 366 || isoDate(year, 1, 1) === null) return null;
  const date = new Date(Date.UTC(year, 0, day));
  return date.getUTCFullYear() === year ? date.toISOString().slice(0, 10) : null;
}

/** A file of a whole year is dated to its middle. */
export function middleOfYear(year: number): string | null {
  return isoDate(year, 7, 1);
}

/**
 * The date that the captured groups of a pattern tell: `2019`, `20190114`, `2019014` (day of year), `2019` `014`, or
 * `2019` `01` `14`; null when they are none of these or no such day.
 */
export function dateOfGroups(groups: readonly string[]): string | null {
  if (!groups.every((group) => /^\d+$/.test(group))) return null;
  const [first = '', second = '', third = ''] = groups;
  if (groups.length === 1) {
    if (first.length === 4) return middleOfYear(Number(first));
    if (first.length === 7) return isoDateOfYearDay(Number(first.slice(0, 4)), Number(first.slice(4)));
    return isoDateOfDigits(first);
  }
  if (first.length !== 4) return null;
  if (groups.length === 2 && second.length === 3) return isoDateOfYearDay(Number(first), Number(second));
  if (groups.length === 3) return isoDate(Number(first), Number(second), Number(third));
  return null;
}

const DATE_IN_TEXT = /(?<!\d)(\d{4})(?:[-_/.](\d{2})[-_/.](\d{2}))?(?!\d)|(?<!\d)(\d{8})(?!\d)/g;

/** The first date in a band's description: `NDVI 2004-07-19`, `20040719` or `2004`; null when there is none. */
export function dateInText(text: string): string | null {
  for (const match of text.matchAll(DATE_IN_TEXT)) {
    const date = dateOfGroups(match.slice(1).filter((group) => group !== undefined));
    if (date !== null) return date;
  }
  return null;
}
