import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregationIndex, landscapeMetrics, type LandscapeMetrics } from '../../src/ecology/landscape.ts';
import { joinedPatches } from '../../src/kernels/landscape-connect.ts';
import { CLASS_SLOTS, patchFractal, type LandscapeCounts } from '../../src/kernels/landscape-scan.ts';
import type { Neighbours } from '../../src/kernels/patches.ts';
import { drawn, scanOf, type DrawnMap } from '../helpers/landscape.ts';

/** Sums of a few hundred terms in another order. */
const ROUNDING = 1e-9;

function metricsOf(map: DrawnMap, neighbours: Neighbours, cellM: number, distance: number): LandscapeMetrics {
  const reach = { distance, cellWidth: cellM, cellHeight: cellM };
  const joins = joinedPatches(map.classes, map.width, map.height, neighbours, reach);
  return landscapeMetrics(scanOf(map, neighbours, cellM), joins);
}

describe('landscape metrics of drawn maps', () => {
  it('of three classes, one of them in two patches', () => {
    // 1 1 2 2
    // 1 3 2 2      cells of 10 m; class 1 in patches of 3 and 1 cells
    // 3 3 3 1
    const m = metricsOf(drawn('1122', '1322', '3331'), 8, 10, 28.3);
    expect(m).toMatchObject({ cells: 12, classes: 3, patches: 4, edgeM: 80, boundaryM: 140 });
    expect(m.areaHa).toBeCloseTo(0.12, 12);
    const p = 1 / 3;
    expect(m.shdi).toBeCloseTo(Math.log(3), 12);
    expect(m.shdiBase2).toBeCloseTo(-3 * p * Math.log2(p), 12);
    expect(m.shei).toBeCloseTo(1, 12);
    expect(m.patchDensity).toBeCloseTo((100 * 4) / 0.12, 6);
    expect(m.meanPatchHa).toBeCloseTo(0.03, 12);
    expect(m.largestPatchIndex).toBeCloseTo(100 / 3, 12);
    expect(m.edgeDensity).toBeCloseTo(80 / 0.12, 9);
    // Perimeters in sides: class 1 has 8 (three cells in an L) and 4, class 2 has 8, class 3 has 10.
    const frac = (cells: number, sides: number) => (2 * Math.log(0.25 * sides * 10)) / Math.log(cells * 100);
    expect(m.fractal).toBeCloseTo((frac(3, 8) + 1 + frac(4, 8) + frac(4, 10)) / 4, 12);
    // Like adjacencies: 2, 4 and 3, of 4 that four cells can have. Unlike ones: 1|2 two, 1|3 four, 2|3 two.
    const [one, two, three] = m.byClass;
    expect([one!.aggregation, two!.aggregation, three!.aggregation]).toEqual([50, 100, 75]);
    expect(m.aggregation).toBeCloseTo(75, 12);
    expect([one!.edgeM, two!.edgeM, three!.edgeM]).toEqual([60, 40, 60]);
    expect([one!.boundaryM, two!.boundaryM, three!.boundaryM]).toEqual([60, 40, 40]);
    // COHESION: [1 − Σp / Σ(p√a)] / [1 − 1/√12].
    const cohesion = (sides: number, rooted: number) => (100 * (1 - sides / rooted)) / (1 - 1 / Math.sqrt(12));
    expect(one!.cohesion).toBeCloseTo(cohesion(12, 8 * Math.sqrt(3) + 4), 12);
    expect(two!.cohesion).toBeCloseTo(cohesion(8, 16), 12);
    expect(m.cohesion).toBeCloseTo(cohesion(30, 8 * Math.sqrt(3) + 4 + 16 + 20), 12);
    // The same in double count.
    const g = [
      [4, 2, 4],
      [2, 8, 2],
      [4, 2, 6],
    ];
    const contag = g.map((row) => {
      const sum = row.reduce((a, b) => a + b);
      return row.reduce((total, n) => total + (p * n * Math.log((p * n) / sum)) / sum, 0);
    });
    expect(m.contagion).toBeCloseTo(100 * (1 + contag.reduce((a, b) => a + b) / (2 * Math.log(3))), 10);
    const all = g.flat();
    const whole = all.reduce((a, b) => a + b);
    const ofAll = all.reduce((total, n) => total + (n / whole) * Math.log(n / whole), 0);
    expect(m.contagionOfAll).toBeCloseTo(100 * (1 + ofAll / (2 * Math.log(3))), 10);
    // The two patches of class 1 lie √(2² + 2²) cells apart, 28.28 m: the only pair of patches of one class.
    expect([m.connectance, one!.connectance, two!.connectance]).toEqual([100, 100, 0]);
    expect(metricsOf(drawn('1122', '1322', '3331'), 8, 10, 28.2).connectance).toBe(0);
  });

  it('of one class, and of one cell', () => {
    const m = metricsOf(drawn('111', '111', '111'), 8, 30, 100);
    expect(m).toMatchObject({ shdi: 0, shei: 0, contagion: null, contagionOfAll: null, connectance: 0, edgeM: 0 });
    expect(m).toMatchObject({ aggregation: 100, cohesion: 100, largestPatchIndex: 100, boundaryM: 360, fractal: 1 });
    const cell = metricsOf(drawn('.1.'), 8, 30, 100);
    expect(cell).toMatchObject({ cells: 1, patches: 1, fractal: 1, cohesion: null, aggregation: 0, connectance: 0 });
    expect(cell.byClass[0]!.aggregation).toBeNull();
  });

  it('of nothing', () => {
    const m = metricsOf(drawn('..'), 8, 30, 100);
    const { cells, classes, patches, byClass, areaHa, edgeM, boundaryM, ...rest } = m;
    expect([cells, classes, patches, areaHa, edgeM, boundaryM, byClass.length]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(new Set(Object.values(rest))).toEqual(new Set([null]));
  });

  it('of a chessboard: half of all contagion, as only one of two kinds of adjacency is there', () => {
    const m = metricsOf(drawn('1212', '2121', '1212', '2121'), 4, 30, 29);
    expect(m.contagion).toBeCloseTo(50, 12);
    expect(m).toMatchObject({ patches: 16, aggregation: 0, cohesion: 0, connectance: 0, largestPatchIndex: 6.25 });
    expect(m.shdiBase2).toBeCloseTo(1, 12);
    expect(metricsOf(drawn('1212', '2121', '1212', '2121'), 8, 30, 29).patches).toBe(2);
  });

  it('have no contagion where all adjacencies are equally frequent', () => {
    const beside = new Float64Array(CLASS_SLOTS * CLASS_SLOTS);
    const classes = [1, 2, 3].map((c) => ({
      class: c,
      cells: 10,
      patches: 1,
      largestCells: 10,
      perimeterSides: 20,
      perimeterRootArea: 20 * Math.sqrt(10),
      fractal: 1,
    }));
    // In double count every pair of classes has 12.
    for (const a of [1, 2, 3]) for (const b of [1, 2, 3]) beside[a * CLASS_SLOTS + b] = a === b ? 6 : 12;
    const below = new Float64Array(CLASS_SLOTS * CLASS_SLOTS);
    const m = landscapeMetrics({ cellWidthM: 30, cellHeightM: 30, neighbours: 8, classes, beside, below }, null);
    expect(m.contagion).toBeCloseTo(0, 12);
    expect(m.contagionOfAll).toBeCloseTo(0, 12);
    expect(m.connectance).toBeNull();
  });

  it('leaves cells without data out: patches end there, and the shares are of what is left', () => {
    const m = metricsOf(drawn('11.', '1.2', '.22'), 8, 10, 10);
    expect(m).toMatchObject({ cells: 6, patches: 2, edgeM: 0, boundaryM: 160, shdi: Math.LN2 });
    expect(m.byClass[0]).toMatchObject({ percent: 50, areaHa: 0.03, largestPatchIndex: 50 });
  });

  it('takes the size of cells into lengths and areas', () => {
    const map = drawn('1122', '1322', '3331');
    const [small, large] = [metricsOf(map, 8, 10, 10), metricsOf(map, 8, 20, 20)];
    expect(large.areaHa).toBeCloseTo(4 * small.areaHa, 12);
    expect(large.edgeDensity).toBeCloseTo(small.edgeDensity! / 2, 9);
    expect([large.contagion, large.cohesion, large.connectance]).toEqual([
      small.contagion,
      small.cohesion,
      small.connectance,
    ]);
  });
});

describe('the aggregation index', () => {
  it('is 100 for cells as compact as can be', () => {
    // Cells laid round a square, side by side, have the most adjacencies of all shapes (Harary & Harborth 1976).
    for (let cells = 2; cells <= 60; cells++) {
      const most = Math.floor(2 * cells - 2 * Math.sqrt(cells));
      expect(aggregationIndex(cells, most)).toBe(100);
    }
    expect(aggregationIndex(1, 0)).toBeNull();
  });
});

/**
 * What FRAGSTATS 4.2 prints for the example landscape of the R package landscapemetrics (Hesselbarth et al. 2019,
 * doi:10.1111/ecog.04617): 30 × 30 cells of 1 m, three classes, 8 neighbours. It gives cells and sides of each patch; edges
 * between classes follow from its TE of each class, and like adjacencies from its PLADJ.
 */
describe('the values of FRAGSTATS itself', () => {
  const patches: Record<number, [cells: number, sides: number, frac: number][]> = {
    1: [
      [1, 4, 1],
      [80, 68, 1.2931],
      [5, 12, 1.3652],
      [72, 60, 1.2664],
      [16, 22, 1.2297],
      [1, 4, 1],
      [5, 10, 1.1386],
      [3, 10, 1.6681],
      [1, 4, 1],
    ],
    2: [
      [34, 38, 1.2768],
      [55, 38, 1.1236],
      [24, 32, 1.3086],
      [2, 6, 1.1699],
      [1, 4, 1],
      [1, 4, 1],
      [3, 8, 1.2619],
      [68, 52, 1.2158],
      [1, 4, 1],
      [1, 4, 1],
      [2, 6, 1.1699],
      [36, 34, 1.1944],
      [6, 10, 1.0228],
    ],
    3: [
      [9, 16, 1.2619],
      [159, 90, 1.2285],
      [40, 34, 1.1603],
      [148, 104, 1.304],
      [113, 100, 1.3618],
      [13, 22, 1.3293],
    ],
  };
  // PLADJ = 100 · 2g / 4 cells: 73.6413, 74.3590 and 81.0166 percent of 736, 936 and 1,928 sides.
  const like = [271, 348, 781];
  // TE of the classes is 181, 203 and 296 m.
  const unlike = { '1-2': 44, '1-3': 137, '2-3': 159 };
  const beside = new Float64Array(CLASS_SLOTS * CLASS_SLOTS);
  for (const [k, g] of like.entries()) beside[(k + 1) * CLASS_SLOTS + k + 1] = g;
  for (const [pair, edges] of Object.entries(unlike)) {
    const [a, b] = pair.split('-').map(Number) as [number, number];
    beside[a * CLASS_SLOTS + b] = edges;
    beside[b * CLASS_SLOTS + a] = edges;
  }
  const counts: LandscapeCounts = {
    cellWidthM: 1,
    cellHeightM: 1,
    neighbours: 8,
    beside,
    below: new Float64Array(CLASS_SLOTS * CLASS_SLOTS),
    classes: Object.entries(patches).map(([code, list]) => ({
      class: Number(code),
      cells: list.reduce((sum, [cells]) => sum + cells, 0),
      patches: list.length,
      largestCells: Math.max(...list.map(([cells]) => cells)),
      perimeterSides: list.reduce((sum, [, sides]) => sum + sides, 0),
      perimeterRootArea: list.reduce((sum, [cells, sides]) => sum + sides * Math.sqrt(cells), 0),
      fractal: list.reduce((sum, [cells, sides]) => sum + patchFractal(cells, sides, 1), 0),
    })),
  };
  const m = landscapeMetrics(counts, null);

  it('of patches', () => {
    for (const [cells, sides, frac] of Object.values(patches).flat()) {
      expect(patchFractal(cells, sides, 1)).toBeCloseTo(frac, 4);
    }
  });

  it('of classes', () => {
    const printed = { percent: [20.4444, 26, 53.5556], largestPatchIndex: [8.8889, 7.5556, 17.6667] };
    const more = {
      edgeM: [181, 203, 296],
      fractal: [1.2179, 1.1341, 1.2743],
      edgeDensity: [2011.1111, 2255.5556, 3288.8889],
    };
    const rest = {
      cohesion: [87.8163, 85.25, 93.4988],
      aggregation: [79.7059, 79.6339, 84.8913],
      patchDensity: [10000, 14444.4444, 6666.6667],
    };
    for (const [name, values] of Object.entries({ ...printed, ...more, ...rest })) {
      for (const [k, value] of values.entries()) {
        expect(m.byClass[k]![name as keyof typeof printed]).toBeCloseTo(value, 4);
      }
    }
  });

  it('of the landscape', () => {
    expect(m).toMatchObject({ patches: 28, classes: 3, edgeM: 340 });
    const printed = {
      areaHa: 0.09,
      patchDensity: 31111.1111,
      largestPatchIndex: 17.6667,
      edgeDensity: 3777.7778,
      meanPatchHa: 0.0032,
      fractal: 1.1911,
      contagion: 26.4538,
      cohesion: 90.6246,
      shdi: 1.0092,
      shei: 0.9186,
      aggregation: 82.4642,
    };
    for (const [name, value] of Object.entries(printed)) expect(m[name as keyof typeof printed]).toBeCloseTo(value, 4);
    // The other reading of the formula gives another number.
    expect(m.contagionOfAll).toBeCloseTo(26.3497, 4);
  });
});

/** All metrics from the cells themselves, by the formulae, without any of the program's steps. */
function slowMetrics({ width, height, classes }: DrawnMap, neighbours: Neighbours, cellM: number, distance: number) {
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : classes[y * width + x]!);
  const patches: { c: number; cells: [number, number][]; sides: number }[] = [];
  const seen = new Set<string>();
  const grow = (x: number, y: number, c: number, cells: [number, number][]): void => {
    if (at(x, y) !== c || seen.has(`${x},${y}`)) return;
    seen.add(`${x},${y}`);
    cells.push([x, y]);
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) if (neighbours === 8 || dx * dy === 0) grow(x + dx, y + dy, c, cells);
    }
  };
  const g = new Map<string, number>();
  const P = new Map<number, number>();
  let Z = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const c = at(x, y);
      if (c === 0) continue;
      Z++;
      P.set(c, (P.get(c) ?? 0) + 1);
      for (const other of [at(x + 1, y), at(x - 1, y), at(x, y + 1), at(x, y - 1)]) {
        if (other !== 0) g.set(`${c}|${other}`, (g.get(`${c}|${other}`) ?? 0) + 1);
      }
      const cells: [number, number][] = [];
      grow(x, y, c, cells);
      if (cells.length === 0) continue;
      const sides = cells.flatMap(([a, b]) =>
        [at(a + 1, b), at(a - 1, b), at(a, b + 1), at(a, b - 1)].filter((o) => o !== c),
      ).length;
      patches.push({ c, cells, sides });
    }
  }
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const m = P.size;
  const share = (c: number) => P.get(c)! / Z;
  const rowSum = (c: number) => sum([...P.keys()].map((k) => g.get(`${c}|${k}`) ?? 0));
  const q = [...g].map(([key, n]) => {
    const c = Number(key.split('|')[0]);
    return (share(c) * n) / rowSum(c);
  });
  let [joined, pairs] = [0, 0];
  for (const [j, a] of patches.entries()) {
    for (const b of patches.slice(j + 1).filter((p) => p.c === a.c)) {
      pairs++;
      const near = Math.min(...a.cells.flatMap(([x, y]) => b.cells.map(([u, v]) => Math.hypot(x - u, y - v) * cellM)));
      if (near <= distance) joined++;
    }
  }
  const ai = (c: number) => {
    // The most adjacencies that so many cells can have.
    const most = Math.floor(2 * P.get(c)! - 2 * Math.sqrt(P.get(c)!));
    return most === 0 ? 0 : (100 * (g.get(`${c}|${c}`) ?? 0)) / 2 / most;
  };
  const ha = (Z * cellM ** 2) / 1e4;
  const shdi = -sum([...P.keys()].map((c) => share(c) * Math.log(share(c))));
  return {
    patches: patches.length,
    patchDensity: (100 * patches.length) / ha,
    meanPatchHa: ha / patches.length,
    largestPatchIndex: (100 * Math.max(...patches.map((p) => p.cells.length))) / Z,
    edgeM: (sum([...g].filter(([key]) => key.split('|')[0] !== key.split('|')[1]).map(([, n]) => n)) / 2) * cellM,
    shdi,
    shdiBase2: -sum([...P.keys()].map((c) => share(c) * Math.log2(share(c)))),
    shei: m === 1 ? 0 : shdi / Math.log(m),
    fractal:
      sum(
        patches.map(({ cells, sides }) =>
          cells.length === 1 ? 1 : (2 * Math.log(0.25 * sides * cellM)) / Math.log(cells.length * cellM ** 2),
        ),
      ) / patches.length,
    contagion: m < 2 || q.length === 0 ? null : 100 * (1 + sum(q.map((v) => v * Math.log(v))) / (2 * Math.log(m))),
    connectance: pairs === 0 ? 0 : (100 * joined) / pairs,
    cohesion:
      Z === 1
        ? null
        : (100 *
            (1 - sum(patches.map((p) => p.sides)) / sum(patches.map((p) => p.sides * Math.sqrt(p.cells.length))))) /
          (1 - 1 / Math.sqrt(Z)),
    aggregation: sum([...P.keys()].map((c) => ai(c) * share(c))),
  };
}

/** Relative to the value, or to 1 below it; nothing is as near as nothing. */
function misfit(got: number | null, value: number | null): number {
  if (got === null || value === null) return got === value ? 0 : Infinity;
  return Math.abs(got - value) / Math.max(1, Math.abs(value));
}

describe('landscape metrics of random maps', () => {
  it('equal those of a slow version', () => {
    const map = fc
      .record({ width: fc.integer({ min: 1, max: 10 }), height: fc.integer({ min: 1, max: 10 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          classes: fc
            .array(fc.integer({ min: 0, max: 4 }), { minLength: width * height, maxLength: width * height })
            .map((values) => Uint8Array.from(values)),
        }),
      )
      .filter(({ classes }) => classes.some((c) => c > 0));
    fc.assert(
      fc.property(map, fc.constantFrom<Neighbours>(4, 8), fc.integer({ min: 1, max: 150 }), (drawing, n, distance) => {
        const fast = metricsOf(drawing, n, 30, distance);
        for (const [name, value] of Object.entries(slowMetrics(drawing, n, 30, distance))) {
          const got = fast[name as keyof ReturnType<typeof slowMetrics>];
          expect([name, misfit(got, value) <= ROUNDING]).toEqual([name, true]);
        }
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('equal those of a program on scipy', () => {
    const oracle = JSON.parse(readFileSync(new URL('../oracle/landscape.json', import.meta.url), 'utf8')) as {
      tolerance: number;
      cases: {
        width: number;
        height: number;
        cellM: number;
        neighbours: Neighbours;
        distance: number;
        classes: number[];
        metrics: Record<string, number>;
      }[];
    };
    for (const { width, height, cellM, neighbours, distance, classes, metrics } of oracle.cases) {
      const m = metricsOf({ width, height, classes: Uint8Array.from(classes) }, neighbours, cellM, distance);
      for (const [name, value] of Object.entries(metrics)) {
        const got = m[name as 'shdi']!;
        expect([name, misfit(got, value) <= oracle.tolerance]).toEqual([name, true]);
      }
    }
  });
});
