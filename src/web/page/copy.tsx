/** Shows a text to be copied, such as a key that is shown once. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly copy: string;
  readonly copied: string;
}

export function Copied({ title, text, copy, copied }: Props): JSX.Element {
  const [done, setDone] = useState(false);
  const put = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setDone(true),
      // Without the permission the text is still there to be selected.
      () => setDone(false),
    );
  };
  return (
    <div class="copy" role="status">
      <p>{title}</p>
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" onClick={put}>
        {done ? copied : copy}
      </button>
    </div>
  );
}
