/**
 * Ids, names and roles of features, from the attributes of the file.
 * @module
 */
import { MineRsError } from '../errors.ts';
import type { Feature } from './features.ts';

/** How the attributes are called. */
export interface FieldNames {
  /** Attribute with the role; default `role`. */
  readonly roleField?: string | undefined;
  /** Attribute with the id; default `id`. */
  readonly idField?: string | undefined;
  /** Attribute with the name; default `name`. */
  readonly nameField?: string | undefined;
}

/** What a feature's attributes say; undefined where they say nothing. */
export interface ZoneFields {
  /** The attribute, else the file's own feature id. */
  readonly id: (feature: Feature) => string | undefined;
  readonly name: (feature: Feature) => string | undefined;
  readonly role: (feature: Feature) => string;
}

const DEFAULT_ROLE = 'mine';
const KNOWN_ROLES = new Set(['mine', 'impact', 'reference']);

/** @throws {MineRsError} USAGE for a named field that no feature has */
export function zoneFields(path: string, features: readonly Feature[], names: FieldNames): ZoneFields {
  const id = fieldFinder(path, features, names.idField, 'id');
  const name = fieldFinder(path, features, names.nameField, 'name');
  const role = fieldFinder(path, features, names.roleField, 'role');
  return {
    id: (feature) => textOf(id(feature)) ?? textOf(feature.fileId),
    name: (feature) => textOf(name(feature)),
    role: (feature) => roleOf(textOf(role(feature))),
  };
}

/** A function that gives a feature's attribute: by its exact name, else by its name in other capitals. */
function fieldFinder(
  path: string,
  features: readonly Feature[],
  wanted: string | undefined,
  byDefault: string,
): (feature: Feature) => unknown {
  const name = wanted ?? byDefault;
  const keys = new Set(features.flatMap((feature) => Object.keys(feature.properties)));
  const alike = [...keys].filter((key) => key.toLowerCase() === name.toLowerCase());
  const field = keys.has(name) ? name : alike.length === 1 ? alike[0] : undefined;
  if (field === undefined && wanted !== undefined) {
    throw new MineRsError(
      'USAGE',
      `${path}: no feature has the field '${wanted}'. Its fields: ${[...keys].join(', ') || 'none'}`,
      { path, field: wanted },
    );
  }
  return (feature) => (field === undefined ? undefined : feature.properties[field]);
}

/** An attribute as text, or undefined where it says nothing. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** The three known roles count in any capitals; other words are kept as they stand. */
function roleOf(text: string | undefined): string {
  if (text === undefined) return DEFAULT_ROLE;
  const lower = text.toLowerCase();
  return KNOWN_ROLES.has(lower) ? lower : text;
}
