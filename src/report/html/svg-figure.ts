/**
 * What the pictures of the report have in common: the figure around them, the picture's frame, and how places are written.
 * @module
 */
import { html, type Fill, type Html } from './markup.ts';

/** A figure with its caption. @param parts What stands below each other. */
export function figureOf(caption: string, parts: readonly Fill[]): Html {
  return html`<figure class="chart">
    <figcaption>${caption}</figcaption>
    ${lines(parts)}
  </figure>`;
}

/** A picture that is as wide as it fits. @param parts From the back to the front. */
export function svgPicture(caption: string, width: number, height: number, parts: readonly Fill[]): Html {
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${caption}"
    style="width:100%;max-width:${width}px;height:auto"
    font-size="12"
    fill="var(--ink)"
  >
    ${lines(parts)}
  </svg>`;
}

/** A coordinate in the picture, to a tenth. */
export function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function lines(parts: readonly Fill[]): Fill {
  return parts.flatMap((part, k) => (k === 0 ? [part] : ['\n', part]));
}
