import { expect, it } from 'vitest';
import { createVoteCap } from '../../../src/moderation/learn/vote-cap.ts';
import type { StoredSample } from '../../../src/storage/learn/samples.ts';

const vote = (actor: string, day: string, source = 'decision'): StoredSample => ({
  id: '00000000-0000-7000-8000-000000000000',
  content: 'text',
  authorName: undefined,
  authorUrl: undefined,
  label: 'spam',
  group: 'text',
  source,
  actor,
  labelledAt: new Date(`${day}T10:00:00Z`),
});

it('counts so many votes of a source a day, and leaves the rest out', () => {
  const cap = createVoteCap(2);
  const admitted = [
    vote('key:a', '2026-03-01'),
    vote('key:a', '2026-03-01'),
    vote('key:a', '2026-03-01'),
    vote('user:b', '2026-03-01'),
    vote('key:a', '2026-03-02'),
    vote('key:a', '2026-03-01', 'akismet'),
  ].map(cap.admit);
  expect(admitted).toEqual([true, true, false, true, true, false]);
  expect(cap.leftOut()).toBe(2);
});

it('takes whole uploads and imports', () => {
  const cap = createVoteCap(1);
  const archive = ['upload', 'upload', 'import:wxr', 'import:wxr'];
  expect(archive.every((source) => cap.admit(vote('key:a', '2026-03-01', source)))).toBe(true);
});
