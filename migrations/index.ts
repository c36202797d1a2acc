/** Every migration in order: a static list, so that it bundles for any runtime. A released file never changes. */
import type { Migration } from 'kysely';
import * as first from './0001-first.ts';
import * as people from './0002-people.ts';
import * as rulesAndImports from './0003-rules-and-imports.ts';
import * as secondLooks from './0007-second-looks.ts';
import * as auditShare from './0008-audit-share.ts';
import * as modelReports from './0015-model-reports.ts';
import * as akismet from './0016-akismet.ts';
import * as commentNumber from './0017-comment-number.ts';
import * as erasures from './0020-erasures.ts';
import * as webhooks from './0021-webhooks.ts';
import * as rateLimits from './0022-rate-limits.ts';
import * as coral from './0023-coral.ts';
import * as shadow from './0024-shadow.ts';
import * as tombstones from './0030-tombstones.ts';
import * as proofOfWork from './0031-proof-of-work.ts';
import * as appendOnly from './0032-append-only.ts';
import * as jobPhase from './0036-job-phase.ts';
import * as retention from './0037-retention.ts';
import * as queueFilters from './0038-queue-filters.ts';
import * as unlisted from './0039-unlisted.ts';
import * as edited from './0040-edited.ts';

export const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-people': people,
  '0003-rules-and-imports': rulesAndImports,
  '0007-second-looks': secondLooks,
  '0008-audit-share': auditShare,
  '0015-model-reports': modelReports,
  '0016-akismet': akismet,
  '0017-comment-number': commentNumber,
  '0020-erasures': erasures,
  '0021-webhooks': webhooks,
  '0022-rate-limits': rateLimits,
  '0023-coral': coral,
  '0024-shadow': shadow,
  '0030-tombstones': tombstones,
  '0031-proof-of-work': proofOfWork,
  '0032-append-only': appendOnly,
  '0036-job-phase': jobPhase,
  '0037-retention': retention,
  '0038-queue-filters': queueFilters,
  '0039-unlisted': unlisted,
  '0040-edited': edited,
};
