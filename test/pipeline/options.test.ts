import { describe, expect, it } from 'vitest';
import { MineRsError } from '../../src/errors.ts';
import { parseBaseline, parseComposite, parseFvc, resolveOptions } from '../../src/pipeline/options.ts';

const resolve = (input: Record<string, unknown>) =>
  resolveOptions({ aoi: 'pits.geojson', ...input }, 'the command line');

/** The message of the usage error that a function throws. */
function usageError(run: () => unknown): string {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(MineRsError);
  expect(thrown).toMatchObject({ code: 'USAGE' });
  return (thrown as MineRsError).message;
}

describe('resolveOptions', () => {
  it('fills in the documented defaults', () => {
    expect(resolve({ workers: 3 })).toEqual({
      adjust: 'none',
      audit: false,
      aoi: 'pits.geojson',
      out: 'mine-rs-out',
      index: 'ndvi',
      influenceTolerance: 0.05,
      composite: 'max',
      fvc: 'p5',
      fvcModel: 'linear',
      trendOn: 'fvc',
      legend: 'seven',
      pMethod: 'exact',
      fdr: 0.1,
      permutations: 'off',
      seed: 1,
      correction: 'none',
      epsilon: 0.0005,
      minYears: 4,
      disturbedBelow: 0.5,
      recoveredAbove: 0.8,
      disturbedYears: 1,
      recoveredYears: 2,
      fillGaps: false,
      filterFlips: false,
      neighbours: 8,
      segmentation: 'off',
      extent: 'aoi',
      resampling: 'auto',
      maps: 'all',
      parquet: false,
      report: true,
      extras: true,
      lang: 'en',
      onError: 'fail',
      workers: 3,
      json: false,
      quiet: false,
      resume: false,
      cache: true,
      logLevel: 'info',
      dryRun: false,
    });
    expect(resolve({}).workers).toBeGreaterThan(0);
  });

  it.each([
    ['--segmentation', { segmentation: true }],
    ['--transitions', { transitions: '2012:2024' }],
    ['--min-patch', { minPatch: '6' }],
    ['--fill-gaps', { fillGaps: true }],
    ['--filter-flips', { filterFlips: true }],
  ])('refuses %s without FVC', (flag, input) => {
    expect(usageError(() => resolve({ ...input, fvc: 'none' }))).toBe(
      `${flag} needs FVC, but --fvc none makes none: leave one of them out`,
    );
  });

  it('reads numbers as the command line gives them, and one scene folder as a list', () => {
    const options = resolve({ workers: '0', epsilon: '0.001', minYears: '6', scenes: 'a' });
    expect(options).toMatchObject({ workers: 0, epsilon: 0.001, minYears: 6, scenes: ['a'] });
    expect(resolve({ neighbours: '4', minPatch: 6 })).toMatchObject({ neighbours: 4, minPatch: '6' });
    expect(resolve({ transitions: '2012:2024,2015:2020' }).transitions).toEqual(['2012:2024', '2015:2020']);
    expect(resolve({ transitions: ['2012:2024'] }).transitions).toEqual(['2012:2024']);
  });

  it('takes the trend of the index where there is no FVC', () => {
    expect(resolve({ fvc: 'none' }).trendOn).toBe('index');
    expect(resolve({ trendOn: 'ndvi' }).trendOn).toBe('index');
    expect(usageError(() => resolve({ fvc: 'none', trendOn: 'fvc' }))).toContain('--fvc none');
    expect(usageError(() => resolve({ index: 'ndvi', trendOn: 'nbr' }))).toContain('--index nbr');
    expect(resolve({ trendOn: 'fvc-reference' }).trendOn).toBe('fvc-reference');
    expect(usageError(() => resolve({ fvc: 'none', trendOn: 'fvc-reference' }))).toContain('--fvc none');
  });

  it('reads the false discovery rate, or off', () => {
    expect(resolve({ fdr: '0.05' }).fdr).toBe(0.05);
    expect(resolve({ fdr: 'off' }).fdr).toBe('off');
    expect(usageError(() => resolve({ fdr: '1' }))).toContain('less than 1');
    expect(usageError(() => resolve({ correction: 'magic' }))).toContain('hamed-rao');
  });

  it('asks for an AOI', () => {
    expect(usageError(() => resolveOptions({}))).toContain('--aoi');
  });

  it.each([
    ['seson', 'season'],
    ['worker', 'workers'],
    ['onErorr', 'onError'],
  ])('suggests for the unknown option %s', (key, near) => {
    const message = usageError(() => resolve({ [key]: 'x' }));
    expect(message).toBe(`Unknown option '${key}' in the command line (did you mean '${near}'?)`);
  });

  it('suggests nothing where nothing is near', () => {
    expect(usageError(() => resolve({ bananas: 1 }))).toBe("Unknown option 'bananas' in the command line");
  });

  it.each([
    ['years', '2005-2024', /2005\.\.2024/],
    ['season', 'summer', /06-01\.\.09-30/],
    ['index', 'nvdi', /ndvi/],
    ['composite', 'maximum', /max, median, mean/],
    ['composite', 'p100', /p90/],
    ['fvc', 'five', /p5/],
    ['fvc-model', 'cubic', /linear/],
    ['legend', 'six', /seven/],
    ['p-method', 'guess', /exact/],
    ['epsilon', '-1', /at least 0/],
    ['epsilon', 'tiny', /number/],
    ['min-years', '3', /at least 4/],
    ['min-years', '4.5', /whole number/],
    ['workers', '-1', /at least 0/],
    ['workers', 'many', /number/],
    ['maps', 'some', /trend/],
    ['extent', 'world', /scene/],
    ['on-error', 'ignore', /skip/],
    ['baseline', 'before', /2005\.\.2007/],
    ['disturbed-below', '1', /less than 1/],
    ['recovered-above', '0', /more than 0/],
  ])('refuses %s %s and says what is expected', (key, value, expected) => {
    const name = key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const message = usageError(() => resolve({ [name]: value }));
    expect(message).toContain(`'${key}'`);
    expect(message).toMatch(expected);
  });

  it('refuses thresholds that overlap', () => {
    expect(usageError(() => resolve({ disturbedBelow: 0.8, recoveredAbove: 0.8 }))).toContain(
      'disturbed and recovered',
    );
  });
});

describe('parseFvc', () => {
  it('reads every form', () => {
    expect(parseFvc('p5')).toEqual({ kind: 'percentile', percentile: 5, zone: null });
    expect(parseFvc('p0.5')).toEqual({ kind: 'percentile', percentile: 0.5, zone: null });
    expect(parseFvc('-0.05,0.86')).toEqual({ kind: 'fixed', soil: -0.05, vegetation: 0.86 });
    expect(parseFvc('zone:pit 4')).toEqual({ kind: 'percentile', percentile: 5, zone: 'pit 4' });
    expect(parseFvc('none')).toEqual({ kind: 'none' });
  });

  it('refuses percentiles and values that are out of order', () => {
    expect(usageError(() => parseFvc('p50'))).toContain('below 50');
    expect(usageError(() => parseFvc('0.86,0.05'))).toContain('bare soil comes first');
    expect(usageError(() => parseFvc('0.5,0.5'))).toContain('bare soil comes first');
  });
});

describe('parseBaseline and parseComposite', () => {
  it('read every form', () => {
    expect(parseBaseline(undefined)).toBeUndefined();
    expect(parseBaseline('2005..2007')).toEqual({ kind: 'years', from: 2005, to: 2007 });
    expect(parseBaseline('reference')).toEqual({ kind: 'reference' });
    expect(parseBaseline('zone:b')).toEqual({ kind: 'zone', zone: 'b' });
    expect(usageError(() => parseBaseline('2007..2005'))).toContain('2007..2005');
    expect(parseComposite('median')).toEqual({ kind: 'median' });
    expect(parseComposite('p90')).toEqual({ kind: 'percentile', percentile: 90 });
  });
});
