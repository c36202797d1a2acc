/** A service on a port and a Chromium before it, for a test file of pages. */
import type { Browser } from 'playwright-core';
import { createWebAssets, type ListeningApp, listen, startBrowser } from './browser.ts';
import type { Client } from './client.ts';
import {
  createTestService,
  type DatabaseKind,
  type TestService,
  type TestServiceOverrides,
} from './databases.ts';
import { createAdminClient } from './site.ts';

export interface BrowsedService {
  readonly service: TestService;
  readonly admin: Client;
  readonly app: ListeningApp;
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}

/** With the pages' own files. The clock is the machine's, as the browser's is, unless another is given. */
export async function startBrowsedService(
  kind: DatabaseKind = 'pglite',
  overrides: TestServiceOverrides = {},
): Promise<BrowsedService> {
  const service = await createTestService(kind, {
    readAsset: createWebAssets(),
    now: () => new Date(),
    ...overrides,
  });
  const admin = await createAdminClient(service);
  const app = await listen(service);
  const browser = await startBrowser();
  return {
    service,
    admin,
    app,
    browser,
    close: async () => {
      await browser.close();
      await app.close();
      await service.close();
    },
  };
}
