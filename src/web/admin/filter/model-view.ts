/** Declares a version of the filter as the service answers it. */
import type { PromiseView } from '../stats-view.ts';

export interface ModelView {
  readonly version: string;
  readonly state: string;
  readonly created_at: string | null;
  readonly activated_at: string | null;
  readonly metrics: {
    readonly samples?: number;
    readonly mcc?: number | null;
    readonly auc?: number | null;
    readonly ece?: number | null;
    readonly hamBlocked?: number | null;
  };
  readonly promise: PromiseView;
  readonly report: {
    readonly gate?: { readonly passed: boolean; readonly findings: readonly { readonly detail: string }[] };
  };
}
