/** Asks a service that is a process of its own. */
import type { z } from 'zod';
import type { ServiceProcess } from './service-process.ts';

/** The key that {@link callProcess} shows: start the process with it as `ADMIN_API_KEY`. */
export const PROCESS_KEY = 'an-admin-key-for-the-tests-alone';

/** A string goes as JSON lines, else as JSON. @throws {Error} for an answer that is no success. */
export async function callProcess<T>(
  { url }: ServiceProcess,
  schema: z.ZodType<T>,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const lines = typeof body === 'string';
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${PROCESS_KEY}`,
      'content-type': lines ? 'application/x-ndjson' : 'application/json',
    },
    ...(body !== undefined && { body: lines ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return schema.parse(JSON.parse(text));
}
