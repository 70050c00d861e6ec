/**
 * The payload and the parts of the page, for the rest of the script.
 * @module
 */
import type { Area, Payload } from '../payload.ts';

/** What charts and map share. */
export interface View {
  readonly payload: Payload;
  /** A text of the page's language. */
  readonly say: (key: string) => string;
  /** The area that charts show. */
  readonly area: () => Area;
  /** Shows another one, everywhere. */
  readonly choose: (area: number) => void;
  /** Called whenever another area is shown. */
  readonly onChoice: (listener: (area: number) => void) => void;
}

/** An element that the page must have. */
export function part(selector: string, within: ParentNode = document): HTMLElement {
  const found = within.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`The report lacks ${selector}`);
  return found;
}

/** Makes an element; strings become text, never markup. */
export function element(name: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function createView(): View {
  const payload = JSON.parse(part('#payload').textContent) as Payload;
  const listeners: ((area: number) => void)[] = [];
  const select = part('#area') as HTMLSelectElement;
  let shown = payload.shown;
  const choose = (area: number): void => {
    shown = area;
    select.value = String(area);
    for (const listener of listeners) listener(area);
  };
  select.value = String(shown);
  select.addEventListener('change', () => choose(Number(select.value)));
  return {
    payload,
    say: (key) => payload.text[key] ?? key,
    area: () => payload.areas[shown]!,
    choose,
    onChoice: (listener) => listeners.push(listener),
  };
}
