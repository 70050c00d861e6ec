/**
 * `mine-rs estimate`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs estimate sample/points.csv
      points of mine-rs sample, with a column reference that holds what was seen at each
  $ mine-rs estimate counts.csv --pixel-area 900
      counts: columns stratum, pixels (or area_ha), and one for each class as interpreted

docs/accuracy.md defines every column and figure.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addEstimateCommand(program: Command): void {
  const command = program
    .command('estimate')
    .description('Area of each class ± 95 % and accuracy of a map, from an interpreted sample (Olofsson et al. 2014).')
    .argument('<table>', 'CSV of interpreted points, or of counts')
    .option('--strata <file>', 'hectares of each stratum (default: strata.csv beside the points)')
    .option('--key <file>', 'stratum of each point, where the points do not tell (default: key.csv beside them)')
    .option('--pixel-area <m2>', 'area of a pixel, where a table of counts has pixels')
    .option('--csv', 'print CSV')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs estimate --help lists the options)')
    .exitOverride();
  command.action(async (path: string, flags: Record<string, unknown>) => {
    const { json = false, csv = false, ...rest } = flags;
    const { accuracyPage } = await import('../pipeline/estimate.ts');
    const { accuracyCsv, accuracyText } = await import('../report/accuracy-text.ts');
    const page = accuracyPage(path, rest);
    const text =
      json === true ? `${JSON.stringify(page, null, 2)}\n` : csv === true ? accuracyCsv(page) : accuracyText(page);
    process.stdout.write(text);
  });
}
