/** What the moderation page reads of the API. */

export interface QueueItem {
  readonly id: string;
  readonly version: number;
  readonly comment: {
    readonly post: string;
    readonly post_url: string | null;
    readonly post_title: string | null;
    readonly parent: { readonly author_name: string; readonly content: string } | null;
    readonly author_name: string;
    readonly author_url: string | null;
    readonly content: string;
    readonly links: readonly { readonly text: string; readonly url: string; readonly host: string }[];
    readonly received_at: string;
    readonly status: string;
  };
  readonly author_history: {
    readonly approved: number;
    readonly rejected: number;
    readonly spam: number;
    readonly held: number;
    readonly first_seen: string | null;
  };
  readonly spam_probability: number | null;
  readonly thresholds: { readonly ham: number; readonly spam: number };
  readonly reasons: readonly { readonly rule: string; readonly detail: string }[];
  readonly evidence: readonly { readonly feature: string; readonly log_odds: number }[];
  readonly highlights: readonly Highlight[];
  readonly summary: readonly Sign[];
  readonly near_duplicates: { readonly campaign: string | null; readonly count: number };
  readonly escalated: boolean;
  readonly audit: boolean;
  /** The decision that stands, such as an escalation. */
  readonly decided: {
    readonly decision: string;
    readonly reason: string | null;
    readonly note: string | null;
    readonly by: string;
    readonly at: string;
  } | null;
  readonly claim: { readonly by: string; readonly mine: boolean } | null;
  readonly notes: readonly Note[];
}

/** A comment near the one in focus. */
export interface Nearby {
  readonly id: string;
  readonly post: string;
  readonly author_name: string;
  readonly content: string;
  readonly status: string;
  readonly at: string;
}

/** What is known around a comment. */
export interface Context {
  readonly id: string;
  readonly thread: {
    readonly ancestors: readonly Nearby[];
    readonly siblings: readonly Nearby[];
    readonly replies: readonly Nearby[];
  };
  readonly article: {
    readonly post: string;
    readonly title: string | null;
    readonly url: string | null;
    readonly closed: boolean;
    readonly premoderated: boolean;
    readonly approved_today: number;
    readonly waiting: number;
  };
  readonly author: {
    readonly newest: readonly Nearby[];
    readonly standing: {
      readonly disposition: string;
      readonly until: string | null;
      readonly reason: string | null;
    } | null;
  };
  readonly similar: {
    readonly campaign: string | null;
    readonly comments: number;
    readonly authors: number;
    readonly samples: readonly Nearby[];
    readonly hosts: readonly string[];
  };
  readonly timeline: readonly {
    readonly at: string;
    readonly kind: string;
    readonly by: string | null;
    readonly detail: string | null;
  }[];
}

export interface Note {
  readonly id: string;
  readonly by: string;
  readonly text: string;
}

/** What moved the score, to be said in a sentence. */
interface Sign {
  readonly code: string;
  readonly toward: 'spam' | 'ham';
  readonly count: number | null;
  readonly words: string | null;
}

export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly log_odds: number;
  readonly feature: string;
}

/** The members of a campaign are counted, and decided on at once, up to so many. */
export const MOST_ALIKE = 1000;

export interface QueuePage {
  readonly items: readonly QueueItem[];
  readonly next_cursor?: string | null;
  /** How many the whole list has; second reviews are not counted. */
  readonly total?: number;
}

/** Who has comments before them, and how many. */
export interface Holder {
  readonly name: string;
  readonly count: number;
}

export interface Counts {
  readonly waiting: number;
  readonly escalated: number;
  readonly audit: number;
  readonly second_looks: number;
}

export type DecisionKind = 'approve' | 'spam' | 'reject' | 'escalate';

export interface Decision {
  readonly decision: DecisionKind;
  readonly reason?: string;
  readonly note?: string;
}

/** A decision on one comment, on several, or on all that are alike. */
export interface Outgoing {
  readonly path: string;
  readonly body: Decision & {
    readonly version?: number;
    readonly items?: readonly { readonly id: string; readonly version?: number }[];
    readonly campaign?: string;
    /** A comment of the author whose comments are all decided on. */
    readonly author?: string;
  };
  readonly items: readonly QueueItem[];
  /** A further step on a campaign: a decision of the first step, and how many were decided so far. */
  readonly after?: { readonly decision: string; readonly count: number };
}

export interface OutgoingNote {
  readonly path: string;
  readonly body: { readonly text: string };
  /** The comment that it is on. */
  readonly noteOn: string;
}

/** What is kept until the service has it. */
export type Kept = Outgoing | OutgoingNote;

/** Narrows a folder; each is a parameter of GET /v1/queue. */
export interface Filter {
  readonly reason?: string;
  readonly post?: string;
  readonly author?: string;
  readonly campaign?: string;
  readonly q?: string;
  readonly language?: string;
  readonly status?: string;
}
