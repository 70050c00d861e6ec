/**
 * Compiles the SIMD kernels from AssemblyScript to WebAssembly and writes them as TypeScript modules: workers load them
 * without reading a file.
 *
 * Run: npm run wasm
 */
import { writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const FOLDERS = ['src/kernels/simd', 'src/raster/simd'];
const OPTIONS = [
  '--outFile',
  'kernels.wasm',
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--disableWarning',
  '112',
];

/** The module's bytes. */
async function compile(source) {
  let binary;
  const { error } = await asc.main([source, ...OPTIONS], {
    stderr: process.stderr,
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
  });
  // What is wrong with the source has been printed by then.
  if (error !== null || binary === undefined) process.exit(1);
  return binary;
}

const moduleOf = (binary) => `/**
 * The compiled SIMD kernels. Made by \`npm run wasm\` from ./assembly; not to be edited.
 * @module
 */
const BINARY =
  '${Buffer.from(binary).toString('base64')}';

/** The part of WebAssembly that is used; the library of the language does not know it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | undefined;

/** A new instance's exports, or null where WebAssembly or its SIMD instructions are missing. */
export function instantiate(): unknown {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined) return null;
  try {
    compiled ??= new api.Module(Buffer.from(BINARY, 'base64'));
    return new api.Instance(compiled).exports;
  } catch {
    // An engine without the SIMD instructions refuses the module.
    return null;
  }
}
`;

for (const folder of FOLDERS) {
  const binary = await compile(`${folder}/assembly/index.ts`);
  writeFileSync(`${folder}/binary.generated.ts`, moduleOf(binary));
}
