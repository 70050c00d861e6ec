/**
 * `mine-rs info`.
 * @module
 */
import type { Command } from 'commander';

const EXAMPLES = `
Examples:
  $ mine-rs info scene.tif
  $ mine-rs info --checksum --json scene.tif

Exit codes: 0 done, 1 unexpected, 2 usage, 3 the file cannot be read.`;

/** Adds the command to the program. */
export function addInfoCommand(program: Command): void {
  const command = program
    .command('info')
    .description('One raster: grid, CRS, type, layout, nodata, bands, overviews, mask.')
    .argument('<file>', 'GeoTIFF, by path or URL')
    .option('--checksum', "read all pixels, and print each band's SHA-256 (native type, little-endian, row by row)")
    .option('--json', 'print JSON (docs/info.md says what each field means)')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(mine-rs info --help lists the options)')
    .exitOverride();
  command.action(async (path: string, flags: { checksum?: boolean; json?: boolean }) => {
    // Loaded here, so that --help and usage errors answer at once.
    const { describeRaster } = await import('../pipeline/info.ts');
    const raster = await describeRaster(path, { checksum: flags.checksum === true });
    if (flags.json === true) {
      process.stdout.write(`${JSON.stringify(raster, null, 2)}\n`);
    } else {
      const { rasterInfoText } = await import('../report/raster-info.ts');
      process.stdout.write(rasterInfoText(raster));
    }
  });
}
