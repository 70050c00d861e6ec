/**
 * GeoKeys, the CRS of a GeoTIFF (OGC GeoTIFF 1.1, annex C).
 * @module
 */
import { crsFromEpsg, crsFromProj, type Crs } from './crs.ts';
import { crsFromEsri } from './esri-crs.ts';

/** One GeoKey: its number in the specification and its value. */
export interface GeoKey {
  readonly id: number;
  readonly value: number | string;
}

const USER_DEFINED = 32_767;
const METRE = 9001;
const DEGREE = 9102;

const WGS84_BASE = '+datum=WGS84';
const GRS80_BASE = '+ellps=GRS80 +towgs84=0,0,0,0,0,0,0';
/** Geodetic datums that are taken as equal to WGS 84, as in crs.ts: WGS 84, NAD 83, ETRS 89, CGCS 2000, GDA 94 and 2020. */
const KNOWN_DATUMS = new Set([6326, 6269, 6258, 1043, 6283, 1168]);

/** Numbers of the keys that are written. */
const IDS = {
  ProjStdParallel1GeoKey: 3078,
  ProjStdParallel2GeoKey: 3079,
  ProjNatOriginLongGeoKey: 3080,
  ProjNatOriginLatGeoKey: 3081,
  ProjFalseEastingGeoKey: 3082,
  ProjFalseNorthingGeoKey: 3083,
  ProjFalseOriginLongGeoKey: 3084,
  ProjFalseOriginLatGeoKey: 3085,
  ProjFalseOriginEastingGeoKey: 3086,
  ProjFalseOriginNorthingGeoKey: 3087,
  ProjCenterLongGeoKey: 3088,
  ProjCenterLatGeoKey: 3089,
  ProjScaleAtNatOriginGeoKey: 3092,
  ProjStraightVertPoleLongGeoKey: 3095,
} as const;
type ParameterKey = keyof typeof IDS;

/** A projection method: its GeoTIFF code and, in the order of a PROJ string, where each parameter is kept. */
interface Method {
  readonly code: number;
  readonly proj: string;
  /** The first key is the one that GDAL writes; files of other programs use the others. */
  readonly parameters: readonly (readonly [name: string, ...keys: ParameterKey[]])[];
}

const LAT: ParameterKey[] = ['ProjNatOriginLatGeoKey', 'ProjCenterLatGeoKey', 'ProjFalseOriginLatGeoKey'];
const LON: ParameterKey[] = ['ProjNatOriginLongGeoKey', 'ProjCenterLongGeoKey', 'ProjFalseOriginLongGeoKey'];
const FALSE_EAST: ParameterKey[] = ['ProjFalseEastingGeoKey', 'ProjFalseOriginEastingGeoKey'];
const FALSE_NORTH: ParameterKey[] = ['ProjFalseNorthingGeoKey', 'ProjFalseOriginNorthingGeoKey'];
const first = (keys: ParameterKey[], key: ParameterKey): ParameterKey[] => [key, ...keys.filter((k) => k !== key)];

const METHODS: readonly Method[] = [
  {
    code: 1,
    proj: 'tmerc',
    parameters: [
      ['lat_0', ...LAT],
      ['lon_0', ...LON],
      ['k', 'ProjScaleAtNatOriginGeoKey'],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 8,
    proj: 'lcc',
    parameters: [
      ['lat_0', ...first(LAT, 'ProjFalseOriginLatGeoKey')],
      ['lon_0', ...first(LON, 'ProjFalseOriginLongGeoKey')],
      ['lat_1', 'ProjStdParallel1GeoKey'],
      ['lat_2', 'ProjStdParallel2GeoKey'],
      ['x_0', ...first(FALSE_EAST, 'ProjFalseOriginEastingGeoKey')],
      ['y_0', ...first(FALSE_NORTH, 'ProjFalseOriginNorthingGeoKey')],
    ],
  },
  {
    code: 10,
    proj: 'laea',
    parameters: [
      ['lat_0', ...first(LAT, 'ProjCenterLatGeoKey')],
      ['lon_0', ...first(LON, 'ProjCenterLongGeoKey')],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 11,
    proj: 'aea',
    parameters: [
      ['lat_0', ...LAT],
      ['lon_0', ...LON],
      ['lat_1', 'ProjStdParallel1GeoKey'],
      ['lat_2', 'ProjStdParallel2GeoKey'],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 15,
    proj: 'stere',
    parameters: [
      ['lat_ts', ...LAT],
      ['lon_0', 'ProjStraightVertPoleLongGeoKey', ...LON],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 7,
    proj: 'merc',
    parameters: [
      ['lon_0', ...LON],
      ['k', 'ProjScaleAtNatOriginGeoKey'],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 28,
    proj: 'cea',
    parameters: [
      ['lat_ts', 'ProjStdParallel1GeoKey'],
      ['lon_0', ...LON],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
  {
    code: 24,
    proj: 'sinu',
    parameters: [
      ['lon_0', ...first(LON, 'ProjCenterLongGeoKey')],
      ['x_0', ...FALSE_EAST],
      ['y_0', ...FALSE_NORTH],
    ],
  },
];

type Keys = Readonly<Record<string, unknown>>;

/**
 * The CRS that a file's GeoKeys describe.
 *
 * @param keys By the names of the GeoTIFF specification, such as `ProjectedCSTypeGeoKey`.
 * @returns The CRS, or null and why: what has not been verified against PROJ is refused rather than guessed.
 */
export function crsFromGeoKeys(keys: Keys): { crs: Crs | null; problem: string | null } {
  const model = keys['GTModelTypeGeoKey'] ?? modelOf(keys);
  const refused = (problem: string) => ({ crs: null, problem });
  if (isEsri(keys)) {
    const crs = crsFromEsri(String(keys['PCSCitationGeoKey'] ?? keys['GTCitationGeoKey']));
    return crs === undefined
      ? refused('has a CRS that is spelled out in the way of ESRI, and not one of those that mine-rs knows')
      : { crs, problem: null };
  }
  if (model !== 1 && model !== 2) {
    return refused(model === undefined ? 'has no CRS' : 'has a CRS that is neither projected nor geographic');
  }
  const code = statedCode(keys);
  if (code !== null) {
    const unit = model === 1 ? keys['ProjLinearUnitsGeoKey'] : keys['GeogAngularUnitsGeoKey'];
    const crs = crsFromEpsg(code);
    // All codes that are known are in metres or degrees; a unit beside the code overrides its own.
    if (crs !== undefined && unit !== undefined && unit !== (model === 1 ? METRE : DEGREE)) {
      return refused(`has the CRS EPSG:${code} in another unit than its own, which is not supported`);
    }
    return crs === undefined
      ? refused(`has the CRS EPSG:${code}, which mine-rs does not know`)
      : { crs, problem: null };
  }
  const base = geodeticBase(keys);
  if (base === undefined) return refused('has a CRS without an EPSG code, on a datum that mine-rs does not know');
  if (model === 2) return { crs: crsFromProj(`+proj=longlat ${base} +no_defs`, nameOf(keys)), problem: null };
  const crs = projectedCrs(keys, base);
  return crs === undefined
    ? refused('has a CRS without an EPSG code, by a projection that mine-rs does not know')
    : { crs, problem: null };
}

/**
 * The EPSG code of a file as GDAL gives it, whether its CRS is known here or not: the one that the keys state, or that of
 * parameters on a datum with a code; null where they are of an unnamed datum, or of no CRS with a code.
 */
export function epsgFromGeoKeys(keys: Keys, crs: Crs | null): number | null {
  const datum = keys['GeographicTypeGeoKey'];
  const named = typeof datum === 'number' && datum !== USER_DEFINED;
  return statedCode(keys) ?? (named || isEsri(keys) ? (crs?.epsg ?? null) : null);
}

function statedCode(keys: Keys): number | null {
  const code = codeOf(keys);
  return typeof code === 'number' && code > 0 && code !== USER_DEFINED ? code : null;
}

function codeOf(keys: Keys): unknown {
  const model = keys['GTModelTypeGeoKey'] ?? modelOf(keys);
  if (model === 2) return keys['GeographicTypeGeoKey'];
  return model === 1 ? (keys['ProjectedCSTypeGeoKey'] ?? USER_DEFINED) : undefined;
}

/** Whether the CRS is a text of ESRI's instead of keys. */
function isEsri(keys: Keys): boolean {
  const texts = [keys['PCSCitationGeoKey'], keys['GTCitationGeoKey']];
  const text = texts.find((value) => typeof value === 'string' && value.startsWith('ESRI PE String'));
  return text !== undefined && keys['GTModelTypeGeoKey'] === USER_DEFINED;
}

/** The model type of a file that does not say it: projected where there is a projected CRS. */
function modelOf(keys: Keys): number | undefined {
  if (typeof keys['ProjectedCSTypeGeoKey'] === 'number') return 1;
  return typeof keys['GeographicTypeGeoKey'] === 'number' ? 2 : undefined;
}

function nameOf(keys: Keys): string {
  const citation = keys['PCSCitationGeoKey'] ?? keys['GTCitationGeoKey'];
  const text = typeof citation === 'string' ? citation.replace(/[|\0].*$/s, '').trim() : '';
  return text === '' || text === 'unnamed' || text === 'unknown' ? 'user-defined CRS' : text;
}

/** Datum or ellipsoid as PROJ arguments; undefined where it is not one of those taken as WGS 84, or not in degrees. */
function geodeticBase(keys: Keys): string | undefined {
  const unit = keys['GeogAngularUnitsGeoKey'];
  if (unit !== undefined && unit !== DEGREE) return undefined;
  const meridian = keys['GeogPrimeMeridianLongGeoKey'];
  if (meridian !== undefined && meridian !== 0) return undefined;
  const code = keys['GeographicTypeGeoKey'];
  if (typeof code === 'number' && code !== USER_DEFINED) {
    const crs = crsFromEpsg(code);
    if (crs === undefined || !crs.geographic) return undefined;
    return crs.definition.includes(WGS84_BASE) ? WGS84_BASE : GRS80_BASE;
  }
  const datum = keys['GeogGeodeticDatumGeoKey'];
  if (typeof datum === 'number' && datum !== USER_DEFINED && !KNOWN_DATUMS.has(datum)) return undefined;
  const near = (name: string, value: number, tolerance: number) =>
    typeof keys[name] === 'number' && Math.abs(keys[name] - value) <= tolerance;
  const ellipsoid = keys['GeogEllipsoidGeoKey'];
  // The two flattenings differ by 1.5e-6; some writers keep nine digits.
  const axis = near('GeogSemiMajorAxisGeoKey', 6_378_137, 1e-3);
  if (ellipsoid === 7030 || (axis && near('GeogInvFlatteningGeoKey', 298.257223563, 5e-7))) return WGS84_BASE;
  const radius = keys['GeogSemiMajorAxisGeoKey'];
  // A sphere, as MODIS products have it, is not the ellipsoid of any datum: latitudes are taken as they are.
  if (typeof radius === 'number' && keys['GeogSemiMinorAxisGeoKey'] === radius && radius > 6.3e6 && radius < 6.4e6) {
    return `+R=${radius}`;
  }
  if (ellipsoid === 7019 || (axis && near('GeogInvFlatteningGeoKey', 298.257222101, 5e-7))) return GRS80_BASE;
  return undefined;
}

function projectedCrs(keys: Keys, base: string): Crs | undefined {
  const unit = keys['ProjLinearUnitsGeoKey'];
  if (unit !== undefined && unit !== METRE) return undefined;
  const projection = keys['ProjectionGeoKey'];
  if (typeof projection === 'number' && projection !== USER_DEFINED) return utmCrs(projection, base);
  const method = METHODS.find(({ code }) => code === keys['ProjCoordTransGeoKey']);
  if (method === undefined) return undefined;
  const values = method.parameters.map(([name, ...candidates]): [string, number] => {
    const value = candidates.map((key) => keys[key]).find((v) => typeof v === 'number');
    return [name, value ?? (name === 'k' ? 1 : 0)];
  });
  // Mercator by a standard parallel is another variant.
  const parallels = [keys['ProjStdParallel1GeoKey'], ...LAT.map((key) => keys[key])];
  if (method.proj === 'merc' && parallels.some((value) => value !== undefined && value !== 0)) return undefined;
  let pole = '';
  if (method.proj === 'stere') {
    const latitude = values[0]![1];
    const scale = keys['ProjScaleAtNatOriginGeoKey'];
    // A scale other than 1 belongs to another variant of the method.
    if (latitude === 0 || (scale !== undefined && scale !== 1)) return undefined;
    pole = ` +lat_0=${latitude > 0 ? 90 : -90}`;
  }
  const parameters = values.map(([name, value]) => `+${name}=${value}`).join(' ');
  return (
    known(keys, `+proj=${method.proj}${pole} ${parameters} ${base} +units=m +no_defs`) ??
    crsFromProj(`+proj=${method.proj}${pole} ${parameters} ${base} +units=m +no_defs`, nameOf(keys))
  );
}

/** Codes whose CRS files spell out, by the code of their geographic CRS: their definitions may be those of others too. */
const SPELLED_OUT: Record<number, readonly number[]> = {
  4326: [6933, 3395, 3413, 3031, 3976, 3995, 7755],
  4269: [5070, 3005, 3310, 3338, 3347, 3978],
  4258: [3035, 3034],
  4283: [3577],
  4171: [2154],
  4167: [2193],
};

/** The CRS with a code that has this very definition on the file's datum. */
function known(keys: Keys, definition: string): Crs | undefined {
  const codes = SPELLED_OUT[Number(keys['GeographicTypeGeoKey'])] ?? [];
  return codes.map((code) => crsFromEpsg(code)!).find((crs) => crs.definition === definition);
}

/** Projections 16001–16060 are UTM north and 16101–16160 UTM south; HLS scenes have them on an unnamed WGS 84 datum. */
function utmCrs(projection: number, base: string): Crs | undefined {
  const zone = projection % 100;
  const south = projection > 16_100;
  if (projection <= 16_000 || projection > 16_160 || zone < 1 || zone > 60) return undefined;
  if (base === WGS84_BASE) return crsFromEpsg((south ? 32_700 : 32_600) + zone);
  const hemisphere = south ? '+south ' : '';
  return crsFromProj(`+proj=utm +zone=${zone} ${hemisphere}${base} +units=m +no_defs`, `UTM zone ${zone} on GRS 80`);
}

const MODEL_TYPE = 1024;
const RASTER_TYPE = 1025;
const CITATION = 1026;
const GEOGRAPHIC_TYPE = 2048;
const DATUM = 2050;
const ANGULAR_UNITS = 2054;
const ELLIPSOID = 2056;
const SEMI_MAJOR = 2057;
const SEMI_MINOR = 2058;
const PROJECTED_TYPE = 3072;
const PROJECTION = 3074;
const COORD_TRANS = 3075;
const LINEAR_UNITS = 3076;

/**
 * The GeoKeys of a CRS, in ascending order, for rasters whose pixels are areas.
 * @throws {RangeError} if the CRS has no EPSG code and its projection cannot be described by GeoKeys here
 */
export function geoKeysFromCrs(crs: Crs): GeoKey[] {
  const keys = [
    { id: MODEL_TYPE, value: crs.geographic ? 2 : 1 },
    { id: RASTER_TYPE, value: 1 },
  ];
  if (crs.epsg !== null) {
    return [...keys, { id: crs.geographic ? GEOGRAPHIC_TYPE : PROJECTED_TYPE, value: crs.epsg }];
  }
  const refused = () => new RangeError(`${crs.name} has no EPSG code and cannot be written to a GeoTIFF`);
  const given = new Map([...crs.definition.matchAll(/\+(\w+)=(\S+)/g)].map((m) => [m[1]!, m[2]!]));
  const method = METHODS.find(({ proj }) => proj === given.get('proj'));
  const onWgs84 = given.get('datum') === 'WGS84';
  const radius = Number(given.get('R') ?? Number.NaN);
  const onSphere = radius > 0;
  if (method === undefined || (!onWgs84 && !onSphere && given.get('ellps') !== 'GRS80')) throw refused();
  if (given.has('units') && given.get('units') !== 'm') throw refused();
  // Only polar stereographic with a latitude of true scale; the scale of its other variant would be lost.
  if (method.proj === 'stere' && (!given.has('lat_ts') || Math.abs(Number(given.get('lat_0'))) !== 90)) throw refused();
  const parameters = method.parameters.map(([name, key]) => {
    const value = Number(given.get(name) ?? (name === 'k' ? (given.get('k_0') ?? 1) : 0));
    if (!Number.isFinite(value)) throw refused();
    return { id: IDS[key!], value };
  });
  const geodetic = onWgs84
    ? [{ id: GEOGRAPHIC_TYPE, value: 4326 }]
    : [
        { id: GEOGRAPHIC_TYPE, value: USER_DEFINED },
        { id: DATUM, value: USER_DEFINED },
        { id: ANGULAR_UNITS, value: DEGREE },
        ...(onSphere
          ? [
              { id: ELLIPSOID, value: USER_DEFINED },
              { id: SEMI_MAJOR, value: radius },
              { id: SEMI_MINOR, value: radius },
            ]
          : [{ id: ELLIPSOID, value: 7019 }]),
      ];
  return [
    ...keys,
    { id: CITATION, value: crs.name.replace(/[^\x20-\x7e]/g, '?').replaceAll('|', ' ') },
    ...geodetic,
    { id: PROJECTED_TYPE, value: USER_DEFINED },
    { id: PROJECTION, value: USER_DEFINED },
    { id: COORD_TRANS, value: method.code },
    { id: LINEAR_UNITS, value: METRE },
    ...parameters.sort((a, b) => a.id - b.id),
  ];
}
