/**
 * `mine-rs plots`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs plots plots.csv --species species.csv --out plots-out
      diversity, comparison of groups and correlations; plots.csv has a line a plot (plot, group, cover, ...),
      species.csv a line a plot and species (plot, species, count or cover)
  $ mine-rs plots plots.csv --run mine-rs-out
      the same, with FVC at the place and year of each plot (lon, lat, year), added to the run's tables and report

docs/plots.md defines every column and figure.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addPlotsCommand(program: Command): void {
  const command = program
    .command('plots')
    .description('Field plots: diversity, group means and tests, correlations, and field cover against FVC.')
    .argument('<table>', 'CSV with a line a plot, or a line a plot and species')
    .option('--species <file>', 'CSV with a line a plot and species, where the table has a line a plot')
    .option('--group <column>', 'column of the groups (default: group, if there is one)')
    .option('--run <folder>', 'finished run whose FVC is taken at the plots, and which the results are added to')
    .option('--out <folder>', 'write CSV, XLSX, JSON, GraphML and SVG into a folder')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs plots --help lists the options)')
    .exitOverride();
  command.action(async (path: string, flags: Record<string, unknown>) => {
    const { json = false, ...rest } = flags;
    const { plotsPage } = await import('../pipeline/plots.ts');
    const { plotsText } = await import('../report/plots-text.ts');
    const page = await plotsPage(path, rest);
    process.stdout.write(json === true ? `${JSON.stringify(page, null, 2)}\n` : plotsText(page));
  });
}
