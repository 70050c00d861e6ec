/**
 * Tables of plots: what is read from them, and what is said of bad ones.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlots } from '../../src/pipeline/plots-table.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('plots-table');

function table(...lines: string[]): string {
  const path = join(newFolder(), 'plots.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const WIDE = ['plot,group,lon,lat,year,cover (%),height (cm),observer', 'a,x,99.5,38.04,2024,61,18.2,AB'];

describe('a wide table', () => {
  it('has a line a plot; columns of numbers are variables, those of words are left', () => {
    const found = readPlots(table(...WIDE, 'b,y,99.6,38.05,2023,70.5,,CD', '', '"c, d",y,-99.6,-8.05,2023,NA,12,'));
    expect(found.groups).toEqual(['x', 'y']);
    expect(found.plots.map(({ id, group, place, year, line }) => [id, group, place, year, line])).toEqual([
      ['a', 'x', { lon: 99.5, lat: 38.04 }, 2024, 2],
      ['b', 'y', { lon: 99.6, lat: 38.05 }, 2023, 3],
      ['c, d', 'y', { lon: -99.6, lat: -8.05 }, 2023, 5],
    ]);
    expect(found.variables).toEqual([
      { name: 'cover', unit: '%', values: [61, 70.5, NaN] },
      { name: 'height', unit: 'cm', values: [18.2, NaN, 12] },
    ]);
    expect([found.measure, found.ignored]).toEqual([null, ['observer']]);
  });

  it('may do without groups, and takes them from another column', () => {
    expect(readPlots(table('plot,cover', 'a,10', 'b,20'))).toMatchObject({ groups: [], plots: [{ group: null }, {}] });
    const lines = ['plot,site,group,cover', 'a,s,1,10', 'b,t,1,20'];
    expect(readPlots(table(...lines), undefined, 'site').groups).toEqual(['s', 't']);
  });

  it('takes the species of its plots from a second table; a plot without any is bare', () => {
    const species = table('plot,species,count', 'a,Poa,3', 'a,Stipa,1');
    const found = readPlots(table('plot,group,cover', 'a,x,10', 'b,y,20'), species);
    expect(found.plots.map(({ community }) => [...community!])).toEqual([[['Poa', 3], ['Stipa', 1]], []]); // prettier-ignore
    expect(found.measure).toBe('count');
  });
});

describe('a long table', () => {
  it('has a line a plot and species; counts are taken before covers', () => {
    const found = readPlots(table('Plot;Group;Species;Count;Cover', 'a;x;Poa;3;10', 'b;y;Poa;1;5', 'a;x;Stipa;2;7'));
    expect(found).toMatchObject({ groups: ['x', 'y'], measure: 'count', variables: [] });
    expect(found.plots.map(({ id, community }) => [id, ...community!.values()])).toEqual([
      ['a', 3, 2],
      ['b', 1],
    ]);
    expect(readPlots(table('plot,species,cover', 'a,Poa,30', 'b,Poa,5')).measure).toBe('cover');
  });
});

describe('a bad table is refused with its line:', () => {
  const bad: [what: string, lines: string[], message: RegExp][] = [
    ['no plots', ['plot,group,cover'], /line 1: is the only line/],
    ['no column plot', ['group,cover', 'x,10', 'y,20'], /line 1: has no column 'plot'; its columns are 'group', 'cover'/],
    ['a longitude alone', ['plot,lon', 'a,99'], /line 1: has a column 'lon' only/],
    ['cover in another unit', ['plot,cover (m2)', 'a,10'], /line 1: has cover in 'm2': it is read in %/],
    ['a unit in a cell', ['plot,height', 'a,12', 'b,18 cm'], /line 3: has '18 cm' for height.* height \(cm\)/],
    ['a percent sign in a cell', ['plot,cover', 'a,67%'], /line 2: has '67%' for cover.*write 67/],
    ['a decimal comma', ['plot;cover', 'a;67,5'], /line 2: has '67,5' for cover.*write 67\.5/],
    ['words among numbers', ['plot,cover', 'a,67', 'b,much'], /line 3: has 'much' for cover, which is not a number/],
    ['negative cover', ['plot,cover', 'a,67', 'b,-3'], /line 3: has the cover -3: it cannot be negative/],
    ['cover above 100 %', ['plot,cover', 'a,167'], /line 2: has the cover 167: it is read in percent/],
    ['cover as shares', ['plot,cover', 'a,0', 'b,0.67', 'c,0.5'], /line 3: has the cover 0\.67, and none is above 1/],
    ['a plot twice', ['plot,cover', 'a,10', 'a,12'], /line 3: repeats plot 'a' of line 2/],
    ['one group only', ['plot,group,cover', 'a,x,10', 'b,x,12'], /line 2: has the group 'x', as all 2 plots have/],
    ['a plot without group', ['plot,group,cover', 'a,x,10', 'b,,12'], /line 3: has no group/],
    ['a place out of range', ['plot,lon,lat', 'a,38.04,99.5'], /line 2: has the place 38\.04, 99\.5: .*longitude first/],
    ['a year that is none', ['plot,year', 'a,24'], /line 2: has the year 24/],
    ['two columns of one meaning', ['plot,cover,Cover (%)', 'a,1,2'], /line 1: has two columns for cover/],
    ['species without amounts', ['plot,species', 'a,Poa'], /line 1: has neither a column 'count' nor 'cover'/],
    ['a species twice', ['plot,species,count', 'a,Poa,1', 'a,Poa,2'], /line 3: repeats the species 'Poa' of plot 'a' of line 2/],
    ['a negative count', ['plot,species,count', 'a,Poa,-1'], /line 2: has the count -1/],
    ['two groups of a plot', ['plot,group,species,count', 'a,x,Poa,1', 'a,y,Stipa,2'], /line 3: has group y for plot 'a', line 2 has x/],
  ]; // prettier-ignore

  it.each(bad)('%s', (_, lines, message) => {
    const path = table(...lines);
    let thrown: unknown;
    try {
      readPlots(path);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) as string });
    expect((thrown as Error).message).toContain(path);
  });

  it('a missing group column, species of unknown plots, species twice', () => {
    const wide = table('plot,group,cover', 'a,x,10', 'b,y,20');
    expect(() => readPlots(wide, undefined, 'site')).toThrow(/line 1: has no column 'site'/);
    expect(() => readPlots(wide, table('plot,species,count', 'c,Poa,1'))).toThrow(
      /line 2: has the plot 'c', which .* not have/,
    );
    expect(() => readPlots(wide, table('plot,group,species,count', 'a,y,Poa,1'))).toThrow(
      /line 2: has plot 'a' in group 'y'/,
    );
    const long = table('plot,species,count', 'a,Poa,1');
    expect(() => readPlots(long, long)).toThrow(/--species does not fit/);
  });

  it('cover below 1 % is taken where the head line says percent', () => {
    expect(readPlots(table('plot,cover (%)', 'a,0.5', 'b,0.2')).variables[0]!.values).toEqual([0.5, 0.2]);
  });

  it('too many columns of numbers', () => {
    const names = Array.from({ length: 61 }, (_, k) => `v${k}`);
    expect(() => readPlots(table(`plot,${names.join()}`, `a,${names.map(() => 1).join()}`))).toThrow(
      /61 columns of numbers; at most 60/,
    );
  });
});
