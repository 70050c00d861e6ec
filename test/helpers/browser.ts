/**
 * A browser for tests of the report: Chromium where there is one.
 * @module
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];

/** Path of a Chromium: of the variable CHROMIUM, or on the PATH; undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
}

export function launch(path: string): Promise<Browser> {
  // Root has no sandbox, and containers little shared memory.
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page without a network, and everything that went wrong on it. */
export interface Watched {
  page: Page;
  /** Errors and warnings of the console, uncaught errors, and requests for anything but the file. */
  trouble: string[];
}

export interface View {
  width?: number;
  height?: number;
  dark?: boolean;
}

/** Opens a file in a page of its own with the network off. */
export async function openOffline(browser: Browser, file: string, view: View = {}): Promise<Watched> {
  const { width = 1440, height = 900, dark = false } = view;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    offline: true,
  });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('dialog', (dialog) => {
    trouble.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) trouble.push(`request ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return { page, trouble };
}
