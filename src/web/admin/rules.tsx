/** A site's own rules: what there is, until when; new-rule.tsx tries one on the newest comments before it is saved. */
import type { JSX } from 'preact';
import { call } from '../page/service.ts';
import { NewRule } from './new-rule.tsx';
import type { PartProps } from './part-props.ts';
import { inSite, Loaded, onForm, useAction, useResource } from './resource.tsx';
import { Ends, Table } from './table.tsx';

interface Rule {
  readonly id: string;
  readonly kind: string;
  readonly pattern: string;
  readonly entries: number;
  readonly options: {
    readonly match?: string;
    readonly except?: readonly string[];
    readonly fields?: readonly string[];
    readonly case_sensitive?: boolean;
  };
  readonly disposition: string;
  readonly note: string | null;
  readonly expires_at: string | null;
}
type WordSetting = 'banned_words' | 'suspect_words';
interface Site {
  readonly id: string;
  readonly slug: string;
  readonly settings: Readonly<Record<WordSetting, readonly string[]>>;
}

export function Rules({ site, subject }: PartProps): JSX.Element {
  const rules = useResource<{ items: readonly Rule[] }>(inSite(site, '/v1/rules'));
  const action = useAction();
  const change = (method: 'PATCH' | 'DELETE', id: string, body?: object): void =>
    action.run(async () => {
      await call(method, inSite(site, `/v1/rules/${id}`), body);
      rules.reload();
    });
  return (
    <>
      {subject === 'banned_words' || subject === 'suspect_words' ? (
        <RuleOfSetting site={site} setting={subject} onSaved={rules.reload} />
      ) : (
        <NewRule site={site} onSaved={rules.reload} />
      )}
      {action.problem !== '' && <p role="alert">{action.problem}</p>}
      <Loaded resource={rules}>
        {({ items }) => (
          <Table
            caption="Rules"
            head={['kind', 'pattern', 'entries', 'options', 'does', 'note', 'until', 'action']}
            rows={items.map((rule) => [
              rule.kind,
              <bdi>{rule.pattern.slice(0, 80)}</bdi>,
              rule.entries,
              describeOptions(rule.options),
              rule.disposition,
              rule.note ?? '',
              <Expiry
                key={`${rule.id} ${rule.expires_at}`}
                rule={rule}
                onChange={(expiresAt) => change('PATCH', rule.id, { expires_at: expiresAt })}
              />,
              <button type="button" aria-disabled={action.busy} onClick={() => change('DELETE', rule.id)}>
                Remove
              </button>,
            ])}
          />
        )}
      </Loaded>
    </>
  );
}

function describeOptions({ match, except = [], fields, case_sensitive }: Rule['options']): string {
  const told = [match === undefined ? '' : match === 'substring' ? 'parts of words' : 'whole words'];
  if (case_sensitive === true) told.push('case counts');
  if (fields !== undefined) told.push(`in ${fields.join(' and ')}`);
  if (except.length > 0) told.push(`${except.length} entries are left out`);
  return told.filter((text) => text !== '').join(', ');
}

/** A list of words in the settings as a rule: tried first, and out of the settings once the rule is there. */
function RuleOfSetting(props: { site: string; setting: WordSetting; onSaved: () => void }): JSX.Element {
  const { site, setting, onSaved } = props;
  const sites = useResource<{ items: readonly Site[] }>('/v1/sites');
  return (
    <Loaded resource={sites}>
      {({ items }) => {
        const found = items.find(({ slug }) => slug === site);
        const pattern = found?.settings[setting].join('\n') ?? '';
        return (
          <>
            <p>The words of the setting {setting}. Once they are saved as a rule, the setting is emptied.</p>
            <NewRule
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

/** When a rule ends, and another date for it. */
function Expiry(props: { rule: Rule; onChange: (expiresAt: string | null) => void }): JSX.Element {
  const { rule, onChange } = props;
  const name = `Until when: ${rule.kind} ${rule.pattern.slice(0, 40)}`;
  return (
    <>
      <Ends at={rule.expires_at} never="for good" />
      <details>
        <summary aria-label={`Change ${name}`}>Change</summary>
        <form
          class="inline"
          onSubmit={onForm((form) => {
            const until = String(new FormData(form).get('until') ?? '');
            onChange(until === '' ? null : new Date(until).toISOString());
          })}
        >
          <input name="until" type="datetime-local" aria-label={name} />
          <button type="submit">Set (empty: for good)</button>
        </form>
      </details>
    </>
  );
}
