/** Gives every part of the administration the reader's texts and formats. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AdminStrings } from '../../strings/admin/en-all.ts';
import type { Strings } from '../../strings/index.ts';
import type { Format } from '../page/format.ts';

/** What a file of texts holds: those of the administration, and those that all pages share. */
export interface AdminTexts {
  readonly admin: AdminStrings;
  readonly page: Strings;
}

export interface Reader {
  readonly t: AdminStrings;
  readonly format: Format;
  readonly locale: string;
}

export const ReaderContext = createContext<Reader | null>(null);

export function useReader(): Reader {
  const reader = useContext(ReaderContext);
  if (reader === null) throw new Error('A part of the administration is rendered without a ReaderContext.');
  return reader;
}
