/** Talks to the app through its public door, without a port: `app.request`. */
import { createApp } from '../../src/http/app.ts';
import type { App } from '../../src/http/routing/app-context.ts';
import type { Service } from '../../src/service.ts';
import { holdToContract } from './contract.ts';

/** An answer, its body read. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body when it is JSON (`application/json`, `application/problem+json`), else undefined. */
  readonly body: T;
}

export interface CallOptions {
  /** Sent as `Authorization: Bearer KEY`; null sends none. Default: the client's own. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string or bytes as they are, URLSearchParams and FormData as forms. */
  readonly body?: unknown;
}

export interface Client {
  readonly app: App;
  readonly call: <T = unknown>(method: string, path: string, options?: CallOptions) => Promise<Answer<T>>;
  readonly get: <T = unknown>(path: string, options?: CallOptions) => Promise<Answer<T>>;
  readonly post: <T = unknown>(path: string, body?: unknown, options?: CallOptions) => Promise<Answer<T>>;
  /** The same app under another key. */
  readonly as: (key: string | null) => Client;
}

/**
 * A client of a service; one `createApp` for all its calls.
 *
 * Every answer of a route of the OpenAPI document is held to it: a call fails whose answer is not as documented.
 */
export function createClient(service: Service, key: string | null = null): Client {
  return clientOf(
    createApp(() => service),
    key,
  );
}

function clientOf(app: App, ownKey: string | null): Client {
  const call = async <T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> => {
    const response = await app.request(path, toRequest(method, options, ownKey));
    const text = await response.text();
    const { status, headers } = response;
    const contentType = headers.get('content-type') ?? '';
    holdToContract(app, { method, path, status, contentType, text });
    const json = /^application\/([a-z]+\+)?json\b/.test(contentType);
    const body: T = json && text !== '' ? JSON.parse(text) : undefined;
    return { status, headers, text, body };
  };
  return {
    app,
    call,
    get: (path, options) => call('GET', path, options),
    post: (path, body, options) => call('POST', path, { ...options, body }),
    as: (key) => clientOf(app, key),
  };
}

function toRequest(method: string, options: CallOptions, ownKey: string | null): RequestInit {
  const headers = new Headers();
  const key = options.key === undefined ? ownKey : options.key;
  if (key !== null) headers.set('authorization', `Bearer ${key}`);
  const { body } = options;
  const raw =
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof URLSearchParams ||
    body instanceof FormData;
  if (body instanceof URLSearchParams) headers.set('content-type', 'application/x-www-form-urlencoded');
  else if (body !== undefined && !raw) headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  if (body === undefined) return { method, headers };
  if (!raw) return { method, headers, body: JSON.stringify(body) };
  return { method, headers, body: body instanceof Uint8Array ? new Uint8Array(body) : body };
}
