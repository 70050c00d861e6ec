import { describe, expect, it } from 'vitest';
import { fillLevelGaps, filterLevelFlips, HIGH, LOW, NO_DATA_LEVEL } from '../../src/kernels/cover-levels.ts';

const CODES: Record<string, number> = { L: LOW, M: 0, H: HIGH, '-': NO_DATA_LEVEL, x: 8 };
const from = (text: string) => Uint8Array.from(text, (letter) => CODES[letter]!);
const shown = (levels: Uint8Array) =>
  Array.from(levels, (level) => Object.keys(CODES).find((k) => CODES[k] === level)).join('');

function after(clean: typeof fillLevelGaps, text: string, years = Array.from(text, (_, t) => 2000 + t)): string {
  const levels = from(text);
  clean(levels, years);
  return shown(levels);
}

describe('fillLevelGaps', () => {
  it.each([
    ['L-L', 'LLL'],
    ['H-H', 'HHH'],
    ['M-M', 'MMM'],
    ['M-H', 'MMH'],
    ['H-M', 'HMM'],
    ['L-H', 'L-H'],
    ['L-M', 'L-M'],
    // Two years without data, the ends, and years that cannot be assessed stay.
    ['L--L', 'L--L'],
    ['-L-', '-L-'],
    ['LxL', 'LxL'],
    ['x-L', 'x-L'],
    ['L-L-L', 'LLLLL'],
    ['L-H-H', 'L-HHH'],
  ])('makes %s %s', (text, expected) => {
    expect(after(fillLevelGaps, text)).toBe(expected);
  });

  it('looks at calendar years', () => {
    expect(after(fillLevelGaps, 'L-L', [2000, 2002, 2003])).toBe('L-L');
  });
});

describe('filterLevelFlips', () => {
  it.each([
    ['HLH', 'HHH'],
    ['HLM', 'HMM'],
    ['LHL', 'LLL'],
    ['LML', 'LLL'],
    ['MLLM', 'MLLM'],
    ['LHHL', 'LHHL'],
    // First low years are taken back, then what is left decides on the others; ends stay.
    ['HLHLH', 'HHHHH'],
    ['LHLHL', 'LHHHL'],
    ['LLHLHH', 'LLHHHH'],
    ['LLHLL', 'LLLLL'],
    ['LHHH', 'LHHH'],
    ['HHHL', 'HHHL'],
    // What is beside a year without data proves nothing.
    ['H-LH', 'H-LH'],
    ['HL-H', 'HL-H'],
    ['HLx', 'HLx'],
    ['H-H', 'H-H'],
  ])('makes %s %s', (text, expected) => {
    expect(after(filterLevelFlips, text)).toBe(expected);
  });

  it('looks at calendar years', () => {
    expect(after(filterLevelFlips, 'HLH', [2000, 2001, 2004])).toBe('HLH');
    expect(after(filterLevelFlips, 'HLH', [2000, 2001, 2002])).toBe('HHH');
  });
});
