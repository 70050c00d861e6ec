/**
 * The tables of `--audit`.
 * @module
 */
import type { AuditFigures } from './audit-model.ts';
import { integer, real, significant, text, type Table } from './table.ts';

const ZONE = [text('zone_id'), text('zone_name'), text('role')];

function maskTable({ maskRows }: AuditFigures): Table {
  const columns = [...ZONE, integer('year', 'year'), text('sensor'), integer('scenes'), real('seen_ha', 'ha')];
  columns.push(real('masked_share'), real('impact_share'), real('reference_share'), real('excess'));
  const rows = maskRows.map((r) => [
    r.zone,
    r.name,
    r.role,
    r.year,
    r.sensor,
    r.scenes,
    r.seenHa,
    r.maskedShare,
    r.impactShare,
    r.referenceShare,
    r.excess,
  ]);
  return { name: 'mask_bias', title: 'Land taken out by masks, in zones and around', columns, rows };
}

function overlapTable({ overlaps }: AuditFigures): Table {
  const columns = [text('sensor_a'), text('sensor_b'), integer('year', 'year'), real('overlap_ha', 'ha')];
  columns.push(real('mean_a'), real('mean_b'), real('step'));
  const rows = overlaps.map((o) => [o.sensorA, o.sensorB, o.year, o.hectares, o.meanA, o.meanB, o.step]);
  return { name: 'sensor_overlap', title: 'Sensors over the same land in the same year', columns, rows };
}

function effectTable({ effects }: AuditFigures): Table {
  const columns = [
    ...ZONE,
    significant('slope', '1/year'),
    significant('sensor_slope', '1/year'),
    real('sensor_share'),
  ];
  const rows = effects.map((e) => [e.zone, e.name, e.role, e.slope, e.sensorSlope, e.share]);
  return { name: 'sensor_effect', title: 'What the change of sensors adds to the trend of each zone', columns, rows };
}

function sensitivityTable({ sensitivity }: AuditFigures): Table {
  const columns = [...ZONE, text('parameter'), significant('value'), real('disturbed_ha', 'ha')];
  columns.push(real('recovering_ha', 'ha'), real('recovered_ha', 'ha'));
  columns.push(real('significant_decrease_ha', 'ha'), real('significant_increase_ha', 'ha'));
  const rows = sensitivity.map((s) => [
    s.zone,
    s.name,
    s.role,
    s.parameter,
    s.value,
    s.disturbedHa,
    s.recoveringHa,
    s.recoveredHa,
    s.decreaseHa,
    s.increaseHa,
  ]);
  return { name: 'sensitivity', title: 'Hectares with one number of the method changed', columns, rows };
}

/** The tables; none where the run was not audited. */
export function auditTables(audit: AuditFigures | null | undefined): Table[] {
  if (!audit) return [];
  return [sensitivityTable(audit), maskTable(audit), overlapTable(audit), effectTable(audit)];
}

/** Masked land beyond that of the land around from which on it is worth a word. */
const MUCH_EXCESS = 0.1;
/** Share of a slope from which on it is worth a word. */
const MUCH_SHARE = 0.25;

/** What the screen says of the audit: the range of each mine's hectares, and what is out of the ordinary. */
export function auditNotes(audit: AuditFigures | null | undefined): string[] {
  if (!audit) return [];
  const { sensitivity, maskBias, effects, unlinked } = audit;
  const mines = maskBias.filter(({ role }) => role === 'mine');
  const lines = mines.slice(0, 5).flatMap(({ zone, name }) => {
    const values = sensitivity.filter((row) => row.zone === zone).map((row) => row.disturbedHa ?? NaN);
    if (!values.every(Number.isFinite)) return [];
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(1));
    return [`Audit: disturbed land of ${name} is ${low} to ${high} ha as one number of the method is changed.`];
  });
  for (const { name, excess } of mines) {
    if ((excess ?? 0) < MUCH_EXCESS) continue;
    const points = (100 * excess!).toFixed(0);
    lines.push(
      `Audit: masks take ${points} points more of ${name} than of the land around: bare ground taken for cloud?`,
    );
  }
  const stepped = effects.filter(({ role, share }) => role === 'mine' && Math.abs(share ?? 0) >= MUCH_SHARE);
  for (const { name, share } of stepped) {
    lines.push(`Audit: changes of sensor alone would make ${(100 * share!).toFixed(0)} % of the slope of ${name}.`);
  }
  if (unlinked.length > 0) lines.push(`Audit: ${unlinked.join(', ')} saw no land in a year with another sensor.`);
  return [...lines, 'Audit: tables/sensitivity.csv, mask_bias.csv, sensor_overlap.csv, sensor_effect.csv.'];
}
