/** All texts of the administration in German. */

import { de } from './de.ts';
import { deFilter } from './de-filter.ts';
import { deSettings } from './de-settings.ts';
import type { AdminStrings } from './en-all.ts';

export const adminStrings: AdminStrings = { ...de, ...deFilter, settings: deSettings };
