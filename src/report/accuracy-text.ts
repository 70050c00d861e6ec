/**
 * Areas and accuracies of a class map as tables for the screen and as CSV.
 * @module
 */
import type { AccuracyPage, EstimateFigures } from './accuracy-model.ts';
import { fixed } from './html/numbers.ts';
import { integer, real, tableCsv, text, type Table } from './table.ts';
import { table } from './terminal.ts';

const NONE = '–';

/** One line a class. */
export function accuracyTable(page: AccuracyPage): Table {
  const estimate = (name: string, unit: string) => [
    real(`${name}${unit === 'ha' ? '_ha' : ''}`, unit),
    real(`${name}_se${unit === 'ha' ? '_ha' : ''}`, unit),
    real(`${name}_pm95${unit === 'ha' ? '_ha' : ''}`, unit),
  ];
  const columns = [text('class'), integer('units'), integer('interpreted'), real('mapped_ha', 'ha')];
  columns.push(...estimate('area', 'ha'), ...estimate('users_accuracy', '1'), ...estimate('producers_accuracy', '1'));
  const cells = ({ value, standardError, plusMinus }: EstimateFigures) => [value, standardError, plusMinus];
  const rows = page.classes.map((c) => [
    c.name,
    c.units,
    c.interpreted,
    c.mappedHa,
    ...cells(c.area),
    ...cells(c.users),
    ...cells(c.producers),
  ]);
  return { name: 'accuracy', title: 'Estimated area and accuracy of each class', columns, rows };
}

export function accuracyCsv(page: AccuracyPage): string {
  return tableCsv(accuracyTable(page));
}

/** What the screen shows: areas and accuracies, the matrix of shares, notes. */
export function accuracyText(page: AccuracyPage): string {
  const share = ({ value, plusMinus }: EstimateFigures): string =>
    value === null || plusMinus === null ? NONE : `${value.toFixed(2)} ± ${plusMinus.toFixed(2)}`;
  // Whole hectares where that is fine enough.
  const digits = page.totalHa >= 10_000 ? 0 : page.totalHa >= 10 ? 2 : 4;
  const ha = (value: number | null): string => (value === null ? NONE : fixed(value, digits));
  const classes = table(
    ['Class', 'units', 'mapped ha', 'estimated ha', '± 95 %', "user's", "producer's"],
    page.classes.map((c) => [
      c.name,
      c.units === null ? NONE : String(c.units),
      ha(c.mappedHa),
      ha(c.area.value),
      ha(c.area.plusMinus),
      share(c.users),
      share(c.producers),
    ]),
    1,
  );
  const strata = page.classes.filter(({ units }) => units !== null);
  const matrix = table(
    ['Map \\ reference', ...page.reference],
    strata.map(({ name }, i) => [name, ...page.shares[i]!.map((value) => value.toFixed(4))]),
    1,
  );
  const lines = [
    `${page.units} sample units; ${fixed(page.totalHa, digits)} ha; overall accuracy ${share(page.overall)}`,
    '',
    'Areas estimated from the sample are the ones to report: they take the errors of the map into account.',
    classes,
    '',
    'Estimated shares of the area',
    matrix,
  ];
  if (page.notes.length > 0) lines.push('', ...page.notes);
  return `${lines.join('\n')}\n`;
}
