/** What comes next, to see ahead and to select several. */
import type { JSX } from 'preact';
import type { Strings } from '../../strings/index.ts';
import { selectable } from './state/folder-list.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';
import { Filled, Shown } from './untrusted-text.tsx';

const SHOWN = 12;
const BEFORE = 2;
const EXCERPT = 90;

export function Upcoming(props: {
  desk: Desk;
  state: DeskState;
  strings: Strings;
  blurred: boolean;
}): JSX.Element | null {
  const { desk, state, strings, blurred } = props;
  if (state.items.length === 0) return null;
  const first = Math.max(0, Math.min(state.at - BEFORE, state.items.length - SHOWN));
  return (
    <aside class={blurred ? 'upcoming blurred' : 'upcoming'} aria-label={strings.upcoming}>
      <ol>
        {state.items.slice(first, first + SHOWN).map((item, index) => {
          const { author_name, content } = item.comment;
          const name = author_name || strings.anonymous;
          const current = first + index === state.at;
          return (
            <li key={item.id} class={current ? 'current' : ''}>
              {selectable(state.folder) && (
                <input
                  type="checkbox"
                  aria-label={`${strings.select}: ${name}`}
                  checked={state.selected.has(item.id)}
                  onChange={() => desk.toggle(item.id)}
                />
              )}
              <button
                type="button"
                class="plain"
                aria-current={current ? 'true' : undefined}
                onClick={() => desk.focus(first + index)}
              >
                <Shown class="name" text={name} strings={strings} />{' '}
                <Shown class="excerpt" text={content.slice(0, EXCERPT)} strings={strings} />
                {item.claim && !item.claim.mine && (
                  <span class="held">
                    <Filled
                      text={strings.heldByOther}
                      values={{ name: <Shown text={item.claim.by} strings={strings} /> }}
                    />
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
