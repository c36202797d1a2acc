/** What comes next, to see ahead and to select several. */
import type { JSX } from 'preact';
import { fill, type Strings } from '../strings/index.ts';
import type { Desk, DeskState } from './desk.ts';
import { selectable } from './folder-list.ts';

const SHOWN = 12;
const BEFORE = 2;
const EXCERPT = 90;

export function Upcoming(props: { desk: Desk; state: DeskState; strings: Strings }): JSX.Element | null {
  const { desk, state, strings } = props;
  if (state.items.length === 0) return null;
  const first = Math.max(0, Math.min(state.at - BEFORE, state.items.length - SHOWN));
  return (
    <aside class="upcoming" aria-label={strings.upcoming}>
      <ol>
        {state.items.slice(first, first + SHOWN).map((item, index) => {
          const { author_name: name, content } = item.comment;
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
                <bdi class="name">{name}</bdi> <bdi class="excerpt">{content.slice(0, EXCERPT)}</bdi>
                {item.claim && !item.claim.mine && (
                  <span class="held">{fill(strings.heldByOther, { name: item.claim.by })}</span>
                )}
              </button>
            </li>
          );
        })}
      </ol>
    </aside>
  );
}
