/** Domains that hand out e-mail addresses for an hour. */

let domains: Promise<ReadonlySet<string>> | undefined;

/**
 * Whether the domain, or one that it is under, is a known disposable one (121,000 of them; the list is read when it is
 * first asked for, and takes some 10 MB).
 */
export async function isDisposableDomain(domain: string): Promise<boolean> {
  domains ??= readDomains();
  const known = await domains;
  for (let rest = domain; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    if (known.has(rest)) return true;
  }
  return false;
}

async function readDomains(): Promise<ReadonlySet<string>> {
  const list = await import('disposable-email-domains', { with: { type: 'json' } });
  return new Set(list.default);
}
