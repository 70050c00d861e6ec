/**
 * Names and colours of the classes of a map.
 * @module
 */

/** What a lookup says of a class. */
export interface ClassEntry {
  readonly name: string;
  /** `#rrggbb`; null takes one by the code. */
  readonly colour: string | null;
  /** Resilience score, 0–1; null where it is not given. */
  readonly score: number | null;
}

/** Entries by code. */
export type ClassLookup = ReadonlyMap<number, ClassEntry>;

/** Lower limits of the FVC grades from the second on. */
export const FVC_LIMITS: readonly number[] = [0.2, 0.4, 0.6, 0.8];

const FVC_NAMES = ['low cover', 'lower-middle cover', 'middle cover', 'higher-middle cover', 'high cover'];

/** Bare soil to dense green (Brewer's YlGn, its first colour darkened so that it shows on white). */
const FVC_COLOURS = ['#d9c38c', '#c2e699', '#78c679', '#31a354', '#006837'];

/** Colours for classes without one of their own (Okabe & Ito 2008, then Tol's muted scheme). */
const COLOURS = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#f0e442',
  '#332288',
  '#88ccee',
  '#999933',
  '#882255',
  '#44aa99',
];

/**
 * The grades of FVC: those of the usual limits by their names, others by their range.
 *
 * @param limits Ascending, lower limits of the grades from the second on.
 */
export function fvcLookup(limits: readonly number[]): ClassLookup {
  const usual = limits.length === FVC_LIMITS.length && limits.every((limit, k) => limit === FVC_LIMITS[k]);
  const grades = Array.from({ length: limits.length + 1 }, (_, k): [number, ClassEntry] => {
    const range = `${limits[k - 1] ?? 0}–${limits[k] ?? 1}`;
    const place = Math.round((k * (FVC_COLOURS.length - 1)) / Math.max(1, limits.length));
    return [
      k + 1,
      { name: usual ? `${FVC_NAMES[k]!} (${range})` : `FVC ${range}`, colour: FVC_COLOURS[place]!, score: null },
    ];
  });
  return new Map(grades);
}

/** A class by its code; without an entry its name says no more than the code. */
export function classOf(lookup: ClassLookup, code: number): ClassEntry & { code: number; colour: string } {
  const entry = lookup.get(code);
  return {
    code,
    name: entry?.name ?? `class ${code}`,
    colour: entry?.colour ?? COLOURS[code % COLOURS.length]!,
    score: entry?.score ?? null,
  };
}
