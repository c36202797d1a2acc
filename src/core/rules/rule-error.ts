/** A rule that cannot be used. The message says what is wrong with it, and in which line where it has several. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}
