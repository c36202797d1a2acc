/** All texts of the administration in English. */
import { en } from './en.ts';
import { enFilter } from './en-filter.ts';
import { enSettings } from './en-settings.ts';

export const adminStrings = { ...en, ...enFilter, settings: enSettings };

export type AdminStrings = typeof adminStrings;
