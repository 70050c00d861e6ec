/**
 * Geometries as well-known text (OGC 06-103r4), one after the other, each with or without `SRID=…;` before it (EWKT).
 * @module
 */
import { messageOf } from '../../errors.ts';
import { crsFromEpsg, type Crs } from '../../geo/crs.ts';
import { crsFromWkt } from '../../geo/wkt-crs.ts';
import { curveText, featureError, fileError, type Feature, type FeatureSet, type SideFile } from '../features.ts';
import type { Polygons, Position, Ring } from '../polygons.ts';

const MAX_DEPTH = 8;
const CURVES = new Set(['CURVEPOLYGON', 'MULTISURFACE']);
const OTHERS = new Set([
  'POINT',
  'LINESTRING',
  'MULTIPOINT',
  'MULTILINESTRING',
  'CIRCULARSTRING',
  'COMPOUNDCURVE',
  'MULTICURVE',
  'TRIANGLE',
  'TIN',
  'POLYHEDRALSURFACE',
]);

/** Whether a text looks as if it began with a geometry. */
export function looksLikeWkt(text: string): boolean {
  return /^\s*(SRID\s*=\s*\d+\s*;\s*)?[A-Za-z]+\s*(ZM|Z|M)?\s*(\(|EMPTY)/i.test(text.slice(0, 200));
}

/**
 * The geometries of a text, each as a feature without attributes.
 *
 * @param prj The .prj file beside it, which holds where no SRID is stated.
 * @throws {MineRsError} BAD_INPUT for a text that is none, without a CRS, or with several
 */
export function readWkt(path: string, text: string, prj: SideFile | undefined): FeatureSet {
  const scanner = new Scanner(text);
  const features: Feature[] = [];
  const srids = new Set<number | undefined>();
  let hasZ = false;
  while (!scanner.atEnd()) {
    const number = features.length + 1;
    try {
      srids.add(scanner.srid());
      const polygons: Polygons = [];
      const type = scanner.geometry(polygons, 0);
      if (scanner.hasZ) hasZ = true;
      features.push({ number, fileId: undefined, properties: {}, polygons, geometryType: type });
    } catch (error) {
      throw featureError(path, number, `is not readable as WKT: it ${messageOf(error)}`);
    }
  }
  const crs = crsOf(path, [...srids], prj);
  const sides = prj === undefined ? [] : [prj];
  return { features, crs, warnings: [], format: 'WKT', ringOrder: 'none', closed: true, hasZ, sides };
}

function crsOf(path: string, srids: readonly (number | undefined)[], prj: SideFile | undefined): Crs {
  const stated = srids.filter((srid) => srid !== undefined && srid > 0);
  if (stated.length > 1 || (stated.length === 1 && srids.length > 1)) {
    throw fileError(path, `has geometries of several CRS (SRID ${srids.map((srid) => srid ?? 'none').join(', ')})`);
  }
  const [srid] = stated;
  if (srid !== undefined) {
    const crs = crsFromEpsg(srid);
    if (crs !== undefined) return crs;
    throw fileError(path, `has the CRS EPSG:${srid} (its SRID), which is not known here`, { crs: srid });
  }
  if (prj !== undefined) {
    const { crs, name, problem } = crsFromWkt(new TextDecoder().decode(prj.bytes));
    if (crs !== null) return crs;
    throw fileError(path, `its CRS '${name}' (in ${prj.path}) ${problem}`, { crs: name });
  }
  throw fileError(
    path,
    'lacks a CRS. Write it before each geometry, such as "SRID=4326;POLYGON ((…))" for longitude and latitude',
  );
}

class Scanner {
  hasZ = false;
  readonly #text: string;
  readonly #token = /\s*([A-Za-z]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[(),;=]|$)/y;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('\uFEFF')) this.#token.lastIndex = 1;
  }

  /** The next sign, word or number; '' at the end. */
  #next(): string {
    const match = this.#token.exec(this.#text);
    if (match === null) throw new RangeError('has signs that do not belong there');
    return match[1]!;
  }

  #peek(): string {
    const before = this.#token.lastIndex;
    const token = this.#next();
    this.#token.lastIndex = before;
    return token;
  }

  /** Whether nothing is left but signs that part geometries. */
  atEnd(): boolean {
    try {
      while (this.#peek() === ';' || this.#peek() === ',') this.#next();
      return this.#peek() === '';
    } catch {
      return false;
    }
  }

  srid(): number | undefined {
    if (this.#peek().toUpperCase() !== 'SRID') return undefined;
    this.#next();
    if (this.#next() !== '=') throw new RangeError('has "SRID" without a number');
    const srid = Number(this.#next());
    if (!Number.isInteger(srid) || this.#next() !== ';') throw new RangeError('has "SRID" without a number');
    return srid;
  }

  geometry(polygons: Polygons, depth: number): string {
    if (depth > MAX_DEPTH) throw new RangeError('is nested too deep');
    let type = this.#next().toUpperCase();
    const glued = /^(.+?)(ZM|Z|M)$/.exec(type);
    if (glued !== null && (OTHERS.has(glued[1]!) || /POLYGON$|COLLECTION$/.test(glued[1]!))) type = glued[1]!;
    if (/^(ZM|Z|M)$/i.test(this.#peek())) this.#next();
    if (this.#peek().toUpperCase() === 'EMPTY') {
      this.#next();
      return `empty ${type}`;
    }
    if (CURVES.has(type)) throw new RangeError(curveText(type));
    if (type === 'POLYGON') polygons.push(this.#rings());
    else if (type === 'MULTIPOLYGON') this.#list(() => polygons.push(this.#rings()));
    else if (type === 'GEOMETRYCOLLECTION') this.#list(() => this.geometry(polygons, depth + 1));
    else if (OTHERS.has(type)) this.#skip();
    else throw new RangeError(`begins with '${type.slice(0, 40)}', which is no geometry`);
    return type;
  }

  #list(member: () => unknown): void {
    if (this.#next() !== '(') throw new RangeError('lacks a bracket');
    for (;;) {
      member();
      const sign = this.#next();
      if (sign === ')') return;
      if (sign !== ',') throw new RangeError(sign === '' ? 'is cut off' : 'lacks a bracket or comma');
    }
  }

  #rings(): Ring[] {
    const rings: Ring[] = [];
    if (this.#peek().toUpperCase() === 'EMPTY') {
      this.#next();
      return [[]];
    }
    this.#list(() => {
      const ring: Ring = [];
      this.#list(() => ring.push(this.#point()));
      rings.push(ring);
    });
    return rings;
  }

  #point(): Position {
    const [x, y] = [this.#number(), this.#number()];
    for (let extra = 0; /^[-+.\d]/.test(this.#peek()); extra++) {
      if (extra === 2) throw new RangeError('has a point of more than four numbers');
      this.#number();
      this.hasZ = true;
    }
    return [x, y];
  }

  #number(): number {
    const token = this.#next();
    const value = Number(token);
    if (token === '' || !Number.isFinite(value))
      throw new RangeError(token === '' ? 'is cut off' : `has '${token}' in place of a number`);
    return value;
  }

  /** Goes past a bracket and all in it. */
  #skip(): void {
    let depth = 0;
    do {
      const token = this.#next();
      if (token === '') throw new RangeError('is cut off');
      if (token === '(') depth++;
      else if (token === ')') depth--;
    } while (depth > 0);
  }
}
