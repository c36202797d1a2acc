/** The texts of the administration in one language, loaded by admin.entry.tsx. */
import { adminStrings } from '../../strings/admin/de-all.ts';
import { de } from '../../strings/de.ts';
import type { AdminTexts } from './reader.tsx';

export const texts: AdminTexts = { admin: adminStrings, page: de };
