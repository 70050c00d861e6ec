/**
 * Light, dark, or as the system.
 * @module
 */
import { part } from './page.ts';

const KEY = 'mine-rs-theme';

/** Takes the choice over to the page, and keeps it where the browser lets a file keep something. */
export function followTheme(): void {
  const select = part('#theme') as HTMLSelectElement;
  const apply = (): void => {
    if (select.value === '') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = select.value;
  };
  select.value = stored();
  apply();
  select.addEventListener('change', () => {
    apply();
    try {
      localStorage.setItem(KEY, select.value);
    } catch {
      // Some browsers give files no storage: the choice then lasts as long as the page.
    }
  });
}

function stored(): string {
  try {
    const value = localStorage.getItem(KEY) ?? '';
    return value === 'light' || value === 'dark' ? value : '';
  } catch {
    return '';
  }
}
