/** Every migration in order: a static list, so that it bundles for any runtime. A released file never changes. */
import type { Migration } from 'kysely';
import * as initial from './0001-initial/index.ts';

export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
};
