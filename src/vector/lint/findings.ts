/**
 * What lint can find, how grave it is, and what it means.
 * @module
 */
import type { Position } from '../polygons.ts';

/**
 * `error`: a run refuses the file, or its hectares would be wrong. `warning`: a run goes on, but this should be mended.
 * `note`: worth knowing; nothing is wrong.
 */
export type Level = 'error' | 'warning' | 'note';

/** Every kind of finding: its level and its meaning. */
export const KINDS = {
  'no-zones': ['error', 'the file has no polygon at all'],
  'self-intersection': ['error', 'a ring crosses itself'],
  'rings-cross': ['error', 'two rings of a feature cross each other'],
  'hole-outside': ['error', 'a hole lies outside of its outline'],
  'nested-rings': ['error', 'a hole lies in another hole, or a part in another part'],
  'too-few-points': ['error', 'a ring has fewer than three different points'],
  'no-area': ['error', 'a ring encloses no area'],
  'double-id': ['error', 'two features have the same id'],
  'outside-crs': ['error', 'a point lies where the CRS has no coordinates'],
  'too-intricate': ['error', 'a feature has too many crossings, or edges too near each other, to look at all'],
  antimeridian: ['error', 'it is not certain where the feature lies on the globe'],
  'self-touch': ['warning', 'a ring touches itself'],
  'shared-edge': ['warning', 'rings of a feature run along each other'],
  'duplicate-vertex': ['warning', 'the same point stands twice in a row'],
  'unclosed-ring': ['warning', 'a ring does not end where it begins'],
  spike: ['warning', 'a ring runs out to a point and back along itself'],
  sliver: ['warning', 'a ring is long and thinner than half a metre'],
  'ring-order': ['warning', 'a ring runs in the direction that the format does not want'],
  'missing-id': ['warning', 'a feature has no id'],
  'suspicious-crs': ['warning', 'the coordinates do not look like those of the CRS'],
  overlap: ['note', 'two zones share ground'],
  'no-polygon': ['note', 'a feature has no polygon and is left out'],
  heights: ['note', 'points have heights or measures, which are dropped'],
  'cut-at-180': ['note', 'a feature passes the antimeridian or holds a pole, and is cut there'],
  file: ['note', 'something about the file'],
} as const satisfies Record<string, readonly [Level, string]>;

export type Kind = keyof typeof KINDS;

/** One finding and its place. Numbers count from 1; null where they do not apply. */
export interface Finding {
  readonly kind: Kind;
  readonly level: Level;
  /** Place of the feature in the file. */
  readonly feature: number | null;
  readonly id: string | null;
  /** Polygon of the feature. */
  readonly part: number | null;
  /** Ring of the polygon: 1 is the outline. */
  readonly ring: number | null;
  readonly vertex: number | null;
  /** In the CRS of the file. */
  readonly at: Position | null;
  readonly text: string;
}

/** Where a finding lies. */
export interface Place {
  readonly feature?: number;
  readonly id?: string | null;
  readonly part?: number;
  readonly ring?: number;
  readonly vertex?: number;
  readonly at?: Position;
}

/** Findings of one kind that are listed; all of them are counted. */
const MAX_LISTED = 100;

/** Collects findings. */
export class Findings {
  readonly listed: Finding[] = [];
  readonly counts = new Map<Kind, number>();

  add(kind: Kind, text: string, place: Place = {}): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count > MAX_LISTED) return;
    const { feature = null, id = null, part = null, ring = null, vertex = null, at = null } = place;
    this.listed.push({ kind, level: KINDS[kind][0], feature, id, part, ring, vertex, at, text });
  }

  count(level: Level): number {
    let sum = 0;
    for (const [kind, count] of this.counts) if (KINDS[kind][0] === level) sum += count;
    return sum;
  }
}
