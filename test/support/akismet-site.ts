/** A running service with a site and a compatible key: what the real Akismet clients are pointed at. */
import type { ServiceProcess } from './service-process.ts';

export interface AkismetSite {
  readonly url: string;
  readonly port: number;
  /** Twelve characters. */
  readonly key: string;
  /** JSON from `/v1` under an admin key. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
}

/** Makes the site and its key through the public API. */
export async function createAkismetSite(
  service: ServiceProcess,
  site: Readonly<Record<string, unknown>>,
): Promise<AkismetSite> {
  const admin: AkismetSite['admin'] = async (method, path, body) => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${service.firstAdminKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };
  const { slug } = await admin('POST', '/v1/sites', { name: 'A site', ...site });
  const { key } = await admin('POST', '/v1/keys', { site: slug, scopes: ['akismet'] });
  return { url: service.url, port: Number(new URL(service.url).port), key: String(key), admin };
}
