/** `leave-a-reply rules`: lists a site's rules and imports word lists. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { MOST_EXCEPTIONS } from '../moderation/site/site-rules.ts';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { siteQuery } from './site-options.ts';
import { printError, printLine, printTable } from './terminal.ts';

interface ListImportOptions extends DoorOptions {
  readonly site?: string;
  readonly disposition: string;
  readonly match: string;
  readonly note?: string;
  readonly dryRun?: boolean;
  readonly exceptHam?: boolean;
}

const truth = z.object({ ham: z.number(), spam: z.number(), undecided: z.number() });
const dryRun = z.looseObject({
  looked_at: truth,
  hits: truth,
  entries_hitting_ham: z.array(z.object({ entry: z.string(), ham: z.number(), spam: z.number() })),
});
const rule = z.looseObject({
  id: z.string(),
  kind: z.string(),
  pattern: z.string(),
  entries: z.number(),
  disposition: z.string(),
  expires_at: z.string().nullable(),
});

const SHOWN_ENTRIES = 20;

/** Adds `rules import` and `rules list` to the command line. */
export function registerRules(program: Command): void {
  const rules = program.command('rules').summary("list a site's rules, import lists of words");
  addDoorOptions(rules.command('list'))
    .description('Lists the rules, oldest first.')
    .option('--site <slug>', 'the site; optional if there is only one')
    .action(listRules);
  addDoorOptions(rules.command('import'))
    .description(
      "Saves a list with one word or phrase per line, such as WordPress' disallowed comment keys, as one rule. First it " +
        'prints how many of the newest 10,000 comments the list matches, and which entries match good ones.',
    )
    .argument('<file>', 'the list, gzipped or not')
    .option('--site <slug>', 'the site; optional if there is only one')
    .addOption(
      new Option('--disposition <what>', 'what happens to a matching comment')
        .choices(['hold', 'spam', 'discard'])
        .default('hold'),
    )
    .addOption(
      new Option('--match <how>', 'at word boundaries, or anywhere as WordPress does')
        .choices(['word', 'substring'])
        .default('word'),
    )
    .option('--note <text>', 'a note that is shown with the rule')
    .option('--except-ham', 'leave out the entries that match good comments')
    .option('--dry-run', 'save nothing')
    .action(importList);
}

async function listRules(options: DoorOptions & { readonly site?: string }): Promise<void> {
  const { items } = await withDoor(options, (door) =>
    door.call(z.object({ items: z.array(rule) }), 'GET', `/v1/rules${siteQuery(options.site)}`),
  );
  const rows = items.map((item) => [
    item.id,
    item.kind,
    item.entries > 1 ? `${item.entries} entries` : item.pattern.slice(0, 60),
    item.disposition,
    item.expires_at ?? '-',
  ]);
  printTable([['id', 'kind', 'pattern', 'disposition', 'ends'], ...rows]);
}

async function importList(file: string, options: ListImportOptions): Promise<void> {
  const bytes = await readFile(file);
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const list = {
    kind: 'words',
    pattern: new TextDecoder('utf-8', { fatal: true }).decode(plain),
    disposition: options.disposition,
    note: options.note,
  };
  const query = siteQuery(options.site);
  await withDoor(options, async (door) => {
    const plan = { ...list, options: { match: options.match } };
    const tried = await door.call(dryRun, 'POST', `/v1/rules/dry-run${query}`, plan);
    const { hits, looked_at: all, entries_hitting_ham: entries } = tried;
    printLine(
      `Of the newest comments it matches ${hits.ham} of ${all.ham} good ones, ${hits.spam} of ${all.spam} spam, ${hits.undecided} of ${all.undecided} undecided.`,
    );
    for (const { entry, ham, spam } of entries.slice(0, SHOWN_ENTRIES)) {
      printError(`“${entry}” matches ${ham} good comments and ${spam} spam`);
    }
    if (entries.length > SHOWN_ENTRIES) printError(`… and ${entries.length - SHOWN_ENTRIES} more`);
    if (options.dryRun) return;
    if (options.exceptHam && entries.length >= MOST_EXCEPTIONS) {
      throw new Error(
        `${MOST_EXCEPTIONS} entries or more match good comments, which is more than can be left out: nothing was saved`,
      );
    }
    const except = options.exceptHam ? entries.map(({ entry }) => entry) : [];
    const saved = await door.call(rule, 'POST', `/v1/rules${query}`, {
      ...plan,
      options: { match: options.match, ...(except.length > 0 && { except }) },
    });
    printLine(`Saved as ${saved.id}, without ${except.length} of its ${saved.entries} entries.`);
  });
}
