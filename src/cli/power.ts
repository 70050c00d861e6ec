/**
 * `mine-rs power`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs power --slope 0.01 --noise 0.04
      years of data until a rise of 0.01 FVC a year is seen in noise of 0.04, with a probability of 80 %
  $ mine-rs power --run mine-rs-out --slope 0.01
      the same with the noise of each zone of a finished run

Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addPowerCommand(program: Command): void {
  const command = program
    .command('power')
    .description('Years of data needed to see a trend, from its slope and the noise.')
    .option('--slope <per-year>', 'change per year, such as 0.01 (default: with --run, the slope of each zone)')
    .option(
      '--noise <sd>',
      'standard deviation of the yearly values about the trend (default: with --run, that of each zone)',
    )
    .option(
      '--lag1 <r>',
      'lag-1 autocorrelation of the noise (default: 0; with --run of ten years or more, that of each zone)',
    )
    .option('--run <folder>', 'a finished run of mine-rs trend to take noise and slope from')
    .option('--alpha <p>', 'significance level (default: 0.05)')
    .option('--power <share>', 'wanted probability of seeing the trend (default: 0.8)')
    .option('--most-years <n>', 'longest record to try (default: 100)')
    .option('--runs <n>', 'simulated series for each length (default: 2000)')
    .option('--seed <n>', 'seed of the simulation (default: 1)')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs power --help lists the options)')
    .exitOverride();
  command.action(async (flags: Record<string, unknown>) => {
    const { json = false, ...rest } = flags;
    const { powerPage } = await import('../pipeline/power.ts');
    const { powerText } = await import('../report/power-text.ts');
    const page = powerPage(rest);
    process.stdout.write(json === true ? `${JSON.stringify(page, null, 2)}\n` : powerText(page));
  });
}
