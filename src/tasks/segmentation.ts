/**
 * The segmentation of one tile: its maps, and where it disagrees with the land states.
 * @module
 */
import type { Grid } from '../geo/grid.ts';
import { segmentationOut, segmentStack, type SegmentationOut } from '../kernels/segmentation-stack.ts';
import type { SegmentationOptions } from '../kernels/segmentation-scratch.ts';
import type { ZoneSlice } from '../vector/weights.ts';
import type { SeriesTask } from './contract.ts';
import type { TileStates } from './land-states.ts';
import type { MapSpec } from './maps.ts';

type Result = Exclude<keyof SegmentationOut, 'compared'>;

/** Maps by key: which result, how it is stored, and what it is. */
export const SEGMENTATION_MAPS: readonly {
  key: string;
  result: Result;
  pixelType: 'uint8' | 'uint16' | 'float32';
  description: string;
}[] = [
  {
    key: 'seg_disturbed_year',
    result: 'disturbedYear',
    pixelType: 'uint16',
    description: 'first year of the disturbance, by segmentation',
  },
  {
    key: 'seg_recovered_year',
    result: 'recoveredYear',
    pixelType: 'uint16',
    description: 'year of the recovery after it, by segmentation',
  },
  { key: 'seg_loss_year', result: 'lossYear', pixelType: 'uint16', description: 'first year of the greatest loss' },
  { key: 'seg_magnitude', result: 'magnitude', pixelType: 'float32', description: 'greatest loss of FVC' },
  { key: 'seg_duration', result: 'duration', pixelType: 'uint16', description: 'years of the greatest loss' },
  { key: 'seg_vertices', result: 'vertices', pixelType: 'uint8', description: 'vertices of the trajectory' },
  { key: 'seg_rmse', result: 'rmse', pixelType: 'float32', description: 'root mean square error of the trajectory' },
];

/** How the maps are stored. 0 is no data but in float maps, where it is NaN. */
export function segmentationMapSpecs(grid: Grid): MapSpec[] {
  return SEGMENTATION_MAPS.map(({ key, pixelType, description }) => {
    const shared = { grid, samples: 1, pixelType, descriptions: [description] } as const;
    const isFloat = pixelType === 'float32';
    return { key, spec: { ...shared, nodata: isFloat ? NaN : 0, overview: isFloat ? 'average' : 'mode' } };
  });
}

/** Segments the pixels of a tile. @param wanted 1 where a pixel is wanted; null: all are. */
export function segmentTile(
  task: SeriesTask,
  options: SegmentationOptions,
  fvc: Float32Array,
  { reference, referencePer }: Pick<TileStates, 'reference' | 'referencePer'>,
  wanted: Uint8Array | null,
): SegmentationOut {
  const { scratch, years, states } = task;
  const nPixels = task.tile.width * task.tile.height;
  const out = segmentationOut(nPixels);
  const stack = [fvc, scratch.nTimes, nPixels, years, reference, referencePer] as const;
  segmentStack(...stack, states, options, wanted, out);
  return out;
}

/** What is compared. */
export const SEGMENTATION_EVENTS = ['disturbed', 'recovered'] as const;
/** Differences in years, segmentation less states, that are told apart: the first and last stand for all beyond. */
export const FARTHEST_DIFFERENCE = 3;
const N_DIFFERENCES = 2 * FARTHEST_DIFFERENCE + 1;
/** Where only one or none has the event, after the differences where both do. */
export const ONE_SIDED = ['states only', 'segmentation only', 'neither', 'not compared'] as const;
const SLOTS = N_DIFFERENCES + ONE_SIDED.length;
const [STATES_ONLY, SEGMENTATION_ONLY, NEITHER, NOT_COMPARED] = [0, 1, 2, 3] as const;

/** Length of a zone's sums. */
export const AGREEMENT_LENGTH = SEGMENTATION_EVENTS.length * SLOTS;

/** Place of a difference in a zone's sums. */
export function differenceSlot(event: number, difference: number): number {
  const held = Math.max(-FARTHEST_DIFFERENCE, Math.min(FARTHEST_DIFFERENCE, difference));
  return event * SLOTS + held + FARTHEST_DIFFERENCE;
}

/** Place of what only one or none has, by its number in {@link ONE_SIDED}. */
export function oneSidedSlot(event: number, which: number): number {
  return event * SLOTS + N_DIFFERENCES + which;
}

/** Whole units of area by {@link differenceSlot} and {@link oneSidedSlot}; those of an event add up to the zone. */
export interface AgreementSums {
  zone: number;
  values: Float64Array;
}

/** Sums where the years by states and by segmentation agree, zone by zone. */
export function sumAgreement(
  zones: readonly ZoneSlice[],
  states: Pick<TileStates, 'disturbedYear' | 'recoveredYear'>,
  found: SegmentationOut,
): AgreementSums[] {
  const pairs = [
    [states.disturbedYear, found.disturbedYear],
    [states.recoveredYear, found.recoveredYear],
  ] as const;
  return zones.map(({ zone, index, weight }) => {
    const values = new Float64Array(AGREEMENT_LENGTH);
    for (const [event, [byStates, bySegmentation]] of pairs.entries()) {
      for (let k = 0; k < index.length; k++) {
        const pixel = index[k]!;
        const one = byStates[pixel]!;
        const other = bySegmentation[pixel]!;
        let slot: number;
        if (found.compared[pixel] === 0) slot = oneSidedSlot(event, NOT_COMPARED);
        else if (one > 0 && other > 0) slot = differenceSlot(event, other - one);
        else slot = oneSidedSlot(event, one > 0 ? STATES_ONLY : other > 0 ? SEGMENTATION_ONLY : NEITHER);
        values[slot]! += weight[k]!;
      }
    }
    return { zone, values };
  });
}
