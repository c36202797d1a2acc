/** `leave-a-reply erase`: what is kept of a person under an address, shown and deleted. */
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
    .summary('erase what is kept of a person')
    .description(
      'Deletes the comments written under an e-mail address with their decisions and labels, the samples that say the same,\n' +
        'and the address where others wrote it. It cannot be undone: without --yes it tells how many comments there are and\n' +
        'deletes nothing. Make sure first that whoever asks has the address.',
    )
    .argument('<email>', 'the address, or - to read it from standard input, which no list of processes shows')
    .option('--site <slug>', 'the site; may be left out when there is only one')
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
        `There are ${comments.length} comments under this address. Nothing was deleted: repeat with --yes.`,
      );
      return;
    }
    const done = await door.call(erased, 'POST', `/v1/privacy/erasures${query}`, { email });
    printLine(
      `Deleted: ${done.comments} comments, ${done.samples} samples; the address was cut out of ${done.mentions} texts.`,
    );
  });
}
