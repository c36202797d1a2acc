/** The built service as a process for a benchmark, and its API. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** The admin key. */
  readonly key: string;
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
}

/** Starts `dist/` on a free port, with these variables and no others of the developer's. */
export async function serve(env: Readonly<Record<string, string>>): Promise<Served> {
  const key = randomBytes(24).toString('base64url');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['dist/src/cli/cli.js', 'serve'], {
    env: { PATH, ADMIN_API_KEY: key, PORT: '0', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    const url = /listens at (\S+) /.exec(output)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return { child, url, key, call: (...asked) => call(url, key, ...asked) };
  }
  throw new Error(`the service did not start: ${output}`);
}

async function call<T>(url: string, key: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as T;
}
