/**
 * The README shows what the main job prints. Refresh it after a build with `npx vitest run test/readme.test.ts -u`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const README = join(ROOT, 'README.md');
const BLOCK = /(?<=^<!-- table -->\n```\n).*?(?=^```\n<!-- \/table -->$)/ms;
const MAX_LINES = 150;

describe('README', () => {
  let folder: string;
  let printed: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mine-rs-readme-'));
    const args = [join(ROOT, 'dist/src/cli.js'), 'trend', '--aoi', join(ROOT, 'sample-data/pits.geojson')];
    printed = execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows the table of the sample, word for word', async () => {
    const text = readFileSync(README, 'utf8');
    expect(text).toMatch(BLOCK);
    await expect(text.replace(BLOCK, () => printed)).toMatchFileSnapshot(README);
  });

  it('shows the table within its first screens and stays short', () => {
    const lines = readFileSync(README, 'utf8').split('\n');
    expect(lines.indexOf('<!-- table -->')).toBeLessThan(20);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });

  it('calls the sample synthetic before the table', () => {
    const text = readFileSync(README, 'utf8');
    expect(text.slice(0, text.indexOf('<!-- table -->'))).toMatch(/synthetic/i);
  });

  it('points only to files that are there', () => {
    for (const name of [
      'README.md',
      'CONTRIBUTING.md',
      'docs/method.md',
      'docs/scenes.md',
      'docs/outputs.md',
      'docs/design.md',
    ]) {
      const text = readFileSync(join(ROOT, name), 'utf8');
      const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!);
      for (const target of targets) {
        expect(() => readFileSync(resolve(ROOT, name, '..', target)), `${name}: ${target}`).not.toThrow(/ENOENT/);
      }
    }
  });
});
