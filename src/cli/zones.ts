/**
 * `mine-rs zones`.
 * @module
 */
import type { Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import { withInterrupt } from './interrupt.ts';
import { addAoiOptions, addRasterOptions } from './shared-options.ts';

const EXAMPLES = `
Examples:
  $ mine-rs zones --raster dem.tif --aoi pits.geojson --stats mean,min,max,median,p90
  $ mine-rs zones --raster landcover.tif --aoi pits.gpkg --classes --stats majority --out landcover.csv

docs/zone-statistics.md defines every figure.
Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad or missing input, 130 interrupted.`;

/** Adds the command to the program. */
export function addZonesCommand(program: Command): void {
  const command = program
    .command('zones')
    .description('Statistics of zones over any raster, weighted by the covered area of each cell.')
    .requiredOption('--raster <file>', 'GeoTIFF or JPEG 2000, by path or URL')
    .requiredOption('--aoi <file>', 'zones, in any file that mine-rs trend reads')
    .option('--band <n>', 'a band, several as 1,3, or all (default: 1)')
    .option(
      '--stats <names>',
      'of count, cells, mean, sd, min, max, sum, median, p0 to p100, majority, minority, variety (default: count,cells,mean,sd,min,max,sum)',
    )
    .option('--classes', 'hectares of each value, for rasters of classes')
    .option(
      '--area <kind>',
      "what a cell weighs: ellipsoidal or planar, its area in the raster's CRS (default: ellipsoidal)",
    )
    .option('--out <file>', 'write .csv, .json, .gpkg, .geojson or .parquet');
  addRasterOptions(addAoiOptions(command))
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs zones --help lists the options)')
    .exitOverride();
  command.action(runZonesCommand);
}

async function runZonesCommand(flags: Record<string, unknown>): Promise<void> {
  // Loaded here, so that --help and usage errors answer at once.
  const { resolveZonalOptions } = await import('../pipeline/zonal-options.ts');
  const { json = false, quiet = false, ...rest } = flags as { json?: boolean; quiet?: boolean };
  const options = resolveZonalOptions(rest);
  const { checkZonalOut, writeZonal } = await import('../pipeline/zonal-files.ts');
  if (options.out !== undefined) checkZonalOut(options.out, [options.raster, options.aoi]);
  const { zonalPage } = await import('../pipeline/zonal.ts');
  const progress = createConsoleProgress(process.stderr, { json, quiet });
  const outcome = await withInterrupt(progress, (signal) => zonalPage(options, { progress, signal }));
  if (options.out !== undefined) await writeZonal(options.out, outcome);
  if (json) {
    process.stdout.write(`${JSON.stringify(outcome.page, null, 2)}\n`);
  } else if (!quiet) {
    const { zonalText } = await import('../report/zonal-tables.ts');
    process.stdout.write(zonalText(outcome.page));
  }
}
