import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestService, DATABASES, type TestService } from '../support/databases.ts';

describe.each(DATABASES)('the schema on %s', (kind) => {
  let service: TestService;
  beforeAll(async () => {
    service = await createTestService(kind);
  });
  afterAll(() => service.close());

  test('every table and column has its description in the database', async () => {
    const { rows } = await sql<{ name: string }>`
      select c.relname || coalesce('.' || a.attname, '') as name from pg_class c
        join (select attrelid, attnum, attname from pg_attribute where attnum > 0 and not attisdropped
          union all select oid, 0, null from pg_class) a on a.attrelid = c.oid
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
          and c.relname not like 'kysely%' and col_description(c.oid, a.attnum) is null
          and (a.attnum > 0 or obj_description(c.oid, 'pg_class') is null)
        order by 1`.execute(service.db);
    expect(rows.map(({ name }) => name)).toEqual([]);
  });
});
