/**
 * run.json: what went in, with which parameters and versions, and what came out.
 * @module
 */
import { resolve } from 'node:path';
import { readTraffic } from '../raster/source/traffic.ts';
import type { BandFigures, ReflectanceFigures } from '../scenes/radiometry-check.ts';
import type { BandSource } from '../scenes/scene.ts';
import { isUrl } from '../url.ts';
import type { Execution } from './execute.ts';
import { valueSources } from './inspect.ts';
import { resolveOptions, type TrendOptions } from './options.ts';
import type { Preparation } from './prepare.ts';
import { VERSION } from './version.ts';

/** Options that say how a run is carried out, not what it finds. */
const HOW: readonly (keyof TrendOptions)[] = [
  'workers',
  'memory',
  'resume',
  'cache',
  'logLevel',
  'json',
  'quiet',
  'dryRun',
  'onError',
  'aoi',
  'out',
  'scenes',
  'report',
  'extras',
  'lang',
  'parquet',
  'audit',
];

/**
 * What a run is about: AOI, scenes, and the options that differ from their defaults, so that a later version with more
 * options knows it again. Two runs of one identity may refresh each other's output folder.
 */
export function identityOf(run: Preparation): Record<string, unknown> {
  const defaults: Record<string, unknown> = resolveOptions({ aoi: run.options.aoi });
  const chosen = Object.entries(parametersOf(run)).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(defaults[key]),
  );
  return {
    aoi: resolve(run.aoi.path),
    scenes: run.sources.map((source) => (isUrl(source) ? source : resolve(source))),
    ...Object.fromEntries(chosen),
    ...roleFiles(run.options),
  };
}

/** The files of one role each, as their places do not depend on the folder that the program was started in. */
function roleFiles({ impact, reference }: TrendOptions): Record<string, string[]> {
  return {
    ...(impact === undefined ? {} : { impact: impact.map((path) => resolve(path)) }),
    ...(reference === undefined ? {} : { reference: reference.map((path) => resolve(path)) }),
  };
}

/** All options that decide what a run finds. */
export function parametersOf(run: Preparation): Record<string, unknown> {
  const options = Object.entries(run.options).filter(([key]) => !HOW.includes(key as keyof TrendOptions));
  return Object.fromEntries(options);
}

/** One line of the radiometry ledger. */
function ledgerLine(source: BandSource) {
  const { path, band, scale, offset, nodata, radiometry } = source;
  return { path, band, scale, offset, nodata, source: radiometry };
}

/** Percentiles of the clear pixels, to the histogram's precision; null where the scene brings a finished index. */
function roundedFigures(figures: ReflectanceFigures | undefined) {
  if (figures === undefined) return null;
  const rounded = (band: BandFigures | null) =>
    band && Object.fromEntries(Object.entries(band).map(([key, value]) => [key, round(value)]));
  const { pixels, red, nir, ndviP95 } = figures;
  return { pixels, red: rounded(red), nir: rounded(nir), ndviP95: ndviP95 === null ? null : round(ndviP95) };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** The record of a finished run. */
export function provenance(run: Preparation, done: Execution, output: string, started: Date): Record<string, unknown> {
  return {
    identity: identityOf(run),
    parameters: parametersOf(run),
    tool: { name: 'mine-rs', version: VERSION },
    environment: { node: process.versions.node, zlib: process.versions.zlib, platform: process.platform },
    command: { workers: run.options.workers, onError: run.options.onError },
    started: started.toISOString(),
    seconds: (Date.now() - started.getTime()) / 1000,
    aoi: { path: run.aoi.path, bytes: run.aoi.bytes, sha256: run.aoi.sha256, files: run.aoi.files },
    inputs: done.inputs,
    radiometry: run.scenes.map(({ scene }) => ({
      scene: scene.id,
      product: scene.product,
      bands:
        scene.index === undefined
          ? Object.fromEntries(Object.entries(scene.bands).map(([role, source]) => [role, ledgerLine(source)]))
          : { [scene.index.name]: ledgerLine(valueSources(scene)[0]!) },
      masks: scene.masks.map(({ path, band, rule, description }) => ({ path, band, rule, description })),
      adjustments: scene.adjustments,
      reflectance: roundedFigures(done.reflectances.get(scene.id)),
    })),
    resampled: run.resampled,
    remote: run.remote.traffic === undefined ? null : readTraffic(run.remote.traffic),
    skipped: run.records.filter((record) => !record.used).map(({ id, path, reason }) => ({ scene: id, path, reason })),
    outputs: done.maps.map(({ file, bytes, sha256 }) => ({ path: file, bytes, sha256 })),
    folder: output,
  };
}
