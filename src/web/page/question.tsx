/** Asks before an act that cannot be undone, and says what it will do. */
import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

export interface Question {
  readonly title: string;
  /** What happens then, with what is known of it: “Used 4 minutes ago by https://news.example.” */
  readonly consequence: ComponentChildren;
  /** The act by its name, never “OK”. */
  readonly confirm: string;
  readonly tone?: 'danger' | 'primary';
}

type Ask = (question: Question) => Promise<boolean>;

const AskContext = createContext<Ask>(() => Promise.resolve(false));

/** Asks; the answer is false when the dialog is closed in any other way than by the act's own button. */
export function useQuestion(): Ask {
  return useContext(AskContext);
}

interface Asked {
  readonly question: Question;
  readonly answer: (yes: boolean) => void;
}

export function QuestionHost(props: { cancel: string; children: ComponentChildren }): JSX.Element {
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask: Ask = (question) =>
    new Promise((resolve) => {
      setAsked({
        question,
        answer: (yes) => {
          setAsked(null);
          resolve(yes);
        },
      });
    });
  return (
    <AskContext.Provider value={ask}>
      {props.children}
      {asked !== null && <QuestionDialog cancel={props.cancel} {...asked} />}
    </AskContext.Provider>
  );
}

/** The first focus is on “Cancel”: Enter by habit does nothing. The focus goes back to where it was. */
function QuestionDialog({ cancel, question, answer }: Asked & { cancel: string }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    first.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const { title, consequence, confirm, tone = 'danger' } = question;
  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby="question-title"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id="question-title">{title}</h2>
      <div>{consequence}</div>
      <div class="actions">
        <button type="button" ref={first} onClick={() => answer(false)}>
          {cancel}
        </button>
        <button type="button" class={tone} onClick={() => answer(true)}>
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
