/** What an Akismet client asks about and what is no comment: it is answered, and neither kept nor learned. */
import { STATUS_OF } from '../../core/comment.ts';
import type { Service } from '../../service.ts';
import type { CommentRow } from '../../storage/comments.ts';
import { assessComment, NOTHING_TO_REFUSE } from '../site/score.ts';
import type { SiteContext } from '../site/site-context.ts';
import { isTrackback } from '../site/trackback.ts';
import type { Submission } from '../submit/submission.ts';
import { type AkismetRequest, type AkismetVerdict, answerOf, HAM, SPAM } from './akismet-answer.ts';

/** The documented way to get a certain answer; it is no comment, and nothing is learned from it. */
const TEST_AUTHOR = 'viagra-test-123';
const TEST_EMAIL = 'akismet-guaranteed-spam@example.com';

/** Whether a check or a report is made up, to see how it is answered. */
export function isTestInput({ comment, isTest }: AkismetRequest): boolean {
  return isTest || asksForSpam(comment);
}

function asksForSpam({ authorName, authorEmail }: Submission): boolean {
  return authorName === TEST_AUTHOR || authorEmail?.toLowerCase() === TEST_EMAIL;
}

/** The answer to what is no comment; null: it is one. */
export function answerUnkept(
  service: Service,
  site: SiteContext,
  request: AkismetRequest,
): AkismetVerdict | null {
  const { comment, userRoles } = request;
  if (asksForSpam(comment)) return SPAM;
  if (request.isTest) {
    return userRoles.includes('administrator') ? HAM : answerOf(site, judge(service, site, comment));
  }
  if (!request.preCheck) return null;
  // What would only be held passes: `true` keeps the comment from coming, which is then checked with its text.
  return answerOf({ settings: { ...site.settings, akismet_unsure: 'ham' } }, judge(service, site, comment));
}

/** Where a comment would stand that is not kept, of an author of whom nothing is known. */
function judge(
  service: Service,
  site: SiteContext,
  comment: Submission,
): Pick<CommentRow, 'status' | 'verdict'> {
  const { policy } = assessComment(
    service,
    site,
    { content: comment.content, authorName: comment.authorName, authorUrl: comment.authorUrl ?? undefined },
    {
      ...NOTHING_TO_REFUSE,
      isTrackback: isTrackback({ ...comment, type: comment.commentType }, site),
      honeypotFilled: (comment.honeypot ?? '') !== '',
      elapsedSeconds: null,
      author: { approved: 0, recentRejected: 0 },
    },
  );
  return { status: STATUS_OF[policy.disposition], verdict: policy.verdict };
}
