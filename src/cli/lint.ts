/**
 * `mine-rs lint`.
 * @module
 */
import type { Command } from 'commander';
import { addAoiOptions } from './shared-options.ts';

/** Exit code of a file that a run would refuse, or measure wrongly. */
const ERRORS_EXIT = 3;

const EXAMPLES = `
Examples:
  $ mine-rs lint pits.shp
      every crossing, spike, sliver, repeated point, double id and suspicious CRS, with its place
  $ mine-rs lint pits.gpkg --layer pits --repair mended.gpkg
      the same, and a mended copy; the file itself is never changed

docs/zones.md says what is read and what each finding means.
Exit codes: 0 no errors (warnings and notes do not count), 1 unexpected, 2 usage, 3 errors: a run would refuse the file, or measure it wrongly.`;

/** Adds the command to the program. */
export function addLintCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('lint')
    .description('What is wrong with the zones of a file, and where; and a mended copy of it.')
    .argument('<aoi>', 'GeoJSON, GeoPackage, Shapefile (zipped too), FlatGeobuf, KML, KMZ or WKT')
    .option('--repair <file>', 'write a mended copy: .geojson or .gpkg');
  addAoiOptions(command)
    .optionsGroup('What it says:')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs lint --help lists the options)')
    .exitOverride();
  command.action(async (aoi: string, flags: LintFlags) => {
    const { json = false, ...options } = flags;
    const { lintPage } = await import('../pipeline/lint.ts');
    const page = await lintPage(aoi, options);
    const { lintText } = await import('../report/lint-text.ts');
    process.stdout.write(json ? `${JSON.stringify(page, null, 2)}\n` : lintText(page));
    if (page.errors > 0) setExitCode(ERRORS_EXIT);
  });
}

interface LintFlags {
  json?: boolean;
  repair?: string;
  roleField?: string;
  idField?: string;
  nameField?: string;
  layer?: string;
}
