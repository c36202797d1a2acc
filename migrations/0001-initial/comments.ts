/** Makes the tables of posts and their comments. */
export const comments: readonly string[] = [
  `create table post (
    site_id uuid not null references site on delete cascade,
    id text not null,
    url text,
    title text,
    closed_at timestamptz,
    premoderated boolean not null default false,
    created_at timestamptz not null,
    primary key (site_id, id)
  )`,
  // Other names of a thread: addresses, and what it was called before it was renamed or merged.
  `create table post_alias (
    site_id uuid not null,
    alias text not null,
    post_id text not null,
    primary key (site_id, alias),
    foreign key (site_id, post_id) references post (site_id, id) on delete cascade
  )`,
  `create index post_alias_post on post_alias (site_id, post_id)`,
  `create table comment (
    id uuid primary key,
    site_id uuid not null,
    post_id text not null,
    parent_id uuid,
    author_name text not null,
    author_url text,
    author_user_agent text,
    referrer text,
    author_email text,
    author_email_loose text,
    author_ip text,
    content text not null,
    content_hash text not null,
    date_gmt timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    status text not null check (status in ('approved', 'hold', 'spam', 'trash')),
    verdict text not null check (verdict in ('ham', 'unsure', 'spam')),
    disposition text not null check (disposition in ('publish', 'hold', 'spam', 'discard')),
    log_odds double precision,
    spam_probability double precision,
    threshold_ham double precision not null,
    threshold_spam double precision not null,
    model_version text not null,
    reasons jsonb not null default '[]',
    label text check (label in ('ham', 'spam')),
    label_by text,
    labelled_at timestamptz,
    version integer not null default 1,
    near_duplicate_bands integer[],
    campaign_id uuid,
    prefix_hash text,
    number bigint generated always as identity,
    listed boolean not null default true,
    edited_at timestamptz,
    comment_type text,
    foreign key (site_id, post_id) references post (site_id, id) on delete cascade
  )`,
  // What was deleted though others had answered it: its place in the thread, and nothing of what it said.
  `create table removed_comment (
    id uuid primary key,
    site_id uuid not null,
    post_id text not null,
    parent_id uuid,
    date_gmt timestamptz not null,
    foreign key (site_id, post_id) references post (site_id, id) on delete cascade
  )`,
  `create index removed_comment_post on removed_comment (site_id, post_id)`,
  `create index comment_published on comment (site_id, post_id, id) where status = 'approved' and listed`,
  `create index comment_folder on comment (site_id, status, id)`,
  // With post and author, so that the twenty-thousandth copy of a text costs a check no more than the first.
  `create index comment_content on comment (site_id, content_hash, post_id, author_email)`,
  `create index comment_author on comment (site_id, author_email) where author_email is not null`,
  `create index comment_author_loose on comment (site_id, author_email_loose, created_at) where author_email_loose is not null`,
  `create index comment_author_ip on comment (site_id, author_ip, created_at) where author_ip is not null`,
  `create index comment_parent on comment (parent_id) where parent_id is not null`,
  `create index comment_labelled on comment (site_id, id) where label is not null`,
  `create index comment_campaign on comment (campaign_id) where campaign_id is not null`,
  `create index comment_author_name on comment (site_id, lower(author_name))`,
  // What search finds a comment by: src/core/text/fold-for-search.ts says why, and folds the search likewise. Most comments
  // are ASCII alone, for which the slow half is left out. Capitals are in the table, too: under the locale C lower() knows
  // those of ASCII alone.
  String.raw`create function fold_for_search(value text) returns text immutable parallel safe language sql as $fold$
    select translate(
      case when value ~ '[^\x01-\x7f]' then translate(
        lower(regexp_replace(regexp_replace(regexp_replace(normalize(value, NFKD),
          '[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]', '', 'g'),
          '[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670]', '', 'g'), '[\u00a1-\u00bf\u2010-\u205e\u3000-\u303f]', ' ', 'g')),
        'авекмнорстухіїјѕԁԛԝһьгёпиαβγδεζηικνορστυχωςАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЈЅЄЂЋЉЊЏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ',
        'abekmhopctyxiijsdqwhbrenuabydezniknopotuxwoaбbrдeжзukлmhonpctyфxцчшщъыbэюяijsєђћљњџabydeznθikλμnξoπpotuφxψw')
      else lower(value) end,
      '!"#$%&''()*+,-./:;<=>?@[\]^_' || chr(96) || '{|}~', repeat(' ', 32))
  $fold$`,
  `create index comment_words on comment using gin
    (to_tsvector('simple', fold_for_search(author_name || ' ' || coalesce(author_url, '') || ' ' || content)))`,
  `create index comment_prefix on comment (site_id, prefix_hash) where prefix_hash is not null`,
  `create unique index comment_number on comment (site_id, number)`,
  // “Recent comments” over all posts.
  `create index comment_recent on comment (site_id, date_gmt, number) where status = 'approved'`,
  `create index comment_unseen_spam on comment (site_id, id)
    where status in ('spam', 'trash') and label is null and disposition in ('spam', 'discard')`,
  `create index comment_visitor on comment (site_id, id)
    where author_ip is not null or author_user_agent is not null or referrer is not null`,
  // Comments by their bands. A GIN index over the arrays knows nothing of sites, and the planner scanned the table instead
  // of using it: 1.2 s for each check at a million comments, 0.1 ms by this key.
  `create table near_duplicate (
    site_id uuid not null,
    band integer not null,
    comment_id uuid not null,
    primary key (site_id, band, comment_id)
  )`,
  // Whichever way comments come and go (checks, imports, restores, edits, deletions), their bands follow.
  `create function add_near_duplicates() returns trigger language plpgsql as $$
    begin
      insert into near_duplicate (site_id, band, comment_id)
        select site_id, band, id from added cross join unnest(near_duplicate_bands) as band
        on conflict do nothing;
      return null;
    end $$`,
  `create function delete_near_duplicates() returns trigger language plpgsql as $$
    begin
      delete from near_duplicate d using (
        select site_id, band, id from removed cross join unnest(near_duplicate_bands) as band
      ) gone where d.site_id = gone.site_id and d.band = gone.band and d.comment_id = gone.id;
      return null;
    end $$`,
  `create function replace_near_duplicates() returns trigger language plpgsql as $$
    begin
      delete from near_duplicate where site_id = old.site_id and comment_id = old.id
        and band = any(old.near_duplicate_bands);
      insert into near_duplicate (site_id, band, comment_id)
        select new.site_id, band, new.id from unnest(new.near_duplicate_bands) as band
        on conflict do nothing;
      return null;
    end $$`,
  `create trigger comment_added after insert on comment referencing new table as added
    for each statement execute function add_near_duplicates()`,
  `create trigger comment_removed after delete on comment referencing old table as removed
    for each statement execute function delete_near_duplicates()`,
  `create trigger comment_reworded after update of near_duplicate_bands on comment
    for each row when (old.near_duplicate_bands is distinct from new.near_duplicate_bands)
    execute function replace_near_duplicates()`,
  `create table idempotency (
    key_id text not null,
    idempotency_key text not null,
    fingerprint text not null,
    status integer not null,
    location text,
    body text not null,
    created_at timestamptz not null,
    primary key (key_id, idempotency_key)
  )`,
  `create index idempotency_age on idempotency (created_at)`,
  `create table spent_challenge (
    site_id uuid not null references site (id) on delete cascade,
    nonce text not null,
    expires_at timestamptz not null,
    primary key (site_id, nonce)
  )`,
  `create index spent_challenge_over on spent_challenge (expires_at)`,
];
