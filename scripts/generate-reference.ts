/** Writes docs/settings.md, docs/reasons.md and docs/problems.md: `npm run generate:reference`. */
import { writeFileSync } from 'node:fs';
import { writeReferencePages } from './reference-pages.ts';

for (const [name, text] of Object.entries(writeReferencePages())) writeFileSync(`docs/${name}`, text);
