/**
 * Speed of the landscape kernels on a class map of 4096 × 4096 cells and six classes, one thread: drawn cell by cell, and in
 * patches.
 *
 * Run: npx tsc --noEmit false --outDir /tmp/bench && node /tmp/bench/bench/landscape.js [distance in m …]
 * @module
 */
import { joinedPatches } from '../src/kernels/landscape-connect.ts';
import { addRows, beginScan, endScan } from '../src/kernels/landscape-scan.ts';
import { uniformRandom } from '../src/kernels/random.ts';

const SIDE = 4096;
const CLASSES = 6;
const CELL_M = 30;
/** Cells a side of the squares that patches are made of. */
const BLOCK = 8;

const random = uniformRandom(8);
const distances = process.argv.slice(2).map(Number);

function cellByCell(): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, () => 1 + Math.floor(random() * CLASSES));
}

/** Squares of one class, of which one cell in fifty is of another. */
function inPatches(): Uint8Array {
  const blocks = SIDE / BLOCK;
  const classes = Uint8Array.from({ length: blocks * blocks }, () => 1 + Math.floor(random() * CLASSES));
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [col, row] = [i % SIDE, Math.floor(i / SIDE)];
    const other = random() < 0.02;
    return other
      ? 1 + Math.floor(random() * CLASSES)
      : classes[Math.floor(row / BLOCK) * blocks + Math.floor(col / BLOCK)]!;
  });
}

/** Seconds of the processor that a step takes: other programs' share of it does not count. */
function timed<T>(what: string, step: () => T): T {
  const before = process.cpuUsage();
  const result = step();
  const { user, system } = process.cpuUsage(before);
  console.log(`  ${what}: ${((user + system) / 1e6).toFixed(2)} s`);
  return result;
}

for (const [name, make] of Object.entries({ 'cell by cell': cellByCell, 'in patches': inPatches })) {
  const map = make();
  console.log(name);
  const counts = timed('all but CONNECT', () => {
    const scan = beginScan(SIDE, CELL_M, CELL_M, 8);
    addRows(scan, map);
    return endScan(scan);
  });
  console.log(`  patches: ${counts.classes.reduce((sum, { patches }) => sum + patches, 0)}`);
  for (const distance of distances.length === 0 ? [100, 300, 1000] : distances) {
    const reach = { distance, cellWidth: CELL_M, cellHeight: CELL_M };
    timed(`CONNECT at ${distance} m`, () => joinedPatches(map, SIDE, SIDE, 8, reach));
  }
}
console.log(`largest memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
