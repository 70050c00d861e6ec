import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createConsoleProgress } from '../../src/cli/console-progress.ts';
import { withInterrupt } from '../../src/cli/interrupt.ts';
import { createProgram } from '../../src/cli/program.ts';
import { optionSchema } from '../../src/pipeline/options.ts';
import { VERSION } from '../../src/pipeline/version.ts';
import { callMain } from '../helpers/cli.ts';

const trendCommand = (): Command => createProgram(() => {}).commands.find((command) => command.name() === 'trend')!;

const run = (...args: string[]) => callMain(args);

afterEach(() => {
  vi.useRealTimers();
});

describe('the trend command', () => {
  it('has a flag for every option, and an option for every flag', () => {
    const flags = trendCommand().options.map((option) => option.attributeName());
    const options = Object.keys(optionSchema.shape);
    expect(flags.filter((name) => name !== 'config').sort()).toEqual(options.sort());
  });

  it('says the defaults that the options have', () => {
    const defaults = optionSchema.parse({}) as Record<string, unknown>;
    const told = trendCommand().options.flatMap((option) => {
      const text = /\(default: ([^)]*)\)/.exec(option.description)?.[1];
      return text === undefined ? [] : [[option.attributeName(), text] as const];
    });
    // What depends on the machine or the AOI, and what an option means by not being given, is said in words.
    const words = [
      'scenes',
      'config',
      'workers',
      'baseline',
      'like',
      'roleField',
      'idField',
      'nameField',
      'out',
      'trendOn',
      'transitions',
      'memory',
    ];
    const wrong = told.filter(([name, text]) => !words.includes(name) && !text.startsWith(String(defaults[name])));
    expect(wrong).toEqual([]);
    const figures = told.filter(([name]) => !words.includes(name)).map(([name]) => name);
    expect(figures).toEqual(expect.arrayContaining(['composite', 'fvc', 'legend', 'epsilon', 'minYears', 'maps']));
  });
});

describe('main', () => {
  it('prints the version and the help on standard output', async () => {
    expect(await run('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const help = await run('trend', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--baseline');
    expect(help.stdout).toContain('Exit codes');
  });

  it.each([
    [['trend', '--seson', 'x'], /unknown option '--seson'[\s\S]*--season/],
    [['trnd'], /unknown command 'trnd'[\s\S]*trend/],
    [['trend', '--aoi'], /--aoi <file>' argument missing/],
    [['trend'], /--aoi/],
    [['trend', '--aoi', 'a.geojson', '--legend', 'six'], /'legend'.*seven/],
    [['trend', 'pits.geojson'], /too many arguments|excess/i],
  ])('answers %o with exit code 2 and advice', async (args, expected) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
    expect(stderr).not.toContain('    at ');
  });

  it('shows the help where no command is given', async () => {
    const { code, stdout, stderr } = await run();
    expect(code).toBe(2);
    expect(stdout + stderr).toContain('Usage: mine-rs');
  });
});

/** A stream that remembers. */
function remember(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream, text: () => text };
}

describe('progress', () => {
  it('writes a line at the end of a stage in a pipe, and no control characters', () => {
    const { stream, text } = remember(false);
    const progress = createConsoleProgress(stream, { json: false, quiet: false });
    progress.begin('annual', 2);
    progress.step();
    progress.warn('mind the gap');
    progress.step();
    progress.end();
    expect(text()).toMatch(/^Warning: mind the gap\nAnnual maps: done in \d+\.\d s\n$/);
  });

  it('says share and time left of long stages, at most every two seconds', () => {
    vi.useFakeTimers();
    const { stream, text } = remember(false);
    const progress = createConsoleProgress(stream, { json: false, quiet: false });
    progress.begin('series', 100);
    for (let k = 0; k < 50; k++) {
      vi.advanceTimersByTime(100);
      progress.step();
    }
    expect(text()).toBe('Trend and states: 20 %, 8 s left\nTrend and states: 40 %, 6 s left\n');
  });

  it('writes JSON lines on request', () => {
    const { stream, text } = remember(false);
    const progress = createConsoleProgress(stream, { json: true, quiet: false });
    progress.begin('find', 1);
    progress.warn('mind the gap');
    progress.step();
    progress.end();
    const events = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events).toMatchObject([
      { event: 'begin', stage: 'find', total: 1 },
      { event: 'warning', message: 'mind the gap' },
      { event: 'end', stage: 'find', done: 1, total: 1 },
    ]);
    expect(events.every(({ time }) => !Number.isNaN(Date.parse(time as string)))).toBe(true);
  });

  it('draws a bar with stage, share and time left on a terminal, and keeps lines above it', () => {
    const { stream, text } = remember(true);
    const terminal = Object.assign(stream, { cursorTo() {}, clearLine() {}, moveCursor() {} });
    const progress = createConsoleProgress(terminal, { json: false, quiet: false });
    progress.begin('annual', 4);
    progress.step();
    progress.warn('mind the gap');
    progress.end();
    expect(text()).toContain('Annual maps');
    expect(text()).toContain('0/4');
    expect(text()).toMatch(/%[\s\S]*left/);
    expect(text()).toContain('Warning: mind the gap\n');
  });

  it.each([
    ['error', ''],
    ['warn', 'Warning: mind the gap\n'],
  ] as const)('says what the level %s lets through', (logLevel, expected) => {
    const { stream, text } = remember(false);
    const progress = createConsoleProgress(stream, { json: false, quiet: false, logLevel });
    progress.begin('annual', 4);
    progress.warn('mind the gap');
    progress.info('by the way');
    progress.end();
    expect(text()).toBe(expected);
  });

  it('is silent when it should be quiet', () => {
    const { stream, text } = remember(true);
    const progress = createConsoleProgress(stream, { json: false, quiet: true });
    progress.begin('annual', 4);
    progress.step();
    progress.warn('mind the gap');
    progress.info('by the way');
    progress.end();
    expect(text()).toBe('');
  });
});

describe('withInterrupt', () => {
  it('gives back what the work gives, and leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT');
    expect(await withInterrupt({ info() {} }, async () => 7)).toBe(7);
    await expect(withInterrupt({ info() {} }, () => Promise.reject(new Error('own')))).rejects.toThrow('own');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'aborts the work on %s and says which signal it was',
    async (signal) => {
      const work = (aborted: AbortSignal) =>
        new Promise<never>((_, reject) => {
          aborted.addEventListener('abort', () => reject(new Error('stopped')));
          process.emit(signal, signal);
        });
      const info = vi.fn<(message: string) => void>();
      await expect(withInterrupt({ info }, work)).rejects.toMatchObject({ code: 'INTERRUPTED', details: { signal } });
      expect(info).toHaveBeenCalledOnce();
    },
  );
});
