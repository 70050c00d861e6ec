/**
 * The parts of the report's page: markup, numbers, texts, colours, the ledger.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillIn } from '../../../src/report/html/fill-in.ts';
import { escapeHtml, html, Html, scriptJson } from '../../../src/report/html/markup.ts';
import { brief, fixed, hectares, percent, pValue, signed, squareKm } from '../../../src/report/html/numbers.ts';
import { groupLedger } from '../../../src/report/html/record.ts';
import { sayIn, scriptTexts, TEXTS, wordOr } from '../../../src/report/html/text.ts';
import { COVER_RAMP, rampColour, rgbOf, STATE_COLOURS, trendColour, YEAR_RAMP } from '../../../src/report/palette.ts';
import { mapSpecs } from '../../../src/tasks/maps.ts';
import { utmGrid } from '../../helpers/stack.ts';

/** Under another name the formatter leaves the template alone. */
const tag = html;

describe('markup', () => {
  it('escapes what is filled in, in text and in attributes', () => {
    const name = `</script><img src=x onerror="alert('1')">&`;
    const expected = '&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;';
    expect(tag`<p title="${name}">${name}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it('takes finished markup and lists as they are, and leaves out what is not there', () => {
    const items = ['a', 'b'].map((item) => tag`<li>${item}</li>`);
    expect(tag`<ul>${items}${null}${undefined}${0}</ul>`.text).toBe('<ul><li>a</li><li>b</li>0</ul>');
  });

  it('drops characters that turn or hide text', () => {
    expect(escapeHtml('pit\u202e4\u0000\u200b\u0007')).toBe('pit4');
  });

  it('takes indentation out of the template, not out of what is filled in', () => {
    const made = tag`<p>
      ${new Html('a\n  b')}
    </p>`;
    expect(made.text).toBe('<p>\na\n  b\n</p>');
  });

  it('writes JSON that cannot leave its script element', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (json, text) => {
        const value: unknown = [JSON.parse(json), text, '</script><!--\u2028'];
        const written = scriptJson(value).text;
        expect(written).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(written)).toEqual(value);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

describe('numbers', () => {
  it.each([
    [fixed(1234567.891, 1), '1,234,567.9'],
    [fixed(-0.04, 1), '0.0'],
    [fixed(-1234.5, 0), '−1,235'],
    [fixed(0.1234567, 6), '0.123457'],
    [hectares(0), '0.0'],
    [hectares(0.04), '< 0.1'],
    [hectares(0.05), '0.1'],
    [hectares(9999.94), '9,999.9'],
    [hectares(12345.6), '12,346'],
    [squareKm(250), '2.500'],
    [percent(null), '–'],
    [percent(0), '0 %'],
    [percent(0.001), '< 1 %'],
    [percent(0.8355, 1), '83.5 %'],
    [pValue(0.0004), '< 0.001'],
    [pValue(0.0166), '0.017'],
    [brief(0), '0.000'],
    [brief(-0.0123456), '−0.01235'],
    [brief(87.336627), '87.34'],
    [brief(1234567.8), '1,234,568'],
    [brief(1e-12), '0.000000000'],
    [signed(0.5, 1), '+0.5'],
    [signed(-0.04, 1), '0.0'],
    [signed(0.04, 1), '0.0'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });
});

describe('texts', () => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

  it('are the same in all languages, with the same values in them', () => {
    const { en, ...others } = TEXTS;
    for (const texts of Object.values(others)) {
      expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
      for (const [key, text] of Object.entries(en)) {
        expect([key, names(texts[key as keyof typeof texts])]).toEqual([key, names(text)]);
        expect(texts[key as keyof typeof texts]).not.toBe('');
      }
    }
  });

  it('are all used, and those that the script asks for exist', () => {
    const read = (folder: string) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !/generated|text-\w\w\.ts/.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('\n');
    const source = read('src/report/html');
    const unused = Object.keys(TEXTS.en).filter((key) => {
      const name = key.replace(/^ui\./, '');
      // Some keys are put together from a fixed part and a word: of them the fixed part must be there.
      return ![`'${name}'`, `\`${name.replace(/\.[^.]*$/, '')}.\${`, `'${name.split('.')[0]}', `].some((part) =>
        source.includes(part),
      );
    });
    expect(unused).toEqual([]);
    const script = scriptTexts('en');
    const asked = [...read('src/report/html/client').matchAll(/say\('([\w.]+)'\)/g)].map((match) => match[1]!);
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter((key) => !(key in script))).toEqual([]);
  });

  it('fill values in, and leave a name alone that has none', () => {
    expect(fillIn('{a} of {b}', { a: '{b}', b: 2 })).toBe('{b} of 2');
    expect(fillIn('{a}', {})).toBe('{a}');
    expect(sayIn('zh')('area.all', { role: '矿区', zones: 3 })).toBe('全部矿区（3个）');
  });

  it('keep a role that has no translation', () => {
    expect(wordOr(sayIn('zh'), 'role', 'mine')).toBe('矿区');
    expect(wordOr(sayIn('zh'), 'role', 'tailings')).toBe('tailings');
    expect(wordOr(sayIn('en'), 'role', 'constructor')).toBe('constructor');
  });
});

/** Deuteranopia and protanopia in linear RGB, severity 1 (Machado, Oliveira & Fernandes 2009). */
const BLINDNESS = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
] as const;

/** CIE L*a*b* (D65) of a colour as it is seen. */
function labOf(rgb: readonly number[], seen: readonly number[]): [number, number, number] {
  const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const times = (m: readonly number[], v: readonly number[]) =>
    [0, 3, 6].map((k) => m[k]! * v[0]! + m[k + 1]! * v[1]! + m[k + 2]! * v[2]!);
  const toXyz = [0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505];
  const shown = times(seen, linear).map((c) => Math.max(0, Math.min(1, c)));
  const [x, y, z] = times(toXyz, shown).map((c, k) => Math.cbrt(c / [0.9505, 1, 1.089][k]!)) as [
    number,
    number,
    number,
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe('colours', () => {
  const apart = (a: readonly number[], b: readonly number[], seen: readonly number[]) =>
    Math.hypot(...labOf(a, seen).map((value, k) => value - labOf(b, seen)[k]!));

  it('of the states and of the trend classes stay apart with the common colour blindnesses', () => {
    // A difference of 10 in L*a*b* is seen at a glance; 2.3 is just noticeable.
    const least = 10;
    const lists = [
      STATE_COLOURS.map(rgbOf),
      ...(['seven', 'nine', 'five'] as const).map((legend) =>
        Array.from({ length: { seven: 8, nine: 10, five: 6 }[legend] }, (_, code) => rgbOf(trendColour(legend, code))),
      ),
    ];
    for (const seen of BLINDNESS) {
      for (const list of lists) {
        for (const [k, a] of list.entries()) {
          for (const b of list.slice(k + 1)) expect(apart(a, b, seen)).toBeGreaterThan(least);
        }
      }
    }
  });

  it('of the ramps only get lighter, or only darker', () => {
    for (const ramp of [YEAR_RAMP, COVER_RAMP]) {
      for (const seen of BLINDNESS) {
        const lightness = Array.from({ length: 21 }, (_, k) => labOf(rampColour(ramp, k / 20), seen)[0]);
        const steps = lightness.slice(1).map((value, k) => Math.sign(value - lightness[k]!));
        expect(new Set(steps).size).toBe(1);
      }
    }
  });

  it('of a ramp end at its ends', () => {
    expect(rampColour(COVER_RAMP, -1)).toEqual(rgbOf(COVER_RAMP[0]!));
    expect(rampColour(COVER_RAMP, 2)).toEqual(rgbOf(COVER_RAMP.at(-1)!));
  });

  it('of the trend classes are those in the maps', () => {
    for (const legend of ['seven', 'nine', 'five'] as const) {
      const choice = { annual: false, trend: true, states: false };
      const maps = mapSpecs({ grid: utmGrid(4, 4), years: [2020], index: 'ndvi', cover: true, legend, choice });
      const table = maps.find(({ key }) => key === 'trend_class')!.spec.colorTable!;
      for (let code = 0; code <= { seven: 7, nine: 9, five: 5 }[legend]; code++) {
        expect(rgbOf(trendColour(legend, code))).toEqual(table[code]!.slice(0, 3));
      }
    }
  });
});

describe('the ledger', () => {
  const line = { scale: 2.75e-5, offset: -0.2, nodata: 0, source: 'product definition' };
  const scene = (bands: Record<string, typeof line>, product = 'landsat-c2l2') => ({
    scene: 'x',
    product,
    bands,
    masks: [{ description: 'QA' }],
    adjustments: [],
  });

  it('puts equal lines together and counts their scenes', () => {
    const radiometry = [
      scene({ red: line, nir: line }),
      scene({ nir: line, red: line }),
      scene({ red: line, nir: { ...line, offset: 0 } }),
    ];
    const groups = groupLedger({ parameters: {}, resampled: [], radiometry });
    expect(groups.map(({ bands, offset, scenes }) => [bands, offset, scenes])).toEqual([
      ['nir, red', -0.2, 2],
      ['red', -0.2, 1],
      ['nir', 0, 1],
    ]);
  });
});
