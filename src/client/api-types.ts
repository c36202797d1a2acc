// Written by `npm run generate:client` from /openapi.json: change the routes, not this file.

/** The stable codes of problem documents. */
export type ProblemCode =
  | 'bad_request'
  | 'body_incomplete'
  | 'bad_json'
  | 'bad_form'
  | 'bad_utf8'
  | 'idempotency_key_invalid'
  | 'key_in_query'
  | 'wrong_password'
  | 'invitation_over'
  | 'too_many_failures'
  | 'cross_site'
  | 'insecure'
  | 'unauthenticated'
  | 'forbidden'
  | 'origin_not_allowed'
  | 'post_closed'
  | 'proof_of_work_required'
  | 'not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'already_decided'
  | 'conflict'
  | 'duplicate'
  | 'gate_unmet'
  | 'model_not_usable'
  | 'not_undoable'
  | 'training_running'
  | 'version_conflict'
  | 'body_too_large'
  | 'unsupported_encoding'
  | 'unsupported_media_type'
  | 'idempotency_key_reused'
  | 'invalid'
  | 'invalid_value'
  | 'address_refused'
  | 'parent_not_found'
  | 'reason_required'
  | 'site_required'
  | 'flood'
  | 'headers_too_large'
  | 'rate_limited'
  | 'internal'
  | 'too_many_listeners'
  | 'unavailable';

/** What each route takes and gives. */
export interface Api {
  /** Submit a comment */
  'POST /v1/comments': {
    in: { body: Submission };
    out: CheckResult | ReceivedComment;
  };
  /** List the approved comments of a post */
  'GET /v1/comments': {
    in: { query: { post: string; order?: 'oldest' | 'newest'; cursor?: string; limit?: number } };
    out: { items: PublicComment[]; removed: RemovedComment[]; next_cursor: string | null };
  };
  /** Submit many comments */
  'POST /v1/comments/batch': {
    in: { body: Batch };
    out: { results: (CheckResult | ({ code: string } & Record<string, unknown>))[] };
  };
  /** Count the approved comments of many posts */
  'GET /v1/comments/counts': {
    in: { query: { post: readonly string[] } };
    out: { items: { post: string; comments: number }[] };
  };
  /** List the newest approved comments of a site */
  'GET /v1/comments/recent': {
    in: { query?: { cursor?: string; limit?: number } };
    out: { items: RecentComment[]; next_cursor: string | null };
  };
  /** Show a comment */
  'GET /v1/comments/{id}': {
    in: { path: { id: string } };
    out: ModeratorComment | PublicComment;
  };
  /** Edit a comment */
  'PATCH /v1/comments/{id}': {
    in: { path: { id: string }; body: { content: string } };
    out: ModeratorComment;
  };
  /** Delete a comment permanently */
  'DELETE /v1/comments/{id}': {
    in: { path: { id: string }; query?: { branch?: 'true' | 'false' } };
    out: undefined;
  };
  /** Explain a verdict */
  'GET /v1/comments/{id}/explanation': {
    in: { path: { id: string } };
    out: Explanation;
  };
  /** Ask for a challenge */
  'POST /v1/challenges': {
    in: Record<string, never>;
    out: Challenge;
  };
  /** List what waits for a human */
  'GET /v1/queue': {
    in: {
      query?: {
        order?: 'risk' | 'oldest' | 'informative';
        reason?: string;
        post?: string;
        author?: string;
        q?: string;
        language?: string;
        campaign?: string;
        escalated?: 'true' | 'false';
        audit?: 'true' | 'false';
        available?: 'true' | 'false';
        folder?: 'hold' | 'approved' | 'spam' | 'trash' | 'all';
        cursor?: string;
        limit?: number;
      };
    };
    out: QueuePage;
  };
  /** Claim items that no one else has claimed */
  'POST /v1/queue/claims': {
    in: { body: { ids?: string[]; limit?: number; seconds?: number; context?: boolean } };
    out: { items: QueueItem[]; contexts?: QueueContext[] };
  };
  /** List the claims */
  'GET /v1/queue/claims': {
    in: Record<string, never>;
    out: { items: Claim[] };
  };
  /** Release claimed items */
  'DELETE /v1/queue/claims': {
    in: { body: { ids: string[] } };
    out: { released: number };
  };
  /** Decide on a comment */
  'POST /v1/comments/{id}/decisions': {
    in: {
      path: { id: string };
      body: {
        decision: 'approve' | 'spam' | 'reject' | 'escalate';
        reason?: string;
        note?: string;
        version?: number;
      };
    };
    out: DecisionResult;
  };
  /** Decide on many comments */
  'POST /v1/decisions': {
    in: {
      body: {
        decision: 'approve' | 'spam' | 'reject' | 'escalate';
        reason?: string;
        note?: string;
        ids?: string[];
        items?: { id: string; version?: number }[];
        campaign?: string;
        author?: string;
        branch?: string;
      };
    };
    out: { results: (DecisionResult | ({ id: string; code: string } & Record<string, unknown>))[] };
  };
  /** List your own decisions */
  'GET /v1/decisions': {
    in: { query?: { undoable?: 'true'; limit?: number } };
    out: { items: OwnDecision[] };
  };
  /** Undo a decision */
  'POST /v1/decisions/{id}/undo': {
    in: { path: { id: string } };
    out: DecisionResult;
  };
  /** Count comments by status and verdict */
  'GET /v1/stats': {
    in: Record<string, never>;
    out: {
      comments: Record<string, number>;
      queue: { waiting: number; oldest_at: string | null };
      samples: { ham: number; spam: number };
      audit: AuditEstimate;
      agreement: Agreement;
      filter: {
        model_version: string;
        bounded: boolean;
        max_ham_blocked: number;
        confidence: number;
        promise: Promise;
      };
    };
  };
  /** Count day by day */
  'GET /v1/stats/days': {
    in: { query?: { days?: number; format?: 'json' | 'csv' } };
    out: { days: Day[] };
  };
  /** Add labelled comments */
  'POST /v1/samples': {
    in: { body: string };
    out: {
      lines: number;
      added: number;
      known: number;
      refused: number;
      errors: { line: number; code: string; detail: string; pointer: string }[];
    };
  };
  /** Correct the label of a sample */
  'PATCH /v1/samples/{id}': {
    in: { path: { id: string }; body: { label: 'ham' | 'spam' } };
    out: Sample;
  };
  /** Delete a sample */
  'DELETE /v1/samples/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** List the labels that all the others speak against */
  'GET /v1/samples/suspicious': {
    in: { query?: { limit?: number } };
    out: { items: SuspiciousLabel[]; samples: number; disagreeing: number };
  };
  /** Train a candidate */
  'POST /v1/models': {
    in: { body: { site?: string } };
    out: QueuedWork;
  };
  /** List the versions of the filter */
  'GET /v1/models': {
    in: Record<string, never>;
    out: { items: Model[] };
  };
  /** Show a version with its metrics */
  'GET /v1/models/{version}': {
    in: { path: { version: string } };
    out: Model;
  };
  /** Make a version the active filter */
  'POST /v1/models/{version}/activate': {
    in: { path: { version: string }; body: { force?: boolean } };
    out: Model;
  };
  /** List the newest jobs */
  'GET /v1/jobs': {
    in: Record<string, never>;
    out: { items: Job[] };
  };
  /** Show how far a job is */
  'GET /v1/jobs/{id}': {
    in: { path: { id: string } };
    out: Job;
  };
  /** Cancel a job */
  'DELETE /v1/jobs/{id}': {
    in: { path: { id: string } };
    out: Job;
  };
  /** Download a version */
  'GET /v1/models/{version}/file': {
    in: { path: { version: string } };
    out: string;
  };
  /** Show what a candidate would change */
  'GET /v1/models/{version}/report': {
    in: { path: { version: string } };
    out: ModelReport;
  };
  /** Compare a version again */
  'POST /v1/models/{version}/report': {
    in: { path: { version: string } };
    out: ModelReport;
  };
  /** List the comments whose verdict would change */
  'GET /v1/models/{version}/flips': {
    in: { path: { version: string }; query?: { of?: 'decided' | 'waiting'; after?: string; limit?: number } };
    out: { items: Flip[]; next_after: number | null };
  };
  /** Show what a plot is drawn from */
  'GET /v1/models/{version}/plots/{name}': {
    in: { path: { version: string; name: string }; query?: { format?: 'json' | 'csv' } };
    out: { rows: Record<string, number | null>[] };
  };
  /** Make a version with other thresholds */
  'POST /v1/models/{version}/thresholds': {
    in: {
      path: { version: string };
      body: { ham: number; spam: number; payload?: { ham: number; spam: number } };
    };
    out: Model;
  };
  /** Export the labelled comments */
  'GET /v1/samples/export': {
    in: { query?: { format?: 'jsonl' | 'csv' } };
    out: string;
  };
  /** Put a model into the shadow */
  'POST /v1/models/{version}/shadow': {
    in: { path: { version: string } };
    out: Shadow;
  };
  /** Take a model out of the shadow */
  'DELETE /v1/models/{version}/shadow': {
    in: { path: { version: string } };
    out: Shadow;
  };
  /** Show how a model does in the shadow, and where it differs */
  'GET /v1/models/{version}/shadow': {
    in: {
      path: { version: string };
      query?: {
        active?: 'ham' | 'unsure' | 'spam';
        shadow?: 'ham' | 'unsure' | 'spam';
        labelled?: 'true' | 'false';
        cursor?: string;
        limit?: number;
      };
    };
    out: Shadow;
  };
  /** Replay a span of time through a model and rules */
  'POST /v1/replays': {
    in: {
      body: {
        from: string;
        to?: string;
        model?: string;
        settings?: {
          require_name?: boolean;
          require_email?: boolean;
          premoderate?: boolean;
          hold_first_time_authors?: boolean;
          hold_trackbacks?: boolean;
          hold_advertising_names?: boolean;
          max_links?: number;
          flood_seconds?: number;
          minimum_seconds?: number;
          recent_rejections?: number;
          max_ham_blocked?: number;
          confidence?: number;
          discard_from?: number;
          audit_share?: number;
          second_look_share?: number;
          votes_per_day?: number;
          close_after_days?: number | null;
          feed?: boolean;
          reject_reasons?: string[];
          proof_of_work?: 'never' | 'attack' | 'always';
          delete_spam_after_days?: number | null;
          forget_visitors_after_days?: number | null;
          overdue_minutes?: number | null;
          akismet_unsure?: 'spam' | 'ham' | 'recheck';
          akismet_recheck_seconds?: number;
          akismet_allow_empty_ip?: boolean;
          banned_words?: string[];
          suspect_words?: string[];
        };
        rules?: 'current' | 'none' | NewRule[];
        examples?: number;
      };
    };
    out: QueuedWork;
  };
  /** List the rules of a site */
  'GET /v1/rules': {
    in: Record<string, never>;
    out: { items: Rule[] };
  };
  /** Save a rule */
  'POST /v1/rules': {
    in: { body: NewRule };
    out: Rule;
  };
  /** Show a rule with its whole pattern */
  'GET /v1/rules/{id}': {
    in: { path: { id: string } };
    out: Rule;
  };
  /** Change a rule, or switch it off */
  'PATCH /v1/rules/{id}': {
    in: {
      path: { id: string };
      body: {
        pattern?: string;
        options?: {
          match?: 'word' | 'substring';
          fields?: ('content' | 'author_name' | 'author_url')[];
          case_sensitive?: boolean;
          except?: string[];
        };
        enabled?: boolean;
        disposition?: 'hold' | 'spam' | 'discard';
        note?: string | null;
        expires_at?: string | null;
      };
    };
    out: Rule;
  };
  /** Remove a rule */
  'DELETE /v1/rules/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Try a rule on the newest 10,000 comments */
  'POST /v1/rules/dry-run': {
    in: { body: NewRule };
    out: RuleDryRun;
  };
  /** Announce a file to import */
  'POST /v1/imports': {
    in: {
      body: {
        format:
          | 'wxr'
          | 'disqus'
          | 'isso'
          | 'remark42'
          | 'commento'
          | 'comentario'
          | 'cusdis'
          | 'waline'
          | 'artalk'
          | 'giscus'
          | 'comments'
          | 'jsonl'
          | 'csv'
          | 'natural';
        name?: string;
        labels?: boolean;
      };
    };
    out: Import;
  };
  /** List the newest imports */
  'GET /v1/imports': {
    in: Record<string, never>;
    out: { items: Import[] };
  };
  /** Send a part of the file */
  'PUT /v1/imports/{id}/parts/{part}': {
    in: { path: { id: string; part: string }; body: string };
    out: undefined;
  };
  /** Start an import */
  'POST /v1/imports/{id}/start': {
    in: { path: { id: string } };
    out: { job: string };
  };
  /** Withdraw an import */
  'DELETE /v1/imports/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Show an import with its parts and its refused records */
  'GET /v1/imports/{id}': {
    in: { path: { id: string } };
    out: ImportDetails;
  };
  /** Show the first records of a file */
  'POST /v1/imports/preview': {
    in: {
      query: {
        format:
          | 'wxr'
          | 'disqus'
          | 'isso'
          | 'remark42'
          | 'commento'
          | 'comentario'
          | 'cusdis'
          | 'waline'
          | 'artalk'
          | 'giscus'
          | 'comments'
          | 'jsonl'
          | 'csv'
          | 'natural';
      };
      body: string;
    };
    out: ImportPreview;
  };
  /** Read the audit log */
  'GET /v1/audit': {
    in: { query?: { order?: 'oldest' | 'newest'; after?: string; limit?: number } };
    out: { items: AuditEntry[] };
  };
  /** Verify the audit log */
  'GET /v1/audit/verification': {
    in: Record<string, never>;
    out: { entries: number; head: string; broken: { seq: string; why: string } | null };
  };
  /** Export a whole site */
  'GET /v1/sites/{id}/export': {
    in: { path: { id: string } };
    out: string;
  };
  /** Announce the restore of a site */
  'POST /v1/restores': {
    in: {
      body: {
        id: string;
        slug: string;
        name: string;
        url?: string | null;
        created_at: string;
        pseudonym_keys: Record<string, string>;
        without_keys?: boolean;
      };
    };
    out: Import;
  };
  /** Create a site */
  'POST /v1/sites': {
    in: {
      body: {
        slug: string;
        name: string;
        url?: string;
        settings?: {
          require_name?: boolean;
          require_email?: boolean;
          premoderate?: boolean;
          hold_first_time_authors?: boolean;
          hold_trackbacks?: boolean;
          hold_advertising_names?: boolean;
          max_links?: number;
          flood_seconds?: number;
          minimum_seconds?: number;
          recent_rejections?: number;
          max_ham_blocked?: number;
          confidence?: number;
          discard_from?: number;
          audit_share?: number;
          second_look_share?: number;
          votes_per_day?: number;
          close_after_days?: number | null;
          feed?: boolean;
          reject_reasons?: string[];
          proof_of_work?: 'never' | 'attack' | 'always';
          delete_spam_after_days?: number | null;
          forget_visitors_after_days?: number | null;
          overdue_minutes?: number | null;
          akismet_unsure?: 'spam' | 'ham' | 'recheck';
          akismet_recheck_seconds?: number;
          akismet_allow_empty_ip?: boolean;
          banned_words?: string[];
          suspect_words?: string[];
        };
      };
    };
    out: Site;
  };
  /** List the sites the key is good for */
  'GET /v1/sites': {
    in: Record<string, never>;
    out: { items: Site[] };
  };
  /** Show a site with its settings */
  'GET /v1/sites/{id}': {
    in: { path: { id: string } };
    out: Site;
  };
  /** Change a site */
  'PATCH /v1/sites/{id}': {
    in: {
      path: { id: string };
      body: {
        name?: string;
        url?: string | null;
        settings?: {
          require_name?: boolean;
          require_email?: boolean;
          premoderate?: boolean;
          hold_first_time_authors?: boolean;
          hold_trackbacks?: boolean;
          hold_advertising_names?: boolean;
          max_links?: number;
          flood_seconds?: number;
          minimum_seconds?: number;
          recent_rejections?: number;
          max_ham_blocked?: number;
          confidence?: number;
          discard_from?: number;
          audit_share?: number;
          second_look_share?: number;
          votes_per_day?: number;
          close_after_days?: number | null;
          feed?: boolean;
          reject_reasons?: string[];
          proof_of_work?: 'never' | 'attack' | 'always';
          delete_spam_after_days?: number | null;
          forget_visitors_after_days?: number | null;
          overdue_minutes?: number | null;
          akismet_unsure?: 'spam' | 'ham' | 'recheck';
          akismet_recheck_seconds?: number;
          akismet_allow_empty_ip?: boolean;
          banned_words?: string[];
          suspect_words?: string[];
        };
      };
    };
    out: Site;
  };
  /** Delete a site with everything in it */
  'DELETE /v1/sites/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Create a key */
  'POST /v1/keys': {
    in: {
      body: {
        site?: string;
        scopes: ('submit' | 'read' | 'moderate' | 'train' | 'people' | 'akismet' | 'admin')[];
        name?: string;
        expires_at?: string;
        allowed_origins?: string[];
        rate_limit?: number | null;
      };
    };
    out: NewKey;
  };
  /** List the keys, without their secrets */
  'GET /v1/keys': {
    in: Record<string, never>;
    out: { items: Key[] };
  };
  /** Show a key, without its secret */
  'GET /v1/keys/{id}': {
    in: { path: { id: string } };
    out: Key;
  };
  /** Revoke a key */
  'DELETE /v1/keys/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Show a post */
  'GET /v1/posts/{post}': {
    in: { path: { post: string } };
    out: Post;
  };
  /** Close, open, premoderate, rename or merge a post */
  'PATCH /v1/posts/{post}': {
    in: {
      path: { post: string };
      body: { closed?: boolean; premoderated?: boolean; id?: string; merge_into?: string; hidden?: false };
    };
    out: Post;
  };
  /** Invite a person */
  'POST /v1/users': {
    in: {
      body: { name: string; email: string; role?: 'moderator' | 'senior' | 'admin'; all_sites?: boolean };
    };
    out: Person & { invitation: Invitation };
  };
  /** List the people */
  'GET /v1/users': {
    in: Record<string, never>;
    out: { items: Person[] };
  };
  /** Change a person */
  'PATCH /v1/users/{id}': {
    in: {
      path: { id: string };
      body: { name?: string; role?: 'moderator' | 'senior' | 'admin'; disabled?: boolean };
    };
    out: Person;
  };
  /** Invite a person again */
  'POST /v1/users/{id}/invitations': {
    in: { path: { id: string } };
    out: Invitation;
  };
  /** Sign in */
  'POST /v1/session': {
    in: { body: { email: string; password: string; site?: string } };
    out: Person;
  };
  /** Show who is signed in */
  'GET /v1/session': {
    in: Record<string, never>;
    out: Session;
  };
  /** Sign out */
  'DELETE /v1/session': {
    in: { query?: { everywhere?: 'true' | 'false' } };
    out: undefined;
  };
  /** Take an invitation */
  'POST /v1/session/invitation': {
    in: { body: { token: string; password: string } };
    out: Person;
  };
  /** Write a note on a comment */
  'POST /v1/comments/{id}/notes': {
    in: { path: { id: string }; body: { text: string } };
    out: Note;
  };
  /** Count your own decisions */
  'GET /v1/decisions/statistics': {
    in: { query?: { since?: string } };
    out: OwnStatistics;
  };
  /** List decisions that wait for a second review */
  'GET /v1/second-looks': {
    in: { query?: { given?: 'true'; limit?: number } };
    out: { items: QueueItem[] };
  };
  /** Give a second review */
  'POST /v1/second-looks/{id}': {
    in: { path: { id: string }; body: { decision: 'approve' | 'spam' | 'reject'; reason?: string } };
    out: undefined;
  };
  /** Withdraw a second review */
  'DELETE /v1/second-looks/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Listen to the queue */
  'GET /v1/events': {
    in: Record<string, never>;
    out: string;
  };
  /** Count what waits */
  'GET /v1/queue/counts': {
    in: Record<string, never>;
    out: QueueCounts;
  };
  /** Show a comment as an item of the queue */
  'GET /v1/queue/{id}': {
    in: { path: { id: string } };
    out: QueueItem;
  };
  /** Show what is known around a comment */
  'GET /v1/queue/{id}/context': {
    in: { path: { id: string } };
    out: QueueContext;
  };
  /** Decide what becomes of the next comments of an author */
  'PUT /v1/queue/{id}/author': {
    in: {
      path: { id: string };
      body: {
        standing: 'none' | 'trust' | 'hold' | 'mute' | 'ban';
        until?: string | null;
        reason?: string | null;
      };
    };
    out: QueueContext;
  };
  /** Export what is kept of a person */
  'POST /v1/privacy/exports': {
    in: { body: { email: string } };
    out: { comments: ExportedComment[] };
  };
  /** Erase a person */
  'POST /v1/privacy/erasures': {
    in: { body: { email: string } };
    out: { comments: number; samples: number; mentions: number };
  };
  /** List the webhooks of a site */
  'GET /v1/webhooks': {
    in: Record<string, never>;
    out: { items: Webhook[] };
  };
  /** Create a webhook */
  'POST /v1/webhooks': {
    in: {
      body: {
        url: string;
        events: (
          | 'comment.received'
          | 'comment.held'
          | 'comment.approved'
          | 'comment.rejected'
          | 'comment.verdict_changed'
          | 'model.activated'
          | 'queue.overdue'
        )[];
        description?: string;
      };
    };
    out: WebhookWithSecret;
  };
  /** Show a webhook */
  'GET /v1/webhooks/{id}': {
    in: { path: { id: string } };
    out: Webhook;
  };
  /** Change a webhook */
  'PATCH /v1/webhooks/{id}': {
    in: {
      path: { id: string };
      body: {
        url?: string;
        events?: (
          | 'comment.received'
          | 'comment.held'
          | 'comment.approved'
          | 'comment.rejected'
          | 'comment.verdict_changed'
          | 'model.activated'
          | 'queue.overdue'
        )[];
        description?: string;
        enabled?: boolean;
      };
    };
    out: Webhook;
  };
  /** Delete a webhook with its messages */
  'DELETE /v1/webhooks/{id}': {
    in: { path: { id: string } };
    out: undefined;
  };
  /** Give a webhook a new secret */
  'POST /v1/webhooks/{id}/rotate': {
    in: { path: { id: string }; body: { overlap_hours?: number } };
    out: WebhookWithSecret;
  };
  /** Send a test message */
  'POST /v1/webhooks/{id}/test': {
    in: { path: { id: string } };
    out: WebhookAttempt;
  };
  /** List the messages to a webhook */
  'GET /v1/webhooks/{id}/deliveries': {
    in: {
      path: { id: string };
      query?: { state?: 'waiting' | 'delivered' | 'dead'; cursor?: string; limit?: number };
    };
    out: {
      items: (WebhookDelivery & { last_status: number | null; last_failure: string | null })[];
      next_cursor: string | null;
    };
  };
  /** Show a message to a webhook with its attempts */
  'GET /v1/webhooks/{id}/deliveries/{delivery}': {
    in: { path: { id: string; delivery: string } };
    out: WebhookDelivery & { log: (WebhookAttempt & { at: string })[] };
  };
  /** Send a message again */
  'POST /v1/webhooks/{id}/deliveries/{delivery}/replay': {
    in: { path: { id: string; delivery: string } };
    out: { count: number };
  };
  /** Send all dead messages again */
  'POST /v1/webhooks/{id}/replay': {
    in: { path: { id: string } };
    out: { count: number };
  };
  /** Connect a Coral */
  'PUT /v1/coral': {
    in: { body: { signing_secrets: string[] } };
    out: { callback_url: string };
  };
  /** Disconnect the Coral */
  'DELETE /v1/coral': {
    in: Record<string, never>;
    out: undefined;
  };
  /** Read the newest comments as a feed */
  'GET /feeds/{site}/comments.atom': {
    in: { path: { site: string } };
    out: string;
  };
  /** Check liveness */
  'GET /livez': {
    in: Record<string, never>;
    out: { status: 'alive' };
  };
  /** Check readiness */
  'GET /readyz': {
    in: Record<string, never>;
    out: Readiness;
  };
  /** Read the metrics */
  'GET /metrics': {
    in: Record<string, never>;
    out: string;
  };
  /** Read this document */
  'GET /openapi.json': {
    in: Record<string, never>;
    out: { openapi: '3.1.0'; paths: Record<string, unknown> } & Record<string, unknown>;
  };
  /** Read this document as a page */
  'GET /docs': {
    in: Record<string, never>;
    out: string;
  };
  /** Read what the problem codes mean */
  'GET /docs/problems': {
    in: Record<string, never>;
    out: string;
  };
}

export type CheckResult = {
  id: string;
  status: 'approved' | 'hold' | 'spam' | 'trash';
  verdict: 'ham' | 'unsure' | 'spam';
  disposition: 'publish' | 'hold' | 'spam' | 'discard';
  spam_probability: number | null;
  reasons: string[];
  model_version: string;
};

export type ReceivedComment = { id: string; status: 'approved' | 'hold' };

export type Problem = {
  type: string;
  title: string;
  status: number;
  code:
    | 'bad_request'
    | 'body_incomplete'
    | 'bad_json'
    | 'bad_form'
    | 'bad_utf8'
    | 'idempotency_key_invalid'
    | 'key_in_query'
    | 'wrong_password'
    | 'invitation_over'
    | 'too_many_failures'
    | 'cross_site'
    | 'insecure'
    | 'unauthenticated'
    | 'forbidden'
    | 'origin_not_allowed'
    | 'post_closed'
    | 'proof_of_work_required'
    | 'not_found'
    | 'method_not_allowed'
    | 'request_timeout'
    | 'already_decided'
    | 'conflict'
    | 'duplicate'
    | 'gate_unmet'
    | 'model_not_usable'
    | 'not_undoable'
    | 'training_running'
    | 'version_conflict'
    | 'body_too_large'
    | 'unsupported_encoding'
    | 'unsupported_media_type'
    | 'idempotency_key_reused'
    | 'invalid'
    | 'invalid_value'
    | 'address_refused'
    | 'parent_not_found'
    | 'reason_required'
    | 'site_required'
    | 'flood'
    | 'headers_too_large'
    | 'rate_limited'
    | 'internal'
    | 'too_many_listeners'
    | 'unavailable';
  detail: string;
  instance: string;
  errors?: { pointer: string; code: string; detail: string }[];
} & Record<string, unknown>;

export type Submission = {
  post: string;
  author_name: string;
  author_email: string;
  content: string;
  parent?: string;
  author_url?: string;
  author_ip?: string;
  author_user_agent?: string;
  referrer?: string;
  post_url?: string;
  post_title?: string;
  date_gmt?: string;
  honeypot?: string;
  elapsed_ms?: number;
  altcha?: string;
};

export type Batch = { comments: unknown[] };

export type PublicComment = {
  id: string;
  post: string;
  parent: string | null;
  author_name: string;
  author_url: string | null;
  content: string;
  date_gmt: string;
};

export type RemovedComment = { id: string; parent: string | null; date_gmt: string; held: boolean };

export type RecentComment = PublicComment & { post_url: string | null };

export type ModeratorComment = PublicComment & {
  comment_type: string | null;
  status: string;
  verdict: string;
  disposition: string;
  spam_probability: number | null;
  model_version: string;
  reasons: { rule: string; disposition: string; detail: string }[];
  label: string | null;
  version: number;
  received_at: string;
  updated_at: string;
  decisions: {
    id: string;
    decision: string;
    reason: string | null;
    note: string | null;
    by: string;
    at: string;
    undoes: string | null;
  }[];
};

export type Explanation = {
  id: string;
  model_version: string;
  verdict: string;
  disposition: string;
  prior: number;
  evidence: { feature: string; group: string; log_odds: number }[];
  log_odds: number;
  spam_probability: number;
  has_payload: boolean;
  thresholds: { ham: number; spam: number };
  rules: { rule: string; disposition: string; detail: string }[];
  summary: Sign[];
};

export type Sign = {
  code: string;
  toward: 'spam' | 'ham';
  count: number | null;
  words: string | null;
  text: string;
};

export type Challenge = {
  parameters: {
    algorithm: string;
    nonce: string;
    salt: string;
    cost: number;
    keyLength: number;
    keyPrefix: string;
    keySignature: string;
    data: { expires: number };
  };
  signature: string;
};

export type QueuePage = { items: QueueItem[]; next_cursor: string | null; total: number };

export type QueueItem = {
  id: string;
  version: number;
  comment: QueuedComment;
  author_history: {
    approved: number;
    rejected: number;
    spam: number;
    held: number;
    first_seen: string | null;
  };
  verdict: string;
  spam_probability: number | null;
  log_odds: number | null;
  thresholds: { ham: number; spam: number };
  model_version: string;
  reasons: { rule: string; disposition: string; detail: string }[];
  evidence: { feature: string; group: string; log_odds: number }[];
  highlights: { start: number; end: number; log_odds: number; feature: string }[];
  summary: Sign[];
  near_duplicates: { campaign: string | null; count: number };
  escalated: boolean;
  audit: boolean;
  claimed_until: string | null;
  claim: { by: string; mine: boolean; until: string } | null;
  decided: {
    decision_id: string;
    decision: string;
    reason: string | null;
    note: string | null;
    by: string;
    at: string;
  } | null;
  notes: Note[];
};

export type QueuedComment = {
  id: string;
  post: string;
  post_url: string | null;
  post_title: string | null;
  parent: { id: string; author_name: string; content: string } | null;
  author_name: string;
  author_url: string | null;
  content: string;
  links: { text: string; url: string; host: string }[];
  date_gmt: string;
  received_at: string;
  status: string;
};

export type Note = { id: string; by: string; at: string; text: string };

export type QueueContext = {
  id: string;
  thread: { ancestors: NearbyComment[]; siblings: NearbyComment[]; replies: NearbyComment[] };
  article: {
    post: string;
    title: string | null;
    url: string | null;
    closed: boolean;
    premoderated: boolean;
    approved_today: number;
    waiting: number;
  };
  author: {
    newest: NearbyComment[];
    standing: { disposition: string; until: string | null; reason: string | null } | null;
  };
  similar: {
    campaign: string | null;
    comments: number;
    authors: number;
    samples: NearbyComment[];
    hosts: string[];
  };
  timeline: { at: string; kind: string; by: string | null; detail: string | null }[];
};

export type NearbyComment = {
  id: string;
  post: string;
  author_name: string;
  content: string;
  status: string;
  at: string;
};

export type Claim = { id: string; by: string; mine: boolean; until: string };

export type DecisionResult = { id: string; decision_id: string; status: string; version: number };

export type AuditEstimate = {
  share: number;
  published: {
    waiting: number;
    judged: number;
    wrong: number;
    wrong_share: number | null;
    interval: number[];
  };
  marked_spam: {
    waiting: number;
    judged: number;
    wrong: number;
    wrong_share: number | null;
    interval: number[];
  };
  ham_blocked: number | null;
  spam_missed: number | null;
};

export type Agreement = {
  units: number;
  alpha: number | null;
  interval: [number, number] | null;
  waiting: number;
  by_reason: { units: number; alpha: number | null; interval: [number, number] | null; reason: string }[];
};

export type Promise = {
  max_ham_blocked: number;
  confidence: number;
  proven: boolean;
  held_back_ham: number;
  needed: number;
  missing: number;
  ham_labels_missing: number;
  message: string;
};

export type Day = {
  day: string;
  submissions: number;
  spam: number;
  spam_share: number | null;
  held: number;
  decided: number;
  median_seconds_to_decision: number | null;
  oldest_waiting_seconds: number | null;
  missed_spam: number;
  false_positives: number;
};

export type Sample = {
  id: string;
  source: string;
  content: string;
  author_name: string | null;
  author_url: string | null;
  label: 'ham' | 'spam';
  labelled_by: string;
  labelled_at: string;
};

export type SuspiciousLabel = Sample & {
  log_odds: number;
  evidence: { feature: string; group: string; log_odds: number }[];
};

export type QueuedWork = { job: string; waits_for: string | null };

export type Model = {
  version: string;
  state: string;
  size_bytes: number;
  sha256: string | null;
  metrics: Record<string, unknown>;
  promise: Promise;
  report: Record<string, unknown>;
  provenance: Record<string, unknown>;
  created_at: string | null;
  activated_at: string | null;
};

export type Job = {
  id: string;
  kind: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  phase: string | null;
  result: Record<string, unknown> | null;
  error: string | null;
  created_at: string;
  finished_at: string | null;
};

export type ModelReport = {
  active: string;
  thresholds: { ham: number; spam: number; payload?: { ham: number; spam: number } };
  by_campaign:
    | ({
        ham: number;
        spam: number;
        only_active_right: number;
        only_candidate_right: number;
        p: number;
      } & Record<string, unknown>)
    | null;
  by_time:
    | ({
        ham: number;
        spam: number;
        only_active_right: number;
        only_candidate_right: number;
        p: number;
      } & Record<string, unknown>)
    | null;
  outcomes?: {
    active: { ham: number; spam: number; ham_blocked: number; spam_caught: number; spam_published: number };
    candidate: {
      ham: number;
      spam: number;
      ham_blocked: number;
      spam_caught: number;
      spam_published: number;
    };
  };
  gate: {
    passed: boolean;
    findings: { code: string; detail: string; remedy: string }[];
    warnings?: { code: string; detail: string; remedy: string }[];
  };
  flips: { decided: number; waiting: number };
  plots: {
    histogram: Record<string, number | null>[];
    thresholds: Record<string, number | null>[];
    calibration: Record<string, number | null>[];
    learning_curve: Record<string, number | null>[];
  };
} & Record<string, unknown>;

export type Flip = {
  rank: number;
  id: string;
  author_name: string;
  content: string;
  label: string | null;
  from: { verdict: string; spam_probability: number };
  to: { verdict: string; spam_probability: number };
  evidence: { feature: string; group: string; log_odds: number }[];
  evidence_before: { feature: string; group: string; log_odds: number }[];
};

export type Shadow = {
  model_version: string;
  running: boolean;
  started_at: string | null;
  stopped_at: string | null;
  compared: number;
  differing: number;
  pairs: {
    active_verdict: string;
    shadow_verdict: string;
    active_disposition: string;
    shadow_disposition: string;
    count: number;
  }[];
  labelled: { count: number; active_right: number; shadow_right: number };
  items: Disagreement[];
  next_cursor: string | null;
};

export type Disagreement = {
  id: string;
  version: number;
  post: string;
  author_name: string;
  author_url: string | null;
  content: string;
  received_at: string;
  status: string;
  label: string | null;
  active: { model_version: string; verdict: string; disposition: string; spam_probability: number | null };
  shadow: { model_version: string; verdict: string; disposition: string; spam_probability: number | null };
};

export type NewRule = {
  kind:
    | 'words'
    | 'pattern'
    | 'link_count'
    | 'link_host'
    | 'language'
    | 'author'
    | 'ip_network'
    | 'email_domain'
    | 'disposable_email'
    | 'honeypot'
    | 'minimum_time'
    | 'thread_age';
  pattern?: string;
  options?: {
    match?: 'word' | 'substring';
    fields?: ('content' | 'author_name' | 'author_url')[];
    case_sensitive?: boolean;
    except?: string[];
  };
  disposition?: 'hold' | 'spam' | 'discard';
  note?: string | null;
  expires_at?: string | null;
};

export type Rule = {
  id: string;
  kind: string;
  pattern: string;
  entries: number;
  options: Record<string, unknown>;
  disposition: string;
  note: string | null;
  enabled: boolean;
  created_at: string;
  expires_at: string | null;
};

export type RuleDryRun = {
  looked_at: { ham: number; spam: number; undecided: number };
  hits: { ham: number; spam: number; undecided: number };
  examples: { id: string; truth: string; detail: string; author_name: string; content: string }[];
  entries_hitting_ham: { entry: string; ham: number; spam: number }[];
  unseen: boolean;
  seen: 'all' | 'part' | 'none';
  unseen_because: string | null;
};

export type Import = {
  id: string;
  format: string;
  name: string | null;
  state: string;
  job: string | null;
  records: number;
  added: number;
  known: number;
  refused: number;
  passed_over: number;
  merged: { post: string; into: string }[];
  created_at: string;
  finished_at: string | null;
};

export type ImportPreview = {
  rows: {
    kind: 'comment' | 'sample' | 'refused' | 'passed_over';
    line: number;
    author_name: string | null;
    content: string | null;
    label: 'ham' | 'spam' | null;
    detail: string | null;
  }[];
};

export type ImportDetails = {
  id: string;
  format: string;
  name: string | null;
  state: string;
  job: string | null;
  records: number;
  added: number;
  known: number;
  refused: number;
  passed_over: number;
  merged: { post: string; into: string }[];
  created_at: string;
  finished_at: string | null;
  parts: { part: number; bytes: number }[];
  refusals: { line: number; code: string; detail: string }[];
};

export type AuditEntry = {
  seq: string;
  site_id: string | null;
  actor: string;
  action: string;
  subject: string | null;
  detail: Record<string, unknown>;
  created_at: string;
  previous_hash: string;
  hash: string;
};

export type Site = {
  id: string;
  slug: string;
  name: string;
  url: string | null;
  settings: Settings;
  active_model: string | null;
  created_at: string;
};

export type Settings = {
  require_name: boolean;
  require_email: boolean;
  premoderate: boolean;
  hold_first_time_authors: boolean;
  hold_trackbacks: boolean;
  hold_advertising_names: boolean;
  max_links: number;
  flood_seconds: number;
  minimum_seconds: number;
  recent_rejections: number;
  max_ham_blocked: number;
  confidence: number;
  discard_from: number;
  audit_share: number;
  second_look_share: number;
  votes_per_day: number;
  close_after_days: number | null;
  feed: boolean;
  reject_reasons: string[];
  proof_of_work: 'never' | 'attack' | 'always';
  delete_spam_after_days: number | null;
  forget_visitors_after_days: number | null;
  overdue_minutes: number | null;
  akismet_unsure: 'spam' | 'ham' | 'recheck';
  akismet_recheck_seconds: number;
  akismet_allow_empty_ip: boolean;
  banned_words: string[];
  suspect_words: string[];
};

export type NewKey = Key & { key: string };

export type Key = {
  id: string;
  site_id: string | null;
  name: string;
  scopes: string[];
  allowed_origins: string[];
  rate_limit: number | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

export type Post = {
  id: string;
  url: string | null;
  title: string | null;
  closed: boolean;
  premoderated: boolean;
};

export type Invitation = { url: string };

export type Person = {
  id: string;
  site_id: string | null;
  name: string;
  role: 'moderator' | 'senior' | 'admin';
  joined: boolean;
  created_at: string;
  disabled_at: string | null;
  last_seen_at: string | null;
};

export type Session = Person & { sites: { slug: string; name: string; reject_reasons: string[] }[] };

export type OwnDecision = {
  decision_id: string;
  id: string;
  decision: string;
  reason: string | null;
  at: string;
  author_name: string;
  excerpt: string;
  status: string;
  undoable: boolean;
  undone: boolean;
};

export type OwnStatistics = { since: string; decided: number; undone: number; median_seconds: number | null };

export type QueueCounts = {
  waiting: number;
  escalated: number;
  audit: number;
  claimed: number;
  second_looks: number;
};

export type ExportedComment = {
  id: string;
  post: string;
  parent: string | null;
  author_name: string;
  author_url: string | null;
  author_user_agent: string | null;
  referrer: string | null;
  content: string;
  date_gmt: string;
  received_at: string;
  status: string;
  verdict: string;
  spam_probability: number | null;
  label: string | null;
};

export type Webhook = {
  id: string;
  url: string;
  description: string;
  events: string[];
  enabled: boolean;
  disabled_why: 'asked' | 'gone' | null;
  failures: number;
  paused_until: string | null;
  previous_secret_until: string | null;
  created_at: string;
};

export type WebhookWithSecret = Webhook & { secret: string };

export type WebhookAttempt = { status: number | null; failure: string | null; duration_ms: number };

export type WebhookDelivery = {
  id: string;
  event: string;
  subject: string | null;
  state: 'waiting' | 'delivered' | 'dead';
  attempts: number;
  created_at: string;
  next_at: string | null;
  finished_at: string | null;
};

export type Readiness = {
  status: 'ready' | 'not_ready';
  database: 'ok' | 'unreachable' | 'read_only' | 'full';
  migrations: 'ok' | 'pending' | 'unknown';
  model: 'ok' | 'degraded';
};
