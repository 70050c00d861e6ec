/**
 * Bundles the script of the report with its libraries and writes it, the style sheet and the licences as a TypeScript
 * module: making a report then needs neither a bundler nor the libraries.
 *
 * Run: npm run report-script
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { rolldown } from 'rolldown';
import { joinLicences, licencesOf } from './licences.js';

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

const licences = licencesOf(chunk.moduleIds);

const style = `${leafletStyle()}\n${readFileSync(`${CLIENT}/report.css`, 'utf8')}`.trim();
const constant = (name, text) => `export const ${name} =\n  ${JSON.stringify(text)};\n`;
writeFileSync(
  OUTPUT,
  `/**
 * What the report's page brings along. Made by \`npm run report-script\` from ./client; not to be edited.
 * @module
 */
${constant('SCRIPT', script)}${constant('STYLE', style)}${constant('LICENCES', joinLicences(licences))}`,
);
console.log(`${relative('.', OUTPUT)}: ${Math.round(script.length / 1e3)} kB of script, ${licences.length} packages`);
