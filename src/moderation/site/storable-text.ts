/** What can be kept as it is sent: PostgreSQL refuses NUL, and its driver turns half a surrogate pair into another letter. */
import type { z } from 'zod';

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
