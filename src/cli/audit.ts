/** `leave-a-reply audit verify`: checks the chain of hashes of the audit log. */
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { printLine } from './terminal.ts';

const chain = z.object({
  entries: z.number(),
  head: z.string(),
  broken: z.object({ seq: z.string(), why: z.string() }).nullable(),
});

/** Adds `audit verify` to the command line. */
export function registerAudit(program: Command): void {
  const audit = program.command('audit').summary('verify the audit log');
  addDoorOptions(audit.command('verify'))
    .description(
      'Recomputes the chain of hashes of the audit log and exits with 1 if it is broken. Prints the last hash: keep it ' +
        'elsewhere and pass it with --head to prove later that the end was not cut off.',
    )
    .option('--head <hash>', 'a last hash that was printed earlier and must still be in the log')
    .option('--json', 'print JSON')
    .action(verifyAudit);
}

const page = z.object({ items: z.array(z.looseObject({ seq: z.string(), hash: z.string() })) });

async function verifyAudit(options: DoorOptions & { readonly head?: string; readonly json?: boolean }) {
  await withDoor(options, async (door) => {
    const found = await door.call(chain, 'GET', '/v1/audit/verification');
    if (options.json) printLine(JSON.stringify(found));
    else if (found.broken === null) printLine(`${found.entries} entries, unbroken. Last hash: ${found.head}`);
    if (found.broken !== null) {
      throw new Error(`the audit log is broken at entry ${found.broken.seq}: ${found.broken.why}`);
    }
    if (options.head === undefined || options.head === found.head) return;
    for (let after = '0'; ; ) {
      const { items } = await door.call(page, 'GET', `/v1/audit?after=${after}&limit=1000`);
      if (items.some(({ hash }) => hash === options.head)) return;
      const last = items.at(-1);
      if (!last) throw new Error('the audit log was cut off: the hash of --head is no longer in it');
      after = last.seq;
    }
  });
}
