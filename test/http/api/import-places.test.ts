/** What an export tells of deleted comments: their answers keep their place, and what was deleted here stays deleted. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../../support/databases.ts';
import { importFile } from '../../support/imports.ts';
import { createTestSite, type TestSite } from '../../support/site.ts';
import { SMALL_SAMPLES, trainOn } from '../../support/small-filter.ts';

/** A comment of a thread: its number, the number that it answers, its text; null: deleted, text and all. */
type Row = readonly [number: number, parent: number | null, text: string | null];

const at = (number: number) => `2023-01-02T03:04:${String(number).padStart(2, '0')}Z`;
const WRITERS: Readonly<Record<string, (rows: readonly Row[]) => string>> = {
  isso: (rows) =>
    rows
      .map(([id, parent, text]) =>
        JSON.stringify({
          id,
          parent,
          created: 1_700_000_000 + id,
          mode: text === null ? 4 : 1,
          text: text ?? '',
          uri: '/a',
        }),
      )
      .join('\n'),
  remark42: (rows) =>
    rows
      .map(([id, parent, text]) =>
        JSON.stringify({
          ...{
            id: `r${id}`,
            pid: parent === null ? '' : `r${parent}`,
            text: text ?? '',
            delete: text === null,
          },
          ...{ user: { id: 'u', name: 'R' }, locator: { site: 's', url: '/a' }, time: at(id) },
        }),
      )
      .join('\n'),
  cusdis: (rows) =>
    rows
      .map(([id, parent, text]) =>
        JSON.stringify({
          ...{
            id: `c${id}`,
            parentId: parent && `c${parent}`,
            content: text ?? '',
            approved: true,
            slug: '/a',
          },
          ...{ created_at: at(id), deletedAt: text === null ? at(id) : null },
        }),
      )
      .join('\n'),
  commento: (rows) =>
    JSON.stringify({
      ...{ version: 1, commenters: [] },
      comments: rows.map(([id, parent, text]) => ({
        ...{
          commentHex: `h${id}`,
          parentHex: parent === null ? 'root' : `h${parent}`,
          url: '/a',
          state: 'approved',
        },
        ...{ markdown: text ?? '[deleted]', creationDate: at(id) },
      })),
    }),
  comentario: (rows) =>
    JSON.stringify({
      ...{ version: 3, commenters: [], pages: [{ id: 'p', path: '/a', isReadonly: false }] },
      comments: rows.map(([id, parent, text]) => ({
        ...{ id: `c${id}`, parentId: parent && `c${parent}`, pageId: 'p', markdown: text ?? '' },
        ...{ createdTime: at(id), isApproved: true, isPending: false, isDeleted: text === null },
      })),
    }),
  giscus: (rows) => {
    const nodes = rows.map(([id, parent, text]) => ({
      ...{
        id: `g${id}`,
        parent,
        body: text ?? '',
        createdAt: at(id),
        deletedAt: text === null ? at(id) : null,
      },
    }));
    const tops = nodes.filter(({ parent }) => parent === null);
    const comments = {
      nodes: tops.map((top) => ({
        ...top,
        replies: { nodes: nodes.filter(({ parent }) => parent !== null && `g${parent}` === top.id) },
      })),
    };
    return JSON.stringify({ data: { repository: { discussions: { nodes: [{ title: 'a', comments }] } } } });
  },
};

/** Of answers to deleted comments: what stands above each comment that is shown, `x` for a place. */
const THREADS: readonly { name: string; rows: readonly Row[]; above: Readonly<Record<string, string>> }[] = [
  {
    name: 'an answer',
    rows: [
      [1, null, null],
      [2, 1, 'two'],
    ],
    above: { two: 'x' },
  },
  {
    name: 'two answers',
    rows: [
      [1, null, null],
      [2, 1, 'two'],
      [3, 1, 'three'],
    ],
    above: { two: 'x', three: 'x' },
  },
  {
    name: 'an answer before it',
    rows: [
      [2, 1, 'two'],
      [1, null, null],
    ],
    above: { two: 'x' },
  },
  {
    name: 'nothing',
    rows: [
      [1, null, null],
      [2, null, 'two'],
    ],
    above: { two: '' },
  },
  {
    name: 'an answer to what is there',
    rows: [
      [1, null, 'one'],
      [2, 1, 'two'],
    ],
    above: { one: '', two: 'one' },
  },
];
/** Deeper than giscus goes. */
const DEEP: typeof THREADS = [
  {
    name: 'one within',
    rows: [
      [1, null, 'one'],
      [2, 1, null],
      [3, 2, 'three'],
    ],
    above: { one: '', three: 'x one' },
  },
  {
    name: 'two in a row',
    rows: [
      [1, null, null],
      [2, 1, null],
      [3, 2, 'three'],
    ],
    above: { three: 'x x' },
  },
  {
    name: 'two in a row, backwards',
    rows: [
      [3, 2, 'three'],
      [2, 1, null],
      [1, null, null],
    ],
    above: { three: 'x x' },
  },
];
const CASES = Object.keys(WRITERS).flatMap((format) =>
  [...THREADS, ...(format === 'giscus' ? [] : DEEP)].map((thread) => ({ format, ...thread })),
);

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly parent: string | null;
    readonly content: string;
  }[];
  readonly removed: readonly {
    readonly id: string;
    readonly parent: string | null;
    readonly held: boolean;
  }[];
}

describe.each(DATABASES)('places of deleted comments on %s', (kind) => {
  let service: TestService;
  let sites = 0;
  beforeAll(async () => {
    service = await createTestService(kind, { starter: trainOn(SMALL_SAMPLES) });
  });
  afterAll(() => service.close());

  const list = async ({ client }: TestSite) => (await client.get<Listed>('/v1/comments?post=/a')).body;

  /** What stands above a comment, from below. */
  function readAbove({ items, removed }: Listed, parent: string | null): string[] {
    if (parent === null) return [];
    const shown = items.find(({ id }) => id === parent);
    const place = removed.find(({ id }) => id === parent);
    expect(shown ?? place).toBeDefined();
    return [shown?.content ?? 'x', ...readAbove({ items, removed }, (shown ?? place)?.parent ?? null)];
  }

  test.each(CASES)('$format: $name', async ({ format, rows, above }) => {
    const site = await createTestSite(service, `places-${++sites}`);
    const file = WRITERS[format]?.(rows) ?? '';
    for (const times of [1, 2]) {
      const done = await importFile(service, site, format, file);
      expect(done, JSON.stringify(done)).toMatchObject({
        ...{ state: 'succeeded', refused: 0, passed_over: rows.filter(([, , text]) => text === null).length },
        added: times === 1 ? Object.keys(above).length : 0,
      });
      const listed = await list(site);
      const found = listed.items.map(({ content, parent }) => [content, readAbove(listed, parent).join(' ')]);
      expect(Object.fromEntries(found)).toEqual(above);
      expect(listed.removed.every(({ held }) => !held)).toBe(true);
    }
  });

  test('what was deleted here for ever is not brought back by the same file, with its place kept', async () => {
    const site = await createTestSite(service, `places-${++sites}`);
    const file =
      WRITERS.isso?.([
        [1, null, 'one'],
        [2, 1, 'two'],
      ]) ?? '';
    await importFile(service, site, 'isso', file);
    const [first] = (await list(site)).items;
    await site.client.call('DELETE', `/v1/comments/${first?.id}`);
    expect(await importFile(service, site, 'isso', file)).toMatchObject({ added: 0, known: 2 });
    expect(await list(site)).toMatchObject({ items: [{ content: 'two' }], removed: [{ id: first?.id }] });
  });
});
