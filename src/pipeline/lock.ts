/**
 * A lock on a folder, held by one process at a time, that does not outlive it.
 *
 * The lock is a file that says who holds it. A process of this machine is looked up by its number and by when it started,
 * so a number that was given out again is no holder. A holder that cannot be looked up (another machine or container on a
 * shared disk) is watched: it counts in the file while it lives. No clock is asked, so one that jumps does no harm.
 * @module
 */
import { linkSync, readFileSync, readlinkSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the holder counts, and how long a stranger is watched, in ms. */
const BEAT_MS = 1000;
const WATCH_MS = 10_000;

/** How long a process is waited for that was killed, in ms: it takes a moment to end. */
const ENDING_MS = 2000;

/** Who holds a lock. */
export interface Holder {
  pid: number;
  host: string;
  /** The machine's start and the process numbers' own space; empty where the system does not tell. */
  boot: string;
  space: string;
  /** When the process started, in the system's ticks since the machine's start. */
  start: string;
  /** One for each lock. */
  token: string;
  beat: number;
}

/** A lock that is held. */
export interface Lock {
  release(): void;
}

/** Somebody else holds the lock. */
export class Locked extends Error {
  override readonly name = 'Locked';
  readonly holder: Holder;

  constructor(holder: Holder) {
    super(`locked by process ${holder.pid} on ${holder.host}`);
    this.holder = holder;
  }
}

/**
 * Takes a lock, from a holder that is gone if need be.
 *
 * @param path The lock's file.
 * @param watchMs How long to watch a holder that cannot be looked up.
 * @throws {Locked} if another process holds it
 */
export async function takeLock(path: string, watchMs = WATCH_MS): Promise<Lock> {
  const own = ownHolder();
  for (;;) {
    if (tryLock(path, own)) return hold(path, own);
    const text = readText(path);
    if (text === undefined) continue;
    const holder = parseHolder(text);
    if (holder !== undefined && !(await isGone(path, holder, watchMs))) throw new Locked(holder);
    removeStale(path, text);
  }
}

/** Makes the lock's file with all that is in it at once; false where there is one. */
function tryLock(path: string, own: Holder): boolean {
  const text = JSON.stringify(own);
  const draft = `${path}.${own.token}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // A disk without hard links: the file may be seen before it is filled, which is taken for a holder that is gone.
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (second) {
      if ((second as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw second;
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Locks of this process. */
const held = new Set<string>();

function hold(path: string, own: Holder): Lock {
  held.add(own.token);
  removeDrafts(path);
  const beat = setInterval(() => {
    own.beat++;
    try {
      // In place, and never shorter than before, so that no reader finds half of it.
      writeFileSync(path, JSON.stringify(own), { flag: 'r+' });
    } catch {
      // A full disk, say: whoever watches sees the next one.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      held.delete(own.token);
      if (parseHolder(readText(path) ?? '')?.token === own.token) rmSync(path, { force: true });
    },
  };
}

/** What processes left that were killed while they took the lock. */
function removeDrafts(path: string): void {
  const drafts = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.`));
  for (const name of drafts) rmSync(join(dirname(path), name), { force: true });
}

/** Takes a dead holder's file away, unless somebody was quicker and holds the lock by now. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readText(aside) !== stale) {
    try {
      linkSync(aside, path);
    } catch {
      // There is a third one: it holds the lock.
    }
  }
  rmSync(aside, { force: true });
}

/** Whether the holder of a lock has ended. */
async function isGone(path: string, holder: Holder, watchMs: number): Promise<boolean> {
  const own = ownHolder();
  if (holder.host === own.host && holder.boot === own.boot && holder.space === own.space) {
    if (holder.pid === process.pid) return !held.has(holder.token);
    for (let waited = 0; isAlive(holder); waited += 50) {
      if (waited >= ENDING_MS || !isEnding(holder.pid)) return false;
      await sleep(50);
    }
    return true;
  }
  for (let waited = 0; waited < watchMs; waited += 500) {
    await sleep(500);
    const now = parseHolder(readText(path) ?? '');
    if (now === undefined) return true;
    if (now.token !== holder.token || now.beat !== holder.beat) return false;
  }
  return true;
}

function isAlive({ pid, start }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (start === '') return true;
  const stat = statOf(pid);
  // Z: it has ended, and whoever started it has not asked how.
  return stat[START] === start && stat[STATE] !== 'Z' && stat[STATE] !== 'X';
}

const PF_EXITING = 4n;
const SIGKILL_PENDING = 1n << 8n;

/** Whether a process was killed, or is on its way out. Only Linux tells. */
function isEnding(pid: number): boolean {
  const pending = /^SigPnd:\s*([0-9a-f]+)$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1] ?? '0';
  return ((BigInt(statOf(pid)[FLAGS] ?? 0) & PF_EXITING) | (BigInt(`0x${pending}`) & SIGKILL_PENDING)) !== 0n;
}

let holder: Holder | undefined;

function ownHolder(): Holder {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
  let space = '';
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux.
  }
  holder ??= {
    pid: process.pid,
    host: hostname(),
    boot,
    space,
    start: statOf(process.pid)[START] ?? '',
    token: '',
    beat: 0,
  };
  return { ...holder, token: randomUUID() };
}

/** Places of fields 3, 9 and 22 of /proc/PID/stat in {@link statOf}. */
const STATE = 0;
const FLAGS = 6;
const START = 19;

/** The fields of /proc/PID/stat from the third on; the second one is a name in brackets that may hold anything. */
function statOf(pid: number): string[] {
  const text = readText(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const found = JSON.parse(text) as Holder;
    return typeof found.pid === 'number' && typeof found.token === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}
