/** Where a request came from: the one thing that each runtime and each proxy tells differently. */
import type { Context } from 'hono';
import { z } from 'zod';
import type { Config } from '../../config.ts';
import { parseUrl } from '../../core/parse-url.ts';
import { isNearby } from '../../moderation/site/behind-proxy.ts';
import type { Service } from '../../service.ts';

/** What @hono/node-server puts beside a request. */
const nodeBindings = z.object({
  incoming: z.object({ socket: z.object({ remoteAddress: z.string(), encrypted: z.boolean().optional() }) }),
});

/**
 * The client's IP address, or null when nobody tells. Behind `trustedProxies` proxies it is that many from the end of
 * `X-Forwarded-For`: what stands before it, the client wrote itself.
 */
export function clientAddress(c: Context, { trustedProxies }: Config): string | null {
  if (trustedProxies > 0) {
    const chain = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
    return bareAddress(chain.at(-trustedProxies) ?? '') || null;
  }
  const node = nodeBindings.safeParse(c.env);
  if (node.success) return bareAddress(node.data.incoming.socket.remoteAddress);
  return c.req.header('cf-connecting-ip') ?? null;
}

/**
 * An address without what proxies put around it: `1.2.3.4:80` (Azure's gateway, IIS), `[v6]:80`, a zone. A bare IPv6
 * address has several colons, so that one colon alone sets off a port.
 */
function bareAddress(text: string): string {
  const [, bracketed] = /^\[([^\]]*)\](?::\d*)?$/.exec(text) ?? [];
  const [, beforePort] = /^([^:]*):\d*$/.exec(text) ?? [];
  return (bracketed ?? beforePort ?? text).replace(/%.*$/s, '');
}

/** The origin that the browser sees: behind a trusted proxy, the one it was asked for. */
export function ownOrigin(c: Context, { trustedProxies }: Config): string {
  const url = new URL(c.req.url);
  const forwarded = trustedProxies > 0 ? c.req.header('x-forwarded-proto') : undefined;
  const protocol = forwarded === 'https' || forwarded === 'http' ? `${forwarded}:` : url.protocol;
  return `${protocol}//${c.req.header('host') ?? url.host}`;
}

/** Where links of this service lead, without a slash at its end: `PUBLIC_URL`, or else what the request says. */
export function publicAddress(c: Context, config: Config): string {
  return config.publicUrl ?? ownOrigin(c, config);
}

/** The origin of {@link publicAddress}. */
export function publicOrigin(c: Context, config: Config): string {
  return config.publicUrl === undefined ? ownOrigin(c, config) : new URL(config.publicUrl).origin;
}

/** Whether an origin is http on this machine: the one place where a cookie may go without TLS. */
export function isLoopback(origin: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parseUrl(origin)?.hostname ?? '');
}

const FORWARDING_HEADERS = [
  ...['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host'],
  ...['cf-connecting-ip', 'true-client-ip', 'fly-client-ip', 'x-client-ip'],
];
const untrusted = new WeakSet<Config>();

/**
 * Warns once when a proxy on this machine or this network says for whom it asks, and `TRUSTED_PROXIES` tells to ignore it:
 * then all readers have the proxy's address, and the second of them within some seconds is refused.
 */
export function noteUntrustedProxy(c: Context, { config, log }: Pick<Service, 'config' | 'log'>): void {
  if (config.trustedProxies > 0 || untrusted.has(config)) return;
  if (!FORWARDING_HEADERS.some((name) => c.req.header(name) !== undefined)) return;
  const node = nodeBindings.safeParse(c.env);
  if (!node.success || !isNearby(bareAddress(node.data.incoming.socket.remoteAddress))) return;
  untrusted.add(config);
  log.warn('proxy-not-trusted', {
    error:
      'A proxy adds X-Forwarded-For, which is ignored: all readers count as one. Set TRUSTED_PROXIES to the number of proxies.',
  });
}

/** Whether {@link noteUntrustedProxy} has warned. */
export function isBehindUntrustedProxy(config: Config): boolean {
  return untrusted.has(config);
}
