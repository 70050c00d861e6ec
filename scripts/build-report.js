/**
 * Bundles the script of the report with its libraries and writes it, the style sheet and the licences as a TypeScript
 * module: making a report then needs neither a bundler nor the libraries.
 *
 * Run: npm run report-script
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const CLIENT = 'src/report/html/client';
const OUTPUT = 'src/report/html/client.generated.ts';

const bundle = await rolldown({ input: `${CLIENT}/main.ts`, treeshake: true, logLevel: 'warn' });
const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
await bundle.close();
const [chunk] = output;
// Inside an HTML page this would end the script.
const script = chunk.code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

/** Leaflet's style sheet without what it loads from files: markers and the layer control, which are not used. */
function leafletStyle() {
  const text = readFileSync('node_modules/leaflet/dist/leaflet.css', 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  return text.replaceAll(/[^{}]+\{[^{}]*url\([^{}]*\}/g, '').replaceAll(/\s*\n\s*/g, '\n');
}

/** The folder of the package that a file belongs to. */
function packageFolder(path) {
  let folder = dirname(path);
  while (!existsSync(join(folder, 'package.json')) || dirname(dirname(folder)) === folder) folder = dirname(folder);
  return folder;
}

const folders = [
  ...new Set(chunk.moduleIds.filter((id) => id.includes('node_modules')).map((id) => packageFolder(id))),
].toSorted((a, b) => (a < b ? -1 : 1));
const licences = folders.map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file === undefined) return `${name} ${version} (${license})`;
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
});

const style = `${leafletStyle()}\n${readFileSync(`${CLIENT}/report.css`, 'utf8')}`.trim();
const constant = (name, text) => `export const ${name} =\n  ${JSON.stringify(text)};\n`;
writeFileSync(
  OUTPUT,
  `/**
 * What the report's page brings along. Made by \`npm run report-script\` from ./client; not to be edited.
 * @module
 */
${constant('SCRIPT', script)}${constant('STYLE', style)}${constant('LICENCES', licences.join('\n\n----\n\n'))}`,
);
console.log(`${relative('.', OUTPUT)}: ${Math.round(script.length / 1e3)} kB of script, ${folders.length} packages`);
