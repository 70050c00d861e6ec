/**
 * What `mine-rs scenes` says on standard output: at most 120 columns.
 * @module
 */
import type { LedgerBand, SceneFigures, ScenesPage } from './scenes-model.ts';
import { table } from './terminal.ts';

const WIDTH = 120;
const NONE = '–';

/** The page that an analyst reads first. */
export function scenesText(page: ScenesPage): string {
  const ledger = ledgerOf(page.scenes);
  const parts = [headline(page), sceneTable(page, ledger), ledgerText(ledger), yearText(page), ...remarks(page)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function headline(page: ScenesPage): string {
  const count = (state: SceneFigures['state']): number => page.scenes.filter((scene) => scene.state === state).length;
  const usable = count('ok') + count('check');
  const parts = [`${usable} usable ${usable === 1 ? 'scene' : 'scenes'}`];
  if (page.years.length > 0) {
    const [first, last] = [page.years[0]!.year, page.years.at(-1)!.year];
    parts[0] += page.years.length === 1 ? ` of ${first}` : ` of ${page.years.length} years, ${first} to ${last}`;
  }
  if (count('check') > 0) parts.push(`${count('check')} of them to check`);
  if (count('unusable') > 0) parts.push(`${count('unusable')} not usable`);
  if (count('copy') > 0) parts.push(`${count('copy')} left out as copies`);
  if (count('outside') > 0) parts.push(`${count('outside')} beside the AOI`);
  return parts.join('; ');
}

/** The radiometries that occur: one letter each. */
type Ledger = Map<string, { letter: string; scenes: number }>;

function ledgerOf(scenes: readonly SceneFigures[]): Ledger {
  const ledger: Ledger = new Map();
  for (const scene of scenes) {
    const key = radiometryOf(scene);
    if (key === null) continue;
    const entry = ledger.get(key);
    if (entry === undefined) ledger.set(key, { letter: letterOf(ledger.size), scenes: 1 });
    else entry.scenes++;
  }
  return ledger;
}

function letterOf(k: number): string {
  return k < 26 ? String.fromCharCode(97 + k) : `${letterOf(Math.floor(k / 26) - 1)}${letterOf(k % 26)}`;
}

/** Scale, offset and their source in words that do not differ from scene to scene; null where there are no bands. */
function radiometryOf({ bands }: SceneFigures): string | null {
  const texts = new Map<string, string[]>();
  for (const [role, band] of Object.entries(bands)) {
    const text = `${formula(band)}; no data ${band.nodata ?? 'as the file says'}; ${sourceInWords(band.source)}`;
    texts.set(text, [...(texts.get(text) ?? []), role]);
  }
  if (texts.size === 0) return null;
  if (texts.size === 1) return [...texts.keys()][0]!;
  return [...texts].map(([text, roles]) => `${roles.join(', ')}: ${text}`).join(' | ');
}

function formula({ scale, offset }: LedgerBand): string {
  const sign = offset < 0 ? '−' : '+';
  return `DN × ${Number(scale.toPrecision(6))} ${sign} ${Number(Math.abs(offset).toPrecision(6))}`;
}

/** `raster:bands of S2B_x.json` is the same for every scene. */
function sourceInWords(source: string): string {
  return source
    .replaceAll(/\S+_MTL\.(txt|json)/g, 'the MTL file')
    .replaceAll(/\S+\.(geo)?json/g, 'the item')
    .replaceAll(/\S*MTD_MSIL2A\.xml/g, 'MTD_MSIL2A.xml');
}

function sceneTable(page: ScenesPage, ledger: Ledger): string {
  const of = page.aoi === null ? 'clear' : 'clear of AOI';
  const sampled = page.scenes.some(({ clear }) => clear?.sampled === true);
  const head = ['Date', 'sensor', 'tile', 'CRS', 'pixels', 'size', 'ρ', sampled ? `~ ${of}` : of, ''];
  const rows = page.scenes.map((scene) => [
    scene.date ?? NONE,
    shorten(scene.sensor ?? NONE, 12),
    scene.place ?? NONE,
    shorten(scene.grid?.crs ?? NONE, 16),
    scene.grid === null ? NONE : `${scene.grid.width} × ${scene.grid.height}`,
    scene.grid === null ? NONE : `${Number(scene.grid.pixel.toPrecision(4))}${scene.grid.geographic ? '°' : ''}`,
    ledger.get(radiometryOf(scene) ?? '')?.letter ?? NONE,
    scene.clear === null ? NONE : `${(100 * scene.clear.share).toFixed(1)} %`,
    scene.state === 'ok' ? '' : STATE_WORDS[scene.state],
  ]);
  const wrong = page.scenes.filter(({ problems }) => problems.length > 0);
  const lines = wrong.map(({ date, id, problems }) => paragraph(`${date ?? NONE} ${id}: ${problems.join('; ')}`));
  const text = table(head, rows, 4, [8]);
  return lines.length === 0 ? text : `${text}\n\nWhat is wrong\n${lines.join('\n')}`;
}

const STATE_WORDS: Record<SceneFigures['state'], string> = {
  ok: '',
  check: 'check!',
  copy: 'copy',
  unusable: 'not usable',
  outside: 'beside the AOI',
};

function ledgerText(ledger: Ledger): string {
  if (ledger.size === 0) return '';
  const lines = [...ledger].map(([text, { letter, scenes }]) => {
    return paragraph(`${letter}  ρ = ${text} (${scenes} ${scenes === 1 ? 'scene' : 'scenes'})`);
  });
  return `Radiometry\n${lines.join('\n')}`;
}

function yearText(page: ScenesPage): string {
  if (page.years.length === 0) return '';
  const rows = page.years.map(({ year, scenes, clear }) => [
    String(year),
    String(scenes),
    clear === null ? NONE : `${(100 * clear).toFixed(1)} %`,
  ]);
  return table(['Year', 'scenes', 'mean clear'], rows, 1);
}

function remarks(page: ScenesPage): string[] {
  const lines: string[] = [];
  if (page.missingYears.length > 0) lines.push(`No usable scene of ${page.missingYears.join(', ')}.`);
  if (page.grids.length > 1) {
    const list = page.grids
      .map(({ crs, pixel, scenes }) => `${crs}, pixel ${Number(pixel.toPrecision(5))} (${scenes})`)
      .join('; ');
    lines.push(
      `Several grids: ${list}. A run takes the commonest of the scenes that touch the AOI and resamples the others.`,
    );
  }
  if (page.products.length > 1) {
    const list = page.products.map(({ product, scenes }) => `${product} (${scenes})`).join(', ');
    lines.push(`Several products: ${list}. A run takes one: name its scenes alone, or describe all in a scenes.yaml.`);
  }
  if (page.sameDay.length > 0) {
    const shown = page.sameDay.slice(0, 5).map(({ date, place, ids }) => `${date} ${place} (${ids.length})`);
    const more = page.sameDay.length > shown.length ? ' …' : '';
    lines.push(`Several scenes of one sensor, tile and day: ${shown.join(', ')}${more}. All are used.`);
  }
  if (page.ignored > 0) lines.push(`${page.ignored} TIFF files belong to no known layout.`);
  return lines.length === 0 ? [] : [lines.map((line) => paragraph(line)).join('\n')];
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Breaks a text at spaces, further lines indented; a word longer than a line keeps its length. */
function paragraph(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = `   ${word}`;
    } else line = next;
  }
  return [...lines, line].join('\n');
}
