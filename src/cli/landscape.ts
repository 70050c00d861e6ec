/**
 * `mine-rs landscape`.
 * @module
 */
import type { Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';
import { addAoiOptions, addRasterOptions } from './shared-options.ts';

const EXAMPLES = `
Examples:
  $ mine-rs landscape mine-rs-out
      on grades of FVC over a finished run; the tables go into the run's tables, GeoPackage, workbook and report as well
  $ mine-rs landscape --classes 'lc_*.tif' --aoi pits.geojson --connect-distance 500m --out landscape
      on classes of rasters; the year is taken from each file's name, or given: --classes 2000=before.tif 2020=after.tif

docs/landscape.md defines every figure, and the sections classes (names of codes) and landscape of mine-rs.yaml.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input, 130 interrupted.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addLandscapeCommand(program: Command): void {
  const command = program
    .command('landscape')
    .description('Landscape metrics of zones (FRAGSTATS) on FVC grades, or on the classes of land-cover rasters.')
    .argument('[run]', 'folder that mine-rs trend left')
    .option('--classes <files...>', 'rasters of class codes in place of FVC grades: files, folders, globs, YEAR=FILE')
    .option('--aoi <file>', "zones (default: the run's)")
    .option('--grades <limits>', 'limits of the FVC grades (default: 0.2,0.4,0.6,0.8)')
    .option('--neighbours <n>', 'cells of a patch touch by sides (4), or by corners too (8) (default: 8)')
    .option('--connect-distance <distance>', 'within which CONNECT joins patches, such as 500m (default: 100m)')
    .option('--out <folder>', 'write CSV, XLSX and JSON into a folder, and not into the run')
    .option('--config <file>', 'file with the sections classes and landscape (default: mine-rs.yaml beside the AOI)');
  addRasterOptions(addAoiOptions(command))
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs landscape --help lists the options)')
    .exitOverride();
  command.action(async (run: string | undefined, flags: Record<string, unknown>) => {
    const { json = false, quiet = false, ...rest } = flags as { json?: boolean; quiet?: boolean };
    // Loaded here, so that --help and usage errors answer at once.
    const { runLandscape } = await import('../pipeline/class-run.ts');
    const { landscapeText } = await import('../report/landscape-tables.ts');
    const progress = createConsoleProgress(process.stderr, { json, quiet });
    const input = run === undefined ? rest : { ...rest, run };
    const page = await withInterrupt(progress, (signal) => runLandscape(input, { progress, signal }));
    if (json) process.stdout.write(`${JSON.stringify(page, null, 2)}\n`);
    else if (!quiet) process.stdout.write(landscapeText(page));
  });
}
