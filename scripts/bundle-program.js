/**
 * Bundles the compiled program and the code of its workers with the libraries that they load: seven hundred files become
 * a few dozen, and a run of a small area takes a sixth less time. The library, dist/src/index.js, stays as it was compiled.
 *
 * Run: npm run build
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';
import { joinLicences, licencesOf } from './licences.js';

/** As deep below dist as the folders of src, so that paths from a module to other files stay what they are. */
const CHUNKS = 'dist/src/chunks';

/** Packages that look for files beside them. */
const EXTERNAL = ['piscina', 'sql.js', 'lerc', /^@cornerstonejs\//, /^@jsquash\//];

/**
 * What writes the workbook asks whether there is a `Response`, and does not use it: the question alone makes Node load what
 * `fetch` is made of, 20 ms.
 */
const QUESTION = ' && typeof Response !== "undefined"';
let isAsked = false;
const withoutFetch = {
  name: 'without-fetch',
  transform: {
    filter: { id: /hucre[\\/]dist[\\/]zip[\\/]writer/ },
    handler(code) {
      isAsked ||= code.includes(QUESTION);
      return code.replace(QUESTION, '');
    },
  },
};

const bundle = await rolldown({
  input: { program: 'dist/src/cli.js', 'task.worker': 'dist/workers/task.worker.js' },
  platform: 'node',
  external: EXTERNAL,
  plugins: [withoutFetch],
  logLevel: 'warn',
});
const { output } = await bundle.write({
  dir: CHUNKS,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();
if (!isAsked) throw new Error('hucre asks for fetch in another way, or no more');

// Both keep their places; what they were is in the chunks.
writeFileSync('dist/src/cli.js', "#!/usr/bin/env node\nimport './chunks/program.js';\n");
chmodSync('dist/src/cli.js', 0o755);
writeFileSync('dist/workers/task.worker.js', "export { default } from '../src/chunks/task.worker.js';\n");
const licences = licencesOf(output.flatMap(({ moduleIds }) => moduleIds ?? []));
writeFileSync(`${CHUNKS}/LICENCES.txt`, `${joinLicences(licences)}\n`);
console.log(`${CHUNKS}: ${output.length} files, ${licences.length} packages`);
