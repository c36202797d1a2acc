/** Declares a rule as the service answers it. */

export interface RuleView {
  readonly id: string;
  readonly kind: string;
  readonly pattern: string;
  readonly entries: number;
  readonly options: {
    readonly match?: string;
    readonly except?: readonly string[];
    readonly fields?: readonly string[];
    readonly case_sensitive?: boolean;
  };
  readonly disposition: string;
  readonly note: string | null;
  readonly enabled: boolean;
  readonly expires_at: string | null;
}
