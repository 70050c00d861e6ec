/**
 * `mine-rs report`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs report mine-rs-out
      writes mine-rs-out/report.html again
  $ mine-rs report mine-rs-out --lang zh --out 报告.html

Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('Makes the report of a finished run again: one HTML file that opens without a network.')
    .argument('<folder>', 'what mine-rs trend left')
    .option('--lang <language>', 'en or zh (default: en)')
    .option('--out <file>', 'where to write it (default: report.html in the folder)')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs report --help lists the options)')
    .exitOverride();
  command.action(async (folder: string, flags: Record<string, unknown>) => {
    const { rebuildReport } = await import('../pipeline/report.ts');
    process.stdout.write(`${await rebuildReport(folder, flags)}\n`);
  });
}
