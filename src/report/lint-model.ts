/**
 * What `mine-rs lint` says.
 * @module
 */

/** One finding and its place. Numbers count from 1; null where they do not apply. */
export interface LintFinding {
  readonly kind: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly feature: number | null;
  readonly id: string | null;
  readonly part: number | null;
  readonly ring: number | null;
  readonly vertex: number | null;
  /** x and y in the CRS of the file. */
  readonly at: readonly [number, number] | null;
  readonly text: string;
}

/** All that was found of one kind. */
export interface LintKind {
  readonly kind: string;
  readonly level: LintFinding['level'];
  readonly meaning: string;
  readonly count: number;
}

/** What was done to one feature in the mended copy. */
export interface LintMended {
  readonly feature: number;
  readonly id: string;
  /** null where the outline has no area that could be measured. */
  readonly areaBeforeHa: number | null;
  readonly areaAfterHa: number | null;
  readonly newId: string | null;
}

/** A file that was looked at. */
export interface LintPage {
  readonly file: string;
  readonly format: string;
  readonly crs: string;
  readonly features: number;
  /** Features with polygons. */
  readonly zones: number;
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly kinds: readonly LintKind[];
  /** At most a hundred of each kind. */
  readonly findings: readonly LintFinding[];
  readonly repaired: {
    readonly file: string;
    readonly zones: number;
    readonly mended: readonly LintMended[];
    readonly leftOut: readonly { readonly feature: number; readonly why: string }[];
    /** What lint finds in the copy. */
    readonly errors: number;
    readonly warnings: number;
  } | null;
}
