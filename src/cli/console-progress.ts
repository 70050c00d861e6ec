/**
 * Progress on standard error: a live bar on a terminal, lines in a pipe, JSON lines on request.
 * @module
 */
import { Presets, SingleBar } from 'cli-progress';
import { SILENT, STAGES, type Progress, type Stage } from '../pipeline/progress.ts';

export interface ConsoleOptions {
  json: boolean;
  quiet: boolean;
  /** What is said: errors only, warnings too, or all. */
  logLevel?: 'error' | 'warn' | 'info';
  /** Site of a batch, which JSON lines name. */
  site?: string;
}

/** Progress for a stream. Quiet says nothing at all; errors are not progress. */
export function createConsoleProgress(stream: NodeJS.WriteStream, options: ConsoleOptions): Progress {
  const { json, quiet, logLevel = 'info', site } = options;
  if (quiet || logLevel === 'error') return SILENT;
  if (logLevel === 'warn') {
    const all = createConsoleProgress(stream, { ...options, logLevel: 'info' });
    return { ...SILENT, warn: (message) => all.warn(message) };
  }
  if (json) return createJsonProgress(stream, site === undefined ? {} : { site });
  return stream.isTTY ? createBarProgress(stream) : createLineProgress(stream);
}

function createBarProgress(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar(
    {
      stream,
      format: '{stage} {bar} {percentage} % | {value}/{total} | {eta_formatted} left',
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  let running = false;
  let total = 0;
  let done = 0;
  let stage = '';
  const width = Math.max(...Object.values(STAGES).map((name) => name.length));
  const stop = (): void => {
    if (running) bar.stop();
    running = false;
  };
  const start = (): void => {
    bar.start(total, done, { stage });
    running = true;
  };
  /** Lines stand above the bar. */
  const line = (text: string): void => {
    const resume = running;
    stop();
    stream.write(`${text}\n`);
    if (resume) start();
  };
  return {
    begin(next: Stage, steps) {
      stop();
      stage = STAGES[next].padEnd(width);
      total = steps;
      done = 0;
      start();
    },
    step() {
      done++;
      if (running) bar.update(done);
    },
    end: stop,
    warn: (message) => line(`Warning: ${message}`),
    info: line,
  };
}

/** At most one line a stage and a tenth, and not more often than every two seconds. */
function createLineProgress(stream: NodeJS.WriteStream): Progress {
  let stage: Stage = 'find';
  let total = 0;
  let done = 0;
  let started = 0;
  let said = 0;
  return {
    begin(next, steps) {
      stage = next;
      total = steps;
      done = 0;
      started = Date.now();
      said = started;
    },
    step() {
      done++;
      const now = Date.now();
      if (now - said < 2000 || done === total) return;
      said = now;
      const left = Math.ceil(((now - started) / done) * (total - done) * 1e-3);
      stream.write(`${STAGES[stage]}: ${Math.floor((100 * done) / total)} %, ${left} s left\n`);
    },
    end() {
      stream.write(`${STAGES[stage]}: done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
    },
    warn: (message) => stream.write(`Warning: ${message}\n`),
    info: (message) => stream.write(`${message}\n`),
  };
}

function createJsonProgress(stream: NodeJS.WriteStream, fields: Record<string, string>): Progress {
  let stage: Stage = 'find';
  let total = 0;
  let done = 0;
  let said = 0;
  const write = (event: Record<string, unknown>): void => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields, ...event })}\n`);
  };
  return {
    begin(next, steps) {
      stage = next;
      total = steps;
      done = 0;
      said = Date.now();
      write({ event: 'begin', stage, total });
    },
    step() {
      done++;
      if (Date.now() - said < 1000) return;
      said = Date.now();
      write({ event: 'progress', stage, done, total });
    },
    end: () => write({ event: 'end', stage, done, total }),
    warn: (message) => write({ event: 'warning', message }),
    info: (message) => write({ event: 'info', message }),
  };
}
