/**
 * Landsat MTL files: the scale and offset of surface reflectance.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Level 1 parameters stand in the same file under the same keys, so the group decides. */
const GROUP = 'LEVEL2_SURFACE_REFLECTANCE_PARAMETERS';

export interface Mtl {
  /** File name. */
  name: string;
  group: typeof GROUP;
  /** Band number → REFLECTANCE_MULT_BAND_n and REFLECTANCE_ADD_BAND_n. */
  reflectance: Map<number, { mult: number; add: number }>;
}

/**
 * Reads the MTL.txt or MTL.json beside the files of a product; null when there is none or it does not tell.
 * `metadata` has the path of each MTL file under the same path in lower case.
 */
export async function readMtl(
  files: readonly { path: string }[],
  productId: string,
  metadata: ReadonlyMap<string, string>,
): Promise<Mtl | null> {
  const folder = dirname(files[0]!.path);
  for (const ending of ['_MTL.txt', '_MTL.json']) {
    const path = metadata.get(join(folder, productId + ending).toLowerCase());
    if (path === undefined) continue;
    const text = await readFile(path, 'utf8');
    const values = ending === '_MTL.txt' ? groupOfText(text) : groupOfJson(text);
    const reflectance = reflectanceOf(values);
    if (reflectance.size > 0) return { name: basename(path), group: GROUP, reflectance };
  }
  return null;
}

function groupOfText(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(\w+)\s*=\s*"?([^"]*?)"?\s*$/.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    if (key === 'GROUP' && value === GROUP) inside = true;
    else if (key === 'END_GROUP' && value === GROUP) break;
    else if (inside) values.set(key, value);
  }
  return values;
}

function groupOfJson(text: string): Map<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return new Map();
  }
  const file = (parsed as { LANDSAT_METADATA_FILE?: Record<string, unknown> } | null)?.LANDSAT_METADATA_FILE;
  const group = file?.[GROUP];
  if (typeof group !== 'object' || group === null) return new Map();
  return new Map(Object.entries(group).map(([key, value]) => [key, String(value)]));
}

function reflectanceOf(values: ReadonlyMap<string, string>): Mtl['reflectance'] {
  const reflectance: Mtl['reflectance'] = new Map();
  for (const [key, value] of values) {
    const band = /^REFLECTANCE_MULT_BAND_(\d+)$/.exec(key)?.[1];
    const add = band === undefined ? undefined : values.get(`REFLECTANCE_ADD_BAND_${band}`);
    if (band !== undefined && add !== undefined) {
      reflectance.set(Number(band), { mult: Number(value), add: Number(add) });
    }
  }
  return reflectance;
}
