/**
 * GDAL's metadata tag (42112), the XML that holds band descriptions, scales and offsets.
 * @module
 */
import type { AuxBand } from './aux-xml.ts';
import type { CogSpec } from './cog-spec.ts';

/** What the tag says that a reader of pixels needs. */
export interface BandMetadata {
  /** Length bandCount; 1 where the file says nothing. */
  readonly scales: number[];
  /** Length bandCount; 0 where the file says nothing. */
  readonly offsets: number[];
  readonly descriptions: (string | null)[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text of XML with its entities replaced. */
export function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = name[1]!.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Reads the tag. Items without a band or of an unknown role are passed over. */
export function parseGdalMetadata(xml: string | undefined, bandCount: number): BandMetadata {
  const scales = Array.from({ length: bandCount }, () => 1);
  const offsets = Array.from({ length: bandCount }, () => 0);
  const descriptions: (string | null)[] = Array.from({ length: bandCount }, () => null);
  for (const item of (xml ?? '').matchAll(/<Item\b([^>]*)>([^<]*)<\/Item>/g)) {
    const attributes = new Map<string, string>();
    for (const attribute of item[1]!.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      attributes.set(attribute[1]!, unescapeXml(attribute[2] ?? attribute[3] ?? ''));
    }
    const band = Number(attributes.get('sample') ?? Number.NaN);
    if (!Number.isInteger(band) || band < 0 || band >= bandCount) continue;
    // GDAL escapes the text of items twice, and unescapes it twice.
    const text = unescapeXml(unescapeXml(item[2]!));
    const value = Number(text.trim() === '' ? Number.NaN : text);
    const role = attributes.get('role');
    if (role === 'description') descriptions[band] = text;
    else if (role === 'scale' && Number.isFinite(value)) scales[band] = value;
    else if (role === 'offset' && Number.isFinite(value)) offsets[band] = value;
  }
  return { scales, offsets, descriptions };
}

/** The same with what an auxiliary file says of bands about which the tag says nothing. */
export function completeMetadata(metadata: BandMetadata, bands: readonly AuxBand[]): BandMetadata {
  const { scales, offsets, descriptions } = metadata;
  const silent = (band: number) => scales[band] === 1 && offsets[band] === 0;
  return {
    scales: scales.map((scale, band) => (silent(band) ? (bands[band]?.scale ?? scale) : scale)),
    offsets: offsets.map((offset, band) => (silent(band) ? (bands[band]?.offset ?? offset) : offset)),
    descriptions: descriptions.map((text, band) => text ?? bands[band]?.description ?? null),
  };
}

/** What the tag is to say of an image. */
type Described = Pick<CogSpec, 'metadata' | 'descriptions' | 'scales' | 'offsets' | 'statistics'>;

/** Writes the tag, or undefined where there is nothing to say. */
export function formatGdalMetadata(spec: Described): string | undefined {
  const { metadata = {}, descriptions = [], scales = [], offsets = [], statistics = [] } = spec;
  const of = (name: string, band: number, role: string, value: number) =>
    `  <Item name="${name}" sample="${band}"${role}>${value}</Item>\n`;
  const twice = (text: string) => escapeXml(escapeXml(text));
  const items = [
    ...Object.entries(metadata).map(([name, text]) => `  <Item name="${escapeXml(name)}">${twice(text)}</Item>\n`),
    ...descriptions.map(
      (text, band) => `  <Item name="DESCRIPTION" sample="${band}" role="description">${twice(text)}</Item>\n`,
    ),
    ...offsets.map((value, band) => of('OFFSET', band, ' role="offset"', value)),
    ...scales.map((value, band) => of('SCALE', band, ' role="scale"', value)),
    ...statistics.flatMap(({ minimum, maximum, mean, stddev, validPercent }, band) => [
      of('STATISTICS_MAXIMUM', band, '', maximum),
      of('STATISTICS_MEAN', band, '', mean),
      of('STATISTICS_MINIMUM', band, '', minimum),
      of('STATISTICS_STDDEV', band, '', stddev),
      of('STATISTICS_VALID_PERCENT', band, '', validPercent),
    ]),
  ];
  return items.length === 0 ? undefined : `<GDALMetadata>\n${items.join('')}</GDALMetadata>\n`;
}
