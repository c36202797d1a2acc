import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createGroupCommit,
  GROUP_LIMITS,
  type GroupLimits,
} from '../../../src/moderation/submit/group-commit.ts';
import { DatabaseBusyError } from '../../../src/storage/connection/database-busy-error.ts';

interface Begun {
  readonly works: readonly string[];
  readonly finish: () => void;
  readonly fail: (error: unknown) => void;
}

/** A database that stores a group when the test says so. */
function createSlowStore() {
  const begun: Begun[] = [];
  const run = (works: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      begun.push({
        works,
        finish: () => resolve(works.map((work) => `${work} stored`)),
        fail: reject,
      });
    });
  const next = async (number: number): Promise<Begun> => {
    for (;;) {
      const one = begun[number];
      if (one) return one;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { run, next, begun };
}

const withLimits = (limits: Partial<GroupLimits>): GroupLimits => ({ ...GROUP_LIMITS, ...limits });
const dataFault = (detail: string) => Object.assign(new Error(detail), { code: '22021' });

describe('group commit', () => {
  it('starts a lone work at once and puts what arrives meanwhile into one group', async () => {
    const store = createSlowStore();
    const groups = createGroupCommit(store.run, withLimits({ groupsAtOnce: 1 }));
    const first = groups.submit('a', ['1']);
    const alone = await store.next(0);
    const others = ['2', '3', '4'].map((work) => groups.submit('a', [work]));
    alone.finish();
    expect(await first).toEqual(['1 stored']);
    const together = await store.next(1);
    expect(together.works).toEqual(['2', '3', '4']);
    together.finish();
    expect(await Promise.all(others)).toEqual([['2 stored'], ['3 stored'], ['4 stored']]);
  });

  it('takes sites in turns, so that a flood of one delays another by at most a group', async () => {
    const store = createSlowStore();
    const groups = createGroupCommit(store.run, withLimits({ groupsAtOnce: 1, groupSize: 4 }));
    const running = groups.submit('flood', ['0']);
    const zeroth = await store.next(0);
    const flood = Array.from({ length: 20 }, (_, at) => groups.submit('flood', [`f${at}`]));
    const other = groups.submit('other', ['mine']);
    zeroth.finish();
    await running;
    expect((await store.next(1)).works).toEqual(['f0', 'mine', 'f1', 'f2']);
    (await store.next(1)).finish();
    expect(await other).toEqual(['mine stored']);
    for (let at = 2; at <= 6; at++) (await store.next(at)).finish();
    await Promise.all(flood);
  });

  it('stores the works of a site one group after another, and those of another site meanwhile', async () => {
    const store = createSlowStore();
    const groups = createGroupCommit(store.run, withLimits({ groupsAtOnce: 2 }));
    const first = groups.submit('flood', ['1']);
    await store.next(0);
    const second = groups.submit('flood', ['2']);
    const other = groups.submit('other', ['mine']);
    expect((await store.next(1)).works).toEqual(['mine']);
    (await store.next(1)).finish();
    expect(await other).toEqual(['mine stored']);
    expect(store.begun).toHaveLength(2);
    (await store.next(0)).finish();
    expect((await store.next(2)).works).toEqual(['2']);
    (await store.next(2)).finish();
    await Promise.all([first, second]);
  });

  it('keeps works that belong together in one group and in their order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 9 })), { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        async (units, groupSize) => {
          const groupsSeen: (readonly string[])[] = [];
          const run = async (works: readonly string[]) => {
            groupsSeen.push(works);
            return works;
          };
          const groups = createGroupCommit(run, withLimits({ groupSize }));
          const submitted = units.map(([site, size], unit) =>
            Array.from({ length: size }, (_, at) => `${site} ${unit} ${at}`),
          );
          const answers = await Promise.all(
            submitted.map((works, unit) => groups.submit(units[unit]?.[0] ?? '', works)),
          );
          expect(answers).toEqual(submitted);
          for (const group of groupsSeen) {
            expect(
              group.length <= groupSize || new Set(group.map((work) => work.split(' ')[1])).size === 1,
            ).toBe(true);
          }
          for (const site of ['a', 'b', 'c']) {
            const inOrder = groupsSeen.flat().filter((work) => work.startsWith(site));
            expect(inOrder).toEqual(submitted.flat().filter((work) => work.startsWith(site)));
          }
        },
      ),
    );
  });

  it('tries each by itself when the data of one is at fault, and fails that one only', async () => {
    const run = async (works: readonly string[]) => {
      if (works.includes('bad')) throw dataFault('a text that cannot be stored');
      return works;
    };
    const groups = createGroupCommit(run);
    const answers = await Promise.allSettled(['1', 'bad', '2'].map((work) => groups.submit('a', [work])));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails the whole group when the database is gone, without trying each of it', async () => {
    let runs = 0;
    const groups = createGroupCommit<string, string>(async () => {
      runs += 1;
      throw Object.assign(new Error('gone'), { code: '57P01' });
    });
    const answers = await Promise.allSettled(['1', '2', '3'].map((work) => groups.submit('a', [work])));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(runs).toBe(1);
  });

  it('refuses at once what exceeds the bound of a site or of all, and takes more when there is room', async () => {
    const store = createSlowStore();
    const groups = createGroupCommit(
      store.run,
      withLimits({ groupsAtOnce: 1, groupSize: 10, waitingOfSite: 2, waiting: 3 }),
    );
    const running = groups.submit('a', ['0']);
    const zeroth = await store.next(0);
    const waiting = [groups.submit('a', ['1']), groups.submit('a', ['2'])];
    await expect(groups.submit('a', ['3'])).rejects.toThrow(DatabaseBusyError);
    waiting.push(groups.submit('b', ['4']));
    await expect(groups.submit('c', ['5'])).rejects.toThrow(DatabaseBusyError);
    zeroth.finish();
    (await store.next(1)).finish();
    await Promise.all([running, ...waiting]);
    const later = groups.submit('a', ['6']);
    (await store.next(2)).finish();
    expect(await later).toEqual(['6 stored']);
  });

  it('refuses at once while the oldest of the site waits longer than an answer may take', async () => {
    const store = createSlowStore();
    const groups = createGroupCommit(store.run, withLimits({ groupsAtOnce: 1, waitMs: -1 }));
    const running = groups.submit('a', ['0']);
    const zeroth = await store.next(0);
    const oldest = groups.submit('a', ['1']);
    await expect(groups.submit('a', ['2'])).rejects.toThrow(DatabaseBusyError);
    zeroth.finish();
    (await store.next(1)).finish();
    await Promise.all([running, oldest]);
  });
});
