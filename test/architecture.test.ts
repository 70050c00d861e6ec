/**
 * The import rules of the design: rooms know each other in one direction only, and each third party has one room.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const SOURCES = sourcesIn('src');
const WORKERS = sourcesIn('workers');
const IMPORTS = [...SOURCES, ...WORKERS].flatMap(importsOf);

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

/** Every import of a file: static, re-export, dynamic. */
function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const statement = /^\s*(import|export)\s+(type\s+)?([\w*{][^;'"`]*?from\s+)?['"]([^'"]+)['"]/gm;
  for (const [, , type, , target] of text.matchAll(statement)) {
    found.push({ from: path, to: targetOf(path, target!), typeOnly: type !== undefined });
  }
  for (const [, target] of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    found.push({ from: path, to: targetOf(path, target!), typeOnly: false });
  }
  return found;
}

function targetOf(path: string, target: string): string {
  return target.startsWith('.') ? posix.join(dirname(path), target) : target;
}

/** The room of a file of the project: `src/raster/cog.ts` lies in raster, `src/errors.ts` in errors. */
function roomOf(path: string): string | undefined {
  return /^(?:src\/)?(\w+)(?:\/|\.ts$)/.exec(path)?.[1];
}

/** Where a room may import from, beside itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  cli: ['pipeline', 'report', 'errors', 'url'],
  pipeline: ['tasks', 'scenes', 'raster', 'vector', 'ecology', 'report', 'kernels', 'geo', 'errors', 'url'],
  tasks: ['scenes', 'raster', 'vector', 'kernels', 'geo', 'errors', 'url'],
  scenes: ['geo', 'errors', 'url'],
  raster: ['geo', 'errors', 'url'],
  vector: ['geo', 'errors'],
  ecology: ['kernels', 'geo', 'errors'],
  report: ['errors'],
  geo: ['errors'],
  kernels: [],
  errors: ['url'],
  url: [],
  workers: ['tasks', 'pipeline', 'errors'],
};

/** The rooms, or single files, that may import a package. */
const THIRD_PARTIES: Record<string, readonly string[]> = {
  commander: ['src/cli/'],
  'cli-progress': ['src/cli/'],
  piscina: ['src/pipeline/pool.ts'],
  '@cornerstonejs/codec-openjpeg': ['src/raster/jp2/'],
  '@jsquash/webp': ['src/raster/codecs/'],
  lerc: ['src/raster/codecs/'],
  zstddec: ['src/raster/codecs/'],
  ndarray: ['src/raster/'],
  aws4fetch: ['src/raster/source/'],
  proj4: ['src/geo/crs.ts'],
  '@turf/turf': ['src/vector/'],
  'sql.js': ['src/vector/'],
  yaml: ['src/scenes/', 'src/pipeline/config.ts', 'src/pipeline/batch-file.ts'],
  zod: [
    'src/pipeline/batch-file.ts',
    'src/scenes/',
    'src/pipeline/options.ts',
    'src/pipeline/config.ts',
    'src/pipeline/scenes-page.ts',
    'src/pipeline/power.ts',
    'src/pipeline/explain.ts',
    'src/pipeline/rerun.ts',
    'src/pipeline/sample.ts',
    'src/pipeline/estimate.ts',
    'src/pipeline/report.ts',
    'src/pipeline/zonal-options.ts',
    'src/pipeline/lifecycle.ts',
    'src/pipeline/resilience.ts',
    'src/pipeline/resilience-config.ts',
    'src/pipeline/class-options.ts',
    'src/pipeline/plots.ts',
    'src/pipeline/bond-release.ts',
  ],
  leven: ['src/scenes/', 'src/pipeline/options.ts', 'src/pipeline/config.ts'],
  tinyglobby: ['src/scenes/'],
  'csv-parse': ['src/pipeline/csv-table.ts'],
  'csv-stringify': ['src/report/'],
  hucre: ['src/report/workbook.ts'],
  'hyparquet-writer': ['src/report/parquet.ts'],
  jstat: ['src/ecology/distributions.ts'],
  'cli-table3': ['src/report/'],
};

/** What is bundled into the report's page when the project is built: not needed to run it. */
const BUNDLED: readonly string[] = ['@observablehq/plot', 'leaflet'];
const BROWSER = 'src/report/html/client/';

const ours = IMPORTS.filter(({ to }) => /^(src|workers)\//.test(to));
const foreign = IMPORTS.filter(({ to }) => !/^(src|workers|node:)/.test(to));
const packages = foreign.filter(({ from }) => !from.startsWith(BROWSER));

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the reader of imports', () => {
  it('finds static, type-only, re-exported and dynamic imports', () => {
    const of = (path: string, to: string) => IMPORTS.filter((i) => i.from === path && i.to === to);
    expect(of('src/tasks/contract.ts', 'src/geo/grid.ts')).toMatchObject([{ typeOnly: true }]);
    expect(of('src/index.ts', 'src/pipeline/trend.ts')).toMatchObject([{ typeOnly: false }]);
    expect(of('src/pipeline/output.ts', 'node:fs')).toHaveLength(1);
    expect(of('src/cli/trend.ts', 'src/report/terminal.ts')).toHaveLength(1);
    expect(of('src/geo/crs.ts', 'proj4')).toHaveLength(1);
  });

  it('misses none: every quoted relative path that ends in .ts is among them', () => {
    for (const path of [...SOURCES, ...WORKERS]) {
      const quoted = readFileSync(path, 'utf8').matchAll(/['"](\.{1,2}\/[^'"]+\.ts)['"]/g);
      const expected = [...quoted].map(([, target]) => targetOf(path, target!));
      const found = IMPORTS.filter((i) => i.from === path).map((i) => i.to);
      expect(found).toEqual(expect.arrayContaining(expected));
    }
  });
});

describe('rooms', () => {
  it('are all known', () => {
    const rooms = new Set(SOURCES.map(roomOf));
    for (const door of ['cli', 'index']) rooms.delete(door);
    expect([...rooms].filter((room) => MAY_IMPORT[room ?? ''] === undefined)).toEqual([]);
  });

  it('import in one direction', () => {
    const broken = ours.filter(({ from, to }) => {
      // The doors: the program's entry, and the library's.
      if (from === 'src/index.ts') return false;
      if (from === 'src/cli.ts') return to !== 'src/cli/main.ts' && to !== 'src/errors.ts';
      const [a, b] = [roomOf(from)!, roomOf(to)!];
      return a !== b && !MAY_IMPORT[a]!.includes(b);
    });
    expect(broken).toEqual([]);
  });

  it('leaves the report to be loaded by the commands only when it is wanted', () => {
    const eager = ours.filter(({ from, to }) => roomOf(from) === 'cli' && roomOf(to) === 'report');
    const text = (path: string) => readFileSync(path, 'utf8');
    for (const { from, to } of eager) {
      const name = posix.basename(to);
      expect([from, new RegExp(`await import\\('[^']*${name}'\\)`).test(text(from))]).toEqual([from, true]);
    }
  });

  it('gives kernels nothing at all: no Node, no package, no other room', () => {
    const broken = IMPORTS.filter(({ from, to }) => roomOf(from) === 'kernels' && roomOf(to) !== 'kernels');
    expect(broken).toEqual([]);
  });

  it('names the worker by URL only: nothing imports from workers/', () => {
    expect(ours.filter(({ to }) => to.startsWith('workers/'))).toEqual([]);
  });
});

describe('third parties', () => {
  it('have their rooms', () => {
    const broken = packages.filter(
      ({ from, to }) => !(THIRD_PARTIES[packageOf(to)] ?? []).some((room) => from.startsWith(room)),
    );
    expect(broken).toEqual([]);
  });

  it('are all used, and are the dependencies of package.json', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
    const used = new Set(packages.map(({ to }) => packageOf(to)));
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
    expect(Object.keys(THIRD_PARTIES).sort()).toEqual([...used].sort());
  });
});

describe("the page's script", () => {
  const script = IMPORTS.filter(({ from }) => from.startsWith(BROWSER));

  it('uses what is bundled, and nothing of Node', () => {
    const used = new Set(foreign.filter(({ from }) => from.startsWith(BROWSER)).map(({ to }) => packageOf(to)));
    expect([...used].sort()).toEqual(BUNDLED);
    expect(script.filter(({ to }) => to.startsWith('node:'))).toEqual([]);
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: Record<string, string> };
    expect(Object.keys(manifest.devDependencies)).toEqual(expect.arrayContaining([...BUNDLED]));
  });

  it('is imported by itself only, and imports modules without Node', () => {
    expect(ours.filter(({ from, to }) => to.startsWith(BROWSER) && !from.startsWith(BROWSER))).toEqual([]);
    const shared = new Set(
      script.filter(({ to, typeOnly }) => !typeOnly && !to.startsWith(BROWSER)).map(({ to }) => to),
    );
    const broken = IMPORTS.filter(({ from, to }) => shared.has(from) && to.startsWith('node:'));
    expect(broken).toEqual([]);
  });
});

describe('files', () => {
  it('say at their head what they are', () => {
    const headless = [...SOURCES, ...WORKERS].filter(
      (path) => !/^(#!.*\n)?\/\*\*\n( \*.*\n)+? \* @module\n \*\/\n/.test(readFileSync(path, 'utf8')),
    );
    expect(headless).toEqual([]);
  });

  it('keep a worker at 40 lines', () => {
    expect(WORKERS.length).toBeGreaterThan(0);
    const long = WORKERS.filter((path) => readFileSync(path, 'utf8').trimEnd().split('\n').length > 40);
    expect(long).toEqual([]);
  });

  it('have their tests in rooms of the same names', () => {
    const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const tested = rooms.map(({ name }) => [name, hasTests(join('test', name))]);
    expect(tested).toEqual(rooms.map(({ name }) => [name, true]));
  });
});

function hasTests(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.test.ts'));
  } catch {
    return false;
  }
}
