/** Shows the lines that put the form into a page. */
import type { JSX } from 'preact';
import { Copied } from '../../page/copy.tsx';
import { useReader } from '../reader.tsx';

export function EmbedSnippet({ publicKey }: { publicKey: string }): JSX.Element {
  const { t } = useReader();
  const { origin } = location;
  const text = `<leave-a-reply site="${publicKey}" post="ARTICLE-ID"></leave-a-reply>\n<script type="module" src="${origin}/embed.js"></script>`;
  return <Copied title={t.keys.snippet} text={text} copy={t.copy} copied={t.copied} />;
}
