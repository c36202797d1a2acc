import { type RawBuilder, sql } from 'kysely';

/**
 * What webhooks are told of the events in `appended`, as rows for `webhook_delivery`. In the statement that appends the
 * events, so that none is told that did not happen and none is forgotten, whoever appends it.
 */
export function selectDeliveries(): RawBuilder<unknown> {
  return sql`
    select webhook.id, appended.site_id, told.event, appended.subject, appended.data,
      appended.created_at, appended.created_at
    from appended
    join webhook on webhook.site_id = appended.site_id and webhook.disabled_at is null
    cross join lateral (values
      ('comment.received', appended.kind = 'comment.received'),
      ('comment.held', appended.kind like 'comment.%' and appended.data->>'status' = 'hold'
        and appended.data->>'status_before' is distinct from appended.data->>'status'),
      ('comment.approved', appended.kind like 'comment.%' and appended.data->>'status' = 'approved'
        and appended.data->>'status_before' is distinct from appended.data->>'status'),
      ('comment.rejected', appended.kind like 'comment.%' and appended.data->>'status' in ('spam', 'trash')
        and appended.data->>'status_before' is distinct from appended.data->>'status'),
      ('comment.verdict_changed', appended.kind like 'comment.%'
        and appended.data->>'verdict' <> appended.data->>'verdict_before'),
      ('model.activated', appended.kind = 'model.activated'),
      ('queue.overdue', appended.kind = 'queue.overdue')
    ) as told (event, applies)
    where told.applies and told.event = any (webhook.events)`;
}
