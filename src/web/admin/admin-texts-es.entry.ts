/** The texts of the administration in one language, loaded by admin.entry.tsx. */
import { adminStrings } from '../../strings/admin/es-all.ts';
import { es } from '../../strings/es.ts';
import type { AdminTexts } from './reader.tsx';

export const texts: AdminTexts = { admin: adminStrings, page: es };
