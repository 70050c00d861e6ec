/**
 * One pixel explained, on the screen.
 * @module
 */
import { basename } from 'node:path';
import type { ExplainPage, ObservationAtPixel } from './explain-model.ts';
import { seriesChart } from './series-chart.ts';
import { table } from './terminal.ts';

const NONE = '–';
/** Letters beneath the chart by state code. */
const LETTERS: Readonly<Record<number, string>> = { 0: '?', 1: 'U', 2: 'D', 3: 'R', 4: 'V', 255: ' ' };

/** A figure with some digits behind the point, or a dash. */
export function figure(value: number | null, digits: number): string {
  return value === null ? NONE : value.toFixed(digits).replace(/^-(?=0\.?0*$)/, '');
}

/** A p-value: never 0. */
function pText(p: number | null): string {
  return p === null ? NONE : p < 0.001 ? p.toExponential(2) : p.toFixed(4);
}

/** Everything, in the order in which it is worked out. */
export function explainText(page: ExplainPage): string {
  const parts = [place(page), observations(page), yearly(page), chart(page), trend(page), states(page), maps(page)];
  if (page.notes.length > 0) parts.push(page.notes.join('\n'));
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function place(page: ExplainPage): string {
  const zones = page.zones.map(({ name, role, share }) => {
    const part = share > 0.9995 ? '' : `, ${(100 * share).toFixed(1)} % of the pixel`;
    return `${name} (${role}${part})`;
  });
  return [
    `Pixel column ${page.col}, row ${page.row} of ${page.run} (${page.crs}, ${page.areaHa.toFixed(4)} ha)`,
    `Its middle: longitude ${page.pixelLon.toFixed(6)}, latitude ${page.pixelLat.toFixed(6)}`,
    `In ${zones.length === 0 ? 'no zone' : zones.join('; ')}`,
  ].join('\n');
}

/** Files of an observation, shortened to what tells them apart. */
export function fileOf({ bands, masks }: ObservationAtPixel): string {
  return basename(bands[0]?.path ?? masks[0]?.path ?? '');
}

/** Bands as `red 812 → 0.0233`. */
export function bandsText({ bands }: ObservationAtPixel): string {
  return bands
    .map(({ role, dn, value, resampled }) => {
      const from = dn === null ? (resampled === null ? NONE : `(${resampled})`) : String(dn);
      return `${role} ${from} → ${figure(value, 4)}`;
    })
    .join(', ');
}

/** How a band's numbers become reflectance. */
export function scaleText(role: string, scale: number, offset: number): string {
  return `${role} = DN × ${scale} ${offset < 0 ? '−' : '+'} ${Math.abs(offset)}`;
}

function observations(page: ExplainPage): string {
  const rows = page.observations.map((o) => [
    o.date,
    o.sensor,
    fileOf(o),
    bandsText(o),
    o.masks.map(({ values }) => values.map((v) => v ?? NONE).join(' ')).join(', ') || NONE,
    o.clear ? figure(o.index, 4) : NONE,
    o.clear ? (o.won ? `value of ${o.year}` : '') : o.reason,
  ]);
  const head = ['Date', 'sensor', 'file', 'DN → reflectance', 'mask', page.index.toUpperCase(), ''];
  const scales = page.observations.flatMap(({ bands }) =>
    bands.map(({ role, scale, offset }) => scaleText(role, scale, offset)),
  );
  return [
    `${page.observations.length} scenes, ${page.observations.filter(({ clear }) => clear).length} of them clear here`,
    table(head, rows, 4, [6]),
    `Scales: ${[...new Set(scales)].join('; ')}`,
  ].join('\n');
}

function yearly(page: ExplainPage): string {
  const fvc = page.endpoints !== null;
  const head = [
    'Year',
    'scenes',
    'clear',
    page.index.toUpperCase(),
    'from',
    ...(fvc ? ['FVC', 'reference', 'state', 'why'] : []),
  ];
  const dates = new Map(page.observations.map(({ scene, date }) => [scene, date]));
  const rows = page.years.map((y) => [
    String(y.year),
    String(y.scenes),
    String(y.clear),
    figure(y.index, 4),
    y.won.map((scene) => dates.get(scene)).join(', ') || (y.clear > 0 ? page.composite : NONE),
    ...(fvc ? [figure(y.fvc, 4), figure(y.reference, 4), y.stateName ?? NONE, y.why] : []),
  ]);
  const lines = [
    `Value of a year: ${page.composite} of its clear observations`,
    table(head, rows, 1, fvc ? [4, 7, 8] : [4]),
  ];
  if (page.endpoints !== null) {
    const { soil, vegetation, model, source } = page.endpoints;
    const square = model === 'squared' ? ', squared' : '';
    const line = `(${page.index.toUpperCase()} − ${soil.toFixed(4)}) / (${vegetation.toFixed(4)} − ${soil.toFixed(4)}), within 0 and 1${square}`;
    lines.push(`FVC = ${line}; endpoints: ${source}`);
  }
  return lines.join('\n');
}

function chart(page: ExplainPage): string {
  const years = page.years.map(({ year }) => year);
  if (page.endpoints === null) {
    const values = page.years.map(({ index }) => index);
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return '';
    const [low, high] = [Math.min(0, ...known), Math.max(1, ...known)];
    return seriesChart(years, [{ values, mark: '●' }], [low, high]);
  }
  const share = (part: number) => page.years.map(({ reference }) => (reference === null ? null : part * reference));
  const { states: s } = page;
  const lines = [
    { values: share(1), mark: '─' },
    { values: share(s?.recoveredAbove ?? 1), mark: '┄' },
    { values: share(s?.disturbedBelow ?? 1), mark: '·' },
    { values: page.years.map(({ fvc }) => fvc), mark: '●' },
  ];
  const below = page.years.map(({ state }) => LETTERS[state ?? 255] ?? ' ');
  const legend = '● FVC   ─ reference   ┄ recovered from here   · disturbed to here';
  const letters = 'U undisturbed   D disturbed   R recovering   V recovered   ? not assessable';
  return `${seriesChart(years, lines, [0, 1], below)}\n        ${legend}\n        ${letters}`;
}

function trend({ trend: t }: ExplainPage): string {
  if (t === null) return 'Trend: none, too few years with data';
  const ties = t.ties.length === 0 ? 'no ties' : `ties ${t.ties.join(', ')}`;
  return [
    `Trend of ${t.of}: ${t.className} (class ${t.classCode}): ${t.why}`,
    `  n ${t.n}, S ${t.s}, Var(S) ${t.varS.toFixed(4)}, ${ties}, Z ${figure(t.z, 4)}, p ${pText(t.p)} (smallest possible ${pText(t.smallestP)}), tau ${figure(t.tau, 3)}`,
    `  Sen slope ${figure(t.slope, 6)} a year (95 %: ${figure(t.slopeLow, 6)} to ${figure(t.slopeHigh, 6)}), intercept ${figure(t.intercept, 4)}`,
  ].join('\n');
}

function states({ states: s }: ExplainPage): string {
  if (s === null) return '';
  const first = s.disturbedYear === null ? 'never disturbed' : `first disturbed ${s.disturbedYear}`;
  const back =
    s.disturbedYear === null ? '' : s.recoveredYear === null ? ', not recovered' : `, recovered ${s.recoveredYear}`;
  const years = (n: number) => (n === 1 ? 'at once' : `after ${n} years`);
  return [
    `States: ${first}${back}`,
    `  Reference: ${s.baseline}; disturbed at or below ${s.disturbedBelow} of it (${years(s.disturbedYears)}), recovered from ${s.recoveredAbove} of it on (${years(s.recoveredYears)})`,
  ].join('\n');
}

function maps(page: ExplainPage): string {
  if (page.maps.length === 0) return '';
  const wrong = page.maps.filter(({ agrees }) => !agrees);
  const noted = page.maps.filter(({ agrees, note }) => agrees && note !== '');
  const lines = [
    wrong.length === 0
      ? `All ${page.maps.length} values in the maps of the run are those worked out here`
      : `${wrong.length} of ${page.maps.length} values in the maps of the run are NOT those worked out here:`,
    ...wrong.map((m) => `  ${m.file} band ${m.band}: ${m.inMap ?? NONE} in the map, ${m.recomputed ?? NONE} here`),
    ...(noted.length === 0 ? [] : [`  ${noted.length} of them: ${noted[0]!.note}`]),
  ];
  return lines.join('\n');
}
