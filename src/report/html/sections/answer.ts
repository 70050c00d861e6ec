/**
 * The answer: a sentence for each mine, and a small table of all zones.
 * @module
 */
import { STATE_COLOURS } from '../../palette.ts';
import { html, type Html } from '../markup.ts';
import { fixed, hectares, percent, pValue, signed } from '../numbers.ts';
import type { Area } from '../payload.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';

/** Mines that get a sentence of their own; of more, the sentence is of all of them. */
const MOST_SENTENCES = 8;

/** The states of a bar, in the order in which they are stacked. */
const BAR_ORDER = [2, 3, 4, 1, 0] as const;

export const answer: Section = {
  id: 'answer',
  title: 'answer.title',
  body: (page) =>
    html`<div class="cards">${subjects(page).map((area) => card(page, area))}</div>
      ${stateTable(page)}
      <p class="evidence">${page.say('evidence')}</p>`,
};

/** What the sentences are about: the mines, or everything but the reference where no zone is called a mine. */
function subjects({ areas }: Page): Area[] {
  const zones = areas.filter(({ id }) => id !== null);
  const mines = zones.filter(({ role }) => role === 'mine');
  const others = zones.filter(({ role }) => role !== 'reference');
  const wanted = [mines, others, zones].find((list) => list.length > 0) ?? [];
  const totals = areas.filter(({ id, role }) => id === null && role === wanted[0]?.role);
  if (wanted.length > MOST_SENTENCES) return totals.length > 0 ? totals : wanted.slice(0, MOST_SENTENCES);
  return wanted;
}

function card(page: Page, area: Area): Html {
  const last = page.summary.years.at(-1)!;
  const parts = area.states.length === 0 ? [] : BAR_ORDER.map((code) => ({ code, ha: area.states[code]!.at(-1)! }));
  const bar = parts
    .filter(({ ha }) => ha > 0)
    .map(({ code, ha }) => html`<i style="flex:${ha};background:${STATE_COLOURS[code]}"></i>`);
  const lost = area.noDataHa.at(-1)!;
  const sure = [
    trendText(page, area),
    clearText(page, area),
    lost > 0.05 ? page.say('answer.lost', { ha: hectares(lost), year: last }) : null,
  ];
  return html`<article class="card">
    <h3>${area.label}</h3>
    <p class="sentence">${sentence(page, area)}</p>
    ${bar.length === 0 ? null : html`<div class="bar" aria-hidden="true">${bar}</div>`}
    <p class="sure">${sure.filter((text) => text !== null).join(' ')}</p>
  </article>`;
}

function sentence(page: Page, area: Area): string {
  const { say, summary } = page;
  const [first, last] = [summary.years[0]!, summary.years.at(-1)!];
  const area_ = hectares(area.areaHa);
  if (area.states.length === 0) return trendSentence(page, area);
  const [, , disturbed, recovering, recovered] = area.states.map((row) => row.at(-1)!) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const seen = disturbed + recovering + recovered;
  const ever = area.everDisturbed ?? seen;
  if (ever < 0.05) return say('answer.none', { area: area_, first, last });
  const most = summary.years.reduce((best, _, k) => (area.states[2]![k]! > area.states[2]![best]! ? k : best), 0);
  const text = say('answer.sentence', {
    area: area_,
    ever: hectares(ever),
    everShare: percent(ever / area.areaHa),
    first,
    last,
    peakYear: summary.years[most]!,
    peak: hectares(area.states[2]![most]!),
    recovered: hectares(recovered),
    recoveredShare: percent(recoveredShare(area)),
    recovering: hectares(recovering),
    disturbed: hectares(disturbed),
  });
  const reference = page.payload.reference === null ? undefined : page.areas[page.payload.reference];
  const [mean, level] = [area.mean.at(-1) ?? null, reference?.mean.at(-1) ?? null];
  if (mean === null || level === null || reference === area) return text;
  return `${text} ${say('answer.against', { value: page.value(mean), reference: page.value(level), last })}`;
}

/** Of a run without land states: how much became greener, how much less green. */
function trendSentence(page: Page, area: Area): string {
  const of = (wanted: RegExp) =>
    page.summary.zones[0]!.trend.reduce((sum, { name }, k) => (wanted.test(name) ? sum + area.trend[k]! : sum), 0);
  return page.say('answer.trend', {
    area: hectares(area.areaHa),
    value: page.valueName,
    up: hectares(of(/^(?!no ).*increase$/)),
    down: hectares(of(/^(?!no ).*decrease$/)),
    first: page.summary.years[0]!,
    last: page.summary.years.at(-1)!,
  });
}

/** The slope of the zone's mean and how sure it is. */
function trendText({ say, payload, valueName }: Page, { sen }: Area): string | null {
  if (sen === null) return null;
  const scaled = (slope: number) => (payload.value.percent ? signed(100 * slope, 1) : signed(slope, 4));
  const of = payload.trendOfMean ? valueName : say('trend.onReference');
  const values = { value: of, slope: scaled(sen.slope), p: pValue(sen.p) };
  const verdict = say(sen.p !== null && sen.p < 0.05 ? 'answer.significant' : 'answer.notSignificant');
  const unit = say(payload.value.percent ? 'unit.points' : 'unit.perYear');
  if (sen.low === null || sen.high === null) return say('answer.slope', { ...values, unit, verdict });
  return say('answer.slopeLimits', { ...values, unit, verdict, low: scaled(sen.low), high: scaled(sen.high) });
}

function clearText({ say }: Page, area: Area): string | null {
  const found = area.clear.filter((value) => value !== null);
  if (found.length === 0) return null;
  return say('answer.clear', { mean: fixed(found.reduce((sum, value) => sum + value, 0) / found.length, 1) });
}

/** All zones and totals in the last year. */
function stateTable(page: Page): Html {
  const { say, areas, summary, payload } = page;
  const last = summary.years.at(-1)!;
  const value = say('answer.valueIn', { value: page.valueName, year: last });
  if (payload.states.length === 0) {
    return dataTable(page, {
      caption: say('answer.tableTrend', { year: last }),
      head: [say('col.zone'), say('col.role'), say('col.area'), value],
      rows: areas.map((a) => [a.label, a.roleLabel, hectares(a.areaHa), page.value(a.mean.at(-1) ?? null)]),
      words: 2,
    });
  }
  // Columns without any land are left out.
  const codes = BAR_ORDER.filter((code) => areas.some((area) => area.states[code]!.at(-1)! > 0));
  const lost = areas.some((area) => area.noDataHa.at(-1)! > 0);
  const label = (code: number) => payload.states.find((entry) => entry.code === code)!.label;
  return dataTable(page, {
    caption: say('answer.table', { year: last }),
    head: [
      say('col.zone'),
      say('col.role'),
      say('col.area'),
      ...codes.map((code) => html`<span class="key" style="--c:${STATE_COLOURS[code]}"></span>${label(code)}`),
      ...(lost ? [say('state.255')] : []),
      say('col.ratio'),
      value,
    ],
    rows: areas.map((area) => [
      area.label,
      area.roleLabel,
      hectares(area.areaHa),
      ...codes.map((code) => hectares(area.states[code]!.at(-1)!)),
      ...(lost ? [hectares(area.noDataHa.at(-1)!)] : []),
      percent(recoveredShare(area), 1),
      page.value(area.mean.at(-1) ?? null),
    ]),
    words: 2,
  });
}

/** Recovered land per land that is or was disturbed, of what was seen in the last year. */
function recoveredShare({ states }: Area): number | null {
  const [disturbed, recovering, recovered] = [2, 3, 4].map((code) => states[code]!.at(-1)!) as [number, number, number];
  const seen = disturbed + recovering + recovered;
  return seen > 0 ? recovered / seen : null;
}
