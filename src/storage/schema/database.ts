/** Names every table as Kysely sees it; `migrations/` makes them. */
import type { Transaction as KyselyTransaction } from 'kysely';
import type {
  ApiKeyTable,
  InvitationTable,
  PersonTable,
  SessionTable,
  SignInFailureTable,
} from './access.ts';
import type {
  AkismetCallbackKeyTable,
  AkismetCallbackTable,
  AkismetCheckTable,
  CoralConnectionTable,
} from './clients.ts';
import type {
  CommentTable,
  IdempotencyTable,
  NearDuplicateTable,
  PostAliasTable,
  PostTable,
  RemovedCommentTable,
  SpentChallengeTable,
} from './comments.ts';
import type {
  ModelFlipTable,
  ModelReportTable,
  ModelTable,
  SampleTable,
  ShadowRunTable,
  ShadowScoreTable,
} from './learn.ts';
import type { WebhookAttemptTable, WebhookDeliveryTable, WebhookTable } from './outgoing.ts';
import type { ErasureTable, ExpiredDayTable, PseudonymKeyTable, TombstoneTable } from './privacy.ts';
import type {
  DecisionTable,
  NoteTable,
  OverdueAlarmTable,
  QueueItemTable,
  SecondLookTable,
} from './queue.ts';
import type { AuditTable, EventTable } from './records.ts';
import type { RuleTable, SiteTable } from './sites.ts';
import type { ImportPartTable, ImportRefusalTable, ImportRunTable, JobTable } from './work.ts';

export interface Database {
  akismet_check: AkismetCheckTable;
  akismet_callback_key: AkismetCallbackKeyTable;
  akismet_callback: AkismetCallbackTable;
  site: SiteTable;
  api_key: ApiKeyTable;
  post: PostTable;
  post_alias: PostAliasTable;
  removed_comment: RemovedCommentTable;
  comment: CommentTable;
  near_duplicate: NearDuplicateTable;
  queue_item: QueueItemTable;
  decision: DecisionTable;
  sample: SampleTable;
  model: ModelTable;
  model_report: ModelReportTable;
  model_flip: ModelFlipTable;
  job: JobTable;
  idempotency: IdempotencyTable;
  spent_challenge: SpentChallengeTable;
  expired_day: ExpiredDayTable;
  pseudonym_key: PseudonymKeyTable;
  rule: RuleTable;
  import_run: ImportRunTable;
  import_part: ImportPartTable;
  import_refusal: ImportRefusalTable;
  tombstone: TombstoneTable;
  event: EventTable;
  audit: AuditTable;
  person: PersonTable;
  invitation: InvitationTable;
  session: SessionTable;
  sign_in_failure: SignInFailureTable;
  second_look: SecondLookTable;
  note: NoteTable;
  erasure: ErasureTable;
  webhook: WebhookTable;
  webhook_delivery: WebhookDeliveryTable;
  webhook_attempt: WebhookAttemptTable;
  overdue_alarm: OverdueAlarmTable;
  coral_connection: CoralConnectionTable;
  shadow_run: ShadowRunTable;
  shadow_score: ShadowScoreTable;
}

/** What a write that must be atomic asks for. */
export type Transaction = KyselyTransaction<Database>;
