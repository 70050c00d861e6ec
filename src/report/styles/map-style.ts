/**
 * What each map of a run is called and how it is coloured: for QGIS styles, the QGIS project and the quick-look pictures.
 * @module
 */
import type { Summary } from '../model.ts';
import { COVER_RAMP, STATE_COLOURS, trendColour, YEAR_RAMP, type Colour } from '../palette.ts';

/** Groups of maps, in the order in which they are listed. */
export const THEMES = {
  state: 'Land state',
  trend: 'Trend',
  recovery: 'Recovery',
  segmentation: 'Segmentation',
  cover: 'Vegetation cover by year',
  index: 'Index by year',
  clear: 'Clear observations by year',
} as const;

export type Theme = keyof typeof THEMES;

/** A value with its name and colour. */
export interface StyleEntry {
  readonly value: number;
  readonly label: string;
  readonly colour: Colour;
}

/**
 * `classes`: each value by itself. `steps`: each entry holds the values up to its own, the last one all others. `ramp`: colours
 * between the entries are interpolated, and values beyond them take the end's colour.
 */
export interface MapStyle {
  readonly theme: Theme;
  /** A title for each band that is shown. */
  readonly bands: readonly { readonly band: number; readonly title: string }[];
  readonly kind: 'classes' | 'steps' | 'ramp';
  readonly entries: readonly StyleEntry[];
}

const STATE_NAMES = ['not assessable', 'undisturbed', 'disturbed', 'recovering', 'recovered'] as const;

/** Code of "no data" in maps of classes: it is the file's no-data value, and has no colour. */
const NO_DATA = 255;

/** Brewer's BrBG as a ramp, decrease to increase. */
const CHANGE_RAMP: readonly Colour[] = ['#8c510a', '#dfc27d', '#f5f5f5', '#80cdc1', '#01665e'];

/** Colours spread evenly from one value to another, with the label of each. */
function ramp(colours: readonly Colour[], from: number, to: number, label: (value: number) => string): StyleEntry[] {
  return colours.map((colour, k) => {
    const value = Number((from + ((to - from) * k) / (colours.length - 1)).toPrecision(6));
    return { value, label: label(value), colour };
  });
}

const plain = String;
const percent = (value: number): string => `${Number((100 * value).toFixed(1))} %`;

type Look = Omit<MapStyle, 'theme' | 'bands'>;

/** Maps of the whole series by their key: theme, title, look. */
function seriesStyles(summary: Summary): Record<string, [theme: Theme, title: string, look: Look]> {
  const { years, trend, zones } = summary;
  const [first, last] = [years[0]!, years.at(-1)!];
  const toRamp = (entries: StyleEntry[]): Look => ({ kind: 'ramp', entries });
  const yearly = toRamp(ramp(YEAR_RAMP, first, Math.max(last, first + 1), (year) => plain(Math.round(year))));
  // How long something took: quickly is light, slowly is dark.
  const spans = toRamp(ramp(YEAR_RAMP.toReversed(), 0, Math.max(1, last - first), plain));
  const shares = (to: number): Look => toRamp(ramp(COVER_RAMP, 0, to, percent));
  const losses = toRamp(ramp(['#fff5eb', '#fdbe85', '#fd8d3c', '#d94701', '#7f2704'], 0, 0.8, plain));
  const change = (most: number): Look => toRamp(ramp(CHANGE_RAMP, -most, most, plain));
  const steps = (entries: [value: number, label: string, colour: Colour][]): Look => ({
    kind: 'steps',
    entries: entries.map(([value, label, colour]) => ({ value, label, colour })),
  });
  const classes = (zones[0]?.trend ?? []).filter(({ code }) => code !== NO_DATA);
  const on = trend.on.toUpperCase();
  return {
    trend_class: [
      'trend',
      `Trend class of ${on}, ${first} to ${last}`,
      {
        kind: 'classes',
        entries: classes.map(({ code, name }) => ({
          value: code,
          label: name,
          colour: trendColour(trend.legend, code),
        })),
      },
    ],
    trend_slope: ['trend', `Sen slope of ${on} per year`, change(0.05)],
    trend_p: [
      'trend',
      'p of the Mann-Kendall test',
      steps([
        [0.01, 'p ≤ 0.01', '#08306b'],
        [0.05, 'p ≤ 0.05', '#2171b5'],
        [0.1, 'p ≤ 0.10', '#9ecae1'],
        [Infinity, 'p > 0.10', '#f0f0f0'],
      ]),
    ],
    trend_z: [
      'trend',
      'Z of the Mann-Kendall test',
      steps([
        [-2.576, 'Z ≤ −2.576', '#8c510a'],
        [-1.96, 'Z ≤ −1.960', '#bf812d'],
        [-1.645, 'Z ≤ −1.645', '#dfc27d'],
        [1.645, 'Z ≤ 1.645', '#f5f5f5'],
        [1.96, 'Z ≤ 1.960', '#80cdc1'],
        [2.576, 'Z ≤ 2.576', '#35978f'],
        [Infinity, 'Z > 2.576', '#01665e'],
      ]),
    ],
    trend_n: ['trend', 'Years with data', toRamp(ramp(YEAR_RAMP, 0, Math.max(1, years.length), plain))],
    disturbed_year: ['state', 'Year of the first disturbance', yearly],
    recovered_year: ['state', 'Year of the first recovery', yearly],
    disturbed_last_year: ['recovery', 'Year in which the last disturbance began', yearly],
    disturbed_until: ['recovery', 'Last year of the first disturbance', yearly],
    disturbance_magnitude: ['recovery', 'Largest drop of FVC below the baseline', losses],
    years_to_recovery: ['recovery', 'Years from disturbed to recovered', spans],
    y2r: ['recovery', 'Years to 80 % of the baseline (Y2R)', spans],
    r80p: ['recovery', 'Share of 80 % of the baseline after five years (R80P)', shares(1)],
    yryr: ['recovery', 'Gain of FVC per year over five years (YrYr)', change(0.15)],
    rri: ['recovery', 'Share of the drop regained (RRI)', shares(1)],
    seg_disturbed_year: ['segmentation', 'Year of disturbance by segmentation', yearly],
    seg_recovered_year: ['segmentation', 'Year of recovery by segmentation', yearly],
    seg_loss_year: ['segmentation', 'First year of the greatest loss', yearly],
    seg_magnitude: ['segmentation', 'Greatest loss of FVC', losses],
    seg_duration: ['segmentation', 'Years of the greatest loss', spans],
    seg_vertices: ['segmentation', 'Vertices of the trajectory', toRamp(ramp(YEAR_RAMP, 2, 8, plain))],
    seg_rmse: ['segmentation', 'RMSE of the trajectory', losses],
  };
}

/** Name and colours of a map; undefined for one that is not known. @param key Its file name without ending. */
export function mapStyle(key: string, summary: Summary): MapStyle | undefined {
  const { years, index } = summary;
  if (key === 'state') {
    const entries = STATE_NAMES.map((label, value) => ({ value, label, colour: STATE_COLOURS[value]! }));
    const bands = years.map((year, k) => ({ band: k + 1, title: `Land state ${year}` }));
    // The last year first: it is what people look for.
    return { theme: 'state', bands: bands.toReversed(), kind: 'classes', entries };
  }
  const annual = /^(\w+)_(\d{4})$/.exec(key);
  if (annual !== null) {
    const [, what, year] = annual as unknown as [string, string, string];
    const bands = (name: string) => [{ band: 1, title: `${name} ${year}` }];
    if (what === 'fvc') {
      return { theme: 'cover', bands: bands('FVC'), kind: 'ramp', entries: ramp(COVER_RAMP, 0, 1, percent) };
    }
    if (what === 'clear') {
      const entries = ramp(YEAR_RAMP, 0, 16, plain);
      return { theme: 'clear', bands: bands('Clear observations'), kind: 'ramp', entries };
    }
    if (what === index) {
      const entries = ramp(COVER_RAMP, -0.1, 0.9, (value) => value.toFixed(2));
      return { theme: 'index', bands: bands(index.toUpperCase()), kind: 'ramp', entries };
    }
  }
  const found = seriesStyles(summary)[key];
  if (found === undefined) return undefined;
  const [theme, title, look] = found;
  return { theme, bands: [{ band: 1, title }], ...look };
}
