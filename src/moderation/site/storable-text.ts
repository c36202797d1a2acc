/** Tells what can be kept as it is sent, and whether there is anything to read in it: PostgreSQL refuses NUL, and its driver turns half a surrogate pair into another letter. */
import type { z } from 'zod';

/** WordPress's limits, so that what a site's own form takes is taken at every door; the content in UTF-8. */
export const MAX_CONTENT_BYTES = 65_525;
export const MAX_NAME_CHARACTERS = 245;
export const MAX_EMAIL_CHARACTERS = 100;
export const MAX_URL_CHARACTERS = 200;
/** Of an article, which no reader wrote. */
export const MAX_ADDRESS_CHARACTERS = 2000;

/** Why a text cannot be kept as it is, in a code and in words; null: it can. */
export function findTextFault(text: string): { readonly code: string; readonly message: string } | null {
  if (text.includes('\u0000')) {
    return { code: 'nul_char', message: 'This text holds a NUL character: remove it.' };
  }
  if (!text.isWellFormed()) {
    return {
      code: 'lone_surrogate',
      message: 'This text holds half a surrogate pair: send whole characters.',
    };
  }
  return null;
}

/** The schema, and a text that can be kept. */
export function storable(schema: z.ZodString): z.ZodString {
  return schema.superRefine((value, context) => {
    const fault = findTextFault(value);
    if (fault) context.addIssue({ code: 'custom', params: { code: fault.code }, message: fault.message });
  });
}

/** What an editor sends for nothing: tags that hold only text, and spaces by name. */
const EMPTY_MARKUP =
  /<\/?(?:p|br|div|span|b|i|u|em|strong|small|font|ul|ol|li|blockquote|pre|code|h[1-6])(?:\s[^<>]*)?\/?>|&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|shy|#160|#8203|#xa0|#x200b);/gi;

/** Nothing but white space, controls, zero-width and other invisible characters. Linear: it stops at the first visible one. */
export function isBlank(value: string): boolean {
  const text = value.includes('<') || value.includes('&') ? value.replace(EMPTY_MARKUP, ' ') : value;
  return isInvisible(text);
}

/** As {@link isBlank}, of what is no markup: a reader who wrote about `<b>` wrote something. */
export function isInvisible(text: string): boolean {
  return !/[^\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u.test(text);
}
