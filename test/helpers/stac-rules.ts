/**
 * What STAC 1.1 and the extensions that mine-rs uses ask of an Item and a Collection, put down here from the texts of the
 * specifications: narrower than their schemas where mine-rs writes less than they allow.
 * @module
 */

const anything = {};
const text = { type: 'string', minLength: 1 };
const time = { type: 'string', format: 'date-time' };
const box = {
  type: 'array',
  minItems: 4,
  maxItems: 4,
  prefixItems: [
    { type: 'number', minimum: -180, maximum: 180 },
    { type: 'number', minimum: -90, maximum: 90 },
    { type: 'number', minimum: -180, maximum: 180 },
    { type: 'number', minimum: -90, maximum: 90 },
  ],
  items: false,
};
const numbers = (length: number) => ({ type: 'array', minItems: length, maxItems: length, items: { type: 'number' } });

const link = {
  type: 'object',
  required: ['href', 'rel'],
  properties: { href: { ...text, format: 'uri-reference' }, rel: text, type: text, title: text },
};

/** projection v2.0.0, of Items and assets. */
const projection = {
  'proj:code': { type: ['string', 'null'], pattern: '^EPSG:[0-9]+$' },
  'proj:shape': { type: 'array', minItems: 2, maxItems: 2, items: { type: 'integer', minimum: 1 } },
  'proj:transform': numbers(6),
  'proj:bbox': numbers(4),
};

/** Common metadata on data values (STAC 1.1), raster v2.0.0, file v2.1.0, classification v2.0.0. */
const dataFields = {
  data_type: { enum: ['uint8', 'uint16', 'float32'] },
  nodata: { anyOf: [{ type: 'number' }, { enum: ['nan', 'inf', '-inf'] }] },
  'raster:sampling': { enum: ['area', 'point'] },
  'raster:spatial_resolution': { type: 'number', exclusiveMinimum: 0 },
  'file:size': { type: 'integer', minimum: 0 },
  // A multihash of SHA-256.
  'file:checksum': { type: 'string', pattern: '^1220[a-f0-9]{64}$' },
  'classification:classes': {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: {
      type: 'object',
      required: ['value', 'name'],
      properties: {
        value: { type: 'integer' },
        name: { type: 'string', pattern: '^[0-9A-Za-z-_]+$' },
        title: text,
        color_hint: { type: 'string', pattern: '^[0-9A-F]{6}$' },
        nodata: { type: 'boolean' },
      },
      additionalProperties: false,
    },
  },
};

/** No field with a prefix of an extension but those that it has. */
const prefixed = { '^(proj|raster|file|classification|processing):': false };

const asset = {
  type: 'object',
  required: ['href', 'type', 'roles'],
  properties: {
    href: { ...text, format: 'uri-reference' },
    title: text,
    type: text,
    roles: { type: 'array', minItems: 1, items: text },
    bands: { type: 'array', minItems: 1, items: { type: 'object', required: ['name'], properties: { name: text } } },
    ...dataFields,
  },
  additionalProperties: false,
};

const raster = { const: 'https://stac-extensions.github.io/raster/v2.0.0/schema.json' };
const withoutRaster = {
  type: 'object',
  properties: { 'raster:sampling': false, 'raster:spatial_resolution': false },
};

export const ITEM_RULES = {
  type: 'object',
  required: ['type', 'stac_version', 'id', 'geometry', 'properties', 'links', 'assets'],
  properties: {
    type: { const: 'Feature' },
    stac_version: { const: '1.1.0' },
    stac_extensions: { type: 'array', uniqueItems: true, items: { type: 'string', format: 'uri' } },
    id: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
    geometry: {
      anyOf: [
        { type: 'null' },
        {
          type: 'object',
          required: ['type', 'coordinates'],
          properties: { type: { enum: ['Polygon', 'MultiPolygon'] }, coordinates: { type: 'array', minItems: 1 } },
          additionalProperties: false,
        },
      ],
    },
    bbox: box,
    properties: {
      type: 'object',
      // Without a single time, its begin and end are asked for.
      required: ['datetime', 'start_datetime', 'end_datetime'],
      properties: {
        datetime: { type: 'null' },
        start_datetime: time,
        end_datetime: time,
        title: text,
        description: text,
        gsd: { type: 'number', exclusiveMinimum: 0 },
        ...projection,
        // processing v1.2.0.
        'processing:software': { type: 'object', additionalProperties: text },
        'processing:lineage': text,
      },
      patternProperties: { '^(?!proj:|processing:)': anything },
      additionalProperties: false,
    },
    links: { type: 'array', items: { ...link, not: { properties: { rel: { const: 'collection' } } } } },
    assets: { type: 'object', additionalProperties: asset },
    // An Item without a link to a Collection names none.
    collection: false,
  },
  // raster v2.0.0 is named by an Item that has a field of it, and by no other.
  anyOf: [
    {
      properties: {
        stac_extensions: { type: 'array', contains: raster },
        assets: { type: 'object', not: { additionalProperties: withoutRaster } },
      },
    },
    {
      properties: {
        stac_extensions: { type: 'array', items: { not: raster } },
        assets: { type: 'object', additionalProperties: withoutRaster },
      },
    },
  ],
  // A geometry and its box come together.
  oneOf: [
    { properties: { geometry: { type: 'null' }, bbox: false } },
    { required: ['bbox'], properties: { geometry: { type: 'object' } } },
  ],
} as const;

export const COLLECTION_RULES = {
  type: 'object',
  required: ['type', 'stac_version', 'id', 'description', 'license', 'extent', 'links'],
  properties: {
    type: { const: 'Collection' },
    stac_version: { const: '1.1.0' },
    id: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
    title: text,
    description: text,
    license: { const: 'other' },
    extent: {
      type: 'object',
      required: ['spatial', 'temporal'],
      properties: {
        spatial: {
          type: 'object',
          required: ['bbox'],
          // The box of all, alone or before the boxes of at least two parts.
          properties: { bbox: { type: 'array', items: box, oneOf: [{ minItems: 1, maxItems: 1 }, { minItems: 3 }] } },
        },
        temporal: {
          type: 'object',
          required: ['interval'],
          properties: {
            interval: { type: 'array', minItems: 1, items: { type: 'array', minItems: 2, maxItems: 2, items: time } },
          },
        },
      },
    },
    links: { type: 'array', items: link },
  },
  patternProperties: prefixed,
} as const;
