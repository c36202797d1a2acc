/** Declares a normalised text: what normalising fills, and the tokeniser and the undoing of disguises read. */
/** A text ready to be cut into tokens: parallel arrays of UTF-16 units, valid up to `length`. */
export interface NormalisedText {
  readonly units: Uint16Array;
  /** `CLASS` of each unit. */
  readonly classes: Uint8Array;
  /** 1 where the original letter was a capital. */
  readonly capitals: Uint8Array;
  /** Offset in the original of the first UTF-16 unit this unit came from. */
  readonly origins: Int32Array;
  length: number;
  /** Characters that cannot be seen: zero-width, bidi controls, stacked marks. */
  invisible: number;
  /** Letters that came in a styled form: circled, mathematical, small capitals. */
  styled: number;
  /** Tags that hide what they hold. */
  hidden: number;
  /** Words that were spelled to hide: letters apart, an address in words, a reversed run. */
  disguised: number;
  /** Where a run in reversed order begins that has not ended; -1: none. */
  reversedFrom: number;
}
