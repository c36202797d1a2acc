/** Declares what an extraction returns and how a part of it hands over a feature. */

/** The distinct features of one comment, in the order of the text: parallel arrays, valid up to `length`. */
export interface FeatureList {
  readonly groups: Uint8Array;
  readonly buckets: Int32Array;
  /** Where in the normalised text (of the content, or of the author's name or address) it stands. */
  readonly starts: Int32Array;
  /** Behind its last unit; for a feature that is measured, not read, the bin. */
  readonly ends: Int32Array;
  /** Which part of a link, what measure of the shape; see feature-names.ts. */
  readonly kinds: Uint8Array;
  length: number;
  /** Whether the comment has anything to sell by; see payload.ts. */
  hasPayload: boolean;
}

/** A feature is handed over as its group, its hash, its place, and its kind within the group. */
export type AddFeature = (group: number, hash: number, start: number, end: number, kind: number) => void;
