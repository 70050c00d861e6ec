/**
 * From the n-th write on (FAULT_AT) the disk is full, or at the n-th write the process is killed (FAULT_KILL=1). With
 * FAULT_COUNT nothing happens, and the number of writes is written to that file at the end.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const NAMES = [
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'ftruncateSync',
  'mkdirSync',
  'linkSync',
  'copyFileSync',
  'renameSync',
  'fsyncSync',
];
const at = Number(process.env.FAULT_AT ?? Infinity);
const { writeFileSync } = fs;
let n = 0;

for (const name of NAMES) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (++n >= at) {
      if (process.env.FAULT_KILL !== undefined) process.kill(process.pid, 'SIGKILL');
      throw Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), { code: 'ENOSPC' });
    }
    return real(...args);
  };
}
syncBuiltinESMExports();
if (process.env.FAULT_COUNT !== undefined) process.on('exit', () => writeFileSync(process.env.FAULT_COUNT, String(n)));
