/**
 * What a part of the report is, and what it is made from.
 * @module
 */
import type { Addition } from '../addition.ts';
import type { Summary } from '../model.ts';
import type { Html } from './markup.ts';
import type { Area, Language, MapData, Payload } from './payload.ts';
import type { PackedLayer } from './pixels.ts';
import type { RunRecord } from './record.ts';
import type { Say, TextKey } from './text.ts';

/** Everything that a report is made from. */
export interface ReportInput {
  readonly summary: Summary;
  readonly record: RunRecord;
  readonly language: Language;
  /** Null where the run kept no maps and the zones have no known place. */
  readonly map: MapInput | null;
  /** What later commands have added to the run. */
  readonly additions?: readonly Addition[];
}

/** The map as a run gives it: outlines by zone id, one entry a polygon. */
export interface MapInput extends Pick<MapData, 'widthM' | 'heightM' | 'places'> {
  readonly outlines: readonly { readonly id: string; readonly rings: number[][] }[];
  readonly layers: readonly PackedLayer[];
}

/** What a section sees. */
export interface Page {
  readonly input: ReportInput;
  readonly summary: Summary;
  readonly say: Say;
  /** The figures as charts show them: totals of roles with several zones first, then zones. */
  readonly areas: readonly Area[];
  readonly payload: Payload;
  /** What annual values are called, such as `FVC`. */
  readonly valueName: string;
  /** An annual value as it is written: shares in percent, indices with three digits. */
  readonly value: (value: number | null) => string;
}

/** A part of the report under a heading of its own. To add one: a file in sections/, and its place in sections.ts. */
export interface Section {
  /** Anchor of the section. */
  readonly id: string;
  readonly title: TextKey;
  /** The content; null where the run has nothing to say here. */
  readonly body: (page: Page) => Html | null;
}
