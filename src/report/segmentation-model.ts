/**
 * The figures of the segmentation, as summary.json holds them.
 * @module
 */

/** Hectares by what states and segmentation say of one event; they add up to the area. */
export interface AgreementFigures {
  /** Both have it: by the year of the segmentation less that of the states; −3 and 3 stand for all beyond. */
  differences: { years: number; hectares: number }[];
  bothHa: number;
  statesOnlyHa: number;
  segmentationOnlyHa: number;
  neitherHa: number;
  /** Too few years for a segmentation, nothing to hold it against, or outside of the scenes. */
  notComparedHa: number;
}

export interface AreaAgreement {
  disturbed: AgreementFigures;
  recovered: AgreementFigures;
}

export interface SegmentationFigures {
  method: string;
  /** By their published names. */
  parameters: Record<string, number | boolean>;
  zones: ({ id: string; name: string; role: string } & AreaAgreement)[];
  /** By role, overlaps counted once. */
  totals: ({ role: string } & AreaAgreement)[];
}
