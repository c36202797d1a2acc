/** Says what was done, with ten seconds to undo it. */
import { type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

/** How long an act can be undone. */
export const UNDO_MS = 10_000;

export interface Notice {
  readonly text: string;
  /** Puts everything back as it was. */
  readonly undo?: () => Promise<void>;
  /** Runs when the time is over, or when the page is left before: an act that only now becomes final. */
  readonly commit?: () => Promise<void>;
}

type Tell = (notice: Notice) => void;

const TellContext = createContext<Tell>(() => undefined);

export function useToast(): Tell {
  return useContext(TellContext);
}

interface Shown extends Notice {
  readonly number: number;
}

/** Shows one notice at a time: the next one commits the one before. Failures are shown until the next notice. */
export function ToastHost(props: {
  undo: string;
  close: string;
  /** Says that an undo or a commit failed. */
  failed: (error: unknown) => string;
  children: ComponentChildren;
}): JSX.Element {
  const { shown, tell, undo, settle } = useNotices(props.failed);
  return (
    <TellContext.Provider value={tell}>
      {props.children}
      <div class="toasts" role="status">
        {shown !== null && (
          <Toast
            key={shown.number}
            notice={shown}
            onUndo={undo}
            onOver={settle}
            undo={props.undo}
            close={props.close}
          />
        )}
      </div>
    </TellContext.Provider>
  );
}

function useNotices(failed: (error: unknown) => string) {
  const [shown, setShown] = useState<Shown | null>(null);
  const current = useRef<Shown | null>(null);
  const count = useRef(0);
  const put = (notice: Notice | null): void => {
    count.current += 1;
    current.current = notice === null ? null : { ...notice, number: count.current };
    setShown(current.current);
  };
  const settle = (): void => {
    const before = current.current;
    put(null);
    before?.commit?.().catch((error: unknown) => put({ text: failed(error) }));
  };
  const tell: Tell = (notice) => {
    settle();
    put(notice);
  };
  const undo = (): void => {
    const before = current.current;
    put(null);
    before?.undo?.().catch((error: unknown) => put({ text: failed(error) }));
  };
  useEffect(() => {
    addEventListener('pagehide', settle);
    return () => removeEventListener('pagehide', settle);
  }, []);
  return { shown, tell, undo, settle };
}

/** The time stands still while the pointer or the focus is on it: nobody has to hurry. */
function Toast(props: {
  notice: Notice;
  undo: string;
  close: string;
  onUndo: () => void;
  onOver: () => void;
}): JSX.Element {
  const { notice, onOver } = props;
  const [held, hold] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(onOver, UNDO_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer over it only stops its time
    <div
      class="toast"
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocusCapture={() => hold(true)}
      onBlurCapture={() => hold(false)}
    >
      <span>{notice.text}</span>
      {notice.undo !== undefined && (
        <button type="button" onClick={props.onUndo}>
          {props.undo}
        </button>
      )}
      <button type="button" aria-label={props.close} onClick={onOver}>
        ×
      </button>
    </div>
  );
}
