/**
 * The file around the sections of a page: head, choices, contents, licences and the script with its payload.
 * @module
 */
import { createHash } from 'node:crypto';
import { LICENCES, SCRIPT, STYLE } from './client.generated.ts';
import { escapeHtml, html, Html, scriptJson, type Fill } from './markup.ts';
import type { Payload } from './payload.ts';
import type { PackedLayer } from './pixels.ts';
import type { Say } from './text.ts';

export interface DocumentContent {
  readonly say: Say;
  /** Language tag of the page. */
  readonly language: string;
  /** Name and version of what made the page. */
  readonly generator?: string;
  readonly title: string;
  /** Below the title. */
  readonly meta: Fill;
  /** The areas to choose from, as options. */
  readonly options: Fill;
  /** In their order; the one called `answer` is where a reader is sent past the head. */
  readonly sections: readonly { readonly id: string; readonly title: string; readonly body: Html }[];
  readonly footer: Fill;
  readonly payload: Payload;
  readonly layers: readonly PackedLayer[];
}

/** The whole file. Equal input gives equal bytes. */
export function htmlDocument(content: DocumentContent): string {
  const { say, title, sections, generator } = content;
  // Put together as text: white space would be part of them.
  const scripts = new Html(
    [
      `<script type="application/json" id="payload">${scriptJson(content.payload).text}</script>`,
      ...content.layers.map(
        ({ data, packed }) => `<script type="text/plain" id="raster-${data.kind}">${packed}</script>`,
      ),
      `<script>${SCRIPT}</script>`,
    ].join('\n'),
  );
  const named = [
    ['viewport', 'width=device-width, initial-scale=1'],
    ['color-scheme', 'light dark'],
    ...(generator === undefined ? [] : [['generator', generator]]),
  ];
  const metas = new Html(named.map(([name, text]) => html`<meta name="${name}" content="${text}" />`.text).join('\n'));
  return html`<!doctype html>
    <html lang="${content.language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${securityPolicy()}" />
        ${metas}
        <title>${title}</title>
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#answer">${say('page.skip')}</a>
        <header class="head">
          <h1>${title}</h1>
          <p class="meta">${content.meta}</p>
        </header>
        <div class="tools" id="tools" hidden>
          <label
            ><span>${say('page.area')}</span>
            <select id="area">
              ${content.options}
            </select></label
          >
          <label
            ><span>${say('page.theme')}</span>
            <select id="theme">
              <option value="">${say('page.theme.auto')}</option>
              <option value="light">${say('page.theme.light')}</option>
              <option value="dark">${say('page.theme.dark')}</option>
            </select></label
          >
        </div>
        <noscript><p class="note">${say('page.noScript')}</p></noscript>
        <nav class="contents" aria-label="${say('page.contents')}">
          ${sections.map(({ id, title: name }) => html`<a href="#${id}">${name}</a> `)}
        </nav>
        <main>
          ${sections.map(
            ({ id, title: name, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-title">
                <h2 id="${id}-title">${name}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>
          <p>${content.footer}</p>
          <details>
            <summary>${say('page.licences')}</summary>
            ${new Html(`<pre lang="en">${escapeHtml(LICENCES)}</pre>`)}
          </details>
        </footer>
        ${scripts}
      </body>
    </html> `.text;
}

/** Nothing is loaded from anywhere; only the one script runs. Plot and Leaflet write styles into the page. */
function securityPolicy(): string {
  const digest = createHash('sha256').update(SCRIPT).digest('base64');
  return `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'`;
}
