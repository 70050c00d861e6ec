/**
 * `mine-rs bond-release`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs bond-release plots.csv --reclaimed pit5 --reference sagebrush=0.798,grassland=0.202
      cover of plots: columns plot, group, cover (percent)
  $ mine-rs bond-release --run mine-rs-out --year 2024
      FVC of the cells of a finished run: its mines against its reference zones, weighted by area

It is evidence, not a finding: the regulator decides. docs/plots.md says which rules and formulae are meant.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addBondReleaseCommand(program: Command): void {
  const command = program
    .command('bond-release')
    .description('Cover of reclaimed land against 90 % of its reference (30 CFR 816.116, Colorado rule 4.15.11).')
    .argument('[table]', 'CSV of plots; without it the FVC of --run is tested')
    .option('--reclaimed <names>', 'groups of plots, or ids of zones, as a,b (default: the mines of --run)')
    .option(
      '--reference <weights>',
      'groups or zone ids with their weights, as a=0.8,b=0.2 (default: the reference zones of --run by area)',
    )
    .option('--group <column>', 'column of the groups (default: group)')
    .option('--run <folder>', 'finished run whose FVC is tested, and which the result is added to')
    .option('--year <year>', 'year of the FVC (default: the last of the run)')
    .option('--out <folder>', 'write CSV, XLSX and JSON into a folder')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs bond-release --help lists the options)')
    .exitOverride();
  command.action(async (path: string | undefined, flags: Record<string, unknown>) => {
    const { json = false, ...rest } = flags;
    const { bondReleasePage } = await import('../pipeline/bond-release.ts');
    const { bondReleaseText } = await import('../report/bond-release-tables.ts');
    const page = await bondReleasePage(path, rest);
    process.stdout.write(json === true ? `${JSON.stringify(page, null, 2)}\n` : bondReleaseText(page));
  });
}
