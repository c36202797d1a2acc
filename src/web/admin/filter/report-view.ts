/** Declares the report on a model as the service answers it. */

export type Metric = 'accuracy' | 'precision' | 'recall' | 'mcc' | 'auc' | 'brier' | 'ece' | 'hamBlocked';
export interface Figures {
  readonly metrics: Readonly<Record<Metric, number | null>>;
  readonly intervals: Readonly<Record<Metric, readonly [number, number] | null>>;
}
export interface Comparison {
  readonly ham: number;
  readonly spam: number;
  readonly p: number;
  readonly active: Figures;
  readonly candidate: Figures;
  readonly since?: string;
}
export interface Finding {
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
}
export type Rows = readonly Readonly<Record<string, number | null>>[];
export interface ReportView {
  readonly active: string;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly by_campaign: Comparison | null;
  readonly by_time: Comparison | null;
  readonly gate: {
    readonly passed: boolean;
    readonly findings: readonly Finding[];
    /** What could not be looked at, where the gate tells. */
    readonly warnings?: readonly Finding[];
  };
  readonly flips: { readonly decided: number; readonly waiting: number };
  readonly plots: Readonly<Record<'histogram' | 'thresholds' | 'calibration' | 'learning_curve', Rows>>;
}
