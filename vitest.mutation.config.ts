import { defineConfig } from 'vitest/config';
import plain from './vitest.config.ts';

/** The tests that hold the mutated modules; the whole suite for each of 1,000 mutants would take days. */
const MUTATION_TESTS = [
  'test/core/policy.test.ts',
  'test/core/filter/classifier.test.ts',
  'test/moderation/privacy/*.test.ts',
  'test/node/pseudonym-keys.test.ts',
  'test/moderation/submit/*.test.ts',
  'test/http/api/{submission,decisions,queue,users}.test.ts',
  'test/http/routing/{refusals,tenants}.test.ts',
];

const only = process.env.MUTATION_TESTS?.split(',');

export default defineConfig({ ...plain, test: { ...plain.test, include: only ?? MUTATION_TESTS } });
