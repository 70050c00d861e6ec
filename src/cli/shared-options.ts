/**
 * Options that several commands have, with the same words.
 * @module
 */
import type { Command } from 'commander';

/** How the properties of the AOI file are called, and which layer is meant. */
export function addAoiOptions(command: Command): Command {
  return command
    .optionsGroup('The AOI file:')
    .option('--role-field <name>', 'property that holds the role (default: role)')
    .option('--id-field <name>', 'property that holds the id (default: id)')
    .option('--name-field <name>', 'property that holds the name (default: name)')
    .option('--layer <name>', 'layer of a GeoPackage, or Shapefile of an archive');
}

/** How a command that reads rasters over zones runs, and what it says. */
export function addRasterOptions(command: Command): Command {
  return command
    .optionsGroup('How it runs:')
    .option('--workers <n>', 'worker threads; 0 works in-process (default: 0)')
    .option('--endpoint <url>', 'S3 service that s3:// URLs are read from, in place of Amazon S3')
    .optionsGroup('What it says:')
    .option('--json', 'print JSON, and progress as JSON lines')
    .option('--quiet', 'print errors only, and no table');
}
