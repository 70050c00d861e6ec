import { describe, expect, it } from 'vitest';
import { WGS84 } from '../../src/geo/crs.ts';
import { legendClasses } from '../../src/kernels/trend.ts';
import { rgbOf } from '../../src/report/palette.ts';
import { mapStyle, THEMES } from '../../src/report/styles/map-style.ts';
import { qgisProject } from '../../src/report/styles/project.ts';
import { rasterStyleFile } from '../../src/report/styles/raster-style.ts';
import { zoneStyleFile } from '../../src/report/styles/zone-style.ts';
import { mapSpecs } from '../../src/tasks/maps.ts';
import { segmentationMapSpecs } from '../../src/tasks/segmentation.ts';
import { elementsOf } from '../helpers/workbook.ts';
import { utmGrid } from '../helpers/stack.ts';
import { summaryOf, YEARS, zoneOf } from './figures.ts';

const GRID = utmGrid(4, 4);
const SUMMARY = summaryOf();

/** Every map that a run can leave. */
function allMaps(legend: 'five' | 'seven' | 'nine' = 'seven') {
  const choice = { annual: true, trend: true, states: true };
  const plan = { grid: GRID, years: YEARS, index: SUMMARY.index, cover: true, legend, choice };
  return [...mapSpecs(plan), ...segmentationMapSpecs(GRID)];
}

/** XML without its document type, which the reader does not take. */
const elements = (xml: string) => elementsOf(xml.replace(/^<!DOCTYPE.*\n/, ''));

describe('styles of maps', () => {
  it('are there for every map of a run', () => {
    for (const { key } of allMaps()) {
      const style = mapStyle(key, SUMMARY);
      expect([key, style === undefined]).toEqual([key, false]);
      const { entries, bands, theme } = style!;
      expect(Object.keys(THEMES)).toContain(theme);
      expect(bands.length).toBeGreaterThan(0);
      const values = entries.map(({ value }) => value);
      expect(values).toEqual(values.toSorted((a, b) => a - b));
      expect(new Set(values).size).toBe(values.length);
      for (const { colour, label } of entries) {
        expect(colour).toMatch(/^#[0-9a-f]{6}$/);
        expect(label).not.toBe('');
      }
      expect(elements(rasterStyleFile(style!))).toEqual(expect.arrayContaining(['qgis', 'pipe', 'rasterrenderer']));
    }
    expect(mapStyle('a_map_of_tomorrow', SUMMARY)).toBeUndefined();
    expect(mapStyle('other_2020', SUMMARY)).toBeUndefined();
  });

  it.each(['five', 'seven', 'nine'] as const)('colour the trend classes as the GeoTIFF does, legend %s', (legend) => {
    const trend = legendClasses(legend).map(({ code, name }) => {
      return { code, name, hectares: 0, percent: 0, fdrHectares: null };
    });
    const summary = { ...SUMMARY, trend: { ...SUMMARY.trend, legend }, zones: [zoneOf('pit', { trend })] };
    const { entries } = mapStyle('trend_class', summary)!;
    const table = allMaps(legend).find(({ key }) => key === 'trend_class')!.spec.colorTable!;
    expect(entries.map(({ value }) => value)).toEqual(trend.map(({ code }) => code).filter((code) => code !== 255));
    for (const { value, colour } of entries) expect(rgbOf(colour)).toEqual(table[value]!.slice(0, 3));
  });

  it('show the last land state first', () => {
    const { bands } = mapStyle('state', SUMMARY)!;
    expect(bands[0]).toEqual({ band: YEARS.length, title: `Land state ${YEARS.at(-1)!}` });
    const text = rasterStyleFile(mapStyle('state', SUMMARY)!);
    expect(text).toContain(`<rasterrenderer type="paletted" band="${YEARS.length}"`);
    expect(text).toContain('<paletteEntry value="2" label="disturbed" color="#d55e00" alpha="255"/>');
  });

  it('write steps up to a value, and ramps with the colours between', () => {
    const p = rasterStyleFile(mapStyle('trend_p', SUMMARY)!);
    expect(p).toContain('colorRampType="DISCRETE"');
    expect(p).toContain('<item value="0.05" label="p ≤ 0.05"');
    expect(p).toContain('<item value="inf" label="p &gt; 0.10"');
    const cover = rasterStyleFile(mapStyle('fvc_2019', SUMMARY)!);
    expect(cover).toContain('colorRampType="INTERPOLATED"');
    expect(cover).toContain('minimumValue="0" maximumValue="1"');
    expect(cover).toContain('<item value="0.5" label="50 %" color="#76a552" alpha="255"/>');
  });

  it('hold names that XML would misread', () => {
    const trend = [{ code: 1, name: '<"&\u0000\'>', hectares: 0, percent: 0, fdrHectares: null }];
    const text = rasterStyleFile(mapStyle('trend_class', { ...SUMMARY, zones: [zoneOf('pit', { trend })] })!);
    expect(text).toContain('label="&lt;&quot;&amp;&apos;&gt;"');
    expect(elements(text)).toContain('paletteEntry');
  });
});

describe('the style of the zones', () => {
  it('has an outline for each role', () => {
    const text = zoneStyleFile();
    expect(elements(text)).toEqual(expect.arrayContaining(['renderer-v2', 'categories', 'symbols', 'labeling']));
    expect([...text.matchAll(/<category value="(\w*)"/g)].map(([, role]) => role)).toEqual([
      'mine',
      'impact',
      'reference',
      '',
    ]);
  });
});

describe('the QGIS project', () => {
  const maps = allMaps().map(({ key }) => ({ key, style: mapStyle(key, SUMMARY)! }));
  const tables = [{ name: 'scenes', title: 'Every scene, used or not' }];
  const input = { title: 'Süd & "Nord"', crs: GRID.crs, extent: [0, 1, 2, 3], maps, tables } as const;
  const text = qgisProject(input);

  it('is XML that names every map once, beside the project', () => {
    expect(elements(text).filter((name) => name === 'maplayer')).toHaveLength(
      maps.reduce((sum, { style }) => sum + style.bands.length, 0) + 2,
    );
    const sources = [...text.matchAll(/<datasource>(.*?)<\/datasource>/g)].map(([, source]) => source!);
    expect(new Set(sources)).toEqual(
      new Set([
        ...maps.map(({ key }) => `./maps/${key}.tif`),
        './zones.gpkg|layername=zones',
        './zones.gpkg|layername=scenes',
      ]),
    );
    expect(text).toContain('<Absolute type="bool">false</Absolute>');
    expect(text).toContain('<title>Süd &amp; &quot;Nord&quot;</title>');
  });

  it('has a line in the panel of layers for each layer, of an id that QGIS keeps', () => {
    const ids = [...text.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id!);
    const lines = [...text.matchAll(/<layer-tree-layer id="(.*?)"/g)].map(([, id]) => id!);
    expect(lines.toSorted()).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
    // QGIS gives a layer another id where it is shorter than this.
    for (const id of ids) expect(id.length).toBeGreaterThan(10);
  });

  it('groups maps by theme and shows the zones over one of them', () => {
    const groups = [...text.matchAll(/<layer-tree-group name="(.*?)"/g)].map(([, name]) => name);
    expect(groups).toEqual([...Object.values(THEMES), 'Tables']);
    expect([...text.matchAll(/<layer-tree-layer id="(\w+)"[^>]*"Qt::Checked"/g)].map(([, id]) => id)).toEqual([
      'mine_rs_layer_zones',
      `mine_rs_layer_state_${YEARS.length}`,
    ]);
  });

  it('leaves out what the run has not, and knows a CRS without a code', () => {
    const crs = { ...WGS84, epsg: null };
    const bare = qgisProject({ ...input, maps: [], tables: [], crs });
    expect(bare).not.toContain('layer-tree-group name');
    expect(bare).toContain('<units>degrees</units>');
    expect(/<projectCrs>.*?<\/projectCrs>/.exec(bare)![0]).not.toContain('authid');
  });
});
