/** What is asked before some decisions, and the list of keys. */
import type { ComponentChildren, JSX, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Strings } from '../../strings/index.ts';

/**
 * A modal dialog that is open while it is shown; Escape and its button close it. Unless it asks for a text its heading has
 * the focus at first, not its first button: Enter must not choose what nobody chose. One that is taken away is closed first,
 * which gives the focus back to where it was. It is taken away at once: a browser tells that one was closed only later,
 * and a quick key would meet it.
 */
export function Dialog(props: {
  title: string;
  strings: Strings;
  onClose: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const taken = useRef(false);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    if (current?.querySelector('[autofocus]') == null) heading.current?.focus();
    return () => {
      taken.current = true;
      current?.close();
    };
  }, []);
  // A dialog says afterwards that it was closed: by then another one may be open in its place.
  const onClose = (): void => {
    if (!taken.current) props.onClose();
  };
  return (
    <dialog ref={dialog} aria-label={props.title} onCancel={onClose} onClose={onClose}>
      <h2 ref={heading} tabIndex={-1}>
        {props.title}
      </h2>
      {props.children}
      <button type="button" onClick={props.onClose}>
        {props.strings.close}
      </button>
    </dialog>
  );
}

/** A number for each rule of the house. */
export function RejectDialog(props: {
  strings: Strings;
  reasons: readonly string[];
  onReason: (reason: string) => void;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title={props.strings.whyReject} strings={props.strings} onClose={props.onClose}>
      <ol class="reject">
        {props.reasons.map((reason, index) => (
          <li>
            <button type="button" onClick={() => props.onReason(reason)}>
              <kbd>{index + 1}</kbd> {props.strings.rejectReasons[reason] ?? reason}
            </button>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

/** A text: a note, or what to search for. Enter sends it; where there may be several lines, shift makes a new one. */
export function TextDialog(props: {
  title: string;
  submit: string;
  /** What the service takes. */
  most: number;
  severalLines?: boolean;
  /** Whether it may be left empty. */
  optional?: boolean;
  strings: Strings;
  onText: (text: string) => void;
  onClose: () => void;
}): JSX.Element {
  const required = props.optional !== true;
  const field = { id: 'asked-text', name: 'text', maxLength: props.most, required, autofocus: true };
  return (
    <Dialog title={props.title} strings={props.strings} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
          if (text === '' && required) return;
          props.onClose();
          props.onText(text);
        }}
      >
        <label for="asked-text">{props.title}</label>
        {props.severalLines ? <textarea {...field} rows={4} onKeyDown={sendOnEnter} /> : <input {...field} />}
        <button type="submit">{props.submit}</button>
      </form>
    </Dialog>
  );
}

function sendOnEnter(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

export function HelpDialog({ strings, onClose }: { strings: Strings; onClose: () => void }): JSX.Element {
  const keys: readonly (readonly [string, string])[] = [
    ['j →', strings.keyNext],
    ['k ←', strings.keyPrevious],
    ['Home End', strings.keyFirst],
    [strings.keySpace, strings.keyScroll],
    ['a', strings.approve],
    ['s', strings.markSpam],
    ['r', strings.keyReject],
    ['e', strings.escalate],
    ['u', strings.undo],
    ['x', strings.keySelect],
    [strings.keyClick, strings.keyRange],
    ['shift + a s r', strings.keyShift],
    ['c', strings.keyCampaign],
    ['n', strings.note],
    ['v', strings.keyOpen],
    ['b', strings.blur],
    ['i', strings.keyEvidence],
    ['o', strings.keyArticle],
    ['p', strings.keyAuthor],
    ['1 … 9', strings.keyFolders],
    ['/', strings.searchFor],
    ['Esc', strings.clearSearch],
    ['?', strings.keyHelp],
  ];
  return (
    <Dialog title={strings.keys} strings={strings} onClose={onClose}>
      <dl>
        {keys.map(([key, meaning]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
    </Dialog>
  );
}
