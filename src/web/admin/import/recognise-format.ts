/** Recognises the format of an export by how it begins. */

export const FORMATS = ['wxr', 'disqus', 'isso', 'remark42', 'jsonl', 'csv', 'natural'] as const;
export type FileFormat = (typeof FORMATS)[number];

/**
 * The format of a text that begins so; null when it is none of them.
 *
 * @example
 * recogniseFormat('content,label\nHello,ham') // 'csv'
 */
export function recogniseFormat(beginning: string): FileFormat | null {
  const text = beginning.replace(/^\uFEFF/, '').trimStart();
  if (text.startsWith('<')) {
    if (/<disqus[\s>]/.test(text)) return 'disqus';
    return /<rss[\s>]|wordpress\.org\/export/.test(text) ? 'wxr' : null;
  }
  if (text.startsWith('[') || text.startsWith('{')) return recogniseJson(text);
  const [head = ''] = text.split(/\r?\n/, 1);
  return /(^|[,;\t])"?(content|text|comment|label|class)"?([,;\t]|$)/i.test(head) ? 'csv' : null;
}

function recogniseJson(text: string): FileFormat | null {
  const [line = ''] = text.split(/\r?\n/, 1);
  if (/"docs"\s*:|"classFeatures"\s*:|"classifier"\s*:/.test(text)) return 'natural';
  if (text.startsWith('[') && /"comments"\s*:\s*\[/.test(text)) return 'isso';
  if (/"locator"\s*:|"orig"\s*:|"pid"\s*:|"version"\s*:\s*\d+\s*,\s*"users"/.test(text)) return 'remark42';
  return /"(text|content)"\s*:/.test(line) && /"label"\s*:/.test(line) ? 'jsonl' : null;
}
