/** The whole page: folders, the comment in focus, what comes next, and the own statistic. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { useKeptFocus } from '../page/kept-focus.ts';
import type { Session } from '../page/session.ts';
import { TopBar } from '../page/top-bar.tsx';
import { type Asking, actionsOf, useKeys } from './actions.ts';
import { DecisionBar } from './decision-bar.tsx';
import { Asked } from './dialog-host.tsx';
import { Folders } from './folders.tsx';
import { Item } from './item.tsx';
import { OwnStatistic } from './own-statistic.tsx';
import { watch } from './state/live.ts';
import { isStored, store } from './state/preferences.ts';
import { Desk, type DeskState } from './state/queue-actions.ts';
import type { QueueItem } from './state/types.ts';
import { Shown } from './untrusted-text.tsx';
import { Upcoming } from './upcoming.tsx';
import { useKey } from './use-key.ts';

export function Page(props: { session: Session; strings: Strings; language: string }): JSX.Element {
  const { session, strings, language } = props;
  const [slug, setSlug] = useState(session.sites[0]?.slug ?? '');
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [asking, ask] = useState<Asking>(null);
  const [blurred, setBlurred] = useState(isStored('blur'));
  const desk = useMemo(
    () => new Desk(slug, strings, () => redraw(undefined), session.id),
    [slug, strings, session.id],
  );
  useEffect(() => {
    desk.start();
    return watch(desk);
  }, [desk]);
  const reasons = session.sites.find((site) => site.slug === slug)?.reject_reasons ?? [];
  const actions = actionsOf(desk, reasons, ask);
  useKeys(actions, asking);
  const state = desk.state();
  const blur = (wanted: boolean): void => {
    setBlurred(wanted);
    store('blur', wanted);
  };
  useKey('b', () => blur(!blurred));
  useKeptFocus('from the start');
  return (
    <>
      <TopBar session={session} strings={strings} page="moderate" site={slug} onSite={setSlug}>
        <button type="button" onClick={() => ask({ kind: 'search' })}>
          {strings.search} <kbd>/</kbd>
        </button>
        <button type="button" aria-pressed={blurred} onClick={() => blur(!blurred)}>
          {strings.blur} <kbd>b</kbd>
        </button>
        <button type="button" onClick={() => ask({ kind: 'help' })}>
          {strings.keys} <kbd>?</kbd>
        </button>
      </TopBar>
      <div class="desk">
        <Folders {...{ desk, state, strings, language }} />
        <main>
          <Focus {...{ desk, state, strings, language, blurred }} />
          <DecisionBar actions={actions} state={state} strings={strings} />
        </main>
        <Upcoming {...{ desk, state, strings, blurred }} />
      </div>
      <OwnStatistic {...{ desk, strings, language }} changes={state.settled} />
      <Asked {...{ asking, ask, desk, actions, reasons, strings, language }} />
    </>
  );
}

interface FocusProps {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly strings: Strings;
  readonly language: string;
  readonly blurred: boolean;
}

/** What was done last, and the comment to decide on. */
function Focus({ desk, state, strings, language, blurred }: FocusProps): JSX.Element {
  const item = state.items[state.at];
  const said = state.unreached > 0 ? fill(strings.unsent, { count: state.unreached }) : state.message;
  return (
    <>
      <p role="status" class={state.unreached > 0 ? 'status away' : 'status'}>
        <Shown text={said} strings={strings} />
      </p>
      <p class="unseen" aria-live="polite">
        {item && announce(item, strings, blurred)}
      </p>
      {item ? (
        <Item
          key={item.id}
          {...{ item, strings, language, blurred }}
          selected={state.selected.has(item.id)}
          onFilter={(filter, words) => desk.open(state.folder, filter, words)}
        />
      ) : (
        <p class="empty" data-home tabIndex={-1}>
          {state.loading ? strings.loading : state.unread ? strings.notRead : strings.empty}{' '}
          {state.unread && (
            <button type="button" disabled={state.loading} onClick={() => desk.reload()}>
              {strings.tryAgain}
            </button>
          )}
        </p>
      )}
    </>
  );
}

const ANNOUNCED = 300;

/** What a screen reader says of the next comment, wherever the focus is. */
function announce({ comment }: QueueItem, strings: Strings, blurred: boolean): string {
  const name = comment.author_name || strings.anonymous;
  return blurred ? name : `${name}: ${comment.content.slice(0, ANNOUNCED)}`;
}
