/**
 * `mine-rs resilience`.
 * @module
 */
import type { Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';

const EXAMPLES = `
Examples:
  $ mine-rs resilience mine-rs-out --climate climate.csv
      climate.csv: year, precipitation_mm, temperature_c, and where known evapotranspiration_mm, runoff_mm, npp_gc_m2

Weights, limits, constants and climate rasters stand in the section resilience of mine-rs.yaml, scores in classes.
The figures go into the run's tables, GeoPackage and report as well; source patches and corridors into ecology/network.gpkg.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addResilienceCommand(program: Command): void {
  const command = program
    .command('resilience')
    .description(
      'Elastic modulus, integrity index with its thresholds, and resilience score of each zone of a finished run.',
    )
    .argument('<folder>', 'what mine-rs trend left, with its yearly maps')
    .option('--climate <table>', 'CSV with the climate of each year (default: the one that the config names, or none)')
    .option('--classes <files...>', 'rasters of class codes in place of FVC grades: files, folders, globs, YEAR=FILE')
    .option(
      '--config <file>',
      'file with the sections resilience, classes and landscape (default: mine-rs.yaml beside the AOI)',
    )
    .option('--json', 'print JSON, and progress as JSON lines')
    .option('--quiet', 'print errors only, and no figures')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs resilience --help lists the options)')
    .exitOverride();
  command.action(async (folder: string, flags: Record<string, unknown>) => {
    const { json = false, quiet = false, ...rest } = flags as { json?: boolean; quiet?: boolean };
    const { resiliencePage } = await import('../pipeline/resilience.ts');
    const { resilienceText } = await import('../report/resilience-tables.ts');
    const progress = createConsoleProgress(process.stderr, { json, quiet });
    const page = await withInterrupt(progress, (signal) => resiliencePage(folder, rest, { progress, signal }));
    if (json) process.stdout.write(`${JSON.stringify(page, null, 2)}\n`);
    else if (!quiet) process.stdout.write(resilienceText(page));
  });
}
