import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import type { Scene } from '../../src/scenes/scene.ts';
import { inSeason, parseSeason, parseYears, selectScenes } from '../../src/scenes/season.ts';

const scene = (date: string): Scene => ({
  id: `scene ${date}`,
  date,
  year: Number(date.slice(0, 4)),
  sensor: 'LC08',
  product: 'landsat-c2l2',
  bands: {},
  masks: [],
  files: [],
  adjustments: [],
});

describe('parseYears', () => {
  it('reads a range and a single year', () => {
    expect(parseYears('2005..2024')).toEqual({ first: 2005, last: 2024 });
    expect(parseYears(' 2005 .. 2005 ')).toEqual({ first: 2005, last: 2005 });
    expect(parseYears('2019')).toEqual({ first: 2019, last: 2019 });
  });

  it.each(['', '2005-2024', '2024..2005', '05..24', '2005..', '2005...2024'])('refuses %j as usage', (text) => {
    expect(() => parseYears(text)).toThrow(MineRsError);
    expect(() => parseYears(text)).toThrow(/--years/);
  });
});

describe('parseSeason and inSeason', () => {
  it('includes both ends', () => {
    const season = parseSeason('06-01..09-30');
    expect(season).toEqual({ start: '06-01', end: '09-30' });
    const inside = ['2019-05-31', '2019-06-01', '2019-07-15', '2020-09-30', '2020-10-01'].map((d) =>
      inSeason(d, season),
    );
    expect(inside).toEqual([false, true, true, true, false]);
  });

  it('wraps the end of the year', () => {
    const season = parseSeason('11-15..02-29');
    const dates = ['2019-11-14', '2019-11-15', '2019-12-31', '2020-01-01', '2020-02-29', '2020-03-01', '2020-07-01'];
    expect(dates.map((date) => inSeason(date, season))).toEqual([false, true, true, true, true, false, false]);
  });

  it.each(['6-1..9-30', '06-01', '13-01..02-01', '06-31..07-01', '00-10..02-01', '06-00..07-01', '06/01..09/30'])(
    'refuses %j as usage',
    (text) => {
      expect(() => parseSeason(text)).toThrow(MineRsError);
      expect(() => parseSeason(text)).toThrow(/--season/);
    },
  );
});

describe('selectScenes', () => {
  const scenes = ['2018-07-01', '2019-01-20', '2019-07-01', '2020-12-24'].map(scene);

  it('keeps all without conditions', () => {
    expect(selectScenes(scenes, {})).toEqual({ used: scenes, dropped: [] });
  });

  it('drops with the reason, years first', () => {
    const { used, dropped } = selectScenes(scenes, {
      years: parseYears('2019..2020'),
      season: parseSeason('06-01..09-30'),
    });
    expect(used.map(({ date }) => date)).toEqual(['2019-07-01']);
    expect(dropped.map(({ scene: { date }, reason }) => [date, reason])).toEqual([
      ['2018-07-01', 'outside the years 2019 to 2020'],
      ['2019-01-20', 'outside the season 06-01 to 09-30'],
      ['2020-12-24', 'outside the season 06-01 to 09-30'],
    ]);
  });

  it('counts an observation to its calendar year when the season wraps', () => {
    const { used } = selectScenes(scenes, { years: parseYears('2019'), season: parseSeason('12-01..01-31') });
    expect(used.map(({ date }) => date)).toEqual(['2019-01-20']);
  });
});
