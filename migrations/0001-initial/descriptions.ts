/** Says what every table and column holds; kept in the database, too, as comments. */

/** Columns that mean the same wherever they are. */
const COMMON: Readonly<Record<string, string>> = {
  site_id: 'The site it belongs to.',
  post_id: 'The article, by the site’s own id.',
  comment_id: 'The comment it is about.',
  model_version: 'The model it is about.',
  created_at: 'When it was stored.',
  created_by: 'Who made it, such as key:ID or person:ID.',
  author_name: 'The name as the author gave it.',
  author_url: 'The website as the author gave it.',
  content: 'The text as it was sent.',
  content_hash: 'SHA-256 of the text with white space and Unicode form folded.',
  label: 'ham or spam; null: no human decided.',
  actor: 'Who did it, such as key:ID or person:ID.',
  actor_name: 'The name of that user or key at the time.',
  data: 'Ids and counts for listeners; never text or personal data.',
  expires_at: 'When it ends; null: never.',
  kid: 'The key of PSEUDONYM_KEYS that encrypts it.',
  erased_at: 'When it was erased.',
};

interface Described {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
}

const TABLES: Readonly<Record<string, Described>> = {
  site: {
    table: 'A tenant: one newspaper or blog.',
    columns: {
      id: 'UUIDv7.',
      slug: 'The short name in addresses and calls.',
      name: 'What people call it.',
      url: 'Its front page.',
      settings: 'What differs from the defaults.',
      active_model: 'The model that scores now; null: the starter.',
      revision: 'Rises with every change, so that processes read the site again.',
    },
  },
  rule: {
    table: 'A rule of a site: words, hosts, networks and the like.',
    columns: {
      id: 'UUIDv7.',
      kind: 'What it looks at.',
      pattern: 'Entries one a line, an expression or a number, as the kind needs.',
      options: 'How it looks: fields, case, boundaries.',
      disposition: 'What happens to a comment on which it fires.',
      note: 'Why it is there.',
      enabled: 'Whether it counts; one that is switched off is kept.',
    },
  },
  api_key: {
    table: 'A key of the API.',
    columns: {
      id: 'The public part of the key.',
      site_id: 'The only site it is good for; null: all sites.',
      name: 'What it is for.',
      secret_sha256: 'SHA-256 of the secret part, or a keyed hash of a compatible key.',
      scopes: 'What it may do.',
      allowed_origins: 'Origins of pages that may use it; empty: it is for servers.',
      revoked_at: 'When it was revoked; null: it works.',
      last_used_at: 'When it was last used, to the minute.',
      rate_limit: 'Requests a minute; null: the default.',
    },
  },
  person: {
    table: 'A user: somebody with an account.',
    columns: {
      id: 'UUIDv7.',
      site_id: 'The only site of the account; null: all sites.',
      name: 'What colleagues see.',
      role: 'moderator, senior or admin.',
      login: 'The name to sign in with.',
      password: 'scrypt hash with its parameters; null: not set yet.',
      disabled_at: 'When the account was disabled; null: it works.',
      last_seen_at: 'When the user was last seen.',
    },
  },
  invitation: {
    table: 'A link with which a user sets a password.',
    columns: {
      token_sha256: 'SHA-256 of the token in the link.',
      person_id: 'The user it is for.',
      used_at: 'When it was used; it works once.',
    },
  },
  session: {
    table: 'A signed-in browser.',
    columns: {
      token_sha256: 'SHA-256 of the token in the cookie.',
      person_id: 'Who is signed in.',
      seen_at: 'When it was last used.',
    },
  },
  sign_in_failure: {
    table: 'Failed sign-ins, counted to slow guessing down.',
    columns: {
      subject: 'A keyed hash of the login or of the network.',
      failures: 'How many there were.',
      since: 'When the count began.',
    },
  },
  post: {
    table: 'An article that has comments.',
    columns: {
      id: 'The site’s own id of the article.',
      url: 'Its address.',
      title: 'Its title.',
      closed_at: 'From when on it takes no comments; null: it is open.',
      premoderated: 'Whether every comment on it is held for review.',
    },
  },
  post_alias: {
    table: 'Another name of a thread: an address, or what it was called before it was renamed or merged.',
    columns: { alias: 'The other name.' },
  },
  removed_comment: {
    table: 'The place of a deleted comment that others had answered.',
    columns: {
      id: 'The comment’s id.',
      parent_id: 'The comment it replied to.',
      date_gmt: 'When it was written.',
    },
  },
  comment: {
    table: 'A reader’s comment with what was decided about it.',
    columns: {
      id: 'UUIDv7.',
      parent_id: 'The comment it replies to.',
      author_user_agent: 'The browser as it named itself; deleted by age.',
      referrer: 'The page it came from; deleted by age.',
      author_email: 'Pseudonym of the e-mail address in its strict form.',
      author_email_loose: 'Pseudonym of the address without tags and, for Gmail, dots: for counting.',
      author_ip: 'Pseudonym of the IP address; deleted by age.',
      date_gmt: 'When it was written, as the site says.',
      updated_at: 'When the row last changed.',
      status: 'approved, hold, spam or trash.',
      verdict: 'What the filter believes: ham, unsure or spam.',
      disposition: 'What the policy did: publish, hold, spam or discard.',
      log_odds: 'The score before calibration; null: scoring failed.',
      spam_probability: 'The calibrated score, 0 to 1; null: scoring failed.',
      threshold_ham: 'Below this probability it was ham.',
      threshold_spam: 'From this probability on it was spam.',
      model_version: 'The model that scored it.',
      reasons: 'The findings of the policy in their order.',
      label_by: 'Who decided on the label.',
      labelled_at: 'When the label was given.',
      version: 'Rises with every decision and edit, so that a late one is noticed.',
      near_duplicate_bands:
        'Parts of the sketch that near-duplicates share; null: too short a text, or an old one.',
      campaign_id: 'The first comment of its group of near-duplicates.',
      prefix_hash: 'Hash of the first 32,000 characters, where some clients cut; null: not longer.',
      number: 'The whole number by which WordPress clients know it.',
      listed: 'Whether the public may see it here once it is approved.',
      edited_at: 'When the text was last replaced.',
      comment_type: 'What an Akismet client calls it, such as trackback; null: a reader’s comment.',
    },
  },
  near_duplicate: {
    table: 'Recent comments by the parts of their sketch; kept by triggers.',
    columns: { band: 'A part of the sketch.', comment_id: 'The comment that has it.' },
  },
  idempotency: {
    table: 'Answers kept for requests that may be repeated.',
    columns: {
      key_id: 'The API key that asked.',
      idempotency_key: 'The Idempotency-Key of the request.',
      fingerprint: 'Hash of the request: another one under the same key is refused.',
      status: 'The status answered; null: under way.',
      location: 'The Location header answered.',
      body: 'The body answered.',
    },
  },
  spent_challenge: {
    table: 'Proofs of work that were used: each is good for one comment.',
    columns: { nonce: 'The challenge.' },
  },
  queue_item: {
    table: 'A comment that waits for a moderator.',
    columns: {
      campaign_id: 'Its group of near-duplicates.',
      created_at: 'Since when it waits.',
      risk: 'The spam probability, raised for grave findings: order by risk.',
      uncertainty: '1 where the filter is undecided, 0 where it is sure: order by informative.',
      reasons: 'The rules that fired.',
      escalated: 'Whether a senior has to decide.',
      audit: 'Whether it is a spot check of an unseen outcome.',
      claimed_by: 'The moderator who has it for now.',
      claimed_until: 'When the claim ends.',
      audit_share: 'The chance with which the spot check was drawn.',
      author_name: 'The author’s name in lower case.',
      author_email_loose: 'The author’s pseudonym for counting.',
      language: 'The language of the text, such as de; null: not known.',
    },
  },
  decision: {
    table: 'What a human decided; append-only.',
    columns: {
      id: 'UUIDv7.',
      decision: 'approve, spam, reject, escalate or undo.',
      reason: 'Which house rule a rejected comment breaks.',
      note: 'Why it was escalated.',
      status_before: 'The status before.',
      status_after: 'The status after.',
      label_before: 'The label before.',
      label_after: 'The label after.',
      queue_before: 'The queue item before, so that an undo restores it.',
      undoes: 'The decision that this one takes back.',
    },
  },
  second_look: {
    table: 'A second review: another moderator decides without knowing the first decision.',
    columns: {
      decision_id: 'The first decision.',
      first_actor: 'Who gave it.',
      first_decision: 'What it was.',
      reasons: 'Why the comment was in the queue.',
      drawn_at: 'When it was drawn.',
      second_actor: 'Who gave the second decision; null: it waits.',
      second_decision: 'What it was.',
      second_reason: 'The reason for a rejection.',
      decided_at: 'When it was given.',
    },
  },
  note: {
    table: 'What a moderator writes on a comment for colleagues.',
    columns: { id: 'UUIDv7.', text: 'The note.' },
  },
  overdue_alarm: {
    table: 'When listeners were last notified that a queue is overdue.',
    columns: { told_at: 'When they were notified.' },
  },
  sample: {
    table: 'A labelled comment that was given for training.',
    columns: { id: 'UUIDv7.', source: 'Where it is from.' },
  },
  model: {
    table: 'A trained filter.',
    columns: {
      version: 'Its name, such as daily-2026-12-01.',
      site_id: 'The site it was trained for; null: all sites.',
      state: 'candidate, refused, shadow, active or retired.',
      bytes: 'The model in its file format.',
      sha256: 'SHA-256 of the bytes.',
      size_bytes: 'Their length.',
      metrics: 'How it did on the held-out set.',
      report: 'The short report.',
      provenance: 'What it was trained from.',
      activated_at: 'When it last became active.',
    },
  },
  model_report: {
    table: 'The report on a candidate.',
    columns: { report: 'Figures, plots and findings of the quality gate.' },
  },
  model_flip: {
    table: 'A comment whose verdict would change with a candidate.',
    columns: {
      rank: 'The place in the list, the greatest change first.',
      decided: 'Whether a human has decided on it.',
      from_verdict: 'The verdict of the active model.',
      to_verdict: 'The verdict of the candidate.',
      from_probability: 'The probability under the active model.',
      to_probability: 'The probability under the candidate.',
    },
  },
  shadow_run: {
    table: 'A candidate that scores next to the active model, without effect.',
    columns: {
      id: 'UUIDv7.',
      started_by: 'Who started it.',
      started_at: 'When it started.',
      stopped_at: 'When it stopped; null: it runs.',
    },
  },
  shadow_score: {
    table: 'One comment under both models of a shadow run.',
    columns: {
      active_version: 'The active model at the time.',
      active_verdict: 'Its verdict.',
      active_disposition: 'What happened.',
      shadow_verdict: 'The verdict of the candidate.',
      shadow_disposition: 'What would have happened.',
      spam_probability: 'The probability under the candidate.',
      differs: 'Whether verdict or disposition differ.',
    },
  },
  job: {
    table: 'Long work: a training, import, restore or replay.',
    columns: {
      lost_place: 'Where it was when its process was lost the last time.',
      losses: 'How often in a row its process was lost there.',
      id: 'UUIDv7.',
      kind: 'What it does.',
      state: 'queued, running, succeeded, failed or cancelled.',
      input: 'What it was asked for.',
      done: 'How much of the phase is done.',
      total: 'How much the phase has; null: not known.',
      result: 'What came out.',
      error: 'Why it failed.',
      attempts: 'How often it was begun.',
      cancel_requested: 'Whether somebody wants it to end.',
      started_at: 'When it was last begun.',
      heartbeat_at: 'When its process last gave a sign.',
      finished_at: 'When it ended.',
      phase: 'What it does just now.',
    },
  },
  import_run: {
    table: 'An import or restore and its counts.',
    columns: {
      id: 'UUIDv7.',
      job_id: 'The job that reads the file; null: parts are still sent.',
      format: 'The format of the file.',
      name: 'The name of the file.',
      options: 'How it is read.',
      parts: 'How many parts were sent.',
      size_bytes: 'Their length.',
      records: 'Records read.',
      added: 'Records stored.',
      known: 'Records that were there.',
      refused: 'Records that could not be stored.',
      passed_over: 'Records that are not comments.',
      merged: 'Articles of the file that went into threads of other names.',
      finished_at: 'When it ended.',
    },
  },
  import_part: {
    table: 'A part of a file that is imported; deleted when the import ends.',
    columns: { import_id: 'The import.', part: 'Its number, from 0.', bytes: 'The part, encrypted.' },
  },
  import_refusal: {
    table: 'A record that an import could not store.',
    columns: {
      import_id: 'The import.',
      record: 'The number of the record, from 1.',
      line: 'The line it begins on.',
      code: 'What is wrong.',
      detail: 'What is wrong, in words.',
    },
  },
  event: {
    table: 'What happened, in order, for live pages and webhooks.',
    columns: {
      seq: 'Its place in the order.',
      kind: 'What happened.',
      subject: 'The id of what it is about.',
    },
  },
  audit: {
    table: 'The audit log; append-only, each row sealed by the hash of the one before.',
    columns: {
      seq: 'Its place in the order, without gaps.',
      site_id: 'The site; null: it concerns the whole service.',
      action: 'What was done.',
      subject: 'The id of what it was done to.',
      detail: 'What changed; never text or personal data.',
      previous_hash: 'The hash of the row before.',
      hash: 'SHA-256 over this row and the hash before.',
    },
  },
  webhook: {
    table: 'An address that is notified of events.',
    columns: {
      id: 'UUIDv7.',
      url: 'Where messages are sent.',
      description: 'What it is for.',
      events: 'Which events it gets.',
      secret_kid: 'The key that encrypts the secret.',
      secret: 'The signing secret, encrypted.',
      previous_secret_kid: 'The key that encrypts the secret before.',
      previous_secret: 'The secret before a rotation, encrypted.',
      previous_until: 'Until when the secret before signs, too.',
      failures: 'Failures in a row.',
      paused_until: 'Until when it is left in peace after failures.',
      disabled_at: 'When it was disabled; null: it works.',
      disabled_why: 'asked: somebody disabled it; gone: it answered 410.',
    },
  },
  webhook_delivery: {
    table: 'One message to one webhook: the outbox while it waits, the log afterwards.',
    columns: {
      id: 'UUID; the message’s id.',
      webhook_id: 'The webhook.',
      event: 'The event.',
      subject: 'The id of what it is about.',
      state: 'waiting, delivered or dead.',
      attempts: 'How often it was tried.',
      next_at: 'When it is tried next.',
      taken_until: 'Until when a process has it.',
      finished_at: 'When it was delivered or given up.',
    },
  },
  webhook_attempt: {
    table: 'One try to deliver a message.',
    columns: {
      delivery_id: 'The message.',
      at: 'When it was tried.',
      duration_ms: 'How long it took, in milliseconds.',
      status: 'The status answered; null: no answer.',
      failure: 'What went wrong; null: it arrived.',
    },
  },
  coral_connection: {
    table: 'The Coral that may ask for a site.',
    columns: {
      secrets_kid: 'The key that encrypts the secrets.',
      secrets: 'Its signing secrets, encrypted.',
    },
  },
  akismet_check: {
    table: 'One answered check of an Akismet client.',
    columns: {
      id: 'UUIDv7; the guid that the client gets.',
      key_id: 'The API key that asked.',
      blog: 'The host that the client names as its own.',
      comment_id: 'The comment that was stored; null: none was.',
      spam: 'Whether the answer was spam.',
      feedback: 'What the client reported later: ham or spam.',
      callback: 'Where to report a moderator’s decision.',
    },
  },
  akismet_callback_key: {
    table: 'A compatible key as its own callbacks have to name it.',
    columns: { key_id: 'The API key.', sealed: 'The key, encrypted.' },
  },
  akismet_callback: {
    table: 'A decision that an Akismet client is to be notified of.',
    columns: {
      id: 'UUIDv7.',
      check_id: 'The check it is about.',
      spam: 'Whether a moderator decided on spam.',
      attempts: 'How often it was tried.',
      next_attempt_at: 'When it is tried next; null: not any more.',
      delivered_at: 'When it arrived.',
      last_error: 'Why the last try failed.',
    },
  },
  erasure: {
    table: 'Whose comments were erased: an import of an old export must not bring them back.',
    columns: { pseudonym: 'Pseudonym of the e-mail address.' },
  },
  tombstone: {
    table: 'What was erased, by its id only; outlives its site, so that it holds for a restored one, too.',
    columns: {
      kind: 'comment, sample, or mention: an address was cut out of a comment that stays.',
      subject: 'The id of what was erased.',
    },
  },
  pseudonym_key: {
    table: 'A key of PSEUDONYM_KEYS that was used, kept without the key itself.',
    columns: {
      kid: 'The id of the key in PSEUDONYM_KEYS.',
      check_value: 'A value that shows whether the key is still the same; never the key itself.',
      first_used_at: 'When a process first used the key.',
    },
  },
  expired_day: {
    table: 'How many comments were deleted by age, by the day on which they came.',
    columns: {
      day: 'The day in UTC.',
      submissions: 'Comments of that day that were deleted.',
      spam: 'How many of them were spam.',
    },
  },
};

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `comment on` statements for the columns that the tables have. */
export function describeSchema(columns: readonly { table: string; column: string }[]): string[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return [
    ...tables.flatMap((table) => {
      const described = TABLES[table];
      return described ? [`comment on table ${table} is ${quote(described.table)}`] : [];
    }),
    ...columns.flatMap(({ table, column }) => {
      const text = TABLES[table]?.columns[column] ?? COMMON[column];
      return text === undefined ? [] : [`comment on column ${table}."${column}" is ${quote(text)}`];
    }),
  ];
}
