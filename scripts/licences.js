/**
 * The licences of what a bundle took from node_modules.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the package that a file belongs to. */
function packageFolder(path) {
  let folder = dirname(path);
  while (!existsSync(join(folder, 'package.json')) || dirname(dirname(folder)) === folder) folder = dirname(folder);
  return folder;
}

/** A text for each package, with its name, version and licence. @param moduleIds Paths of the bundle's modules. */
export function licencesOf(moduleIds) {
  const folders = new Set(moduleIds.filter((id) => id.includes('node_modules')).map((id) => packageFolder(id)));
  return [...folders]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
      if (file === undefined) return `${name} ${version} (${license})`;
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
    });
}

/** The texts below each other. */
export const joinLicences = (licences) => licences.join('\n\n----\n\n');
