/** Renders one setting: title, field with its unit, meaning, default, and what is wrong with it. */
import type { JSX } from 'preact';
import { fill } from '../../../strings/index.ts';
import { type ControlProps, Field } from '../../page/field.tsx';
import type { Format } from '../../page/format.ts';
import { type Reader, useReader } from '../reader.tsx';
import { faultOf, isSame, type Kind, type Setting, type Value } from './settings-table.ts';

interface Props {
  readonly name: string;
  readonly setting: Setting;
  readonly value: Value;
  /** What the service found wrong with it. */
  readonly error: string;
  readonly onChange: (value: Value) => void;
}

export function SettingField({ name, setting, value, error, onChange }: Props): JSX.Element {
  const { t, format } = useReader();
  const { kind, fallback } = setting;
  const [title = name, about = ''] = t.settings.fields[name] ?? [];
  if (kind.is === 'words') return <Words name={name} title={title} about={about} value={value} />;
  const fault = faultOf(kind, value);
  const told = fault === null ? error : tellFault(fault, kind, t, format);
  const isDefault = isSame(value, fallback);
  return (
    <Field
      label={title}
      tick={kind.is === 'switch'}
      error={told}
      hint={
        <>
          {about}{' '}
          {!isDefault && (
            <button type="button" class="plain" onClick={() => onChange(fallback)}>
              {fill(t.settings.reset, { value: tellValue(fallback, kind, t, format) })}
            </button>
          )}
        </>
      }
    >
      {(control) => <Control {...{ control, name, kind, value, onChange }} />}
    </Field>
  );
}

function tellFault(fault: 'empty' | 'number' | 'range', kind: Kind, t: Reader['t'], format: Format): string {
  if (kind.is !== 'number' && kind.is !== 'share') return '';
  const write = (bound: number): string =>
    kind.is === 'share' ? format.percent(bound, 2) : format.number(bound, 2);
  const values = { min: write(kind.min), max: write(kind.max) };
  return fill(fault === 'empty' ? t.settings.empty : t.settings.range, values);
}

function tellValue(value: Value, kind: Kind, t: Reader['t'], format: Format): string {
  if (value === null) return t.settings.never;
  if (typeof value === 'boolean') return value ? t.settings.on : t.settings.off;
  if (typeof value === 'number') {
    if (kind.is === 'share') return format.percent(value, 2);
    return kind.is === 'number'
      ? `${format.number(value)} ${t.settings.units[kind.unit]}`
      : format.number(value);
  }
  if (typeof value === 'string') return t.settings.choices[value] ?? value;
  return fill(t.settings.entries, { count: value.length });
}

interface ControlledProps {
  readonly control: ControlProps;
  readonly name: string;
  readonly kind: Kind;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

function Control({ control, name, kind, value, onChange }: ControlledProps): JSX.Element {
  const { t } = useReader();
  switch (kind.is) {
    case 'switch':
      return (
        <input
          {...control}
          name={name}
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'choice':
      return (
        <select
          {...control}
          name={name}
          value={String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          {kind.choices.map((choice) => (
            <option key={choice} value={choice}>
              {t.settings.choices[choice]}
            </option>
          ))}
        </select>
      );
    case 'lines': {
      const lines = typeof value === 'object' && value !== null ? value : [];
      return (
        <textarea
          {...control}
          name={name}
          rows={kind.most}
          defaultValue={lines.join('\n')}
          onInput={(event) => {
            const text = event.currentTarget.value.trim();
            onChange(text === '' ? [] : text.split(/\s*\n\s*/));
          }}
        />
      );
    }
    default:
      return <Amount {...{ control, name, kind, value, onChange }} />;
  }
}

/** A number with its unit; a share is written in percent. */
function Amount({ control, name, kind, value, onChange }: ControlledProps): JSX.Element {
  const { t } = useReader();
  const scale = kind.is === 'share' ? 100 : 1;
  const unit = kind.is === 'share' ? '%' : kind.is === 'number' ? t.settings.units[kind.unit] : '';
  const shown =
    typeof value === 'number' && !Number.isNaN(value) ? String(Number((value * scale).toPrecision(12))) : '';
  return (
    <span class="amount">
      <input
        {...control}
        name={name}
        inputMode="decimal"
        type="number"
        step="any"
        placeholder={kind.is === 'number' && kind.mayBeEmpty === true ? t.settings.never : undefined}
        value={shown}
        onInput={(event) => {
          const text = event.currentTarget.value.trim();
          onChange(text === '' ? null : Number((Number(text) / scale).toPrecision(12)));
        }}
      />{' '}
      {unit}
    </span>
  );
}

const SHOWN_WORDS = 100;

function Words(props: { name: string; title: string; about: string; value: Value }): JSX.Element {
  const { name, title, about, value } = props;
  const { t } = useReader();
  const words = typeof value === 'object' && value !== null ? value : [];
  return (
    <div class="field">
      <b>{title}</b>
      <p class="hint">{about}</p>
      {words.length === 0 ? (
        <p>
          {t.settings.noWords} <a href="#rules">{t.settings.newWords}</a>
        </p>
      ) : (
        <p>
          <bdi>{words.slice(0, SHOWN_WORDS).join(', ')}</bdi>
          {words.length > SHOWN_WORDS && ` … (${words.length})`}{' '}
          <a href={`#rules/${name}`}>{fill(t.settings.makeRule, { name: title })}</a>
        </p>
      )}
    </div>
  );
}
