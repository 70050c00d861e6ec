/**
 * `mine-rs sample`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs sample mine-rs-out --zone north-pit --out check
      cells of the trend classes of a finished run, within one zone
  $ mine-rs sample mine-rs-out --year 2024 --standard-error 0.01 --expected disturbed=0.8,recovered=0.6 --blind
  $ mine-rs sample landcover.tif --size 400 --allocation equal --seed 7

docs/accuracy.md tells how to interpret the cells, and what follows.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addSampleCommand(program: Command): void {
  const command = program
    .command('sample')
    .description('Draws a stratified random sample of a class map for interpretation; then see mine-rs estimate.')
    .argument('<map>', 'folder that mine-rs trend left (trend classes), or a raster of classes')
    .option('--year <year>', 'of a run: the land states of this year, in place of the trend classes')
    .option('--band <n>', 'of a raster (default: 1)')
    .option('--zone <ids>', 'only cells at least half inside these zones, such as pit-1,pit-2')
    .option('--aoi <file>', "only cells at least half inside the zones of this file (default with --zone: the run's)")
    .option('--size <n>', 'cells to draw (default: what --standard-error needs)')
    .option('--standard-error <s>', 'wanted standard error of the overall accuracy (default: 0.02)')
    .option('--expected <a>', "user's accuracy that is expected, or one a class such as 1=0.7,4=0.95 (default: 0.9)")
    .option(
      '--allocation <rule>',
      'proportional to area, equal, or neyman: area times deviation (default: proportional)',
    )
    .option('--least <n>', 'fewest cells of a stratum (default: 50)')
    .option('--seed <n>', 'seed of the draw (default: 1)')
    .option('--blind', 'keep the strata from the interpreters: they go into key.csv')
    .option('--out <folder>', 'where to write it (default: mine-rs-sample)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs sample --help lists the options)')
    .exitOverride();
  command.action(async (path: string, flags: Record<string, unknown>) => {
    const { json = false, ...rest } = flags;
    const { drawSample } = await import('../pipeline/sample.ts');
    const { sampleText } = await import('../report/sample-text.ts');
    const page = await drawSample(path, rest);
    process.stdout.write(json === true ? `${JSON.stringify(page, null, 2)}\n` : sampleText(page));
  });
}
