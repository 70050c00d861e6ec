import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateInText, dateOfGroups, isoDate, isoDateOfYearDay } from '../../src/scenes/dates.ts';

describe('dates', () => {
  it('knows the calendar', () => {
    expect(isoDate(2020, 2, 29)).toBe('2020-02-29');
    expect(isoDate(2019, 2, 29)).toBeNull();
    expect(isoDate(2000, 2, 29)).toBe('2000-02-29');
    expect(isoDate(2020, 13, 1)).toBeNull();
    expect(isoDate(2020, 0, 1)).toBeNull();
  });

  it('reads year and day of year', () => {
    // Landsat 5 scene LT50350321985206: day 206 of 1985 is 25 July
    expect(isoDateOfYearDay(1985, 206)).toBe('1985-07-25');
    expect(isoDateOfYearDay(2020, 366)).toBe('2020-12-31');
    expect(isoDateOfYearDay(2019, 366)).toBeNull();
    expect(isoDateOfYearDay(2019, 0)).toBeNull();
  });

  it.each([
    [['2005'], '2005-07-01'],
    [['20190114'], '2019-01-14'],
    [['2019014'], '2019-01-14'],
    [['2019', '014'], '2019-01-14'],
    [['2019', '01', '14'], '2019-01-14'],
    [['2019', '1', '4'], '2019-01-04'],
    [['2019', '01'], null],
    [['20191401'], null],
    [['abcd'], null],
    [[], null],
  ])('reads the groups %j as %j', (groups, date) => {
    expect(dateOfGroups(groups)).toBe(date);
  });

  it.each([
    ['2004', '2004-07-01'],
    ['ndvi_1984', '1984-07-01'],
    ['NDVI 2004-07-19', '2004-07-19'],
    ['20040719_ndvi', '2004-07-19'],
    ['band 1', null],
    ['', null],
    ['20041399', null],
  ])('finds in %j the date %j', (text, date) => {
    expect(dateInText(text)).toBe(date);
  });

  it('agrees with itself over every day of a year, by month and by day of year', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1972, max: 2100 }), fc.integer({ min: 1, max: 365 }), (year, day) => {
        const date = isoDateOfYearDay(year, day)!;
        const [y, m, d] = date.split('-') as [string, string, string];
        expect(dateOfGroups([y, m, d])).toBe(date);
        expect(dateOfGroups([y + m + d])).toBe(date);
        expect(dateInText(`x ${date}`)).toBe(date);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
