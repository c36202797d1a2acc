/** Declares what a site is told of a comment that was checked. */
import type { Disposition, Status, Verdict } from '../../core/comment.ts';

/** What the site is told. */
export interface CheckResult {
  readonly id: string;
  readonly status: Status;
  readonly verdict: Verdict;
  readonly disposition: Disposition;
  /** null when scoring failed and the comment is held for that. */
  readonly spam_probability: number | null;
  /** The rules that fired, in the order of the policy; empty when the comment is published. */
  readonly reasons: readonly string[];
  readonly model_version: string;
}
