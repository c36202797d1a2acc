/** Shows the whole list: to see ahead, to go anywhere in it, and to select several. */
import { Component, type JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fill, type Strings } from '../../strings/index.ts';
import { formatShortAge } from './figures.ts';
import { riskBand } from './risk.ts';
import { selectable } from './state/folder-list.ts';
import type { Desk, DeskState } from './state/queue-actions.ts';
import type { QueueItem } from './state/types.ts';
import { Filled, Shown } from './untrusted-text.tsx';

const EXCERPT = 120;
/** Rows above and below those in sight that are drawn, too. */
const MARGIN = 6;
/** Rows from the end at which the next page is asked for. */
const NEAR_END = 10;
/** So many in a row by one author are marked as a group. */
const LEAST_GROUP = 3;

interface Props {
  readonly desk: Desk;
  readonly state: DeskState;
  readonly strings: Strings;
  readonly language: string;
  readonly blurred: boolean;
}

export function Upcoming({ desk, state, strings, language, blurred }: Props): JSX.Element | null {
  const list = useRef<HTMLElement>(null);
  const [top, setTop] = useState(0);
  const { items, at } = state;
  const row = rowPixels();
  const height = list.current?.clientHeight ?? innerHeight;
  // Only for another comment: pages that are read further down must not take the list back from where it was scrolled to.
  useLayoutEffect(() => keepInSight(list.current, at, row), [items[at]?.id, row]);
  if (items.length === 0) return null;
  const first = Math.max(0, Math.floor(top / row) - MARGIN);
  const last = Math.min(items.length, Math.ceil((top + height) / row) + MARGIN);
  const groups = groupSizes(items);
  const padding = { paddingBlock: `${first * row}px ${(items.length - last) * row}px` };
  return (
    <aside
      ref={list}
      class={blurred ? 'upcoming blurred' : 'upcoming'}
      aria-label={strings.upcoming}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop);
        const end = (currentTarget.scrollTop + currentTarget.clientHeight) / row;
        if (end > items.length - NEAR_END) desk.readOn();
      }}
    >
      <ol style={padding}>
        {items.slice(first, last).map((item, index) => (
          <Row
            key={item.id}
            {...{ desk, item, strings, language }}
            place={first + index}
            group={groups[first + index] ?? 0}
            isCurrent={first + index === at}
            isSelected={state.selected.has(item.id)}
            canSelect={selectable(state.folder)}
          />
        ))}
      </ol>
    </aside>
  );
}

/** As moderate.css has it: 3 rem. */
const ROW_REM = 3;

function rowPixels(): number {
  return ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** Scrolls no more than it takes, with a row to see behind the one in focus. */
function keepInSight(list: HTMLElement | null, at: number, row: number): void {
  if (list === null) return;
  const { scrollTop, clientHeight } = list;
  if (at * row < scrollTop) list.scrollTop = Math.max(0, (at - 1) * row);
  else if ((at + 2) * row > scrollTop + clientHeight) list.scrollTop = (at + 2) * row - clientHeight;
}

/** For the first of several in a row by one author how many these are, for the others -1, for the rest 0. */
function groupSizes(items: readonly QueueItem[]): number[] {
  const sizes: number[] = [];
  for (let start = 0; start < items.length; ) {
    const name = items[start]?.comment.author_name;
    let end = start + 1;
    while (end < items.length && name !== '' && items[end]?.comment.author_name === name) end += 1;
    const isGroup = end - start >= LEAST_GROUP;
    for (let at = start; at < end; at += 1) sizes.push(!isGroup ? 0 : at === start ? end - start : -1);
    start = end;
  }
  return sizes;
}

interface RowProps {
  readonly desk: Desk;
  readonly item: QueueItem;
  readonly strings: Strings;
  readonly language: string;
  readonly place: number;
  readonly group: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly canSelect: boolean;
}

/** Drawn again only when something of it has changed: a decision moves two rows, not thirty. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { props } = this;
    return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== props[name]);
  }

  override render(): JSX.Element {
    return <RowView {...this.props} />;
  }
}

function RowHead(props: RowProps & { readonly name: string }): JSX.Element {
  const { item, strings, language, group, name } = props;
  const received = item.comment.received_at;
  // Where every comment is reviewed, that says nothing of this one.
  const reason = item.reasons.find(({ rule }) => rule !== 'premoderation');
  const band = riskBand(item);
  return (
    <span class="row-head">
      {band !== null && (
        <span class={`band ${band}`} title={fill(strings.riskOf, { risk: strings.risk[band] ?? band })} />
      )}
      <Shown class="name" text={name} strings={strings} />
      {group > 0 && (
        <span class="badge" title={fill(strings.sameAuthor, { count: group })}>
          ×{group}
        </span>
      )}
      {reason !== undefined && <span class="because">{strings.rules[reason.rule] ?? reason.detail}</span>}
      <span class="age">{formatShortAge(received, language)}</span>
    </span>
  );
}

function RowView(props: RowProps): JSX.Element {
  const { desk, item, strings, place, group, isCurrent, isSelected, canSelect } = props;
  const { author_name, content } = item.comment;
  const name = author_name || strings.anonymous;
  return (
    <li class={`${isCurrent ? 'current' : ''} ${group < 0 ? 'grouped' : ''}`}>
      {canSelect && (
        <input
          type="checkbox"
          aria-label={`${strings.select}: ${name}`}
          checked={isSelected}
          onClick={(event) => {
            if (event.shiftKey) {
              event.preventDefault();
              desk.selectTo(place);
            }
          }}
          onChange={() => desk.toggle(item.id)}
        />
      )}
      <button
        type="button"
        class="plain"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={(event) => (event.shiftKey ? desk.selectTo(place) : desk.focus(place))}
      >
        <RowHead {...props} name={name} />
        <span class="row-text">
          <Shown class="excerpt" text={content.slice(0, EXCERPT)} strings={strings} />
        </span>
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
}
