import { describe, expect, it } from 'vitest';
import { recoveryMetrics, recoveryOut } from '../../src/kernels/recovery-metrics.ts';
import { landStates, type StateOptions } from '../../src/kernels/states.ts';

const DEFAULTS: StateOptions = {
  disturbedBelow: 0.5,
  recoveredAbove: 0.8,
  disturbedYears: 1,
  recoveredYears: 2,
  assessableFrom: 0.1,
};
const N = NaN;

interface Story {
  name: string;
  /** From 2001 on, where no years are given. */
  cover: number[];
  years?: number[];
  /** One: of the pixel; else a year. */
  reference?: number[];
  options?: Partial<StateOptions>;
  states: number[];
  disturbed?: number;
  recovered?: number;
  metrics?: Record<string, number>;
}

/** Nothing was disturbed. */
const NOTHING = {
  disturbedLastYear: 0,
  disturbedUntil: 0,
  magnitude: N,
  yearsToRecovery: 0,
  y2r: 0,
  r80p: N,
  yryr: N,
  rri: N,
};

function told({ cover, years, reference = [1], options = {} }: Story) {
  const n = cover.length;
  const calendar = Int32Array.from(years ?? cover.map((_, k) => 2001 + k));
  const fvc = Float32Array.from(cover);
  const level = Float64Array.from(reference);
  const per = reference.length === 1 ? 'pixel' : 'year';
  const out = { state: new Uint8Array(n), disturbedYear: new Uint16Array(1), recoveredYear: new Uint16Array(1) };
  const all = { ...DEFAULTS, ...options };
  landStates(fvc, n, 1, level, per, calendar, all, out);
  const found = recoveryOut(1);
  const { state, disturbedYear, recoveredYear } = out;
  recoveryMetrics(fvc, state, n, 1, level, per, calendar, disturbedYear, recoveredYear, null, all, found);
  const metrics = Object.fromEntries(Object.entries(found).map(([key, values]) => [key, values[0]]));
  return { states: [...state], disturbed: disturbedYear[0], recovered: recoveredYear[0], metrics };
}

/** Values are sums of powers of two, so most results are exact in float32. */
const STORIES: Story[] = [
  {
    name: 'opened and restored',
    cover: [1, 1, 0.25, 0.125, 0.25, 0.5, 0.625, 0.75, 0.875, 0.875, 0.9375, 1, 1, 1],
    states: [1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4],
    disturbed: 2003,
    recovered: 2010,
    metrics: {
      disturbedLastYear: 2003,
      disturbedUntil: 2006,
      magnitude: 0.875,
      yearsToRecovery: 7,
      y2r: 3, // 0.875 in 2009
      r80p: Math.fround(0.9375 / 0.8), // of 2011
      yryr: Math.fround((0.9375 - 0.5) / 5),
      rri: 0.875, // (0.9375 − 0.5) / (1 − 0.5)
    },
  },
  {
    name: 'opened twice',
    cover: [1, 0.25, 0.9375, 0.9375, 1, 0.125, 0.25, 0.75, 0.75],
    states: [1, 2, 3, 4, 4, 2, 2, 3, 3],
    disturbed: 2002,
    recovered: 2004,
    metrics: {
      disturbedLastYear: 2006,
      disturbedUntil: 2002,
      magnitude: 0.75,
      yearsToRecovery: 2,
      y2r: 1,
      r80p: Math.fround(0.25 / 0.8), // 2007, in the second disturbance
      yryr: 0,
      rri: 0, // (max(0.125, 0.25) − 0.25) / (1 − 0.25); there is no 2000
    },
  },
  {
    name: 'cloudy',
    cover: [1, N, 0.25, N, N, 0.625, N, 0.875, N, 0.875, N, N, 1],
    states: [1, 255, 2, 255, 255, 3, 255, 3, 255, 4, 255, 255, 4],
    disturbed: 2003,
    recovered: 2010,
    metrics: {
      disturbedLastYear: 2003,
      disturbedUntil: 2003,
      magnitude: 0.75,
      yearsToRecovery: 7,
      y2r: 5,
      r80p: Math.fround(0.875 / 0.8), // 2008
      yryr: 0.125,
      rri: Math.fround(0.625 / 0.75), // 2007 has no data, nor has 2002
    },
  },
  {
    name: 'cloudy, gaps filled',
    cover: [1, N, 1, N, 0.25, N, 0.25, N, 0.75, N, 0.875, 0.875],
    options: { fillGaps: true },
    states: [1, 1, 1, 255, 2, 2, 2, 255, 3, 3, 3, 4],
    disturbed: 2005,
    recovered: 2012,
    metrics: {
      disturbedLastYear: 2005,
      disturbedUntil: 2007,
      magnitude: 0.75,
      yearsToRecovery: 7,
      y2r: 4,
      r80p: Math.fround(0.875 / 0.8),
      yryr: 0.125,
      rri: Math.fround(0.625 / 0.75),
    },
  },
  {
    name: 'a cloud that was missed, filtered',
    cover: [1, 0.25, 1, 1, 0.25, 0.25, 0.75, 0.25, 0.25, 0.75],
    options: { filterFlips: true },
    states: [1, 1, 1, 1, 2, 2, 2, 2, 2, 3],
    disturbed: 2005,
    metrics: { ...NOTHING, disturbedLastYear: 2005, disturbedUntil: 2009, magnitude: 0.75 },
  },
  {
    name: 'always bare, by itself',
    cover: [0.05, 0.04, 0.06, 0.05],
    reference: [0.05],
    states: [0, 0, 0, 0],
  },
  {
    name: 'always bare, beside green land',
    cover: [0.125, 0.125, N, 0.0625, 0.125],
    reference: [0.75, 0.75, 0.75, 1, 0.75],
    states: [2, 2, 255, 2, 2],
    disturbed: 2001,
    metrics: { ...NOTHING, disturbedLastYear: 2001, magnitude: 0.9375 },
  },
  { name: 'never disturbed', cover: [0.875, 0.75, 0.625, 0.875], states: [1, 1, 1, 1] },
  { name: 'never seen', cover: [N, N], states: [255, 255] },
  {
    name: 'disturbed at the end',
    cover: [1, 1, 1, 1, 0.25],
    states: [1, 1, 1, 1, 2],
    disturbed: 2005,
    metrics: { ...NOTHING, disturbedLastYear: 2005, magnitude: 0.75 },
  },
  {
    name: 'disturbed when last seen',
    cover: [1, 0.25, N, N],
    states: [1, 2, 255, 255],
    disturbed: 2002,
    metrics: { ...NOTHING, disturbedLastYear: 2002, magnitude: 0.75 },
  },
  {
    name: 'years without scenes',
    years: [2001, 2002, 2005, 2006, 2010],
    cover: [1, 0.25, 0.875, 0.8125, 1],
    states: [1, 2, 3, 4, 4],
    disturbed: 2002,
    recovered: 2006,
    metrics: {
      ...NOTHING, // there is no 2007 for R80P and YrYr
      disturbedLastYear: 2002,
      disturbedUntil: 2002,
      magnitude: 0.75,
      yearsToRecovery: 4,
      y2r: 3,
      rri: 0.75, // 2006
    },
  },
  {
    name: 'two low years wanted',
    cover: [1, 0.25, 0.25, 0.625, 1, 1, 1, 1],
    options: { disturbedYears: 2 },
    states: [1, 1, 2, 3, 3, 4, 4, 4],
    disturbed: 2003,
    recovered: 2006,
    metrics: {
      disturbedLastYear: 2003,
      disturbedUntil: 2003,
      magnitude: 0.75,
      yearsToRecovery: 3,
      y2r: 2,
      r80p: 1.25,
      yryr: Math.fround(0.75 / 5),
      rri: 1, // before 2002, the first of the two low years
    },
  },
  {
    name: 'a relapse is no second disturbance',
    cover: [1, 0.25, 0.75, 0.25, 0.75, 0.875, 0.875],
    states: [1, 2, 3, 2, 3, 3, 4],
    disturbed: 2002,
    recovered: 2007,
    metrics: {
      ...NOTHING,
      disturbedLastYear: 2002,
      disturbedUntil: 2004,
      magnitude: 0.75,
      yearsToRecovery: 5,
      y2r: 2,
    },
  },
  {
    name: 'against a level of each year',
    reference: [0.5, 1, 0.5, 1, N, 0.75, 0.05, 1],
    cover: [0.5, 0.25, 0.375, 0.75, 0.9, 0.625, 0.9, 0.75],
    states: [1, 2, 3, 3, 0, 3, 0, 3],
    disturbed: 2002,
    metrics: {
      ...NOTHING, // 2007 cannot be assessed
      disturbedLastYear: 2002,
      disturbedUntil: 2002,
      magnitude: 0.75,
      y2r: 4,
      yryr: Math.fround((Math.fround(0.9) - 0.25) / 5),
      rri: Math.fround((Math.fround(0.9) - 0.25) / 0.25),
    },
  },
];

describe('land with a known story', () => {
  it.each(STORIES)('$name', (story) => {
    const { states, disturbed = 0, recovered = 0, metrics = NOTHING } = story;
    expect(told(story)).toEqual({ states, disturbed, recovered, metrics });
  });
});

describe('recoveryMetrics', () => {
  it('looks at the named pixels only, in their order', () => {
    const fvc = Float32Array.of(1, 1, 1, 0.25, 1, 0.125, 1, 1, 1);
    const state = Uint8Array.of(1, 1, 1, 2, 1, 2, 3, 1, 3);
    const began = Uint16Array.of(2002, 0, 2002);
    const reference = Float64Array.of(1, 1, 1);
    const stack = [fvc, state, 3, 3, reference, 'pixel', [2001, 2002, 2003], began, new Uint16Array(3)] as const;
    const found = recoveryOut(2);
    recoveryMetrics(...stack, Uint32Array.of(2, 1), DEFAULTS, found);
    expect([...found.y2r]).toEqual([1, 0]);
    expect([...found.magnitude]).toEqual([0.875, N]);
    expect(() => recoveryMetrics(...stack, null, DEFAULTS, found)).toThrow(/Expected 3 elements of y2r, got 2/);
  });

  it('writes over what an earlier call left, and no further than the pixels go', () => {
    const fvc = Float32Array.of(1, 0.25, 0.75);
    const years = [2001, 2002, 2003];
    const stack = [fvc, Uint8Array.of(1, 2, 3), 3, 1, Float64Array.of(1), 'pixel', years] as const;
    const [began, recovered] = [Uint16Array.of(2002), new Uint16Array(1)];
    const [fresh, used] = [recoveryOut(1), recoveryOut(2)];
    for (const values of Object.values(used)) values.fill(7);
    for (const out of [fresh, used]) recoveryMetrics(...stack, began, recovered, Uint32Array.of(0), DEFAULTS, out);
    for (const [key, values] of Object.entries(fresh)) {
      expect([key, ...used[key as keyof typeof used]]).toEqual([key, values[0], 7]);
    }
  });

  it('has no RRI where nothing worth the name was lost', () => {
    // Against a green reference the land was low before, too.
    const story = { name: '', cover: [0.255, 0.25, 1, 1, 1, 1, 1], states: [] };
    expect(told({ ...story, reference: [0.5, 1, 1, 1, 1, 1, 1] }).metrics.rri).toBeNaN();
    const more = { ...story, cover: [0.3125, 0.25, 1, 1, 1, 1, 1] };
    expect(told({ ...more, reference: [0.5, 1, 1, 1, 1, 1, 1] }).metrics.rri).toBe(12);
  });

  it('refuses arrays of another length', () => {
    const one = new Uint16Array(1);
    expect(() =>
      recoveryMetrics(
        new Float32Array(2),
        new Uint8Array(2),
        2,
        1,
        new Float64Array(1),
        'year',
        [2001, 2002],
        one,
        one,
        null,
        DEFAULTS,
        recoveryOut(1),
      ),
    ).toThrow(/Expected 2 elements of reference, got 1/);
  });
});
