/** The whole page: folders, the comment in focus, what comes next, and the own statistic. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';
import { useKeptFocus } from '../page/kept-focus.ts';
import type { Session } from '../page/session.ts';
import { noteSiteChoice, readSiteChoice } from '../page/site-choice.ts';
import { TopBar } from '../page/top-bar.tsx';
import { type Asking, actionsOf, useKeys } from './actions.ts';
import { ContextDesk } from './context-desk.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { Asked } from './dialog-host.tsx';
import { Empty } from './empty.tsx';
import { Folders, foldersOf } from './folders.tsx';
import { Item } from './item.tsx';
import { Notices } from './notices.tsx';
import { SearchField } from './search-field.tsx';
import { followAddress, readPlace } from './state/address.ts';
import { watch } from './state/live.ts';
import { isStored, store } from './state/preferences.ts';
import { Desk, type DeskState } from './state/queue-actions.ts';
import type { QueueItem } from './state/types.ts';
import { Upcoming } from './upcoming.tsx';
import { useKey } from './use-key.ts';

/** The desk of the chosen site, which the address follows. */
function useDesk(session: Session, strings: Strings) {
  const [slug, setSlug] = useState(() => readSiteChoice(session.sites));
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const desk = useMemo(
    () => new Desk(slug, strings, () => redraw(undefined), session.id),
    [slug, strings, session.id],
  );
  const address = useRef<ReturnType<typeof followAddress> | null>(null);
  useEffect(() => {
    noteSiteChoice(slug);
    const place = readPlace('riskiest');
    desk.start(
      place.filter.q === undefined || place.folder === 'search' ? place : { ...place, folder: 'search' },
    );
    address.current = followAddress(desk);
    const stop = watch(desk);
    return () => {
      stop();
      address.current?.stop();
    };
  }, [desk]);
  useEffect(() => address.current?.note());
  // Another site begins with its own list.
  const leaveFor = (site: string): void => {
    history.pushState(null, '', `${location.pathname}?${new URLSearchParams({ site })}`);
    setSlug(site);
  };
  useEffect(() => {
    const onBack = (): void => setSlug(readSiteChoice(session.sites));
    addEventListener('popstate', onBack);
    return () => removeEventListener('popstate', onBack);
  }, [session.sites]);
  return { desk, slug, leaveFor };
}

export function Page(props: { session: Session; strings: Strings; language: string }): JSX.Element {
  const { session, strings, language } = props;
  const { desk, slug, leaveFor } = useDesk(session, strings);
  const [asking, ask] = useState<Asking>(null);
  const [blurred, setBlurred] = useState(isStored('blur'));
  const isSenior = session.role !== 'moderator';
  const reasons = session.sites.find((site) => site.slug === slug)?.reject_reasons ?? [];
  const actions = actionsOf(desk, reasons, ask, foldersOf(isSenior));
  useKeys(actions, asking);
  const state = desk.state();
  const item = state.items[state.at];
  const blur = (wanted: boolean): void => {
    setBlurred(wanted);
    store('blur', wanted);
  };
  useKey('b', () => blur(!blurred));
  useKeptFocus('from the start');
  return (
    <>
      <TopBar session={session} strings={strings} page="moderate" site={slug} onSite={leaveFor}>
        <SearchField {...{ desk, state, strings }} />
        <button type="button" aria-pressed={blurred} onClick={() => blur(!blurred)}>
          {strings.blur} <kbd>b</kbd>
        </button>
        <button type="button" class="help" aria-haspopup="dialog" onClick={() => ask({ kind: 'help' })}>
          {strings.keys} <kbd>?</kbd>
        </button>
      </TopBar>
      <div class="desk">
        <Folders {...{ desk, state, strings, language, isSenior }} />
        <main>
          <div class="reading">
            <Focus {...{ desk, state, strings, language, blurred, isSenior }} />
          </div>
          <Notices {...{ desk, state, strings }} />
          <DecisionBar actions={actions} state={state} strings={strings} />
        </main>
        {item && <ContextDesk {...{ desk, strings, language, blurred, item, ask }} />}
        <Upcoming {...{ desk, state, strings, language, blurred }} />
      </div>
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
  readonly isSenior: boolean;
}

/** The comment to decide on. */
function Focus(props: FocusProps): JSX.Element {
  const { desk, state, strings, language, blurred } = props;
  const item = state.items[state.at];
  return (
    <>
      <p class="unseen" aria-live="polite">
        {item && announce(item, strings, blurred)}
      </p>
      {item ? (
        <Item
          key={item.id}
          {...{ item, strings, language, blurred }}
          selected={state.selected.has(item.id)}
          found={wordsOf(state.filter.q)}
          onFilter={(filter, words) => desk.open(state.folder, filter, words)}
          onSearch={(filter) => desk.open('search', filter)}
        />
      ) : (
        <Empty {...props} />
      )}
    </>
  );
}

const words = new Map<string, readonly string[]>();

/** The words of a search, without its operators; the same list for the same search, so that nothing is drawn again for it. */
function wordsOf(q = ''): readonly string[] {
  const known = words.get(q);
  if (known) return known;
  const found = q.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word) && !/^[a-z]+:/.test(word));
  if (words.size > 50) words.clear();
  words.set(q, found);
  return found;
}

const ANNOUNCED = 300;

/** What a screen reader says of the next comment, wherever the focus is. */
function announce({ comment }: QueueItem, strings: Strings, blurred: boolean): string {
  const name = comment.author_name || strings.anonymous;
  return blurred ? name : `${name}: ${comment.content.slice(0, ANNOUNCED)}`;
}
