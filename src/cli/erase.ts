/** `leave-a-reply erase`: deletes the data of a person by e-mail address. */
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { siteQuery } from './site-options.ts';
import { printLine } from './terminal.ts';

const exported = z.object({ comments: z.array(z.looseObject({ id: z.string() })) });
const erased = z.object({ comments: z.number(), samples: z.number(), mentions: z.number() });

interface EraseOptions extends DoorOptions {
  readonly site?: string;
  readonly yes?: boolean;
}

/** Adds `erase` to the command line. */
export function registerErase(program: Command): void {
  addDoorOptions(program.command('erase'))
    .summary('erase the data of a person')
    .description(
      'Deletes the comments written under an e-mail address with their decisions, the samples with the same text, and ' +
        'the address where others wrote it. This cannot be undone. Without --yes it only prints the number of ' +
        'comments. First verify that the requester controls the address.',
    )
    .argument(
      '<email>',
      'the address, or - to read it from standard input so that it does not appear in the process list',
    )
    .option('--site <slug>', 'the site; optional if there is only one')
    .option('--yes', 'delete')
    .action(erase);
}

async function erase(argument: string, options: EraseOptions): Promise<void> {
  const email = (argument === '-' ? await text(process.stdin) : argument).trim();
  const query = siteQuery(options.site);
  await withDoor(options, async (door) => {
    if (!options.yes) {
      const { comments } = await door.call(exported, 'POST', `/v1/privacy/exports${query}`, { email });
      printLine(
        `Comments under this address: ${comments.length}. Nothing was deleted: repeat with --yes to delete them.`,
      );
      return;
    }
    const done = await door.call(erased, 'POST', `/v1/privacy/erasures${query}`, { email });
    printLine(
      `Deleted: ${done.comments} comments, ${done.samples} samples; the address was removed from ${done.mentions} other texts.`,
    );
  });
}
