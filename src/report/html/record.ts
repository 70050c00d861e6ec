/**
 * What the report takes from run.json: the parameters and the radiometry ledger.
 * @module
 */

/** One band of one scene: reflectance (or index) = DN × scale + offset. */
export interface LedgerLine {
  readonly scale: number;
  readonly offset: number;
  readonly nodata: number | null;
  readonly source: string;
}

/** The parts of run.json that the report shows. */
export interface RunRecord {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly radiometry: readonly {
    readonly scene: string;
    readonly product: string | null;
    readonly bands: Readonly<Record<string, LedgerLine>>;
    readonly masks: readonly { readonly description: string }[];
    readonly adjustments: readonly string[];
  }[];
  readonly resampled: readonly { readonly scene: string; readonly method: string }[];
}

/** Bands that were read in the same way, and how many scenes they are of. */
export interface LedgerGroup extends LedgerLine {
  readonly product: string;
  readonly bands: string;
  readonly masks: string;
  readonly adjustments: string;
  readonly scenes: number;
}

/** The ledger with equal lines put together, in the order in which they first occur. */
export function groupLedger(record: RunRecord): LedgerGroup[] {
  const groups = new Map<string, LedgerGroup & { scenes: number }>();
  for (const { product, bands, masks, adjustments } of record.radiometry) {
    const alike = new Map<string, { names: string[]; line: LedgerLine }>();
    for (const [name, { scale, offset, nodata, source }] of Object.entries(bands)) {
      const line = { scale, offset, nodata, source };
      const key = JSON.stringify(line);
      const found = alike.get(key);
      if (found === undefined) alike.set(key, { names: [name], line });
      else found.names.push(name);
    }
    for (const { names, line } of alike.values()) {
      const group = {
        ...line,
        product: product ?? '',
        bands: names.toSorted().join(', '),
        masks: [...new Set(masks.map(({ description }) => description))].join('; '),
        adjustments: adjustments.join('; '),
      };
      const key = JSON.stringify(group);
      const found = groups.get(key);
      if (found === undefined) groups.set(key, { ...group, scenes: 1 });
      else found.scenes += 1;
    }
  }
  return [...groups.values()];
}
