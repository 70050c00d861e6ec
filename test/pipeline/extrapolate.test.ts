import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { extrapolateByProduction, parseTonnes } from '../../src/pipeline/extrapolate.ts';
import { readProductions } from '../../src/pipeline/production.ts';
import { WGS84 } from '../../src/geo/crs.ts';
import type { Zone } from '../../src/vector/zone.ts';

const folder = mkdtempSync(join(tmpdir(), 'mine-rs-production-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Dong et al. 2025: influence and excavated land of five mines in 2022, km². */
const INFLUENCE = [469.3, 127.2, 238.8, 326.9, 517.4];
const EXCAVATED = [76.6, 24.2, 15, 62.8, 96.2];

describe('extrapolation by production', () => {
  it('gives the published case: 1,679.60 km² of 142 Mt make some 12,500 km² of 1.06 Gt', () => {
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    expect(sum(INFLUENCE)).toBeCloseTo(1679.6, 9);
    expect(sum(EXCAVATED)).toBeCloseTo(274.8, 9);
    // The paper gives the mines' production as a sum; how it is split changes nothing.
    const parts = [35, 20, 30, 27, 30].map((mt) => mt * 1e6);
    const region = extrapolateByProduction(INFLUENCE, parts, parseTonnes('1.06Gt', 'region'));
    expect(region).toBeCloseTo(12_537.9, 1);
    // It prints 12,502.37 km²: of tonnages that were not rounded.
    expect(Math.abs(region / 12_502.37 - 1)).toBeLessThan(0.003);
  });

  it('refuses lists that do not fit, and figures that are none', () => {
    expect(() => extrapolateByProduction([1], [1, 2], 3)).toThrow(RangeError);
    expect(() => extrapolateByProduction([], [], 3)).toThrow(RangeError);
    expect(() => extrapolateByProduction([1], [0], 3)).toThrow(RangeError);
    expect(() => extrapolateByProduction([1], [-1], 3)).toThrow(RangeError);
    expect(() => extrapolateByProduction([NaN], [1], 3)).toThrow(RangeError);
  });
});

describe('masses', () => {
  it.each([
    ['35Mt', 35e6],
    ['1.06 Gt', 1.06e9],
    ['500kt', 5e5],
    ['12t', 12],
    ['1e3 t', 1000],
    ['.5mt', 5e5],
    [' 142 MT ', 142e6],
  ])('are read: %s', (text, tonnes) => expect(parseTonnes(text, 'x')).toBeCloseTo(tonnes, 3));

  it.each(['35', '', 'Mt', '-3Mt', '1,000t', '3 Mt a year', '0t', '1e99Gt Gt', '1 lb'])('are refused: %j', (text) => {
    expect(() => parseTonnes(text, 'zone pit')).toThrow(/zone pit: .* unit/);
  });
});

describe('productions of mines', () => {
  const mines = ['pit-4', 'pit, "5"'].map((id): Zone => {
    return { id, name: id, role: 'mine', properties: { production: '12Mt' }, polygons: [], crs: WGS84 };
  });
  const table = (text: string): string => {
    const path = join(folder, 'production.csv');
    writeFileSync(path, text);
    return path;
  };

  it('come from the zones, or from a table that has others too', () => {
    expect([...readProductions(undefined, mines, 'aoi')]).toEqual([
      ['pit-4', 12e6],
      ['pit, "5"', 12e6],
    ]);
    const path = table(
      '\uFEFFname,zone_id,production\r\nA,pit-4,3.5Mt\r\n"B\r\nC","pit, ""5""","1,5Mt"\nD,other,2Mt\n',
    );
    expect(() => readProductions(path, mines, 'aoi')).toThrow(/zone pit, "5": '1,5Mt'/);
    const good = table('zone_id,production\n"pit, ""5""",1.5Mt\n\npit-4,"3.5 Mt"');
    expect([...readProductions(good, mines, 'aoi')]).toEqual([
      ['pit-4', 3.5e6],
      ['pit, "5"', 1.5e6],
    ]);
  });

  it.each([
    ['zone_id,production\npit-4,1Mt\n', /no production of zone pit, "5"/],
    ['zone_id,production\npit-4,1Mt\npit-4,2Mt\n', /pit-4 stands there twice/],
    ['id,tonnes\npit-4,1\n', /columns zone_id and production/],
    ['', /is empty: it needs a head line and rows/],
    ['zone_id,production\npit-4,12\n', /zone pit-4: '12'/],
  ])('are refused: %j', (text, message) => {
    expect(() => readProductions(table(text), mines, 'aoi')).toThrow(message);
  });

  it('name what is missing: a file, a property', () => {
    expect(() => readProductions(join(folder, 'none.csv'), mines, 'aoi')).toThrow(/Cannot read/);
    const bare = mines.map((zone) => ({ ...zone, properties: {} }));
    expect(() => readProductions(undefined, bare, 'pits.geojson')).toThrow(/pits.geojson.*property production.*35Mt/);
  });
});
