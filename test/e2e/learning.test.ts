/**
 * The main job over HTTP, on real comments of ../shared/data: post one video's comments, decide the queue by the true
 * labels, retrain, activate, and see the next video judged better than before. The service starts from a filter that
 * has seen text messages alone, because the shipped starter knows both videos.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Label } from '../../src/core/comment.ts';
import { serialiseModel } from '../../src/core/filter/model-format.ts';
import { beginTraining } from '../../src/core/filter/training.ts';
import { createWorkshop, type ServiceProcess } from '../support/service-process.ts';
import { HAS_SHARED_DATA, readShared, type SharedComment } from '../support/shared-data.ts';

const KEY = 'an-admin-key-for-this-test-alone';

interface Checked {
  id: string;
  status: string;
  spam_probability: number;
}

describe.skipIf(!HAS_SHARED_DATA)('a site that learns (needs ../shared/data)', () => {
  const workshop = createWorkshop();
  const folder = workshop.folder();
  let service: ServiceProcess;

  beforeAll(async () => {
    writeFileSync(join(folder, 'sms.bin'), trainOnTextMessages());
    service = await workshop.serve({
      DATA_DIR: join(folder, 'data'),
      ADMIN_API_KEY: KEY,
      STARTER_MODEL: join(folder, 'sms.bin'),
    });
  });
  afterAll(() => workshop.clean());

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Posts every comment one by one; what each is believed to be. */
  async function post(rows: readonly SharedComment[], at: string): Promise<Checked[]> {
    const answers: Checked[] = [];
    for (const [index, row] of rows.entries()) {
      answers.push(
        await call<Checked>('POST', '/v1/comments', {
          post: `${at}-${index}`,
          author_name: (row.author ?? '').slice(0, 200) || `Reader ${index}`,
          author_email: `reader${index}@${at}.example.org`,
          content: row.text,
        }),
      );
    }
    return answers;
  }

  function accuracy(answers: readonly Checked[], rows: readonly SharedComment[]): number {
    const right = answers.filter(
      ({ spam_probability }, at) => believed(spam_probability) === rows[at]?.label,
    );
    return right.length / rows.length;
  }

  function believed(spamProbability: number): Label {
    return spamProbability >= 0.5 ? 'spam' : 'ham';
  }

  test('judges the next video better after a moderator has decided the first', async () => {
    const [site] = (await call<{ items: { id: string }[] }>('GET', '/v1/sites')).items;
    await call('PATCH', `/v1/sites/${site?.id}`, { settings: { premoderate: true, audit_share: 0 } });
    const psy = readShared('youtube-psy');
    const katy = readShared('youtube-katyperry');

    const before = accuracy(await post(katy, 'before'), katy);
    const labels = new Map((await post(psy, 'psy')).map(({ id }, at) => [id, psy[at]?.label]));
    await decideQueue(labels);

    const { job } = await call<{ job: string }>('POST', '/v1/models', {});
    const version = await finished(job);
    await call('POST', `/v1/models/${version}/activate`, {});
    const after = accuracy(await post(katy, 'after'), katy);

    console.log(
      `accuracy on youtube-katyperry: ${before.toFixed(4)} before, ${after.toFixed(4)} after ${labels.size} decisions on youtube-psy`,
    );
    expect(after).toBeGreaterThan(before);
  }, 240_000);

  /** Clears the queue as a moderator would: claim, decide each by its true label, until nothing is left. */
  async function decideQueue(labels: ReadonlyMap<string, Label | undefined>): Promise<void> {
    const decided = new Set<string>();
    for (;;) {
      const { items } = await call<{ items: { id: string }[] }>('POST', '/v1/queue/claims', {
        limit: 100,
        seconds: 600,
      });
      if (items.length === 0) break;
      for (const { id } of items) {
        const label = labels.get(id);
        if (label === undefined) continue;
        await call('POST', `/v1/comments/${id}/decisions`, {
          decision: label === 'ham' ? 'approve' : 'spam',
        });
        decided.add(id);
      }
    }
    expect(decided.size).toBe(labels.size);
  }

  /** Waits for the job; the version it trained. */
  async function finished(job: string): Promise<string> {
    let state = '';
    let version = '';
    await expect
      .poll(
        async () => {
          const answer = await call<{ state: string; result: { model_version?: string } | null }>(
            'GET',
            `/v1/jobs/${job}`,
          );
          state = answer.state;
          version = answer.result?.model_version ?? '';
          return state;
        },
        { timeout: 60_000 },
      )
      .toBe('succeeded');
    return version;
  }
});

function trainOnTextMessages(): Uint8Array {
  const training = beginTraining({ version: 'sms-only', starter: null, provenance: { sources: ['sms-80'] } });
  for (const [at, { text, label }] of readShared('sms-80').entries()) {
    training.add({ content: text, label }, { groupKey: String(at) });
  }
  return serialiseModel(training.finish().model);
}
