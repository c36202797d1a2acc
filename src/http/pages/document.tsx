/** Renders the frame of every page that the server writes; hono/jsx escapes what is put into it. */
import { html } from 'hono/html';
import type { Child, FC } from 'hono/jsx';

interface DocumentProps {
  readonly language?: string;
  readonly title: string;
  /** The name of the title in src/strings, for pages whose script translates them. */
  readonly titleText?: string;
  /** Files under /assets/. */
  readonly styles?: readonly string[];
  /** Addresses of scripts that are no modules; they run before the modules. */
  readonly plainScripts?: readonly string[];
  /** Addresses of module scripts. */
  readonly scripts?: readonly string[];
  readonly children?: Child;
}

/** A whole page as HTML. */
export function renderDocument(props: DocumentProps) {
  return html`<!doctype html>${<Document {...props} />}`;
}

const Document: FC<DocumentProps> = ({
  language = 'en',
  title,
  titleText,
  styles = [],
  plainScripts = [],
  scripts = [],
  children,
}) => (
  <html lang={language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title data-text={titleText}>{title}</title>
      {styles.map((name) => (
        <link rel="stylesheet" href={`/assets/${name}`} />
      ))}
      {plainScripts.map((address) => (
        <script defer src={address} />
      ))}
      {scripts.map((address) => (
        <script type="module" src={address} />
      ))}
    </head>
    <body>{children}</body>
  </html>
);

/** The service's name as it is set on every page; src/web/page/word-mark.tsx is the same for scripts. */
export const WordMark: FC = () => (
  <a class="mark" href="/">
    leave<i>-a-</i>reply
  </a>
);
