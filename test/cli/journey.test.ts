/** A new admin without a browser: comments of another system become a filter that is looked at before it goes live. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkshop, runCommand } from '../support/service-process.ts';
import { HAS_SHARED_DATA, readShared } from '../support/shared-data.ts';
import { writeWxr } from '../support/wxr.ts';

const workshop = createWorkshop();
afterAll(() => workshop.clean());

describe.skipIf(!HAS_SHARED_DATA)('the way of a filter on the command line (needs ../shared/data)', () => {
  const folder = workshop.folder();
  const file = join(folder, 'export.xml.gz');
  let env: Record<string, string> = {};

  beforeAll(async () => {
    const comments = [
      ...readShared('youtube-psy'),
      ...readShared('youtube-indonesian-gambling').slice(0, 500),
    ].map(({ text, label }) => ({ content: text, label }));
    writeFileSync(file, gzipSync(writeWxr(comments)));
    const own = { DATA_DIR: join(folder, 'data') };
    const service = await workshop.serve(own);
    env = { ...own, ADMIN_API_KEY: service.firstAdminKey };
  });

  async function say(...parameters: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCommand(parameters, env);
    expect(code, `${parameters.join(' ')}\n${stderr}`).toBe(0);
    return stdout.trimEnd();
  }

  async function activeVersion(): Promise<string | undefined> {
    const models: { version: string; state: string }[] = JSON.parse(await say('model', 'list', '--json'));
    return models.find(({ state }) => state === 'active')?.version;
  }

  it('imports, trains, reads the report and what would flip, moves a threshold, looks in the shadow, activates, and goes back', async () => {
    const imported = JSON.parse(await say('import', file, '--format', 'wxr', '--json'));
    expect(imported.state).toBe('succeeded');
    expect(imported.added).toBeGreaterThan(700);
    const starter = await activeVersion();
    const { model_version: version } = JSON.parse(await say('train', '--json'));

    const report = await say('model', 'report', version);
    expect(report).toContain(`${version} compared with ${starter}. Ham: below `);
    expect(report).toMatch(/^On the held-out set: \d+ good, \d+ spam; McNemar/m);
    expect(report).toMatch(/^mcc +-?[01]\.\d{3} \(/m);
    expect(report).toMatch(/^candidate +\d+ of \d+ +\d+ of \d+/m);
    const [, told = ''] = /^Would flip: (\d+) decided comments/m.exec(report) ?? [];
    const flips: { from: { verdict: string }; to: { verdict: string }; evidence: unknown[] }[] = JSON.parse(
      await say('model', 'flips', version, '--limit', '1000', '--json'),
    );
    expect(flips.length).toBeGreaterThan(0);
    expect(flips).toHaveLength(Number(told));
    for (const { from, to } of flips) expect(from.verdict).not.toBe(to.verdict);
    expect(await say('model', 'flips', version, '--limit', '1')).toMatch(
      /^\S+ {2}\w+ [\d.]+ % -> \w+ .* a human said \w+\n/,
    );
    expect(await say('model', 'flips', version, '--waiting')).toBe(
      'No waiting comment would have another verdict.',
    );

    const { thresholds } = JSON.parse(await say('model', 'report', version, '--json'));
    const higher = String(Math.min(1, thresholds.spam + 0.001));
    const moved = await say('model', 'thresholds', version, '--ham', '0.1', '--spam', higher);
    expect(moved).toMatch(new RegExp(`^${version}-t1000-\\d+$`));
    expect(await say('model', 'report', moved)).toContain('Ham: below 0.1. ');

    expect(await say('shadow', 'start', moved)).toContain(`${moved} runs as a shadow`);
    expect(await say('model', 'activate', moved)).toBe(`${moved} is the active filter.`);
    expect(await activeVersion()).toBe(moved);
    expect(await say('shadow', 'show', moved)).toContain('does not run as a shadow');
    // Held against what is published now: the first filter published most of these texts.
    const absurd = await runCommand(['model', 'thresholds', version, '--ham', '0.9999', '--spam', '1'], env);
    expect(absurd.stderr).toContain('Lower the threshold for ham.');
    const refused = await runCommand(['model', 'activate', absurd.stdout.trim()], env);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Quality gate not passed');

    expect(await say('model', 'activate', starter ?? '')).toBe(`${starter} is the active filter.`);
    expect(await activeVersion()).toBe(starter);
  }, 240_000);

  it('says on the command line what is wrong with it', async () => {
    const share = await runCommand(['model', 'thresholds', 'v', '--ham', '2', '--spam', '1'], env);
    expect([share.code, share.stderr]).toEqual([2, expect.stringContaining('from 0 to 1')]);
    const unknown = await runCommand(['model', 'report', 'no-such-version'], env);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('no report')]);
  });
});
