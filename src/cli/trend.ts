/**
 * `mine-rs trend`.
 * @module
 */
import { Option, type Command } from 'commander';
import { createConsoleProgress } from './console-progress.ts';
import type { TrendOptions } from '../pipeline/options.ts';
import type { Progress } from '../pipeline/progress.ts';
import type { TrendResult } from '../pipeline/trend.ts';
import { withInterrupt } from './interrupt.ts';
import { addAoiOptions } from './shared-options.ts';

/** Exit code of a run that left out scenes in which something is wrong. */
const SKIPPED_EXIT = 4;

const EXAMPLES = `
Examples:
  $ mine-rs trend --aoi pits.geojson
      scenes in the folder scenes/ beside pits.geojson, results in mine-rs-out/
  $ mine-rs trend --aoi pits.geojson --scenes landsat/ --years 2005..2024 --season 06-01..09-30 --out result
  $ mine-rs trend --aoi pits.geojson --baseline 2005..2007 --legend nine

Every option can stand in mine-rs.yaml beside the AOI file (season: 06-01..09-30); flags win.
Run again, it does only what is new; docs/operations.md tells how.
Exit codes: 0 done or nothing to do, 1 unexpected, 2 usage, 3 bad or missing input, 4 done but scenes were skipped,
129, 130 or 143 stopped by a signal.`;

/** Adds the command to the program. Defaults are the pipeline's; here they are only said. */
export function addTrendCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('trend')
    .description('Annual maps, FVC, trend classes, yearly land states and the hectares of each zone.')
    .option(
      '--aoi <file>',
      'zones: GeoJSON, GeoPackage, Shapefile (zipped too), FlatGeobuf, KML or WKT with polygons; properties id, name, role (mine, impact, reference)',
    )
    .option(
      '--scenes <path...>',
      'folders, files or globs of scenes, or a scenes.yaml (default: scenes/ beside the AOI file)',
    )
    .option('--out <folder>', 'where the results go (default: mine-rs-out)')
    .option('--config <file>', 'options as YAML (default: mine-rs.yaml beside the AOI file, where there is one)')
    .optionsGroup('What is computed:')
    .option('--years <a..b>', 'years to use, such as 2005..2024')
    .option('--season <mm-dd..mm-dd>', 'part of the year to use, such as 06-01..09-30')
    .option('--seasons <list>', 'trends of zones over seasons, from the scenes of each: 03-01..05-31,06-01..08-31')
    .option('--index <name>', 'ndvi, evi, evi2, savi, msavi2, nbr, ndmi, ndwi or bsi (default: ndvi)')
    .option('--adjust <name>', 'bring MSI or ETM+ to OLI: hls-bandpass, roy2016 or none (default: none)')
    .option('--composite <rule>', 'annual value: max, median, mean or a percentile such as p90 (default: max)')
    .option('--fvc <rule>', 'endpoints of FVC: p5, p2, two index values 0.05,0.86, zone:ID, or none (default: p5)')
    .option('--fvc-model <model>', 'linear or squared (default: linear)')
    .option(
      '--trend-on <what>',
      'fvc, fvc-reference (FVC less the mean of the reference zones in that year), or the index, such as ndvi (default: fvc)',
    )
    .option('--legend <name>', 'trend classes: seven, nine or five (default: seven)')
    .option('--p-method <method>', 'p-values: exact to 30 years, or normal (default: exact)')
    .option(
      '--fdr <rate>',
      'false discovery rate of the hectares corrected for testing many pixels, or off (default: 0.1)',
    )
    .option(
      '--permutations <n>',
      'shuffles of whole years, for the hectares that stand as the largest |Z| or patch: 999, or off (default: off)',
    )
    .option('--seed <n>', 'seed of these shuffles (default: 1)')
    .option(
      '--correction <name>',
      'for serial correlation, in pixels and zone means: hamed-rao, yue-wang, tfpw, zhang or none (default: none)',
    )
    .option('--epsilon <slope>', 'slopes up to this per year are no change (default: 0.0005)')
    .option('--min-years <n>', 'pixels with fewer years are no data (default: 4)')
    .option(
      '--baseline <rule>',
      'level of undisturbed land: years a..b, reference or zone:ID (default: reference zones, or else the first three years)',
    )
    .option('--disturbed-below <share>', 'disturbed at or below this share of the baseline (default: 0.5)')
    .option('--recovered-above <share>', 'recovered at or above this share of the baseline (default: 0.8)')
    .option('--disturbed-years <n>', 'years in a row until land counts as disturbed (default: 1)')
    .option('--recovered-years <n>', 'years in a row until land counts as recovered (default: 2)')
    .option('--fill-gaps', 'states of single years without data, from the years before and after where they agree')
    .option('--filter-flips', 'states without single years that differ from the year before and the year after')
    .option('--min-patch <size>', 'smallest patch of disturbed land that counts: cells such as 6, or hectares 0.5ha')
    .option('--neighbours <n>', 'cells of a patch touch by 4 sides, or by 8 sides and corners (default: 8)')
    .option(
      '--transitions <pairs>',
      'years of the transition table: 2012:2024,2015:2020 (default: the first and the last)',
    )
    .option(
      '--segmentation [method]',
      'a second way to the years of disturbance and recovery: partition or landtrendr (default: off; without a word, partition)',
    )
    .option(
      '--audit',
      'look what masks, changes of sensor and the chosen numbers do to the hectares: reads the scenes again',
    )
    .option('--extent <what>', 'aoi (bounding box of the zones) or scene (default: aoi)')
    .option('--like <raster>', 'take the grid of this GeoTIFF (default: the commonest grid of the scenes)')
    .option(
      '--resampling <rule>',
      'bands on another grid: nearest, bilinear, cubic, average or auto, by the pixel sizes (default: auto)',
    )
    .option('--maps <which>', 'maps to keep: all, trend or none (default: all)')
    .option('--parquet', 'write each table as Parquet too')
    .option('--no-report', 'leave out report.html')
    .option('--no-extras', 'leave out what is made for other programs: workbook, QGIS files, pictures, schema, STAC')
    .option('--lang <language>', 'language of report.html: en or zh (default: en)')
    .optionsGroup('Around the mines:')
    .option('--impact-buffer <distance>', 'without impact zones, make one around each mine: 250m or 1km')
    .option('--rings <distances>', 'rings around each mine, and how far its influence reaches: 250m,500m,1km,2km')
    .option(
      '--influence-years <a..b>',
      'years in which the rings are held against the reference; all where it is left out',
    )
    .option('--influence-tolerance <fvc>', 'a ring this much below the reference is not influenced (default: 0.05)')
    .option(
      '--production <file>',
      'CSV with the columns zone_id and production (35Mt); else the property production is read',
    )
    .option('--region-production <amount>', 'production of a region to which the areas are extrapolated: 1.06Gt');
  addAoiOptions(command)
    .option('--impact <file...>', 'files of which all zones have the role impact')
    .option('--reference <file...>', 'files of which all zones have the role reference')
    .optionsGroup('How it runs:')
    .option('--memory <size>', 'the most memory to plan with, such as 2GB (default: as much as the workers take)')
    .option('--workers <n>', 'worker threads; 0 works in-process (default: number of processors)')
    .option('--endpoint <url>', 'S3 service that s3:// URLs are read from, in place of Amazon S3')
    .option('--on-error <what>', 'scenes with something wrong: fail or skip (default: fail)')
    .option('--resume', 'go on with a run that was killed or stopped here, and leave what is finished if this one is')
    .option('--no-cache', 'use nothing of earlier runs in the output folder, and keep nothing for later ones')
    .option('--dry-run', 'say what would be done, and stop')
    .optionsGroup('What it says:')
    .addOption(new Option('--json', 'print the summary as JSON, and progress as JSON lines'))
    .option('--log-level <level>', 'on standard error: error, warn or info (default: info)')
    .option('--quiet', 'print errors only, and no table')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs trend --help lists the options)')
    .exitOverride();
  command.action(async (flags: Record<string, unknown>) => {
    // Where nothing was said, commander says true, which would win over mine-rs.yaml.
    for (const name of ['cache', 'report', 'extras'])
      if (command.getOptionValueSource(name) === 'default') delete flags[name];
    setExitCode(await runTrendCommand(flags));
  });
}

/** Runs; where there is nothing to do, without loading what runs need. */
async function runOrRecall(options: TrendOptions, progress: Progress): Promise<TrendResult> {
  const { nothingToDo, unchangedRun } = await import('../pipeline/early-check.ts');
  const early = await unchangedRun(options);
  if (early !== undefined) {
    progress.info(nothingToDo(options.out));
    return early;
  }
  const { runResolved } = await import('../pipeline/trend.ts');
  return withInterrupt(progress, (signal) => runResolved(options, { progress, signal }));
}

async function runTrendCommand(flags: Record<string, unknown>): Promise<number> {
  // Loaded here, so that --help and usage errors answer at once.
  const { readConfig } = await import('../pipeline/config.ts');
  const { resolveOptions } = await import('../pipeline/options.ts');
  const { config, ...given } = flags;
  const fromFile = readConfig(config as string | undefined, given.aoi as string | undefined);
  const options = resolveOptions({ ...fromFile, ...given }, 'the command line');
  const progress = createConsoleProgress(process.stderr, options);
  const result = await runOrRecall(options, progress);
  const { planText, summaryText } = await import('../report/terminal.ts');
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result.summary ?? result.plan, null, 2)}\n`);
  } else if (!options.quiet) {
    process.stdout.write(
      result.summary === undefined ? planText(result.plan) : summaryText(result.summary, options.out),
    );
  }
  return result.skipped > 0 ? SKIPPED_EXIT : 0;
}
