import { describe, expect, it } from 'vitest';
import { checkRadiometry, type BandFigures, type CheckedScene } from '../../src/scenes/radiometry-check.ts';
import type { Product } from '../../src/scenes/scene.ts';

/** A distribution moved by an offset. */
const moved = (band: BandFigures, by: number): BandFigures => ({
  p1: band.p1 + by,
  p5: band.p5 + by,
  p25: band.p25 + by,
  p50: band.p50 + by,
  p75: band.p75 + by,
});

// A vegetated mine: pits are bright in red, grass is dark.
const RED: BandFigures = { p1: 0.03, p5: 0.04, p25: 0.06, p50: 0.09, p75: 0.13 };
const NIR: BandFigures = { p1: 0.15, p5: 0.2, p25: 0.26, p50: 0.31, p75: 0.37 };
// A mine in a desert, where nothing is dark and nothing is green.
const DESERT_RED: BandFigures = { p1: 0.17, p5: 0.19, p25: 0.22, p50: 0.25, p75: 0.28 };
const DESERT_NIR: BandFigures = { p1: 0.2, p5: 0.22, p25: 0.26, p50: 0.3, p75: 0.33 };

interface Content {
  by?: number;
  product?: Product;
  date?: string;
  red?: BandFigures;
  nir?: BandFigures;
  ndviP95?: number;
  pixels?: number;
}

/** NDVI at the 95th percentile follows from the bright end of NIR and the dark end of red. */
function scene(id: string, content: Content = {}): CheckedScene {
  const { by = 0, product = 'sentinel-2-l2a', date = '2022-07-15', red = RED, nir = NIR, pixels = 10_000 } = content;
  const [r, n] = [moved(red, by), moved(nir, by)];
  const ndviP95 = content.ndviP95 ?? Math.min(1, (n.p75 - r.p5) / (n.p75 + r.p5));
  return { id, date, product, figures: { pixels, red: r, nir: n, ndviP95 } };
}

const flagged = (scenes: readonly CheckedScene[]): string[] => checkRadiometry(scenes).map((w) => w.scene);
const stack = (n: number, content: (k: number) => Content = () => ({})): CheckedScene[] =>
  Array.from({ length: n }, (_, k) => scene(String(k), content(k)));

describe('checkRadiometry', () => {
  it('has nothing to say about honest stacks', () => {
    expect(flagged(stack(8))).toEqual([]);
    expect(flagged(stack(8, () => ({ product: 'landsat-c2l2' })))).toEqual([]);
    expect(flagged(stack(8, () => ({ red: DESERT_RED, nir: DESERT_NIR, ndviP95: 0.2 })))).toEqual([]);
    // the land greens and browns by more than an offset, but red and NIR go apart
    const season = (k: number): Content => ({ red: moved(RED, 0.01 * k), nir: moved(NIR, -0.02 * k) });
    expect(flagged(stack(8, season))).toEqual([]);
    // haze lifts the dark end most
    const haze: Content = { red: { p1: 0.09, p5: 0.1, p25: 0.11, p50: 0.13, p75: 0.16 }, ndviP95: 0.55 };
    expect(flagged(stack(8, (k) => (k === 3 ? haze : {})))).toEqual([]);
  });

  it.each([
    ['sentinel-2-l2a', 0.1],
    ['landsat-c2l2', 0.2],
  ] as const)('finds a missing and a doubled offset of %s, in one scene, half of them and all', (product, offset) => {
    for (const by of [offset, -offset]) {
      const wanted = by > 0 ? /missing\?$/ : /twice\?$/;
      for (const isWrong of [(k: number) => k === 2, (k: number) => k % 2 === 0, () => true]) {
        const scenes = stack(8, (k) => ({ product, by: isWrong(k) ? by : 0 }));
        const expected = scenes.filter((_, k) => isWrong(k)).map(({ id }) => id);
        expect(flagged(scenes)).toEqual(expected);
        for (const { message } of checkRadiometry(scenes)) expect(message).toMatch(wanted);
      }
    }
  });

  it('finds them in a desert too, where other scenes are right', () => {
    const desert = { red: DESERT_RED, nir: DESERT_NIR, ndviP95: 0.2 };
    const message = (by: number): string[] =>
      checkRadiometry(stack(6, (k) => ({ ...desert, by: k === 4 ? by : 0 }))).map((w) => `${w.scene}: ${w.message}`);
    expect(message(0.1)).toEqual([
      '4: red and near infrared lie by 0.10 above the other scenes of the season: is the offset missing?',
    ]);
    expect(message(-0.1)).toEqual([
      '4: red and near infrared lie by 0.10 below the other scenes of the season: is the offset taken off twice?',
    ]);
  });

  it('holds scenes against those of their season and product only', () => {
    const desert = { red: DESERT_RED, nir: DESERT_NIR, ndviP95: 0.2 };
    const winter = stack(6, (k) => ({ ...desert, by: k === 4 ? 0.1 : 0, date: k === 4 ? '2022-01-10' : '2022-07-15' }));
    expect(flagged(winter)).toEqual([]);
    // 20 December and 10 January are three weeks apart
    const turn = stack(6, (k) => ({ ...desert, by: k === 4 ? 0.1 : 0, date: k === 4 ? '2022-01-10' : '2021-12-20' }));
    expect(flagged(turn)).toEqual(['4']);
    const mixed = stack(6, (k) => ({ ...desert, by: k === 4 ? 0.1 : 0, product: k === 4 ? 'sentinel-2-l2a' : 'yaml' }));
    expect(flagged(mixed)).toEqual([]);
    expect(flagged(stack(6, (k) => ({ ...desert, product: 'hls-v2', by: k === 4 ? 0.1 : 0 })))).toEqual([]);
  });

  it('finds digital numbers taken for reflectance, and reflectance scaled twice', () => {
    const times = (band: BandFigures, by: number): BandFigures =>
      Object.fromEntries(Object.entries(band).map(([k, v]) => [k, v * by])) as unknown as BandFigures;
    const raw = {
      product: 'yaml',
      red: { ...times(RED, 10_000), p50: 1.5 },
      nir: { ...times(NIR, 10_000), p50: 1.5 },
    } as const;
    expect(checkRadiometry([scene('raw', raw)])[0]?.message).toMatch(/is the scale right\?/);
    const twice = { product: 'yaml', red: times(RED, 1e-4), nir: times(NIR, 1e-4) } as const;
    expect(checkRadiometry([scene('twice', twice)])[0]?.message).toMatch(/reflect nothing: is the scale right\?/);
  });

  it('says nothing about a handful of pixels, or bands that were not read', () => {
    expect(flagged([scene('few', { by: -0.1, pixels: 150 })])).toEqual([]);
    const none = { ...scene('none'), figures: { pixels: 5000, red: null, nir: null, ndviP95: null } };
    expect(flagged([none])).toEqual([]);
  });
});
