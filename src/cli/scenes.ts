/**
 * `mine-rs scenes`.
 * @module
 */
import type { Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';

/** Exit code when a scene cannot be used: a run would stop at it. */
const UNUSABLE_EXIT = 4;

const EXAMPLES = `
Examples:
  $ mine-rs scenes landsat/ --aoi pits.geojson
      date, sensor, grid, radiometry and clear share of every scene, and what is wrong with it
  $ mine-rs scenes sentinel2/ --years 2018..2024 --season 06-01..09-30 --json

Exit codes: 0 every scene is usable, 1 unexpected, 2 usage, 3 bad or missing input, 4 some scene is not, 130 interrupted.`;

/** Adds the command to the program. */
export function addScenesCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('scenes')
    .description('What the scenes are: date, sensor, grid, radiometry and its source, clear share, and what is wrong.')
    .argument('<path...>', 'folders, files or globs of scenes, a scenes.yaml, or STAC items and catalogs')
    .option('--aoi <file>', 'zones: the clear share is of them (default: of the whole scene, from a sample)')
    .option('--years <a..b>', 'years to look at, such as 2005..2024')
    .option('--season <mm-dd..mm-dd>', 'part of the year to look at, such as 06-01..09-30')
    .option('--index <name>', 'the bands of this index are looked at (default: ndvi)')
    .option('--endpoint <url>', 'S3 service that s3:// URLs are read from, in place of Amazon S3')
    .option('--adjust <name>', 'bring MSI or ETM+ to OLI: hls-bandpass, roy2016 or none (default: none)')
    .optionsGroup('What it says:')
    .option('--json', 'print JSON, and progress as JSON lines')
    .option('--quiet', 'print errors only, and no table')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs scenes --help lists the options)')
    .exitOverride();
  command.action(async (sources: string[], flags: Record<string, unknown>) => {
    setExitCode(await runScenesCommand(sources, flags));
  });
}

async function runScenesCommand(sources: string[], flags: Record<string, unknown>): Promise<number> {
  // Loaded here, so that --help and usage errors answer at once.
  const { resolveScenesOptions, scenesPage } = await import('../pipeline/scenes-page.ts');
  const { json = false, quiet = false, ...rest } = flags as { json?: boolean; quiet?: boolean };
  const options = resolveScenesOptions({ ...rest, sources });
  const progress = createConsoleProgress(process.stderr, { json, quiet });
  const page = await withInterrupt(progress, (signal) => scenesPage(options, progress, signal));
  const { scenesText } = await import('../report/scenes-text.ts');
  if (json) process.stdout.write(`${JSON.stringify(page, null, 2)}\n`);
  else if (!quiet) process.stdout.write(scenesText(page));
  return page.scenes.some(({ state }) => state === 'unusable') ? UNUSABLE_EXIT : 0;
}
