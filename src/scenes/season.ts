/**
 * Which years and which part of the year count.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Scene } from './scene.ts';

/** First and last year, both included. */
export interface YearRange {
  first: number;
  last: number;
}

/** Month and day as MM-DD, both included; a season whose start is later than its end wraps the end of the year. */
export interface Season {
  start: string;
  end: string;
}

/** Which dates count; undefined: all. */
export interface DateRange {
  years?: YearRange | undefined;
  season?: Season | undefined;
}

export interface Selection {
  used: Scene[];
  dropped: { scene: Scene; reason: string }[];
}

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `2005..2024`, or one year. Throws `USAGE`. */
export function parseYears(text: string): YearRange {
  const match = /^\s*(\d{4})(?:\s*\.\.\s*(\d{4}))?\s*$/.exec(text);
  if (match === null) {
    throw new MineRsError('USAGE', `--years ${text}: expected first and last year, such as 2005..2024`);
  }
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  if (last < first) throw new MineRsError('USAGE', `--years ${text}: the last year is before the first`);
  return { first, last };
}

/** `06-01..09-30` (month-day), or `11-01..02-28` across the end of the year. Throws `USAGE`. @param option Whose it is. */
export function parseSeason(text: string, option = '--season'): Season {
  const match = /^\s*(\d{2})-(\d{2})\s*\.\.\s*(\d{2})-(\d{2})\s*$/.exec(text);
  if (match === null) {
    throw new MineRsError('USAGE', `${option} ${text}: expected month-day..month-day, such as 06-01..09-30`);
  }
  const [startMonth, startDay, endMonth, endDay] = match.slice(1).map(Number) as [number, number, number, number];
  for (const [month, day] of [
    [startMonth, startDay],
    [endMonth, endDay],
  ] as const) {
    if (day < 1 || day > (DAYS_OF_MONTH[month - 1] ?? 0)) {
      throw new MineRsError('USAGE', `${option} ${text}: there is no day ${day} of month ${month}`);
    }
  }
  return { start: `${match[1]}-${match[2]}`, end: `${match[3]}-${match[4]}` };
}

/** Whether a date (YYYY-MM-DD) lies in the season. */
export function inSeason(date: string, season: Season): boolean {
  const day = date.slice(5);
  return season.start <= season.end
    ? day >= season.start && day <= season.end
    : day >= season.start || day <= season.end;
}

/** Why a date (YYYY-MM-DD) does not count, or null where it does. The year is the calendar year in any season. */
export function outsideReason(date: string, { years, season }: DateRange): string | null {
  const year = Number(date.slice(0, 4));
  if (years !== undefined && (year < years.first || year > years.last)) {
    return `outside the years ${years.first} to ${years.last}`;
  }
  if (season !== undefined && !inSeason(date, season)) return `outside the season ${season.start} to ${season.end}`;
  return null;
}

/** The scenes of the wanted years and season, and the others with the reason. */
export function selectScenes(scenes: readonly Scene[], range: DateRange): Selection {
  const used: Scene[] = [];
  const dropped: Selection['dropped'] = [];
  for (const scene of scenes) {
    const reason = outsideReason(scene.date, range);
    if (reason === null) used.push(scene);
    else dropped.push({ scene, reason });
  }
  return { used, dropped };
}
