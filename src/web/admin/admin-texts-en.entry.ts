/** The texts of the administration in one language, loaded by admin.entry.tsx. */
import { adminStrings } from '../../strings/admin/en-all.ts';
import { en } from '../../strings/en.ts';
import type { AdminTexts } from './reader.tsx';

export const texts: AdminTexts = { admin: adminStrings, page: en };
