/**
 * docs/segmentation.md shows numbers: they are those that its own code gives.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import * as library from '../src/index.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/segmentation.md'), 'utf8');

describe('docs/segmentation.md', () => {
  it('shows what its code gives', () => {
    const [head, ...rest] = /```js\n(.*?)```/s.exec(PAGE)![1]!.split('\n');
    expect(head).toBe("import { segmentSeries } from 'mine-rs';");
    const code = `${rest.join('\n')}\n({ found, loss });`;
    const { found, loss } = runInNewContext(code, { ...library }) as {
      found: library.SegmentedSeries;
      loss: library.Segment;
    };
    const vertices = found.vertices.map(({ year, value }) => `${year} ${value.toFixed(3)}`).join(', ');
    expect(PAGE).toContain(`// vertices: ${vertices}\n`);
    const { magnitude, duration, startYear, firstYear } = loss;
    const said = `${magnitude.toFixed(3)} in ${duration} years, from ${startYear} on; first year with the lower level ${firstYear}`;
    expect(PAGE).toContain(`// ${said}\n`);
  });

  it('has the parameters that are the defaults', () => {
    const { landtrendr, partition } = library.SEGMENTATION_DEFAULTS;
    const shown = (value: number | boolean) => (value === true ? 'yes' : String(value));
    const rows = [...PAGE.matchAll(/^\| `(\w+)` \| ([\w.]+) \| ([\w.]*)/gm)].map((match) => match.slice(1, 4));
    expect(rows).toHaveLength(8);
    for (const [name, one, other] of rows as [keyof library.SegmentationParameters, string, string][]) {
      expect([name, one]).toEqual([name, shown(landtrendr[name])]);
      expect([name, other]).toEqual([name, other === '' ? '' : shown(partition[name])]);
    }
  });
});
