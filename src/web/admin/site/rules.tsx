/** Lists a site's own rules; each can be edited, switched off and removed, with time to undo. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../../strings/index.ts';
import { Badge } from '../../page/badge.tsx';
import { Button } from '../../page/button.tsx';
import { Empty } from '../../page/lead.tsx';
import { call } from '../../page/service.ts';
import { Table } from '../../page/table.tsx';
import { useToast } from '../../page/toast.tsx';
import type { PartProps } from '../part-props.ts';
import { type Reader, useReader } from '../reader.tsx';
import { Failure, inSite, Loaded, useAction, useResource } from '../resource.tsx';
import { Ends } from '../time.tsx';
import { RuleForm } from './rule-form.tsx';
import type { RuleView } from './rule-view.ts';

type WordSetting = 'banned_words' | 'suspect_words';
interface Site {
  readonly id: string;
  readonly slug: string;
  readonly settings: Readonly<Record<WordSetting, readonly string[]>>;
}

export function Rules({ site, subject }: PartProps): JSX.Element {
  const { t } = useReader();
  const rules = useResource<{ items: readonly RuleView[] }>(inSite(site, '/v1/rules'));
  return (
    <>
      <p class="hint">{t.rules.about}</p>
      {subject === 'banned_words' || subject === 'suspect_words' ? (
        <RuleOfSetting site={site} setting={subject} onSaved={rules.reload} />
      ) : (
        <Edited site={site} id={subject} onSaved={rules.reload} />
      )}
      <Loaded resource={rules}>
        {({ items }) => <RuleTable site={site} items={items} onChanged={rules.reload} />}
      </Loaded>
    </>
  );
}

/** The form for a new rule, or for the one that the address names. */
function Edited({ site, id, onSaved }: { site: string; id: string; onSaved: () => void }): JSX.Element {
  if (id === '') return <RuleForm site={site} onSaved={onSaved} />;
  return (
    <OneRule
      site={site}
      id={id}
      onSaved={() => {
        location.hash = '#rules';
        onSaved();
      }}
    />
  );
}

function OneRule({ site, id, onSaved }: { site: string; id: string; onSaved: () => void }): JSX.Element {
  const { t } = useReader();
  const rule = useResource<RuleView>(inSite(site, `/v1/rules/${id}`));
  return (
    <Loaded resource={rule}>
      {(data) => (
        <>
          <h3>{t.rules.edit}</h3>
          <RuleForm site={site} edited={data} onSaved={onSaved} />
          <p>
            <a href="#rules">{t.cancel}</a>
          </p>
        </>
      )}
    </Loaded>
  );
}

interface TableProps {
  readonly site: string;
  readonly items: readonly RuleView[];
  readonly onChanged: () => void;
}

function RuleTable(props: TableProps): JSX.Element {
  const { t, format } = useReader();
  const r = t.rules;
  const { action, removed, toggle, remove } = useRuleActs(props);
  const items = props.items.filter(({ id }) => id !== removed);
  const nameOf = (rule: RuleView): string => rule.pattern.slice(0, 40) || (r.kinds[rule.kind] ?? rule.kind);
  return (
    <>
      <Failure of={action} />
      <Table
        caption={r.caption}
        head={[r.kind, r.pattern, r.entries, r.options, r.action, r.note, r.until, r.state, t.action]}
        keys={items.map(({ id }) => id)}
        rows={items.map((rule) => [
          r.kinds[rule.kind] ?? rule.kind,
          <bdi>{rule.pattern.slice(0, 80) || '–'}</bdi>,
          format.number(rule.entries),
          describeOptions(rule.options, t) || '–',
          r.dispositions[rule.disposition] ?? rule.disposition,
          <bdi>{rule.note ?? '–'}</bdi>,
          <Ends at={rule.expires_at} never={r.neverExpires} />,
          rule.enabled ? <Badge tone="good">{r.isOn}</Badge> : <Badge>{r.isOff}</Badge>,
          <div class="row">
            <a href={`#rules/${rule.id}`} aria-label={`${r.edit}: ${nameOf(rule)}`}>
              {t.edit}
            </a>
            <Button
              busy={action.busy}
              label={`${rule.enabled ? r.switchOff : r.switchOn}: ${nameOf(rule)}`}
              onClick={() => toggle(rule)}
            >
              {rule.enabled ? r.switchOff : r.switchOn}
            </Button>
            <Button busy={action.busy} label={`${t.remove}: ${nameOf(rule)}`} onClick={() => remove(rule)}>
              {t.remove}
            </Button>
          </div>,
        ])}
        empty={<Empty title={r.none} />}
      />
    </>
  );
}

/**
 * A removed rule is switched off at once and deleted when the time to undo is over: should the page be closed before,
 * it is still there, switched off.
 */
function useRuleActs({ site, onChanged }: TableProps) {
  const { t } = useReader();
  const r = t.rules;
  const action = useAction();
  const tell = useToast();
  const [removed, setRemoved] = useState('');
  const put = async (id: string, enabled: boolean): Promise<void> => {
    await call('PATCH', inSite(site, `/v1/rules/${id}`), { enabled });
    onChanged();
  };
  return {
    action,
    removed,
    toggle: ({ id, enabled }: RuleView): void =>
      action.run(async () => {
        await put(id, !enabled);
        tell({ text: enabled ? r.offNow : r.onNow, undo: () => put(id, enabled) });
      }),
    remove: ({ id, enabled, pattern, kind }: RuleView): void =>
      action.run(async () => {
        await put(id, false);
        tell({
          text: fill(r.removed, { name: pattern.slice(0, 40) || (r.kinds[kind] ?? kind) }),
          undo: async () => {
            setRemoved('');
            await put(id, enabled);
          },
          commit: async () => {
            await call('DELETE', inSite(site, `/v1/rules/${id}`), undefined, { keepalive: true });
            onChanged();
          },
        });
        setRemoved(id);
      }),
  };
}

function describeOptions(options: RuleView['options'], { rules: r }: Reader['t']): string {
  const { match, except = [], fields, case_sensitive } = options;
  const told = [match === undefined ? '' : match === 'substring' ? r.partsOfWords : r.wholeWords];
  if (case_sensitive === true) told.push(r.matchCase);
  if (fields !== undefined) told.push(fields.map((field) => r.fields[field] ?? field).join(', '));
  if (except.length > 0) told.push(fill(r.excluded, { count: except.length }));
  return told.filter((text) => text !== '').join('; ');
}

/** A list of words in the settings as a rule: tried first, and removed from the settings once the rule is saved. */
function RuleOfSetting(props: { site: string; setting: WordSetting; onSaved: () => void }): JSX.Element {
  const { site, setting, onSaved } = props;
  const { t } = useReader();
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  const [title = setting] = t.settings.fields[setting] ?? [];
  return (
    <Loaded resource={sites}>
      {({ items }) => {
        const found = items.find(({ slug }) => slug === site);
        const pattern = found?.settings[setting].join('\n') ?? '';
        return (
          <>
            <p>{fill(t.rules.ofSetting, { name: title })}</p>
            <RuleForm
              site={site}
              initial={{ pattern, disposition: setting === 'banned_words' ? 'discard' : 'hold' }}
              onSaved={async () => {
                if (found) await call('PATCH', `/v1/sites/${found.id}`, { settings: { [setting]: [] } });
                location.hash = '#rules';
                onSaved();
              }}
            />
          </>
        );
      }}
    </Loaded>
  );
}
