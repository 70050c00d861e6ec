/**
 * The report: one HTML file that asks for nothing from anywhere.
 *
 * Words and tables are finished HTML, so that they can be read, searched and printed without a script. The script adds
 * charts and the map, from figures and packed pixels that lie in the file.
 * @module
 */
import { basename } from 'node:path';
import { showsSomething } from '../addition.ts';
import type { Summary } from '../model.ts';
import { STATE_COLOURS, trendColour } from '../palette.ts';
import { areasOf, firstShown, referenceOf, shownZones } from './areas.ts';
import { htmlDocument } from './document.ts';
import { html } from './markup.ts';
import { fixed, NONE, percent } from './numbers.ts';
import type { MapData, Payload } from './payload.ts';
import type { MapInput, Page, ReportInput } from './section.ts';
import { SECTIONS } from './sections.ts';
import { sayIn, scriptTexts, wordOr, type Say } from './text.ts';

export type { ReportInput } from './section.ts';

/** Ids of the zones that the report shows one by one: the map needs no others. */
export function zonesOfReport(summary: Summary): ReadonlySet<string> {
  return new Set(shownZones(summary).map(({ id }) => id));
}

/** The whole file. Equal input gives equal bytes. */
export function reportHtml(input: ReportInput): string {
  const page = pageOf(input);
  const { say, summary } = page;
  const fills = { aoi: basename(summary.aoi), first: summary.years[0]!, last: summary.years.at(-1)! };
  const title = say('page.title', fills);
  const sections = SECTIONS.flatMap((section) => {
    const body = section.body(page);
    return body === null ? [] : [{ id: section.id, title: say(section.title), body }];
  });
  return htmlDocument({
    say,
    language: input.language === 'zh' ? 'zh-Hans' : 'en',
    generator: `mine-rs ${summary.tool.version}`,
    title,
    meta: meta(page),
    options: page.areas.map(
      ({ label }, k) =>
        html`<option value="${k}" ${k === page.payload.shown ? html` selected` : null}>${label}</option>`,
    ),
    sections,
    footer: html`${say('page.made', { version: summary.tool.version })} ${left(page)}`,
    payload: page.payload,
    layers: input.map?.layers ?? [],
  });
}

function meta({ summary, say, payload }: Page): string {
  const [a, , , d] = summary.grid.transform as [number, number, number, number];
  const size = Math.hypot(a, d);
  const fills = {
    scenes: summary.scenes.filter(({ used }) => used).length,
    years: summary.years.length,
    zones: summary.zones.length,
    pixel: size < 0.1 ? `${Number(size.toPrecision(4))}°` : `${Number(size.toPrecision(4))} m`,
  };
  return say(payload.value.name === 'fvc' ? 'page.meta' : 'page.metaIndex', fills);
}

function left({ summary, say }: Page): string | null {
  const shown = shownZones(summary).length;
  return shown === summary.zones.length ? null : say('page.zonesLeft', { shown, all: summary.zones.length });
}

function pageOf(input: ReportInput): Page {
  const { summary } = input;
  const say = sayIn(input.language);
  const areas = areasOf(summary, say);
  const shares = summary.fvc !== null;
  const valueName = (shares ? 'fvc' : summary.index).toUpperCase();
  return {
    input,
    summary,
    say,
    areas,
    payload: payloadOf(input, areas, say),
    valueName,
    value: (value) => (shares ? percent(value, 1) : value === null ? NONE : fixed(value, 3)),
  };
}

/** Outlines of zones that are not shown one by one are left out. */
function mapData({ outlines, layers, widthM, heightM, places }: MapInput, areas: Payload['areas']): MapData {
  const positions = new Map(areas.flatMap(({ id }, k) => (id === null ? [] : [[id, k] as const])));
  const zones = outlines.flatMap(({ id, rings }) => {
    const area = positions.get(id);
    return area === undefined ? [] : [{ area, rings }];
  });
  return { widthM, heightM, places, zones, layers: layers.map(({ data }) => data) };
}

const STATE_KEYS = ['state.0', 'state.1', 'state.2', 'state.3', 'state.4'] as const;

function payloadOf(
  { summary, map, language, additions = [] }: ReportInput,
  areas: Payload['areas'],
  say: Say,
): Payload {
  const { thresholds, baseline } = summary;
  const levels = baseline?.levels ?? null;
  return {
    text: scriptTexts(language),
    years: summary.years,
    value: { name: summary.fvc === null ? summary.index : 'fvc', percent: summary.fvc !== null },
    trendOfMean: summary.trend.on !== 'fvc-reference',
    classes: summary.zones[0]!.trend.map(({ code, name }) => ({
      code,
      label: wordOr(say, 'class', name),
      colour: trendColour(summary.trend.legend, code),
    })),
    states:
      summary.fvc === null
        ? []
        : STATE_KEYS.map((key, code) => ({ code, label: say(key), colour: STATE_COLOURS[code]! })),
    areas,
    shown: firstShown(areas),
    reference: referenceOf(areas),
    baseline: levels &&
      thresholds && {
        levels: levels.map(({ fvc }) => fvc),
        disturbedBelow: thresholds.disturbedBelow,
        recoveredAbove: thresholds.recoveredAbove,
      },
    figures: additions.flatMap(({ figures }) => figures.filter(showsSomething)),
    map: map && mapData(map, areas),
  };
}
