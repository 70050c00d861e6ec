import { describe, expect, it } from 'vitest';
import { mapSpecs, type MapPlan } from '../../src/tasks/maps.ts';
import { utmGrid } from '../helpers/stack.ts';

const PLAN: MapPlan = {
  grid: utmGrid(4, 3),
  years: [2019, 2021],
  index: 'ndvi',
  cover: true,
  legend: 'seven',
  choice: { annual: true, trend: true, states: true },
};
const keys = (change: Partial<MapPlan> = {}) => mapSpecs({ ...PLAN, ...change }).map(({ key }) => key);
const specOf = (key: string, change: Partial<MapPlan> = {}) =>
  mapSpecs({ ...PLAN, ...change }).find((map) => map.key === key)!.spec;

describe('mapSpecs', () => {
  it('names the maps as the design does', () => {
    const annual = ['ndvi_2019', 'clear_2019', 'fvc_2019', 'ndvi_2021', 'clear_2021', 'fvc_2021'];
    const trend = ['trend_class', 'trend_slope', 'trend_p', 'trend_z', 'trend_n'];
    const states = ['state', 'disturbed_year', 'recovered_year', 'disturbed_last_year', 'disturbed_until'];
    const recovery = ['disturbance_magnitude', 'years_to_recovery', 'y2r', 'r80p', 'yryr', 'rri'];
    expect(keys()).toEqual([...annual, ...trend, ...states, ...recovery]);
    expect(keys({ choice: { annual: false, trend: true, states: false } })).toEqual(trend);
    expect(keys({ choice: { annual: false, trend: false, states: false } })).toEqual([]);
    expect(keys({ cover: false, index: 'nbr', choice: { annual: true, trend: false, states: false } })).toEqual([
      'nbr_2019',
      'clear_2019',
      'nbr_2021',
      'clear_2021',
    ]);
  });

  it('stores each as its values ask for', () => {
    expect(specOf('trend_class')).toMatchObject({ pixelType: 'uint8', nodata: 255, overview: 'mode' });
    expect(specOf('trend_slope')).toMatchObject({ pixelType: 'float32', nodata: NaN });
    expect(specOf('clear_2019')).toMatchObject({ pixelType: 'uint16', nodata: null });
    expect(specOf('disturbed_year')).toMatchObject({ pixelType: 'uint16', nodata: 0 });
    expect(specOf('y2r')).toMatchObject({ pixelType: 'uint16', nodata: 0, overview: 'mode' });
    expect(specOf('rri')).toMatchObject({ pixelType: 'float32', nodata: NaN, overview: 'average' });
    expect(specOf('state')).toMatchObject({
      pixelType: 'uint8',
      samples: 2,
      nodata: 255,
      descriptions: ['state 2019', 'state 2021'],
    });
  });

  it.each([
    ['five', 5],
    ['seven', 7],
    ['nine', 9],
  ] as const)('gives every class of legend %s a colour of its own and its name', (legend, n) => {
    const spec = specOf('trend_class', { legend });
    const table = spec.colorTable!;
    expect(table).toHaveLength(256);
    const colours = table.slice(0, n + 1).map(String);
    expect(new Set(colours).size).toBe(n + 1);
    expect(table.slice(0, n + 1).every(([, , , alpha]) => alpha === 255)).toBe(true);
    expect(table.slice(n + 1).every(([, , , alpha]) => alpha === 0)).toBe(true);
    const names = spec.metadata!['CLASSES']!.split('; ');
    expect(names).toHaveLength(n + 2);
    expect(names[0]).toBe('0 not testable');
    expect(names[(n + 1) / 2]).toBe(`${(n + 1) / 2} no change`);
    expect(names.at(-1)).toBe('255 no data');
  });
});
