/**
 * Years that are kept: the annual values and counts of clear observations, and what pass 1 learned on the way.
 *
 * A year is known by the digest of all it depends on. It has three files: values, counts, and a journal with a record for
 * each finished block, which holds the block's checksum. A year whose blocks are all there is never computed again; one
 * that was left in the middle can be gone on with. Checksums are looked at before anything is used again, so it does not
 * matter in which order the parts reached the disk before a machine went down.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Window } from '../geo/window.ts';
import type { AnnualResult, Scratch } from '../tasks/contract.ts';
import { annualBytes, annualFiles, createScratch } from '../tasks/scratch.ts';
import { whatChanged, type AnnualKey } from './annual-key.ts';
import { appendRecord, readRecords } from './frames.ts';
import type { TaskRunner } from './pool.ts';
import type { Progress } from './progress.ts';
import { runAll } from './run-all.ts';
import { digestOf } from './stamp.ts';

const FORMAT = 1;
const JOURNAL = '.journal';
const ENDINGS = /\.(f32|u16|journal)$/;

/** A finished block of a year. */
export interface FinishedBlock {
  block: Window;
  result: AnnualResult;
}

/** The first record of a journal. */
interface Head {
  format: number;
  about: AnnualKey;
  /** Digest of the blocks that the year is cut into. */
  layout: string;
}

/** What of a run's years is there already. */
export interface KeptYears {
  /** Where the years lie. */
  scratch: Scratch;
  /** By time: finished blocks. */
  finished: FinishedBlock[][];
}

/** Which years of earlier runs are used: whole ones, also those left in the middle, or none. */
export type Reuse = 'whole' | 'parts' | 'none';

/** A folder of years. */
export class AnnualStore {
  readonly folder: string;
  readonly #reuse: Reuse;
  /** Keys of years that were begun by this run. */
  readonly #begun = new Set<string>();
  #keys: readonly AnnualKey[] = [];

  constructor(folder: string, reuse: Reuse) {
    this.folder = folder;
    this.#reuse = reuse;
  }

  /**
   * Looks which years are there, says so, and makes room for the others.
   *
   * @param keys By time: what the year depends on.
   * @param blocks How pass 1 is cut. A whole year may have been cut in another way, a part of one not.
   */
  async open(
    runner: TaskRunner,
    progress: Pick<Progress, 'info'>,
    scratch: Scratch,
    keys: readonly AnnualKey[],
    blocks: readonly Window[],
  ): Promise<KeptYears> {
    mkdirSync(this.folder, { recursive: true });
    this.#keys = keys;
    const placed: Scratch = { ...scratch, annual: keys.map(({ key }) => join(this.folder, key)) };
    const finished: FinishedBlock[][] = [];
    const layout = digestOf(blocks);
    const earlier = this.#heads();
    await runAll(runner.concurrency, keys.entries(), async ([time, about]) => {
      const found = await this.#intactBlocks(runner, placed, time, about.key, layout);
      finished[time] = found;
      if (isWhole(found, scratch)) return;
      if (found.length === 0) createScratch(placed, [time]);
      this.#begin(about, layout, found, time);
    });
    for (const line of this.#report(earlier, finished, scratch, blocks.length)) progress.info(line);
    return { scratch: placed, finished };
  }

  /** The blocks of a year that can be used. */
  async #intactBlocks(
    runner: TaskRunner,
    scratch: Scratch,
    time: number,
    key: string,
    layout: string,
  ): Promise<FinishedBlock[]> {
    // What this run has begun itself is its own, whatever it may use of others.
    if (this.#reuse === 'none' && !this.#begun.has(key)) return [];
    const files = annualFiles(scratch, time);
    const bytes = annualBytes(scratch);
    if (sizeOf(files.values) !== bytes.values || sizeOf(files.counts) !== bytes.counts) return [];
    const [head, ...records] = readRecords(this.#journal(key)) as [Head | undefined, ...FinishedBlock[]];
    if (head === undefined || head.format !== FORMAT || head.about.key !== key) return [];
    if ((head.layout !== layout || this.#reuse !== 'parts') && !isWhole(records, scratch)) return [];
    const wanted = records.map(({ block, result }) => ({ block, checksum: result.checksum }));
    const { intact } = await runner.run('verify', { scratch, time, blocks: wanted });
    const usable = records.filter((_, k) => intact[k]);
    // Blocks of another cut cannot be told from those that are missing.
    return usable.length < records.length && head.layout !== layout ? [] : usable;
  }

  /** Starts the journal of a year that is not whole, with what of it is intact. */
  #begin(about: AnnualKey, layout: string, found: readonly FinishedBlock[], time: number): void {
    this.#begun.add(about.key);
    const journal = this.#journal(about.key);
    writeFileSync(journal, '');
    appendRecord(journal, { format: FORMAT, about, layout } satisfies Head);
    for (const block of found) this.add(time, block);
  }

  /** Notes a finished block. */
  add(time: number, finished: FinishedBlock): void {
    appendRecord(this.#journal(this.#keys[time]!.key), finished);
  }

  /** Removes all years but those of the run that was opened last. */
  prune(): void {
    const used = new Set(this.#keys.map(({ key }) => key));
    this.#removeBut((key) => used.has(key));
  }

  /** Removes the years that this run has begun. */
  revert(): void {
    this.#removeBut((key) => !this.#begun.has(key));
  }

  #removeBut(keep: (key: string) => boolean): void {
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      if (ENDINGS.test(name) && !keep(name.replace(ENDINGS, ''))) rmSync(join(this.folder, name), { force: true });
    }
    if (readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }

  #journal(key: string): string {
    return join(this.folder, key + JOURNAL);
  }

  /** What the journals in the folder are about. */
  #heads(): AnnualKey[] {
    const journals = readdirSync(this.folder).filter((name) => name.endsWith(JOURNAL));
    const heads = journals.map((name) => readRecords(join(this.folder, name), 1)[0] as Head | undefined);
    return heads.filter((head) => head?.format === FORMAT).map((head) => head!.about);
  }

  #report(earlier: readonly AnnualKey[], finished: FinishedBlock[][], scratch: Scratch, nBlocks: number): string[] {
    const lines: string[] = [];
    const years = (n: number): string => `${n} ${n === 1 ? 'year' : 'years'}`;
    const whole = finished.filter((found) => isWhole(found, scratch)).length;
    if (whole > 0) lines.push(`${years(whole)} of ${finished.length} are kept from an earlier run`);
    for (const [time, about] of this.#keys.entries()) {
      const found = finished[time]!;
      const had = earlier.filter(({ year }) => year === about.year);
      if (isWhole(found, scratch) || had.length === 0) continue;
      const same = had.some(({ key }) => key === about.key);
      if (found.length > 0) lines.push(`${about.year} is gone on with: ${found.length} of ${nBlocks} blocks are done`);
      else if (!same) lines.push(`${about.year} is computed again: ${whatChanged(had[0]!, about)}`);
      else if (this.#reuse === 'whole')
        lines.push(`${about.year} is computed again: it was not finished, or is damaged`);
    }
    return lines;
  }
}

function isWhole(blocks: readonly FinishedBlock[], { width, height }: Scratch): boolean {
  return blocks.reduce((pixels, { block }) => pixels + block.width * block.height, 0) === width * height;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
