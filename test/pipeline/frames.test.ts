import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendRecord, readRecords } from '../../src/pipeline/frames.ts';
import { digestOf } from '../../src/pipeline/stamp.ts';
import { tempFolders } from '../helpers/temp.ts';

const newFolder = tempFolders('frames');
const RECORDS = [{ year: 2005, keys: Uint32Array.of(1, 2) }, { x: [NaN, -0, null] }, 'three'];

function journal(): string {
  const path = join(newFolder(), 'journal');
  for (const record of RECORDS) appendRecord(path, record);
  return path;
}

describe('a journal', () => {
  it('gives back what was appended', () => {
    expect(readRecords(journal())).toEqual(RECORDS);
    expect(readRecords(journal(), 1)).toEqual(RECORDS.slice(0, 1));
    expect(readRecords(join(newFolder(), 'none'))).toEqual([]);
  });

  it('is read up to the first record that is not whole, wherever it was cut', () => {
    const path = journal();
    const bytes = readFileSync(path);
    const counts = Array.from({ length: bytes.length + 1 }, (_, length) => {
      writeFileSync(path, bytes.subarray(0, length));
      return readRecords(path).length;
    });
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect([counts[0], counts.at(-2), counts.at(-1)]).toEqual([0, 2, 3]);
  });

  it('is read up to the first record that was changed', () => {
    const path = journal();
    const bytes = readFileSync(path);
    for (let k = 0; k < bytes.length; k++) {
      const changed = Buffer.from(bytes);
      changed[k]! ^= 0x41;
      writeFileSync(path, changed);
      const found = readRecords(path);
      expect(found.length).toBeLessThan(3);
      expect(found).toEqual(RECORDS.slice(0, found.length));
    }
  });

  it('does not mind what a crash left behind it', () => {
    const path = journal();
    appendFileSync(path, Buffer.alloc(100));
    expect(readRecords(path)).toEqual(RECORDS);
  });
});

describe('digestOf', () => {
  it('tells data apart that JSON or their text would not', () => {
    const all = [
      [1, 2],
      [12],
      ['1', 2],
      [[1], 2],
      [1, [2]],
      { a: 1 },
      { a: '1' },
      { b: 1 },
      NaN,
      null,
      'NaN',
      0,
      false,
      '',
    ];
    const digests = all.map(digestOf);
    expect(new Set(digests).size).toBe(all.length);
    expect(digestOf(Float64Array.of(1, 2))).not.toBe(digestOf(Float64Array.of(2, 1)));
  });

  it('does not depend on the order of keys, or on keys without a value', () => {
    expect(digestOf({ a: 1, b: [2] })).toBe(digestOf({ b: [2], a: 1, c: undefined }));
  });
});
