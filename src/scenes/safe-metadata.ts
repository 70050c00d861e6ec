/**
 * MTD_MSIL2A.xml of a Sentinel-2 SAFE folder: what the product is, and scale and offset of its bands.
 * @module
 */
import { isoDate } from './dates.ts';
import type { Radiometry } from './sentinel2-radiometry.ts';

/** Numbers of the bands in ESA's metadata. */
const BAND_IDS = ['B01', 'B02', 'B03', 'B04', 'B05', 'B06', 'B07', 'B08', 'B8A', 'B09', 'B10', 'B11', 'B12'];

export interface SafeMetadata {
  /** Product name without .SAFE, or null. */
  product: string | null;
  level: string | null;
  date: string | null;
  /** S2A, S2B …, or null. */
  sensor: string | null;
  baseline: { value: number; text: string } | null;
  quantification: number | null;
  /** Offset in DN by band; null where the file lists none. */
  offsets: Map<string, number> | null;
  nodata: number;
}

/** Reads the elements that matter. Older products (before PSD 14.3) mark some of them as those of Level-2A. */
export function parseSafeMetadata(xml: string): SafeMetadata {
  const text = (name: string): string | null => {
    const match = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml);
    return match === null ? null : match[1]!.trim();
  };
  const number = (name: string): number | null => {
    const value = Number(text(name) ?? NaN);
    return Number.isFinite(value) ? value : null;
  };
  const product = (text('PRODUCT_URI_2A') ?? text('PRODUCT_URI'))?.replace(/\.SAFE$/i, '') ?? null;
  const day = /^(\d{4})-(\d\d)-(\d\d)T/.exec(text('DATATAKE_SENSING_START') ?? text('PRODUCT_START_TIME') ?? '');
  const baseline = /^\d\d\.\d\d$/.exec(text('PROCESSING_BASELINE') ?? '')?.[0];
  const unit = /^Sentinel-2([A-D])$/i.exec(text('SPACECRAFT_NAME') ?? '')?.[1];
  const listed = [...xml.matchAll(/<(?:\w+:)?BOA_ADD_OFFSET\s+band_id="(\d+)"[^>]*>\s*(-?\d+(?:\.\d+)?)\s*</g)];
  const nodata = /<SPECIAL_VALUE_TEXT>\s*NODATA\s*<\/SPECIAL_VALUE_TEXT>\s*<SPECIAL_VALUE_INDEX>\s*(\d+)/.exec(
    xml,
  )?.[1];
  return {
    product,
    level: text('PROCESSING_LEVEL') ?? text('PRODUCT_TYPE'),
    date: day === null ? null : isoDate(Number(day[1]), Number(day[2]), Number(day[3])),
    sensor: unit === undefined ? null : `S2${unit.toUpperCase()}`,
    baseline: baseline === undefined ? null : { value: Number(baseline), text: baseline },
    quantification: number('BOA_QUANTIFICATION_VALUE') ?? number('L2A_BOA_QUANTIFICATION_VALUE'),
    offsets:
      listed.length === 0 ? null : new Map(listed.map(([, id, value]) => [BAND_IDS[Number(id)] ?? '', Number(value)])),
    nodata: Number(nodata ?? 0),
  };
}

/** Scale and offset of a band, or the reason why they are not known. `label` names the file in the record. */
export function safeRadiometry(
  { baseline, quantification, offsets, nodata }: SafeMetadata,
  band: string,
  label: string,
): Radiometry | { reason: string } {
  const advice = 'download the product again, or describe the files in a scenes.yaml';
  if (quantification === null || quantification <= 0) {
    return { reason: `radiometry unknown: ${label} gives no BOA_QUANTIFICATION_VALUE; ${advice}` };
  }
  const scale = 1 / quantification;
  if (offsets !== null) {
    const offset = offsets.get(band);
    if (offset === undefined)
      return { reason: `radiometry unknown: ${label} gives no BOA_ADD_OFFSET of ${band}; ${advice}` };
    const radiometry = `BOA_QUANTIFICATION_VALUE ${quantification} and BOA_ADD_OFFSET ${offset} of ${label}`;
    return { scale, offset: offset / quantification, nodata, radiometry };
  }
  if (baseline === null) {
    return { reason: `radiometry unknown: ${label} gives neither BOA_ADD_OFFSET nor a processing baseline; ${advice}` };
  }
  if (baseline.value >= 4) {
    return {
      reason: `${label} contradicts itself: processing baseline ${baseline.text}, yet no BOA_ADD_OFFSET; ${advice}`,
    };
  }
  const radiometry = `BOA_QUANTIFICATION_VALUE ${quantification} of ${label}; offset 0 by processing baseline ${baseline.text}`;
  return { scale, offset: 0, nodata, radiometry };
}
