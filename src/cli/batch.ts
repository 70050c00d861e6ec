/**
 * `mine-rs batch`.
 * @module
 */
import type { Command } from 'commander';
import { MineRsError } from '../errors.ts';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';

const EXAMPLES = `
sites.yaml:
  out: results                  # batch.json, batch.csv and a folder for each site (default: mine-rs-batch)
  defaults:                     # options of mine-rs trend, for all sites
    season: 06-01..09-30
  sites:
    - name: north pit
      aoi: north/pits.geojson   # paths are relative to this file
      scenes: north/scenes
    - name: south pit
      aoi: south/pits.geojson
      years: 2010..2024

Examples:
  $ mine-rs batch sites.yaml
  $ mine-rs batch sites.yaml --resume --json

Sites are run one after another; one that fails does not stop the others. Options of a site win over defaults, which win
over a mine-rs.yaml beside its AOI file; flags win over all.
Exit codes: 0 every site done or unchanged, 1 an unexpected failure, 2 usage, 3 a site failed, 4 scenes were skipped,
129, 130 or 143 stopped by a signal.`;

interface BatchFlags {
  out?: string;
  workers?: string;
  onError?: string;
  resume?: boolean;
  cache?: boolean;
  json?: boolean;
  logLevel?: string;
  quiet?: boolean;
}

/** Adds the command to the program. */
export function addBatchCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('batch')
    .description('Runs mine-rs trend for many sites, and sums up how each of them ended.')
    .argument('<sites.yaml>', 'the sites and their options')
    .option('--out <folder>', "folder of the summary and of the sites' results")
    .option('--workers <n>', 'worker threads of each run; 0 works in-process')
    .option('--on-error <what>', 'scenes with something wrong: fail or skip')
    .option('--resume', 'go on with runs that were killed or stopped, and leave what is finished if this batch is')
    .option('--no-cache', 'use nothing of earlier runs, and keep nothing for later ones')
    .option('--json', 'print the summary as JSON, and progress as JSON lines that name the site')
    .option('--log-level <level>', 'on standard error: error, warn or info (default: info)')
    .option('--quiet', 'print errors only, and no table')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs batch --help lists the options)')
    .exitOverride();
  command.action(async (file: string, flags: BatchFlags) => {
    // Where nothing was said, commander says true, which would win over the file.
    if (command.getOptionValueSource('cache') === 'default') delete flags.cache;
    setExitCode(await runBatchCommand(file, flags));
  });
}

/** @throws {MineRsError} USAGE if there is no such level */
function logLevelOf(text = 'info'): 'error' | 'warn' | 'info' {
  if (text === 'error' || text === 'warn' || text === 'info') return text;
  throw new MineRsError('USAGE', `--log-level ${text}: expected error, warn or info`);
}

async function runBatchCommand(file: string, { json = false, quiet = false, ...over }: BatchFlags): Promise<number> {
  // Loaded here, so that --help and usage errors answer at once.
  const { readBatch } = await import('../pipeline/batch-file.ts');
  const plan = readBatch(file, over);
  const { batchExitCode, runBatch } = await import('../pipeline/batch.ts');
  const { batchText } = await import('../report/batch-text.ts');
  const saying = { json, quiet, logLevel: logLevelOf(over.logLevel) };
  const progressOf = (site: string) => {
    const progress = createConsoleProgress(process.stderr, { ...saying, site });
    progress.info(`Site ${site}`);
    return progress;
  };
  const say = createConsoleProgress(process.stderr, saying);
  const summary = await withInterrupt(say, async (signal) => {
    const done = await runBatch(plan, { progressOf, signal });
    if (json) process.stdout.write(`${JSON.stringify(done, null, 2)}\n`);
    else if (!quiet) process.stdout.write(batchText(done));
    if (signal.aborted) throw new MineRsError('INTERRUPTED', 'Interrupted: sites that were not run are listed as such');
    return done;
  });
  return batchExitCode(summary);
}
