/**
 * Runs a task by its name, in a worker or in-process: the same code either way.
 * @module
 */
import { releaseReusable } from '../raster/reusable.ts';
import { annualTask } from './annual.ts';
import { auditTask } from './audit.ts';
import type { TaskName, Tasks } from './contract.ts';
import { digestsTask, digestTask } from './digest.ts';
import { patchTask } from './land-states.ts';
import { landcoverTask } from './landcover.ts';
import { landscapeTask } from './landscape.ts';
import { permutationCellsTask, shufflesTask, verdictsTask } from './permutation.ts';
import { assembleTask, annualMapTask } from './write-map.ts';
import { countTask, referenceTask, refineTask } from './refine.ts';
import { verifyTask } from './scratch.ts';
import { seriesTask } from './series.ts';
import { zoneMeansTask } from './zone-means.ts';
import { zonalTask } from './zonal.ts';

type Handlers = { [K in TaskName]: (task: Tasks[K]['task']) => Tasks[K]['result'] | Promise<Tasks[K]['result']> };

const HANDLERS: Handlers = {
  annual: annualTask,
  verify: verifyTask,
  count: countTask,
  refine: refineTask,
  reference: referenceTask,
  patches: patchTask,
  series: seriesTask,
  annualMap: annualMapTask,
  assemble: assembleTask,
  digest: digestTask,
  digests: digestsTask,
  zonal: zonalTask,
  landscape: landscapeTask,
  landcover: landcoverTask,
  audit: auditTask,
  permutationCells: permutationCellsTask,
  shuffles: shufflesTask,
  verdicts: verdictsTask,
  zoneMeans: zoneMeansTask,
};

let last: TaskName | undefined;

/** Does one task. Errors are thrown as they come; the worker makes them fit to travel. */
export async function runTask<K extends TaskName>(name: K, task: Tasks[K]['task']): Promise<Tasks[K]['result']> {
  // Tasks of one kind come one after the other; what they used again and again is large.
  if (name !== last) releaseReusable();
  last = name;
  return HANDLERS[name](task);
}
