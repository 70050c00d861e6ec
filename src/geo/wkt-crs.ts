/**
 * CRS that are spelled out as well-known text: .prj files (WKT 1, in ESRI's and in GDAL's words) and WKT 2.
 *
 * A CRS is taken where its datum is one of those that crs.ts takes as WGS 84, its units are metres and degrees, and its
 * projection is known with all parameters. Anything else is refused by its name.
 * @module
 */
import { crsFromEpsg, crsFromProj, WGS84, type Crs } from './crs.ts';

/** Longer texts are no CRS. */
const MAX_LENGTH = 65_536;
const MAX_DEPTH = 24;

/** What a text says: a CRS, or why not; `name` is what the text calls it. */
export interface WktCrs {
  readonly crs: Crs | null;
  readonly name: string;
  readonly problem: string | null;
}

/** `KEYWORD[argument, …]`, keywords in capitals. */
interface Node {
  readonly keyword: string;
  readonly args: readonly (string | number | Node)[];
}

/** Datums taken as equal to WGS 84 (within about 2 m), by their names in lower case without other signs. */
const DATUMS = new Set([
  'wgs1984',
  'wgs84',
  'worldgeodeticsystem1984',
  'worldgeodeticsystem1984ensemble',
  'northamerican1983',
  'northamericandatum1983',
  'nad1983',
  'nad83',
  'northamerican1983csrs',
  'nad83canadianspatialreferencesystem',
  'nad83nationalspatialreferencesystem2011',
  'nad19832011',
  'etrs1989',
  'etrs89',
  'europeanterrestrialreferencesystem1989',
  'europeanterrestrialreferencesystem1989ensemble',
  'china2000',
  'gda1994',
  'geocentricdatumofaustralia1994',
  'gda2020',
  'geocentricdatumofaustralia2020',
  'sirgas2000',
  'sistemadereferenciageocentricoparalasamericas2000',
  'sistemadereferenciageocentricoparalasamricas2000',
  'nzgd2000',
  'newzealandgeodeticdatum2000',
  'jgd2000',
  'japanesegeodeticdatum2000',
  'jgd2011',
  'japanesegeodeticdatum2011',
  'rgf1993',
  'reseaugeodesiquefrancais1993',
  'rseaugodsiquefranais1993',
]);

const GRS80 = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0';
const DEGREE = Math.PI / 180;

type Values = (names: readonly string[], otherwise?: number) => number;

const EASTING = ['false_easting', 'easting_at_false_origin', 'easting_at_projection_centre'];
const NORTHING = ['false_northing', 'northing_at_false_origin', 'northing_at_projection_centre'];
const LON = [
  'central_meridian',
  'longitude_of_center',
  'longitude_of_origin',
  'longitude_of_natural_origin',
  'longitude_of_false_origin',
];
const LAT = ['latitude_of_origin', 'latitude_of_center', 'latitude_of_natural_origin', 'latitude_of_false_origin'];
const SCALE = ['scale_factor', 'scale_factor_at_natural_origin'];
const PARALLEL_1 = ['standard_parallel_1', 'latitude_of_1st_standard_parallel'];
const PARALLEL_2 = ['standard_parallel_2', 'latitude_of_2nd_standard_parallel'];
const TRUE_SCALE = ['standard_parallel_1', 'latitude_of_1st_standard_parallel', 'latitude_of_standard_parallel'];

/** PROJ arguments of each method, by its name in lower case without other signs; undefined for a variant not known. */
const METHODS: Record<string, (value: Values) => string | undefined> = {
  transversemercator: (v) => `+proj=tmerc +lat_0=${v(LAT, 0)} +lon_0=${v(LON)} +k=${v(SCALE, 1)}`,
  gausskruger: (v) => `+proj=tmerc +lat_0=${v(LAT, 0)} +lon_0=${v(LON)} +k=${v(SCALE, 1)}`,
  lambertconformalconic: (v) => (Number.isNaN(v(PARALLEL_2, Number.NaN)) ? undefined : conic('lcc', v)),
  lambertconformalconic2sp: (v) => conic('lcc', v),
  lambertconicconformal2sp: (v) => conic('lcc', v),
  albers: (v) => conic('aea', v),
  albersconicequalarea: (v) => conic('aea', v),
  albersequalarea: (v) => conic('aea', v),
  lambertazimuthalequalarea: (v) => `+proj=laea +lat_0=${v(LAT)} +lon_0=${v(LON)}`,
  cylindricalequalarea: (v) => `+proj=cea +lat_ts=${v(TRUE_SCALE, 0)} +lon_0=${v(LON)}`,
  lambertcylindricalequalarea: (v) => `+proj=cea +lat_ts=${v(TRUE_SCALE, 0)} +lon_0=${v(LON)}`,
  // A cylindrical equal-area projection by its usual parallel.
  behrmann: (v) => (v(TRUE_SCALE, 30) === 30 ? `+proj=cea +lat_ts=30 +lon_0=${v(LON)}` : undefined),
  sinusoidal: (v) => `+proj=sinu +lon_0=${v(LON)}`,
  mercator: mercator,
  mercator1sp: mercator,
  mercatorvarianta: mercator,
  polarstereographicvariantb: (v) => polar(v(TRUE_SCALE), v(LON)),
  stereographicnorthpole: (v) => polar(v(TRUE_SCALE), v(LON)),
  stereographicsouthpole: (v) => polar(v(TRUE_SCALE), v(LON)),
  // In WKT 1 the latitude of true scale is called that of the origin.
  polarstereographic: (v) => (v(SCALE, 1) === 1 ? polar(v(['latitude_of_origin', ...TRUE_SCALE]), v(LON)) : undefined),
};

function conic(proj: string, v: Values): string {
  return `+proj=${proj} +lat_0=${v(LAT, 0)} +lon_0=${v(LON)} +lat_1=${v(PARALLEL_1)} +lat_2=${v(PARALLEL_2)}`;
}

function mercator(v: Values): string | undefined {
  if (v(TRUE_SCALE, 0) !== 0 || v(LAT, 0) !== 0) return undefined;
  return `+proj=merc +lon_0=${v(LON)} +k=${v(SCALE, 1)}`;
}

function polar(trueScale: number, lon: number): string | undefined {
  if (!(Math.abs(trueScale) > 0 && Math.abs(trueScale) < 90)) return undefined;
  return `+proj=stere +lat_0=${trueScale > 0 ? 90 : -90} +lat_ts=${trueScale} +lon_0=${lon}`;
}

/** The CRS of a well-known text. */
export function crsFromWkt(text: string): WktCrs {
  let node: Node;
  try {
    node = parse(text);
  } catch {
    return { crs: null, name: text.trim().slice(0, 40), problem: 'is no well-known text of a CRS' };
  }
  // A compound CRS has heights beside; bound ones have a way to WGS 84.
  if (/^(COMPD_CS|COMPOUNDCRS|BOUNDCRS)$/.test(node.keyword)) {
    const inner = find(node, /^(PROJCS|GEOGCS|PROJCRS|PROJECTEDCRS|GEOGCRS|GEODCRS|SOURCECRS)$/);
    const base =
      inner?.keyword === 'SOURCECRS' ? inner.args.find((arg): arg is Node => typeof arg === 'object') : inner;
    if (base !== undefined) node = base;
  }
  const name = textOf(node);
  try {
    return { crs: fromNode(node, name), name, problem: null };
  } catch (error) {
    return { crs: null, name, problem: (error as Error).message };
  }
}

/** @throws {RangeError} with what is not known, for the message */
function fromNode(node: Node, name: string): Crs {
  const projected = /^(PROJCS|PROJCRS|PROJECTEDCRS)$/.test(node.keyword);
  const geographic = projected ? find(node, /^(GEOGCS|BASEGEOGCRS|BASEGEODCRS)$/) : node;
  if (geographic === undefined || (!projected && !/^(GEOGCS|GEOGCRS|GEODCRS|GEOGRAPHICCRS)$/.test(node.keyword))) {
    throw new RangeError(`is a ${node.keyword}, neither projected nor geographic`);
  }
  const base = datumOf(geographic);
  const stated = statedCode(node);
  if (!projected) {
    checkUnit(find(node, /^(UNIT|ANGLEUNIT)$/) ?? find(find(node, /^CS$/), /^ANGLEUNIT$/), DEGREE, 'degrees');
    const code = stated === undefined ? undefined : crsFromEpsg(stated);
    if (code?.geographic === true) return code;
    return base === '+datum=WGS84' ? WGS84 : crsFromProj(`+proj=longlat ${base} +no_defs`, name);
  }
  checkUnit(find(geographic, /^(UNIT|ANGLEUNIT)$/), DEGREE, 'degrees');
  checkUnit(find(node, /^(UNIT|LENGTHUNIT)$/), 1, 'metres');
  const conversion = find(node, /^CONVERSION$/) ?? node;
  const method = plain(textOf(find(conversion, /^(PROJECTION|METHOD)$/)));
  if (isWebMercator(node, method, stated)) return crsFromEpsg(3857)!;
  const arguments_ = METHODS[method]?.(valuesOf(conversion));
  if (arguments_ === undefined || arguments_.includes('NaN')) {
    throw new RangeError(
      `has the projection ${textOf(find(conversion, /^(PROJECTION|METHOD)$/))}, which is not known here`,
    );
  }
  const value = valuesOf(conversion);
  const definition = `${arguments_} +x_0=${value(EASTING, 0)} +y_0=${value(NORTHING, 0)} ${base} +units=m +no_defs`;
  return withCode(definition, stated, name) ?? crsFromProj(definition, name);
}

function datumOf(node: Node): string {
  const datum = find(node, /^(DATUM|GEODETICDATUM|ENSEMBLE|TRF)$/);
  const name = textOf(datum);
  if (!DATUMS.has(plain(name.replace(/^D_/, ''))))
    throw new RangeError(`lies on the datum ${name || '(none)'}, which is not known here`);
  const meridian = Number(find(node, /^(PRIMEM|PRIMEMERIDIAN)$/)?.args[1] ?? 0);
  if (meridian !== 0) throw new RangeError(`has the prime meridian ${meridian}, which is not supported`);
  const shift = find(datum, /^TOWGS84$/)?.args ?? [];
  if (shift.some((part) => part !== 0)) throw new RangeError('has a datum shift, which is not supported');
  const [, axis, flattening] = find(datum, /^(SPHEROID|ELLIPSOID)$/)?.args ?? [];
  if (axis === 6_378_137 && near(flattening, 298.257223563, 5e-7)) return '+datum=WGS84';
  if (axis === 6_378_137 && near(flattening, 298.257222101, 5e-7)) return GRS80;
  throw new RangeError('has an ellipsoid that does not belong to its datum');
}

function near(value: unknown, wanted: number, tolerance: number): boolean {
  return typeof value === 'number' && Math.abs(value - wanted) <= tolerance;
}

function checkUnit(unit: Node | undefined, size: number, wanted: string): void {
  if (unit === undefined || near(unit.args[1], size, size * 1e-9)) return;
  throw new RangeError(`is in ${textOf(unit)}; only ${wanted} are supported`);
}

function isWebMercator(node: Node, method: string, stated: number | undefined): boolean {
  if (method === 'mercatorauxiliarysphere') {
    const value = valuesOf(node);
    const offsets = [
      value(LON, 0),
      value(EASTING, 0),
      value(NORTHING, 0),
      value(TRUE_SCALE, 0),
      value(['auxiliary_sphere_type'], 0),
    ];
    return offsets.every((offset) => offset === 0);
  }
  return stated === 3857 && (method === 'popularvisualisationpseudomercator' || method === 'mercator1sp');
}

/** The values of the parameters, found by the first of some names that there is. NaN where there is none. */
function valuesOf(node: Node): Values {
  const given = new Map<string, number>();
  for (const arg of node.args) {
    if (typeof arg !== 'object' || arg.keyword !== 'PARAMETER') continue;
    const name = textOf(arg)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_');
    given.set(name, Number(arg.args[1]));
  }
  return (names, otherwise = Number.NaN) => {
    const name = names.find((candidate) => given.has(candidate));
    return name === undefined ? otherwise : given.get(name)!;
  };
}

/** The EPSG code that the text states for the whole CRS. */
function statedCode(node: Node): number | undefined {
  const id = node.args.find((arg): arg is Node => typeof arg === 'object' && /^(AUTHORITY|ID)$/.test(arg.keyword));
  if (id === undefined || textOf(id).toUpperCase() !== 'EPSG') return undefined;
  const code = Number(id.args[1]);
  return Number.isInteger(code) ? code : undefined;
}

/** All codes of projected CRS on the WGS 84 datum that are known; others need to be stated. */
const WGS84_CODES = [3395, 6933, 7755, 3976, 3995, 3413, 3031];

/** The CRS with a code that has these parameters: the stated one, or one on WGS 84. */
function withCode(definition: string, stated: number | undefined, name: string): Crs | undefined {
  const wanted = numbersOf(definition);
  const same = (code: number): Crs | undefined => {
    const crs = crsFromEpsg(code);
    return crs !== undefined && sameNumbers(wanted, numbersOf(crs.definition)) ? crs : undefined;
  };
  if (stated !== undefined && crsFromEpsg(stated) !== undefined) {
    const crs = same(stated);
    if (crs === undefined) throw new RangeError(`says EPSG:${stated}, but its parameters are others`);
    return crs;
  }
  if (definition.includes('+datum=WGS84')) {
    const zone = Math.round(((wanted.get('lon_0') as number) + 183) / 6);
    const codes = wanted.get('proj') === 'tmerc' ? [32_600 + zone, 32_700 + zone] : WGS84_CODES;
    return codes.map(same).find((crs) => crs !== undefined);
  }
  return /^(GDA_?1994_MGA|NAD_?1983_UTM|ETRS_?1989_UTM)_Zone_(\d+)(N|S)?$/i.test(name)
    ? utmByName(name, same)
    : undefined;
}

function utmByName(name: string, same: (code: number) => Crs | undefined): Crs | undefined {
  const zone = Number(/_(\d+)N?S?$/i.exec(name)![1]);
  return same((/^GDA/i.test(name) ? 28_300 : /^NAD/i.test(name) ? 26_900 : 25_800) + zone);
}

/** The parameters of a PROJ string; UTM in those of the transverse Mercator that it is. */
function numbersOf(definition: string): Map<string, number | string> {
  const values = new Map<string, number | string>();
  for (const [, key, text] of definition.matchAll(/\+(\w+)=(\S+)/g)) {
    const number = Number(text);
    values.set(key!, Number.isFinite(number) ? number : text!);
  }
  if (values.get('proj') !== 'utm') return values;
  const zone = values.get('zone') as number;
  values.delete('zone');
  const parameters = { proj: 'tmerc', lat_0: 0, lon_0: zone * 6 - 183, k: 0.9996, x_0: 500_000 };
  for (const [key, value] of Object.entries(parameters)) values.set(key, value);
  values.set('y_0', /\+south\b/.test(definition) ? 10_000_000 : 0);
  return values;
}

function sameNumbers(a: Map<string, number | string>, b: Map<string, number | string>): boolean {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].every((key) => {
    const fallback = key === 'k' ? 1 : 0;
    const [p, q] = [a.get(key) ?? fallback, b.get(key) ?? fallback];
    // Files keep some ten digits of an angle, and as many of a length.
    return typeof p === 'number' && typeof q === 'number'
      ? Math.abs(p - q) <= 1e-9 * Math.max(1, Math.abs(p))
      : p === q;
  });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** What stands first between the brackets of a node: its name. */
function textOf(node: Node | undefined): string {
  const first = node?.args[0];
  return typeof first === 'string' || typeof first === 'number' ? String(first) : (node?.keyword ?? '');
}

/** The first child with a keyword. */
function find(node: Node | undefined, keyword: RegExp): Node | undefined {
  return node?.args.find((arg): arg is Node => typeof arg === 'object' && keyword.test(arg.keyword));
}

/** @throws {SyntaxError} for what is no well-known text */
function parse(text: string): Node {
  if (text.length > MAX_LENGTH) throw new SyntaxError('too long');
  const token =
    /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_][A-Za-z0-9_]*)|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([[\](),]))/y;
  token.lastIndex = text.startsWith('\uFEFF') ? 1 : 0;
  const next = () => token.exec(text);
  const node = (keyword: string, depth: number): Node => {
    if (depth > MAX_DEPTH) throw new SyntaxError('nested too deep');
    const args: (string | number | Node)[] = [];
    for (;;) {
      const match = next();
      if (match === null) throw new SyntaxError('cut off');
      const [, quoted, word, number, sign] = match;
      if (sign === ']' || sign === ')') return { keyword: keyword.toUpperCase(), args };
      if (quoted !== undefined) args.push(quoted.replaceAll('""', '"'));
      else if (number !== undefined) args.push(Number(number));
      else if (word !== undefined) {
        const before = token.lastIndex;
        const open = next();
        if (open?.[4] === '[' || open?.[4] === '(') args.push(node(word, depth + 1));
        else {
          token.lastIndex = before;
          args.push(word);
        }
      }
    }
  };
  const start = next();
  const open = next();
  if (start?.[2] === undefined || (open?.[4] !== '[' && open?.[4] !== '(')) throw new SyntaxError('no keyword');
  return node(start[2], 0);
}
