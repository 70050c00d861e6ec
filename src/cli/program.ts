/**
 * The commander tree.
 * @module
 */
import { Command } from 'commander';
import { VERSION } from '../pipeline/version.ts';
import { addBatchCommand } from './batch.ts';
import { addBondReleaseCommand } from './bond-release.ts';
import { addEstimateCommand } from './estimate.ts';
import { addExplainCommand } from './explain.ts';
import { addInfoCommand } from './info.ts';
import { addLandcoverCommand } from './landcover.ts';
import { addLandscapeCommand } from './landscape.ts';
import { addLifeCycleCommand } from './lifecycle.ts';
import { addLintCommand } from './lint.ts';
import { addPlotsCommand } from './plots.ts';
import { addPowerCommand } from './power.ts';
import { addReportCommand } from './report.ts';
import { addResilienceCommand } from './resilience.ts';
import { addSampleCommand } from './sample.ts';
import { addScenesCommand } from './scenes.ts';
import { addTrendCommand } from './trend.ts';
import { addZonesCommand } from './zones.ts';

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
  addBatchCommand(program, setExitCode);
  addScenesCommand(program, setExitCode);
  addZonesCommand(program);
  addInfoCommand(program);
  addLintCommand(program, setExitCode);
  addPowerCommand(program);
  addReportCommand(program);
  addLandcoverCommand(program);
  addLandscapeCommand(program);
  addResilienceCommand(program);
  addLifeCycleCommand(program);
  addExplainCommand(program, setExitCode);
  addSampleCommand(program);
  addEstimateCommand(program);
  addPlotsCommand(program);
  addBondReleaseCommand(program);
  return program;
}
