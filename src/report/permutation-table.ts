/**
 * What stands when whole years are shuffled: the table, and lines for the screen.
 * @module
 */
import type { Summary } from './model.ts';
import { integer, real, text, type Table } from './table.ts';

/** Hectares of each trend class, raw and by what stands; none where the test is off. */
export function permutationTables({ permutation }: Summary): Table[] {
  if (!permutation) return [];
  const hectares = ['raw_ha', 'max_statistic_ha', 'cluster_ha'].map((name) => real(name, 'ha'));
  const zone = ['zone_id', 'zone_name', 'role'].map(text);
  const columns = [...zone, integer('class_code'), text('class'), ...hectares];
  const rows = permutation.zones.flatMap(({ id, name, role, classes }) =>
    classes.map((c) => [id, name, role, c.code, c.name, c.rawHa, c.maximumHa, c.patchHa]),
  );
  return [
    { name: 'trend_permutation', title: 'Trend classes that stand when whole years are shuffled', columns, rows },
  ];
}

/** What stood. */
export function permutationNotes({ permutation: found }: Summary): string[] {
  if (!found) return [];
  const patches = `patches of more than ${found.patchAbove} cells, ${found.patchesStanding} of ${found.patches}`;
  const stands = `cells with |Z| above ${found.zAbove.toFixed(2)} stand, and ${patches}`;
  const head = `${found.permutations} shuffles of whole years (seed ${found.seed}), at ${100 * found.alpha} %`;
  return [`${head}: ${stands} (tables/trend_permutation.csv).`];
}
