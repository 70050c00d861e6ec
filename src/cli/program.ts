/**
 * The commander tree.
 * @module
 */
import { Command } from 'commander';
import { VERSION } from '../pipeline/version.ts';
import { addInfoCommand } from './info.ts';
import { addPowerCommand } from './power.ts';
import { addScenesCommand } from './scenes.ts';
import { addTrendCommand } from './trend.ts';

/**
 * Builds the program.
 *
 * @param setExitCode Called by a command that ends well but not with 0.
 */
export function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command('mine-rs')
    .description(
      'Hectares of a mine that were disturbed and have recovered, from stacks of Landsat and Sentinel-2 GeoTIFFs.',
    )
    .version(VERSION)
    .showHelpAfterError('(mine-rs trend --help lists the options)')
    .exitOverride();
  addTrendCommand(program, setExitCode);
  addScenesCommand(program, setExitCode);
  addInfoCommand(program);
  addPowerCommand(program);
  return program;
}
