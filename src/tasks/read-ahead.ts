/**
 * Scenes one after the other, with the next ones already on their way where they come over the network.
 * @module
 */
import { isUrl } from '../url.ts';
import { MineRsError, messageOf } from '../errors.ts';
import type { AnnualTask, SceneRead } from './contract.ts';
import { readScene, type SceneValues } from './read-scene.ts';

/** Remote scenes read at the same time, as a worker spends most of their time waiting; fewer where they are large. */
const REMOTE_AHEAD = 4;
const REMOTE_PIXELS = 4 * 1024 * 1024;

/** A scene's values (undefined where it has no pixel in the block), or why it cannot be read. */
export type SceneOutcome = { read: SceneValues | undefined; failure?: never } | { read?: never; failure: string };

/**
 * Reads the scenes of a task, in their order.
 * @throws {MineRsError} INTERRUPTED, RESOURCES; a scene that cannot be read is an outcome
 */
export async function* readScenes(task: AnnualTask): AsyncGenerator<SceneOutcome> {
  const { scenes, block } = task;
  const fitting = Math.max(1, Math.floor(REMOTE_PIXELS / (block.width * block.height)));
  const ahead = scenes.some(isRemote) ? Math.min(REMOTE_AHEAD, fitting) : 1;
  const started: Promise<SceneOutcome | MineRsError>[] = [];
  for (let k = 0; k < scenes.length; k++) {
    while (started.length < Math.min(k + ahead, scenes.length)) started.push(readOne(task, scenes[started.length]!));
    const outcome = await started[k]!;
    if (outcome instanceof MineRsError) throw outcome;
    yield outcome;
    // Its pixels are not held longer than they are needed.
    started[k] = Promise.resolve({ read: undefined });
  }
}

/** Never rejects: nobody may be waiting yet. */
async function readOne(task: AnnualTask, scene: SceneRead): Promise<SceneOutcome | MineRsError> {
  try {
    return { read: await readScene(scene, task.index, task.grid, task.block) };
  } catch (error) {
    // The scene is not to blame for these.
    if (error instanceof MineRsError && ['INTERRUPTED', 'RESOURCES'].includes(error.code)) return error;
    return { failure: messageOf(error) };
  }
}

function isRemote(scene: SceneRead): boolean {
  const sources = [...Object.values(scene.bands), ...scene.masks, ...(scene.index === null ? [] : [scene.index])];
  return sources.some(({ path }) => isUrl(path));
}
