/**
 * Where states and segmentation disagree: the table, and a line for the screen.
 * @module
 */
import type { Summary } from './model.ts';
import { real, text, type Cell, type Table } from './table.ts';

/** The differences that stand for all beyond them. */
function differenceText(years: number, farthest: number): string {
  if (years === -farthest) return `below ${years + 1}`;
  return years === farthest ? `above ${years - 1}` : String(years);
}

/** Hectares by what both ways say of each event, and by how many years they differ; none where the run segments nothing. */
export function segmentationTables(summary: Summary): Table[] {
  if (summary.segmentation === null) return [];
  const columns = ['zone_id', 'zone_name', 'role', 'event', 'found_by', 'difference_years'].map(text);
  const rows = summary.segmentation.zones.flatMap((zone) =>
    (['disturbed', 'recovered'] as const).flatMap((event): Cell[][] => {
      const figures = zone[event];
      const farthest = Math.max(...figures.differences.map(({ years }) => years));
      const cells = [zone.id, zone.name, zone.role, event];
      return [
        ...figures.differences.map((d) => [...cells, 'both', differenceText(d.years, farthest), d.hectares]),
        [...cells, 'states', null, figures.statesOnlyHa],
        [...cells, 'segmentation', null, figures.segmentationOnlyHa],
        [...cells, 'neither', null, figures.neitherHa],
        [...cells, 'not compared', null, figures.notComparedHa],
      ];
    }),
  );
  const title = 'Where land states and segmentation agree';
  return [{ name: 'segmentation_agreement', title, columns: [...columns, real('hectares', 'ha')], rows }];
}

/** One line on land that either way calls disturbed, by role. */
export function segmentationNotes({ segmentation }: Summary): string[] {
  if (segmentation === null) return [];
  return segmentation.totals.map(({ role, disturbed }) => {
    const same = disturbed.differences.find(({ years }) => years === 0)!.hectares;
    const both = `${disturbed.bothHa.toFixed(1)} ha by states and segmentation (${same.toFixed(1)} ha in the same year)`;
    const one = `${disturbed.statesOnlyHa.toFixed(1)} ha by states only`;
    const other = `${disturbed.segmentationOnlyHa.toFixed(1)} ha by segmentation only`;
    return `Disturbed land, role ${role}: ${both}, ${one}, ${other}.`;
  });
}
