/** All texts of the administration in Spanish. */
import type { AdminStrings } from './en-all.ts';
import { es } from './es.ts';
import { esFilter } from './es-filter.ts';
import { esSettings } from './es-settings.ts';

export const adminStrings: AdminStrings = { ...es, ...esFilter, settings: esSettings };
