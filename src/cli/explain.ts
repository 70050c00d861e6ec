/**
 * `mine-rs explain`.
 * @module
 */
import type { Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';

/** Done, but the maps of the run do not hold what their scenes give. */
const DISAGREES_EXIT = 3;

const EXAMPLES = `
Examples:
  $ mine-rs explain 99.4787 38.0416
  $ mine-rs explain 99.4787 38.0416 --out mine-rs-out --html pixel.html
  $ mine-rs explain -69.0512 -22.3011 --json

docs/explain.md tells how to read it.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input, or maps that disagree with their scenes, 130 interrupted.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addExplainCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('explain')
    .description(
      'One pixel of a finished run, from the numbers in the files to its class: every date, year and reason.',
    )
    .argument('<lon>', 'longitude in degrees, WGS 84')
    .argument('<lat>', 'latitude')
    .option('--out <folder>', 'the folder of the finished run (default: mine-rs-out)')
    .option('--html <file>', 'write it as a page too')
    .option('--json', 'print JSON, and progress as JSON lines')
    .option('--quiet', 'print errors only')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs explain --help lists the options)')
    .exitOverride();
  command.action(async (lon: string, lat: string, flags: Record<string, unknown>) => {
    const { json = false, quiet = false, html, ...rest } = flags as { json?: boolean; quiet?: boolean; html?: string };
    const { explainPixel, writeExplainPage } = await import('../pipeline/explain.ts');
    const progress = createConsoleProgress(process.stderr, { json, quiet });
    const page = await withInterrupt(progress, (signal) => explainPixel({ lon, lat, ...rest }, { progress, signal }));
    if (html !== undefined) await writeExplainPage(html, page);
    if (json) process.stdout.write(`${JSON.stringify(page, null, 2)}\n`);
    else if (!quiet) {
      const { explainText } = await import('../report/explain-text.ts');
      process.stdout.write(explainText(page));
    }
    if (!page.agrees) setExitCode(DISAGREES_EXIT);
  });
}
