/** A browser as the service sees one: it keeps its cookie and says where its requests come from. */
import { createApp } from '../../src/http/app.ts';
import type { App } from '../../src/http/routing/app-context.ts';
import type { Service } from '../../src/service.ts';
import { holdToContract } from './contract.ts';

export interface BrowserAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface BrowserClient {
  readonly app: App;
  /** `NAME=VALUE`, or '' when signed out. */
  readonly cookie: () => string;
  readonly send: <T = { code?: string }>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<BrowserAnswer<T>>;
}

export const ORIGIN = 'https://service.example';

export function createBrowserClient(service: Service, origin = ORIGIN): BrowserClient {
  const app = createApp(() => service);
  let cookie = '';
  let mark = '';
  return {
    app,
    cookie: () => cookie,
    send: async (method, path, body, extra = {}) => {
      const headers = new Headers({ host: new URL(origin).host, 'sec-fetch-site': 'same-origin' });
      const sent = [cookie, mark].filter((one) => one !== '').join('; ');
      if (sent !== '') headers.set('cookie', sent);
      if (method !== 'GET') headers.set('origin', origin);
      if (body !== undefined) headers.set('content-type', 'application/json');
      for (const [name, value] of Object.entries(extra)) {
        if (value === '') headers.delete(name);
        else headers.set(name, value);
      }
      const response = await app.request(`${origin}${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      for (const set of response.headers.getSetCookie()) {
        const [pair = ''] = set.split(';');
        if (pair.split('=', 1)[0]?.endsWith('-browser')) mark = pair;
        else cookie = /Max-Age=0/.test(set) ? '' : pair;
      }
      const text = await response.text();
      const contentType = response.headers.get('content-type') ?? '';
      holdToContract(app, { method, path, status: response.status, contentType, text });
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? null : JSON.parse(text),
      };
    },
  };
}
