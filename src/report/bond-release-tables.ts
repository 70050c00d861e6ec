/**
 * Tables and text of `mine-rs bond-release`.
 * @module
 */
import type { Addition } from './addition.ts';
import type { BondReleasePage } from './plots-model.ts';
import { tablesText } from './plots-text.ts';
import { integer, real, significant, text, type Table } from './table.ts';

const yesNo = (value: boolean | null): string | null => (value === null ? null : value ? 'yes' : 'no');

const SAMPLE = [
  significant('mean', '%'),
  significant('sd', '%'),
  integer('n'),
  real('effective_n'),
  real('samples_needed'),
  text('adequate'),
];

function referenceTable({ references }: BondReleasePage): Table {
  return {
    name: 'bond_release_reference',
    title: 'Reference areas',
    columns: [text('name'), significant('weight'), ...SAMPLE],
    rows: references.map((r) => [
      r.name,
      r.weight,
      r.mean,
      r.sd,
      r.n,
      r.effectiveN,
      r.samplesNeeded,
      yesNo(r.adequate),
    ]),
  };
}

function resultTable({ reclaimed, standard, year }: BondReleasePage): Table {
  return {
    name: 'bond_release',
    title: 'Cover of reclaimed land against 90 % of the reference at 90 % confidence: evidence, not a finding',
    columns: [
      text('name'),
      integer('year', 'year'),
      text('evidence'),
      significant('standard', '%'),
      ...SAMPLE,
      text('mean_reaches'),
      significant('standard_t'),
      significant('standard_critical'),
      text('standard_passes'),
      significant('reverse_t'),
      significant('reverse_critical'),
      text('reverse_passes'),
    ],
    rows: reclaimed.map((r) => [
      r.name,
      year,
      r.evidence,
      standard,
      r.mean,
      r.sd,
      r.n,
      r.effectiveN,
      r.samplesNeeded,
      yesNo(r.adequate),
      yesNo(r.meanReaches),
      r.standardT,
      r.standardCritical,
      yesNo(r.standardPasses),
      r.reverseT,
      r.reverseCritical,
      yesNo(r.reversePasses),
    ]),
  };
}

/** What goes into a run's folder, or a folder of its own. */
export function bondReleaseAddition(page: BondReleasePage): Addition {
  return {
    name: 'bond_release',
    title: 'Bond release: reclaimed cover',
    notes: page.notes,
    tables: [resultTable(page), referenceTable(page)],
    figures: [],
  };
}

/** What the command prints. */
export function bondReleaseText(page: BondReleasePage): string {
  return tablesText(bondReleaseAddition(page));
}
