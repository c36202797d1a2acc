import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('test/contract/coverage.md');

/** The letters of the page, and the files they stand for. */
const files = new Map(
  [...page.matchAll(/`([A-Z])`\s(?:is\s)?`(test\/[\w/.-]+)`/g)].map(([, letter = '', path = '']) => [
    letter,
    read(path),
  ]),
);

/** Every row of the tables by its first cell. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Contract'))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, 3));

test('every test that test/contract/coverage.md names is there', () => {
  const named = [...page.matchAll(/\b([A-Z]) “([^”]+)”/g)];
  expect(files.size).toBe(16);
  expect(named.length).toBeGreaterThan(90);
  const missing = named.filter(([, letter = '', title = '']) => !files.get(letter)?.includes(title));
  expect(missing.map(([text]) => text)).toEqual([]);
});

test('every row of test/contract/coverage.md names a test or says why there is none', () => {
  expect(rows.length).toBeGreaterThan(80);
  const empty = rows.filter(([, told = '']) => told.trim().length < 10);
  expect(empty).toEqual([]);
});

/** What Akismet's and WordPress's contracts have: calls, headers, error codes, and what integrators expect besides. */
const CONTRACT = `
  verify-key comment-check submit-spam submit-ham key-sites usage-limit get-stats get-subscription deactivate token test
  verify-wpcom-key X-akismet-pro-tip X-akismet-recheck-after X-akismet-error X-akismet-alert-* comment_context
  honeypot_field_name recheck_reason is_test user_role blog_charset blog_lang comment_type classify
  /wp-json/wp/v2/comments /wp-comments-post.php X-WP-Total password author_avatar_urls orderby=include
  rest_comment_login_required rest_comment_invalid_author rest_comment_invalid_author_ip rest_comment_invalid_status
  rest_comment_invalid_post_id rest_comment_draft_post rest_comment_trash_post rest_comment_closed
  rest_comment_not_supported_post_type rest_comment_exists rest_invalid_comment_type rest_comment_content_invalid
  rest_comment_author_data_required rest_comment_author_invalid rest_cannot_read rest_cannot_read_post
  rest_forbidden_context rest_forbidden_param comment_duplicate comment_flood comment_author_column_length
  comment_author_email_column_length comment_author_url_column_length comment_content_column_length
  rest_comment_failed_create rest_comment_failed_edit rest_comment_invalid_id rest_post_invalid_id
  rest_comment_invalid_type rest_trash_not_supported rest_already_trashed akismet_rest_comment_discarded
  rest_invalid_param rest_missing_callback_param
  redirect_to require_name_email require_valid_email require_valid_comment *_column_length not_logged_in comment_closed
  comment_on_draft comment_reply_to_unapproved_comment comment_id_not_found comment_on_trash
  comment_on_password_protected comment_save_error unapproved moderation-hash
  Idempotency-Key RateLimit RateLimit-Policy Retry-After v1a Deprecation Sunset /livez /readyz /metrics traceparent
  Last-Event-ID model.promoted queue.sla_breached
`;

test('every call and error code of the contracts stands in a row of test/contract/coverage.md', () => {
  const names = CONTRACT.trim().split(/\s+/);
  const told = rows.map(([contract = '']) => contract).join('\n');
  const headings = page.split('\n').filter((line) => line.startsWith('## '));
  const isNamed = (name: string) =>
    told.includes(`\`${name}\``) ||
    told.includes(`\`${name}: `) ||
    headings.some((heading) => heading.includes(`\`${name}\``));
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});
