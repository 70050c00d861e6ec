/**
 * The recipe of the container image, as far as it goes without an engine: the files of its last stage in a clean folder, with the
 * packages that are needed to run and no others, inputs that cannot be written, and a user who is nobody.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../src/cli/program.ts';
import { filesBelow } from '../helpers/cli.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('image');
const ROOT = resolve(import.meta.dirname, '../..');
const RECIPE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll(/#.*\n/g, '');
const STAGES = RECIPE.split(/^FROM /m).slice(1);
const LAST = STAGES.at(-1)!;
const NOBODY = 12_345;
const AS_ROOT = process.getuid?.() === 0;
const CAN_CHANGE_USER = AS_ROOT && spawnSync('setpriv', ['--version']).status === 0;

/** Packages of package-lock.json that are not for development only. */
function packagesToRun(): string[] {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .map(([path]) => path);
}

/** What the last stage copies: source, and place in the image. */
function copies(): { from: string | undefined; sources: string[]; to: string }[] {
  return [...LAST.matchAll(/^COPY (?:--from=(\w+) )?(.+)$/gm)].map(([, from, names]) => {
    const words = names!.split(' ');
    return { from, sources: words.slice(0, -1), to: words.at(-1)! };
  });
}

describe('the recipe', () => {
  it('tests before it makes an image, and runs as nobody special', () => {
    expect(STAGES).toHaveLength(3);
    expect(STAGES[0]).toMatch(/RUN npm ci[^\n]*\n[^]*RUN npm test\n/);
    expect(LAST).toMatch(/^USER (?!root|0)\S+$/m);
    expect(LAST).toMatch(/^COPY --from=test \/app\/dist /m);
    expect(LAST).not.toContain('npm ci');
  });

  it('copies what is there', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n');
    const own = copies().filter(({ from }) => from === undefined);
    expect(own.length).toBeGreaterThan(1);
    for (const source of own.flatMap(({ sources }) => sources)) {
      expect([source, existsSync(join(ROOT, source)), ignored.includes(source)]).toEqual([source, true, false]);
    }
  });
});

describe('the image', () => {
  let root = '';
  let inputs = '';
  const user = CAN_CHANGE_USER ? NOBODY : (process.getuid?.() ?? 0);

  beforeAll(() => {
    root = newFolder();
    const app = join(root, 'app');
    for (const { from, sources, to } of copies()) {
      for (const source of sources) {
        const folder = join(app, to);
        if (from === 'packages') continue;
        const path = from === undefined ? join(ROOT, source) : join(ROOT, source.replace(/^\/app\//, ''));
        cpSync(
          path,
          to === './' ? join(folder, source) : to.endsWith('/') ? join(folder, source.split('/').at(-1)!) : folder,
          { recursive: true },
        );
      }
    }
    for (const path of packagesToRun()) {
      if (!existsSync(join(ROOT, path))) continue;
      mkdirSync(dirname(join(app, path)), { recursive: true });
      // What lies below node_modules in a package is in the list itself.
      cpSync(join(ROOT, path), join(app, path), {
        recursive: true,
        filter: (name) => !name.slice(join(ROOT, path).length).includes('node_modules'),
      });
    }
    inputs = join(root, 'sites');
    cpSync(join(ROOT, 'sample-data'), join(inputs, 'pit'), { recursive: true });
    writeFileSync(
      join(inputs, 'sites.yaml'),
      'defaults: { maps: trend }\nsites:\n  - { name: pit, aoi: pit/pits.geojson }\n',
    );
    for (const place of ['results', 'none']) mkdirSync(join(root, place));
    if (CAN_CHANGE_USER) chownSync(join(root, 'results'), user, user);
    // The folders above are the tests' own, and closed to others.
    for (let at = root; at !== dirname(at) && at.includes('mine-rs-image'); at = dirname(at)) chmodSync(at, 0o755);
    for (const name of readdirSync(inputs, { recursive: true, encoding: 'utf8' })) chmodSync(join(inputs, name), 0o555);
    chmodSync(inputs, 0o555);
  });

  function run(...args: string[]) {
    const program = [process.execPath, join(root, 'app/dist/src/cli.js'), ...args];
    const change = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'];
    const [command, ...rest] = [...(CAN_CHANGE_USER ? change : []), ...program];
    // No home, no PATH beyond the system's, nothing of the caller.
    const env = { PATH: '/usr/bin:/bin', NODE_ENV: 'production' };
    return spawnSync(command!, rest, { cwd: join(root, 'none'), env, encoding: 'utf8' });
  }

  it('answers with the packages that are needed to run alone', () => {
    const { status, stdout, stderr } = run('--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: mine-rs');
    expect(packagesToRun()).not.toContain('node_modules/vitest');
  });

  it('runs a batch on inputs that cannot be written, and writes to its results alone', () => {
    const before = filesBelow(join(root, 'app')).length;
    const args = ['batch', join(inputs, 'sites.yaml'), '--out', join(root, 'results'), '--resume', '--json'];
    const { status, stdout, stderr } = run(...args, '--workers', '1');
    expect([status, stderr.includes('"failed"')]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, counts: { done: 1 } });
    for (const line of stderr.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(JSON.parse(run(...args).stdout)).toMatchObject({ ok: true, counts: { unchanged: 1 } });
    expect(filesBelow(join(root, 'app'))).toHaveLength(before);
    expect(readdirSync(inputs)).toEqual(['pit', 'sites.yaml']);
    expect(readdirSync(join(root, 'none'))).toEqual([]);
  });

  it.skipIf(!CAN_CHANGE_USER && AS_ROOT)(
    'says that results cannot be written (the superuser may write everywhere)',
    () => {
      const { status, stderr } = run('trend', '--aoi', join(inputs, 'pit/pits.geojson'), '--out', join(inputs, 'out'));
      expect([status, stderr]).toEqual([3, expect.stringMatching(/Cannot write to the output folder .*EACCES/)]);
    },
  );
});

describe('the examples', () => {
  const example = (name: string): unknown => parse(readFileSync(join(ROOT, 'docs/deploy', name), 'utf8'));
  /** Arguments that the command line takes, all of them. */
  const areKnown = (args: readonly string[]): boolean => {
    const batch = createProgram(() => {}).commands.find((command) => command.name() === args[0])!;
    const { unknown } = batch.parseOptions(args.slice(1));
    return unknown.length === 0;
  };

  it('of docker compose names options that there are, and gives no rights away', () => {
    const file = example('docker-compose.yaml') as { services: { 'mine-rs': Record<string, unknown> } };
    const service = file.services['mine-rs'];
    expect(areKnown(service.command as string[])).toBe(true);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], user: '1000:1000' });
  });

  it('of Kubernetes does too', () => {
    const job = example('cronjob.yaml') as {
      spec: { concurrencyPolicy: string; jobTemplate: { spec: { template: { spec: Record<string, unknown> } } } };
    };
    const pod = job.spec.jobTemplate.spec.template.spec as {
      securityContext: unknown;
      containers: { args: string[]; securityContext: unknown; volumeMounts: { name: string; readOnly?: boolean }[] }[];
    };
    expect(job.spec.concurrencyPolicy).toBe('Forbid');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(pod.containers[0]!.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    expect(areKnown(pod.containers[0]!.args)).toBe(true);
    expect(pod.containers[0]!.volumeMounts.find(({ name }) => name === 'sites')?.readOnly).toBe(true);
  });
});
