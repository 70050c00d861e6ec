/**
 * How the figures came about, in plain words, with formulas, parameters and sources.
 * @module
 */
import { html, type Html } from '../markup.ts';
import { phrase } from '../phrases.ts';
import type { Page, Section } from '../section.ts';
import { dataTable } from '../tables.ts';

export const method: Section = {
  id: 'method',
  title: 'method.title',
  body: (page) =>
    html`<ol class="steps">
        ${steps(page)}
      </ol>
      <h3>${page.say('method.sources')}</h3>
      <ul class="sources">
        ${SOURCES.map((source) => html`<li lang="en">${source}</li> `)}
      </ul>
      <details class="behind">
        <summary>${page.say('method.parameters')}</summary>
        ${parameters(page)}
      </details>`,
};

function steps(page: Page): Html[] {
  const { say, summary } = page;
  const { fvc, thresholds, baseline, trend, grid } = summary;
  const found: [string, string, Html | null][] = [
    [
      say('method.scenes'),
      say('method.scenesText', {
        scenes: summary.scenes.filter(({ used }) => used).length,
        years: summary.years.length,
        first: summary.years[0]!,
        last: summary.years.at(-1)!,
      }) +
        (summary.missingYears.length === 0 ? '' : ` ${say('method.gaps', { years: summary.missingYears.join(', ') })}`),
      null,
    ],
    [
      say('method.grid'),
      say('method.gridText', { width: grid.width, height: grid.height, crs: grid.crs }),
      phrase(page, grid.chosen),
    ],
    [
      say('method.annual'),
      say('method.annualText', { index: summary.index.toUpperCase(), composite: summary.composite }),
      null,
    ],
  ];
  if (fvc !== null) {
    const { soil, vegetation, source } = fvc.endpoints;
    found.push([
      say('method.cover'),
      say('method.coverText', {
        index: summary.index.toUpperCase(),
        soil: soil.toFixed(4),
        vegetation: vegetation.toFixed(4),
      }),
      phrase(page, source),
    ]);
  }
  found.push([
    say('method.trend'),
    say('method.trendText', {
      epsilon: trend.epsilon,
      minYears: trend.minYears,
      p: say(trend.pMethod === 'exact' ? 'method.exact' : 'method.normal'),
    }),
    trend.reference && phrase(page, trend.reference.text),
  ]);
  if (thresholds !== null) {
    const { disturbedBelow: d, recoveredAbove: r, disturbedYears, recoveredYears } = thresholds;
    const text = say('method.statesText', { d, r, disturbedYears, recoveredYears });
    found.push([
      say('method.states'),
      [text, ...cleaning(page)].join(' '),
      html`${say('method.baseline')}: ${phrase(page, baseline?.text ?? '')}`,
    ]);
  }
  found.push([say('method.area'), say('method.areaText'), null]);
  return found.map(
    ([name, text, detail]) =>
      html`<li><b>${name}.</b> ${text}${detail === null ? null : html` <span class="detail">${detail}.</span>`}</li> `,
  );
}

/** What the states were cleaned by; runs of earlier versions do not have it. */
function cleaning({ say, summary }: Page): string[] {
  const { fillGaps = false, filterFlips = false, minPatch = null } = summary.thresholds ?? {};
  return [
    ...(fillGaps ? [say('method.fillGaps')] : []),
    ...(filterFlips ? [say('method.filterFlips')] : []),
    ...(minPatch === null ? [] : [say('method.minPatch', minPatch)]),
  ];
}

/** Everything that decides what a run finds; what was left at its default is among it. */
function parameters(page: Page): Html {
  const dashed = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return dataTable(page, {
    caption: page.say('method.parameters'),
    head: [page.say('method.option'), page.say('method.value')],
    rows: Object.entries(page.input.record.parameters).map(([name, value]) => [
      html`<code>${dashed(name)}</code>`,
      shown(value),
    ]),
    words: 2,
  });
}

const SOURCES = [
  'Benjamini Y, Hochberg Y 1995. Controlling the false discovery rate. J. R. Stat. Soc. B 57, 289–300.',
  'Gilbert RO 1987. Statistical methods for environmental pollution monitoring. Van Nostrand Reinhold. (Limits of the slope.)',
  'Gutman G, Ignatov A 1998. The derivation of the green vegetation fraction from NOAA/AVHRR data. Int. J. Remote Sens. 19, 1533–1543.',
  'Mann HB 1945. Nonparametric tests against trend. Econometrica 13, 245–259. Kendall MG 1975. Rank correlation methods. Griffin.',
  'Pettitt AN 1979. A non-parametric approach to the change-point problem. Appl. Stat. 28, 126–135.',
  'Sen PK 1968. Estimates of the regression coefficient based on Kendall’s tau. J. Am. Stat. Assoc. 63, 1379–1389.',
  'Wilks DS 2016. “The stippling shows statistically significant grid points”. Bull. Am. Meteorol. Soc. 97, 2263–2273.',
] as const;
