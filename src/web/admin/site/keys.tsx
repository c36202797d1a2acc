/** Creates API keys, shows each once, and revokes them after a question. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Copied } from '../../page/copy.tsx';
import { Empty } from '../../page/lead.tsx';
import { useQuestion } from '../../page/question.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useSites } from '../names.ts';
import type { PartProps } from '../part-props.ts';
import { useReader } from '../reader.tsx';
import { Failure, Loaded, useAction, useResource } from '../resource.tsx';
import { Ends, Time } from '../time.tsx';
import { EmbedSnippet } from './embed-snippet.tsx';
import { NewKey } from './new-key.tsx';

interface Key {
  readonly id: string;
  readonly site_id: string | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly allowed_origins: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

export function Keys({ site }: PartProps): JSX.Element {
  const { t } = useReader();
  const keys = useResource<{ items: readonly Key[] }>('/v1/keys');
  const [shown, setShown] = useState<{ key: string; isPublic: boolean } | null>(null);
  return (
    <>
      <p class="hint">{t.keys.about}</p>
      <NewKey
        site={site}
        onMade={(key, isPublic) => {
          setShown({ key, isPublic });
          keys.reload();
        }}
      />
      {shown !== null && (
        <>
          <Copied title={t.keys.shownOnce} text={shown.key} copy={t.copy} copied={t.copied} />
          {shown.isPublic && <EmbedSnippet publicKey={shown.key} />}
        </>
      )}
      <Loaded resource={keys}>
        {({ items }) => <KeyTable site={site} items={items} onChanged={keys.reload} />}
      </Loaded>
    </>
  );
}

function KeyTable(props: { site: string; items: readonly Key[]; onChanged: () => void }): JSX.Element {
  const { t } = useReader();
  const k = t.keys;
  const sites = useSites();
  const items = props.items.filter(({ site_id: siteId }) => sites.concerns(siteId, props.site));
  const revoke = useRevoke(props.onChanged);
  return (
    <>
      <Failure of={revoke.action} />
      <Table
        caption={k.caption}
        head={[k.name, t.site, k.permissions, k.origins, k.created, k.expires, k.lastUsed, t.action]}
        keys={items.map(({ id }) => id)}
        rows={items.map((key) => [
          <bdi>{key.name}</bdi>,
          <bdi>{sites.nameOf(key.site_id)}</bdi>,
          key.scopes.map((scope) => k.scopes[scope] ?? scope).join(', '),
          key.allowed_origins.join(', ') || '–',
          <Time at={key.created_at} />,
          <Ends at={key.expires_at} never={k.never} />,
          key.last_used_at === null ? k.neverUsed : <Time at={key.last_used_at} />,
          key.revoked_at === null ? (
            <Button
              kind="danger"
              label={`${k.revoke}: ${key.name}`}
              busy={revoke.action.busy}
              onClick={() => revoke.ask(key)}
            >
              {k.revoke} …
            </Button>
          ) : (
            <Badge tone="bad">{k.revoked}</Badge>
          ),
        ])}
        empty={<Empty title={k.none} />}
      />
    </>
  );
}

/** Revoking cannot be undone: the question says who would notice. */
function useRevoke(onChanged: () => void) {
  const { t, format } = useReader();
  const k = t.keys;
  const ask = useQuestion();
  const action = useAction();
  const tellUse = (key: Key): string => {
    if (key.last_used_at === null) return k.neverUsedYet;
    const ago = format.ago(key.last_used_at);
    const [origin] = key.allowed_origins;
    return origin === undefined
      ? fill(k.used, { ago })
      : fill(k.usedBy, { ago, origin: key.allowed_origins.join(', ') });
  };
  return {
    action,
    ask: (key: Key): void =>
      action.run(async () => {
        const yes = await ask({
          title: fill(k.revokeTitle, { name: key.name }),
          consequence: (
            <>
              <p>{tellUse(key)}</p>
              <p>{key.allowed_origins.length > 0 ? k.revokePublic : k.revokePrivate}</p>
            </>
          ),
          confirm: k.revoke,
        });
        if (!yes) return;
        await call('DELETE', `/v1/keys/${key.id}`);
        onChanged();
      }),
  };
}
