/**
 * Tables of counts and of interpreted points, and what is refused in them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accuracyPage } from '../../src/pipeline/estimate.ts';
import { accuracyCsv, accuracyText } from '../../src/report/accuracy-text.ts';
import { callMain } from '../helpers/cli.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('estimate');

/** Olofsson et al. 2014, table 8. */
const PUBLISHED = `stratum,pixels,Deforestation,Forest gain,Stable forest,Stable non-forest
Deforestation,200000,66,0,5,4
Forest gain,150000,0,55,8,12
Stable forest,3200000,1,0,153,11
Stable non-forest,6450000,2,1,9,313
`;
const STRATA = 'stratum,area_ha\nA,90\nB,10\n';

function write(files: Record<string, string>): string {
  const folder = newFolder();
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Points of strata A and B: `AA` is one of stratum A that was seen to be A. */
function points(seen: readonly string[], column = 'stratum'): string {
  const rows = seen.map((pair, k) => `${k + 1},${pair[0]},${pair.slice(1)}`);
  return [`id,${column},reference`, ...rows].join('\n');
}

const TEN = [...Array<string>(9).fill('AA'), 'AB', 'BA', 'BA', ...Array<string>(8).fill('BB')];

describe('accuracyPage', () => {
  it('gives the published areas from the published counts, to the hectare', async () => {
    const path = join(write({ 'counts.csv': PUBLISHED }), 'counts.csv');
    const page = accuracyPage(path, { pixelArea: '900' });
    const rounded = page.classes.map((c) => [c.mappedHa, c.area.value, c.area.plusMinus].map((x) => Math.round(x!)));
    expect(rounded).toEqual([
      [18_000, 21_158, 6158],
      [13_500, 11_686, 3756],
      [288_000, 285_770, 15_510],
      [580_500, 581_386, 16_282],
    ]);
    expect([page.units, page.totalHa, page.notes]).toEqual([640, 900_000, []]);
    const said = await callMain(['estimate', path, '--pixel-area', '900']);
    expect(said.code).toBe(0);
    expect(said.stdout).toMatch(/Deforestation +75 +18,000 +21,158 +6,158 +0\.88 ± 0\.07 +0\.75 ± 0\.21/);
    expect(said.stdout).toBe(accuracyText(page));
    const json = await callMain(['estimate', path, '--pixel-area', '900', '--json']);
    expect(JSON.parse(json.stdout)).toEqual(page);
    const csv = await callMain(['estimate', path, '--pixel-area', '900', '--csv']);
    expect(csv.stdout).toBe(accuracyCsv(page));
    expect(csv.stdout.split('\n')[1]).toMatch(/^Deforestation,75,69,18000,21157\.7622\d*,3141\.\d+,6157\.\d+,0\.88,/);
  });

  it('gives the same from points as from their counts', () => {
    const folder = write({
      'points.csv': points(TEN),
      'strata.csv': STRATA,
      'counts.csv': 'stratum,area_ha,A,B\nA,90,9,1\nB,10,2,8\n',
    });
    const fromPoints = accuracyPage(join(folder, 'points.csv'));
    const fromCounts = accuracyPage(join(folder, 'counts.csv'));
    expect(fromPoints).toEqual({ ...fromCounts, path: join(folder, 'points.csv') });
    expect(fromPoints.classes[1]!.area.value).toBeCloseTo(17, 12);
  });

  it('takes the strata from a key where the points do not tell', () => {
    const blind = points(TEN)
      .replaceAll(/,[AB],/g, ',')
      .replace('stratum,', '');
    const key = ['id,stratum', ...TEN.map((pair, k) => `${k + 1},${pair[0]}`)].join('\n');
    const folder = write({ 'points.csv': blind, 'strata.csv': STRATA, 'key.csv': key, 'full.csv': points(TEN) });
    const { classes } = accuracyPage(join(folder, 'points.csv'));
    expect(classes).toEqual(accuracyPage(join(folder, 'full.csv')).classes);
  });

  it('reads quotes, semicolons, a byte order mark and Windows line ends', () => {
    const text = '\uFEFF"stratum";area_ha;"A, dry";B\r\n"A, dry";90;9;1\r\n\r\nB;10;2;8\r\n';
    const page = accuracyPage(join(write({ 'c.csv': text }), 'c.csv'));
    expect(page.classes.map(({ name }) => name)).toEqual(['A, dry', 'B']);
  });

  it('says what small samples and classes beside the map mean', () => {
    const folder = write({ 'points.csv': points(['AA', 'AC', 'BA', 'BA']), 'strata.csv': STRATA });
    const { classes, notes } = accuracyPage(join(folder, 'points.csv'));
    expect(classes.map(({ name, units, mappedHa }) => [name, units, mappedHa])).toEqual([
      ['A', 2, 90],
      ['B', 2, 10],
      ['C', null, null],
    ]);
    expect(classes[1]).toMatchObject({ interpreted: 0, area: { value: 0 }, producers: { value: null } });
    expect(classes[2]!.area.value).toBe(45);
    expect(notes.join('\n')).toMatch(
      /Fewer than 20 .*'A', 'B'[^]*no class 'C'[^]*interpreted as 'B'[^]*'C' is not disting/,
    );
  });

  it.each([
    ['id,stratum,reference\n1,A,\n2,A,A', 'line 2: has no reference class'],
    ['id,stratum,reference\n1,A,A\n1,A,A', "line 3: repeats the point '1' of line 2"],
    ['id,stratum,reference\n1,X,A\n', "line 2: has the stratum 'X', but the strata are 'A', 'B'"],
    ['id,stratum,reference\n1,A\n', 'line 2: has 2 cells, the head line has 3'],
    ['id,stratum,reference\n1,A,"A\n', 'is not CSV'],
    ['id,stratum,reference\n,A,A\n', 'line 2: has no id'],
    ['id,stratum,stratum,reference\n', "line 1: names the column 'stratum' twice"],
    [points(['AA', 'AB', 'BB']), "the stratum 'B' has 1 sample unit, but at least 2 are needed"],
    ['', 'is empty'],
    ['stratum,A,B\nA,1,2\n', "line 1: has neither a column 'area_ha' nor 'pixels'"],
    ['stratum,area_ha\nA,1\n', 'line 1: has no column with the counts'],
    ['stratum,area_ha,A\nA,1,2.5\n', "line 2: has 2.5 for 'A': expected a whole number"],
    ['stratum,area_ha,A\nA,1,-2\n', "line 2: has -2 for 'A'"],
    ['stratum,area_ha,A\nA,ten,2\n', "line 2: has 'ten' for area_ha, which is not a number"],
    ['stratum,area_ha,A\nA,0,2\n', 'line 2: has no positive area_ha'],
    ['stratum,area_ha,A\nA,1,2\nA,1,2\n', "line 3: repeats the stratum 'A'"],
    ['stratum,area_ha,A\n', 'holds no row beneath its head line'],
    ['stratum,pixels,A\nA,1,2\n', '--pixel-area 900'],
  ])('refuses a bad table with its line: %j', (text, message) => {
    const folder = write({ 'table.csv': text, 'strata.csv': STRATA });
    expect(() => accuracyPage(join(folder, 'table.csv'))).toThrow(message);
  });

  it('refuses what does not fit', () => {
    const folder = write({ 'points.csv': points(TEN), 'counts.csv': PUBLISHED, 'blind.csv': 'id,reference\n1,A\n' });
    const page =
      (name: string, options = {}) =>
      () =>
        accuracyPage(join(folder, name), options);
    expect(page('points.csv')).toThrow(/There is no strata\.csv beside .*: name it with --strata/);
    expect(page('points.csv', { pixelArea: 900 })).toThrow(/--pixel-area belongs to a table of counts/);
    expect(page('counts.csv', { strata: 'x' })).toThrow(/has the areas itself/);
    expect(page('counts.csv', { pixelArea: -1 })).toThrow(/'pixelArea': must be more than 0/);
    expect(page('none.csv')).toThrow(/Cannot read the table .*none\.csv/);
    writeFileSync(join(folder, 'strata.csv'), STRATA);
    expect(page('blind.csv')).toThrow(/There is no key\.csv beside/);
    writeFileSync(join(folder, 'key.csv'), 'id,stratum\n2,A\n');
    expect(page('blind.csv')).toThrow(/line 2: has the point '1', which .*key\.csv does not know/);
    writeFileSync(join(folder, 'latin.csv'), Buffer.from([0x69, 0x64, 0xe9, 0x0a]));
    expect(page('latin.csv')).toThrow(/it is not UTF-8 text/);
  });
});
