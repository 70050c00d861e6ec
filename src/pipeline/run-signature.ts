/**
 * All that the results of a run depend on, as one digest.
 * @module
 */
import { existsSync } from 'node:fs';
import { redactData, redactUrls } from '../url.ts';
import { annualKeys } from './annual-key.ts';
import { engineVersion } from './engine.ts';
import type { Preparation } from './prepare.ts';
import type { TrendOptions } from './options.ts';
import { identityOf } from './provenance.ts';
import { digestOf, stampOf } from './stamp.ts';

/** Options that change nothing in what a run leaves; paths are in its identity. */
const NO_MATTER: Partial<Record<keyof TrendOptions, undefined>> = {
  aoi: undefined,
  out: undefined,
  scenes: undefined,
  workers: undefined,
  memory: undefined,
  resume: undefined,
  cache: undefined,
  json: undefined,
  logLevel: undefined,
  quiet: undefined,
  dryRun: undefined,
  onError: undefined,
};

/** Stamps of the files that options name, whatever the option: `like`, `production` and others to come. */
function filesNamedIn(options: Record<string, unknown>): string[] {
  const named = Object.values(options).flat();
  return named.filter((value) => typeof value === 'string' && existsSync(value)).map((path) => stampOf(path as string));
}

/** Two runs of one signature leave the same products, save for the times in run.json. */
export function runSignature(run: Preparation): string {
  const { aoi, records, resampled, years, gridPlan, warnings } = run;
  return digestOf({
    engine: engineVersion(),
    identity: redactData(identityOf(run)),
    options: { ...run.options, ...NO_MATTER },
    files: filesNamedIn({ ...run.options, ...NO_MATTER }),
    report: run.options.report && run.options.lang,
    extras: run.options.extras,
    aoi: [aoi.path, aoi.bytes, aoi.sha256, JSON.stringify(aoi.zones)],
    annual: annualKeys(run).map(({ key }) => key),
    production: [...(run.influence?.productions ?? [])],
    scenes: run.scenes.map(({ scene }) => redactUrls(JSON.stringify(scene))),
    plan: redactData([years, gridPlan.chosen, records, resampled, warnings]),
  });
}
