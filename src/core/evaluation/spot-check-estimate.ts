/**
 * What a random audit says of the comments that nobody looked at.
 *
 * Each of them is drawn with a known chance p, whatever the filter thinks of it, and read by a human. Weighing each
 * drawn one by 1/p estimates totals without bias (Horvitz and Thompson, "A generalization of sampling without
 * replacement from a finite universe", 1952), also when the site changed p meanwhile.
 */
import { type Interval, wilsonInterval } from './evaluation.ts';

/** Sums over the drawn comments of one kind (published, or marked spam); `w` is 1/p of each. */
export interface AuditSums {
  /** Drawn and not yet read. */
  readonly waiting: number;
  readonly judged: number;
  /** Of the judged: where the human said otherwise than the service. */
  readonly wrong: number;
  /** Σw, Σw², and Σw over the wrong ones, all over the judged. */
  readonly weight: number;
  readonly squaredWeight: number;
  readonly wrongWeight: number;
}

export interface AuditEstimate {
  /** Share of wrong ones among the unseen, in [0, 1]; null before any is judged. */
  readonly wrongShare: number | null;
  /** 95 %: Wilson's interval at the effective sample size (Σw)²/Σw² (Kish 1965). */
  readonly interval: Interval;
  /** How many of the unseen are wrong, and how many are not. */
  readonly wrongTotal: number;
  readonly rightTotal: number;
}

/**
 * Estimates one kind. Those that wait are taken to be like those that were judged.
 *
 * @example
 * estimateAudit({ waiting: 0, judged: 10, wrong: 1, weight: 100, squaredWeight: 1000, wrongWeight: 10 }).wrongTotal // 10
 */
export function estimateAudit(sums: AuditSums): AuditEstimate {
  const { waiting, judged, weight, squaredWeight, wrongWeight } = sums;
  if (judged === 0) return { wrongShare: null, interval: [0, 1], wrongTotal: 0, rightTotal: 0 };
  const wrongShare = wrongWeight / weight;
  const effective = (weight * weight) / squaredWeight;
  const scale = (judged + waiting) / judged;
  return {
    wrongShare,
    interval: wilsonInterval(wrongShare * effective, effective),
    wrongTotal: wrongWeight * scale,
    rightTotal: (weight - wrongWeight) * scale,
  };
}

/** Errors among all of a class, those that humans saw included, in [0, 1]. */
export interface ErrorRates {
  /** Good comments marked spam unseen, among all good ones; null when there is nothing to tell it from. */
  readonly hamBlocked: number | null;
  /** Spam published unseen, among all spam. */
  readonly spamMissed: number | null;
}

/** What the filter did to good comments and to spam; `decided` are the held ones, by their human label. */
export function estimateErrorRates(
  published: AuditEstimate,
  markedSpam: AuditEstimate,
  decided: { readonly ham: number; readonly spam: number },
): ErrorRates {
  const ham = markedSpam.wrongTotal + published.rightTotal + decided.ham;
  const spam = published.wrongTotal + markedSpam.rightTotal + decided.spam;
  return {
    hamBlocked: ham === 0 ? null : markedSpam.wrongTotal / ham,
    spamMissed: spam === 0 ? null : published.wrongTotal / spam,
  };
}
