/**
 * `mine-rs lifecycle`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs lifecycle mine-rs-out
      stages of each mine from the land that it keeps disturbed
  $ mine-rs lifecycle mine-rs-out --production production.csv
      from the production of each year: columns year, production (such as 1.2Mt), and zone_id where there are several mines

The stages go into the run's tables, GeoPackage and report as well.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addLifeCycleCommand(program: Command): void {
  const command = program
    .command('lifecycle')
    .description('Stages in the life of each mine (initial, accelerated, stable, declining) over a finished run.')
    .argument('<folder>', 'what mine-rs trend left')
    .option('--production <table>', 'CSV with the production of each year (default: stages from the disturbed land)')
    .option('--config <file>', 'file with a section lifecycle (default: mine-rs.yaml beside the AOI)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs lifecycle --help lists the options)')
    .exitOverride();
  command.action(async (folder: string, flags: Record<string, unknown>) => {
    const { json = false, ...rest } = flags;
    const { lifeCyclePage } = await import('../pipeline/lifecycle.ts');
    const { lifeCycleText } = await import('../report/lifecycle-tables.ts');
    const page = await lifeCyclePage(folder, rest);
    process.stdout.write(json === true ? `${JSON.stringify(page, null, 2)}\n` : lifeCycleText(page));
  });
}
