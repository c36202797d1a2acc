/** Makes the tables of erasures and what was deleted. */
export const privacy: readonly string[] = [
  // Pseudonyms of erased people: an import of an old export must not bring their comments back.
  `create table erasure (
    site_id uuid not null references site (id) on delete cascade,
    pseudonym text not null,
    erased_at timestamptz not null,
    primary key (site_id, pseudonym)
  )`,
  // Outlives its site, so that it also holds for a site that is deleted and restored.
  `create table tombstone (
    site_id uuid not null,
    kind text not null check (kind in ('comment', 'sample', 'mention')),
    subject uuid not null,
    erased_at timestamptz not null,
    primary key (site_id, kind, subject)
  )`,
  // Which key each key id stands for: another key under the same id would be noticed by nothing else.
  `create table pseudonym_key (
    kid text primary key,
    check_value text not null,
    first_used_at timestamptz not null
  )`,
  `create table expired_day (
    site_id uuid not null references site (id) on delete cascade,
    day date not null,
    submissions integer not null,
    spam integer not null,
    primary key (site_id, day)
  )`,
];
