/**
 * One pixel explained, as a page that asks for nothing from anywhere: with the style, the tables and the charts of the report.
 * @module
 */
import type { ExplainPage, TrendAtPixel } from './explain-model.ts';
import { bandsText, figure, fileOf, scaleText } from './explain-text.ts';
import { htmlDocument } from './html/document.ts';
import { html, type Html } from './html/markup.ts';
import { NONE, pValue } from './html/numbers.ts';
import type { Area, Payload } from './html/payload.ts';
import { dataTable, drawing } from './html/tables.ts';
import { sayIn, scriptTexts } from './html/text.ts';
import { STATE_COLOURS } from './palette.ts';

const say = sayIn('en');
const page = { say };

/** The whole file. Equal input gives equal bytes. */
export function explainHtml(explained: ExplainPage): string {
  const title = `Pixel ${explained.pixelLat.toFixed(5)}°, ${explained.pixelLon.toFixed(5)}°`;
  const { col, row, run, crs, areaHa } = explained;
  return htmlDocument({
    say,
    language: 'en',
    title,
    meta: `\nColumn ${col}, row ${row} of the run in ${run} · ${crs} ·\n${areaHa.toFixed(4)} ha\n`,
    options: html`<option value="0">This pixel</option>`,
    sections: [
      { id: 'answer', title: 'What it is', body: answer(explained) },
      { id: 'years', title: 'Year by year', body: years(explained) },
      { id: 'scenes', title: 'Scene by scene', body: scenes(explained) },
      { id: 'maps', title: 'The maps of the run', body: maps(explained) },
    ],
    footer: say('evidence'),
    payload: payloadOf(explained),
    layers: [],
  });
}

function answer(e: ExplainPage): Html {
  const zones = e.zones.map(({ name, role, share }) => `${name} (${role}, ${(100 * share).toFixed(1)} % of the pixel)`);
  const last = e.years.findLast(({ state }) => state !== null && state !== 255);
  const facts: [string, string][] = [
    ['Zones', zones.length === 0 ? 'none' : zones.join('; ')],
    ['Trend', e.trend === null ? 'none: too few years with data' : `${e.trend.className}: ${e.trend.why}`],
  ];
  if (e.trend !== null) facts.push(['Test', testText(e.trend)]);
  if (e.states !== null) {
    const { disturbedYear, recoveredYear, baseline, disturbedBelow, recoveredAbove } = e.states;
    facts.push(
      ['Land state', last === undefined ? 'none' : `${last.stateName} in ${last.year}`],
      ['First disturbed', disturbedYear === null ? 'never' : String(disturbedYear)],
      ['First recovered', recoveredYear === null ? 'never' : String(recoveredYear)],
      [
        'Held against',
        `${baseline}; disturbed at or below ${disturbedBelow} of it, recovered from ${recoveredAbove} on`,
      ],
    );
  }
  if (e.endpoints !== null) {
    const { soil, vegetation, source, model } = e.endpoints;
    facts.push(['Endpoints of FVC', `${soil.toFixed(4)} and ${vegetation.toFixed(4)}, ${model}: ${source}`]);
  }
  facts.push(['Maps', e.agrees ? 'hold what is worked out here' : 'DISAGREE with what is worked out here: see below']);
  return html`${dataTable(page, { caption: 'The pixel in short', head: ['What', 'Finding'], rows: facts, words: 2 })}
  ${e.notes.map((note) => html`<p class="note">${note}</p>`)}`;
}

function testText(t: TrendAtPixel): string {
  const ties = t.ties.length === 0 ? 'no ties' : `ties ${t.ties.join(', ')}`;
  const limits = `${figure(t.slopeLow, 6)} to ${figure(t.slopeHigh, 6)}`;
  return `n ${t.n}, S ${t.s}, Var(S) ${t.varS.toFixed(4)}, ${ties}, Z ${figure(t.z, 4)}, p ${pValue(t.p)}, smallest possible p ${pValue(t.smallestP)}; slope ${figure(t.slope, 6)} a year (95 %: ${limits})`;
}

function years(e: ExplainPage): Html {
  const fvc = e.endpoints !== null;
  const dates = new Map(e.observations.map(({ scene, date }) => [scene, date]));
  const index = e.index.toUpperCase();
  const head = ['Year', 'From', ...(fvc ? ['State', 'Why'] : []), index];
  head.push(...(fvc ? ['FVC', 'Reference'] : []), 'Clear scenes');
  const order = (y: ExplainPage['years'][number]) => [
    String(y.year),
    y.won.map((scene) => dates.get(scene)).join(', ') || (y.clear > 0 ? e.composite : NONE),
    ...(fvc ? [y.stateName ?? NONE, y.why] : []),
    figure(y.index, 4),
    ...(fvc ? [figure(y.fvc, 4), figure(y.reference, 4)] : []),
    `${y.clear} of ${y.scenes}`,
  ];
  const table = dataTable(page, { caption: 'Years', head, rows: e.years.map(order), words: fvc ? 4 : 2 });
  const value = fvc ? 'FVC' : index;
  return html`${drawing('cover', `${value} of each year, and the level it is held against`)} ${table}
  ${drawing('observations', 'Clear observations of each year')}`;
}

function scenes(e: ExplainPage): Html {
  const rows = e.observations.map((o) => [
    o.date,
    o.sensor,
    fileOf(o),
    bandsText(o),
    o.masks.map(({ values, meaning }) => `${values.join(' ')} ${meaning}`).join('; ') || NONE,
    o.clear ? (o.won ? `value of ${o.year}` : 'clear') : o.reason,
    o.clear ? figure(o.index, 4) : NONE,
  ]);
  const head = ['Date', 'Sensor', 'File', 'DN → reflectance', 'Mask', 'Result', e.index.toUpperCase()];
  const scales = e.observations.flatMap(({ bands }) =>
    bands.map(({ role, scale, offset }) => scaleText(role, scale, offset)),
  );
  const described = e.observations.flatMap(({ masks }) => masks.map(({ description }) => description));
  return html`${dataTable(page, { caption: 'Scenes, by date', head, rows, words: 6 })}
    <p class="note">${[...new Set(scales)].join('; ')}</p>
    ${[...new Set(described)].map((text) => html`<p class="note">Mask: ${text}</p>`)}`;
}

function maps(e: ExplainPage): Html {
  if (e.maps.length === 0) return html`<p>The run kept no maps.</p>`;
  const wrong = e.maps.filter(({ agrees }) => !agrees).length;
  const text =
    wrong === 0
      ? `All ${e.maps.length} values in the maps are those worked out here.`
      : `${wrong} of ${e.maps.length} values in the maps are not those worked out here.`;
  const rows = e.maps.map((m) => [
    `${m.file}${m.band > 1 ? `, band ${m.band}` : ''}`,
    m.agrees ? m.note || 'agrees' : 'DISAGREES',
    m.inMap ?? NONE,
    m.recomputed ?? NONE,
  ]);
  const head = ['Map', 'Result', 'In the map', 'Worked out'];
  return html`<p>${text}</p>
    <details class="behind">
      <summary>${say('table.behind')}</summary>
      ${dataTable(page, { caption: 'Maps against scenes', head, rows, words: 2 })}
    </details>`;
}

/** The pixel as the only area of the report's charts, with its reference beside it. */
function payloadOf(e: ExplainPage): Payload {
  const fvc = e.endpoints !== null;
  const none = {
    sd: e.years.map(() => null),
    trend: [],
    states: [],
    noDataHa: [],
    newlyDisturbed: [],
    newlyRecovered: [],
  };
  const shared = { ...none, areaHa: e.areaHa, everDisturbed: null, cohorts: null };
  const t = e.trend;
  const pixel: Area = {
    ...shared,
    id: null,
    label: 'This pixel',
    role: 'pixel',
    roleLabel: 'pixel',
    mean: e.years.map((y) => (fvc ? y.fvc : y.index)),
    clear: e.years.map(({ clear }) => clear),
    sen:
      t === null || t.slope === null || t.intercept === null
        ? null
        : { slope: t.slope, low: t.slopeLow, high: t.slopeHigh, intercept: t.intercept, p: t.p },
  };
  const levels = e.years.map(({ reference }) => reference);
  const reference: Area = {
    ...shared,
    id: null,
    label: 'Reference',
    role: 'reference',
    roleLabel: 'reference',
    mean: levels,
    clear: e.years.map(() => null),
    sen: null,
  };
  return {
    text: scriptTexts('en'),
    years: e.years.map(({ year }) => year),
    value: { name: fvc ? 'fvc' : e.index, percent: fvc },
    trendOfMean: t === null || t.of === 'FVC' || t.of === e.index,
    classes: [],
    states: STATE_COLOURS.map((colour, code) => ({ code, colour, label: String(code) })),
    areas: fvc ? [pixel, reference] : [pixel],
    shown: 0,
    reference: fvc ? 1 : null,
    baseline:
      e.states === null
        ? null
        : { levels, disturbedBelow: e.states.disturbedBelow, recoveredAbove: e.states.recoveredAbove },
    figures: [],
    map: null,
  };
}
