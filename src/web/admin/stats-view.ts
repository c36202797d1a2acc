/** Declares the counts of a site as the service answers them. */

export interface PromiseView {
  readonly max_ham_blocked: number;
  readonly confidence: number;
  readonly proven: boolean;
  readonly held_back_ham: number;
  readonly needed: number;
  readonly missing: number;
  readonly ham_labels_missing: number;
}

export interface Stats {
  readonly comments: Readonly<Record<string, number>>;
  readonly queue: { readonly waiting: number; readonly oldest_at: string | null };
  readonly samples: { readonly ham: number; readonly spam: number };
  readonly audit: {
    readonly ham_blocked: number | null;
    readonly spam_missed: number | null;
    readonly published: { readonly judged: number };
    readonly marked_spam: { readonly judged: number };
  };
  readonly agreement: { readonly units: number; readonly alpha: number | null };
  readonly filter: { readonly model_version: string; readonly promise: PromiseView };
}
