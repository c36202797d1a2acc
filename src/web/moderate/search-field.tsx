/** Finds comments of every status by words and operators, which the service reads. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { goHome } from './home.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';

const MOST_CHARACTERS = 200;

export function SearchField(props: { desk: Desk; state: DeskState; strings: Strings }): JSX.Element {
  const { desk, state, strings } = props;
  const field = useRef<HTMLInputElement>(null);
  const q = state.filter.q ?? '';
  useLayoutEffect(() => {
    if (field.current) field.current.value = q;
  }, [q]);
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = field.current?.value.trim() ?? '';
          if (wanted !== '') desk.open('search', { q: wanted });
          goHome();
        }}
      >
        <input
          ref={field}
          type="search"
          name="q"
          maxLength={MOST_CHARACTERS}
          aria-label={strings.searchFor}
          placeholder={strings.searchFor}
          title={strings.searchHint}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.currentTarget.value = q;
            goHome();
          }}
        />
      </form>
    </search>
  );
}
