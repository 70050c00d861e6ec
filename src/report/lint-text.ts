/**
 * What `mine-rs lint` says, as text.
 * @module
 */
import type { LintFinding, LintPage } from './lint-model.ts';

/** Findings of one kind that are printed; --json has more. */
const MOST_PRINTED = 20;

/** Features of the mended copy that are printed. */
const MOST_MENDED = 20;

/** The page as lines: what the file is, each finding with its place, the sums, the copy. */
export function lintText(page: LintPage): string {
  const lines = [`${page.file}: ${page.format}, ${page.crs}, ${page.zones} zone(s) in ${page.features} feature(s)`];
  for (const { kind, level, meaning, count } of page.kinds) {
    lines.push('', `${level} ${kind} (${count}): ${meaning}`);
    const own = page.findings.filter((finding) => finding.kind === kind);
    for (const finding of own.slice(0, MOST_PRINTED)) lines.push(`  ${placeOf(finding)}${finding.text}`);
    if (count > MOST_PRINTED) lines.push(`  … and ${count - Math.min(own.length, MOST_PRINTED)} more`);
  }
  lines.push('', sums(page));
  if (page.repaired !== null) lines.push('', ...repairedLines(page.repaired));
  return `${lines.join('\n')}\n`;
}

function placeOf({ feature, id, part, ring, vertex, at }: LintFinding): string {
  if (feature === null) return '';
  const name = id === null || id === String(feature) ? '' : ` '${id}'`;
  const places = [
    `feature ${feature}${name}`,
    part === null || part === 1 ? '' : `part ${part}`,
    ring === null ? '' : ring === 1 ? 'outline' : `hole ${ring - 1}`,
    vertex === null ? '' : `vertex ${vertex}`,
    at === null ? '' : `at (${at[0]}, ${at[1]})`,
  ];
  return `${places.filter((place) => place !== '').join(', ')}: `;
}

function sums({ errors, warnings, notes }: LintPage): string {
  if (errors + warnings + notes === 0) return 'Nothing is wrong.';
  const verdict =
    errors > 0
      ? 'a run would refuse this file, or measure it wrongly'
      : warnings > 0
        ? 'it should be mended'
        : 'nothing is wrong';
  return `${errors} error(s), ${warnings} warning(s), ${notes} note(s): ${verdict}.`;
}

function repairedLines({
  file,
  zones,
  mended,
  leftOut,
  errors,
  warnings,
}: NonNullable<LintPage['repaired']>): string[] {
  const lines = [`Mended copy: ${file} with ${zones} zone(s), of which ${mended.length} were changed`];
  for (const { feature, id, areaBeforeHa, areaAfterHa, newId } of mended.slice(0, MOST_MENDED)) {
    const before = areaBeforeHa === null ? 'unknown' : areaBeforeHa.toFixed(4);
    const area = `${before} → ${areaAfterHa === null ? 'unknown' : areaAfterHa.toFixed(4)} ha`;
    lines.push(`  feature ${feature} '${id}': ${area}${newId === null ? '' : `, new id '${newId}'`}`);
  }
  if (mended.length > MOST_MENDED) lines.push(`  … and ${mended.length - MOST_MENDED} more`);
  for (const { feature, why } of leftOut.slice(0, MOST_MENDED)) lines.push(`  feature ${feature} left out: ${why}`);
  if (leftOut.length > MOST_MENDED) lines.push(`  … and ${leftOut.length - MOST_MENDED} more left out`);
  lines.push(`  Looked at again: ${errors} error(s), ${warnings} warning(s)`);
  return lines;
}
