/** `leave-a-reply model`: the life of a model after its training. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withDoor } from './door.ts';
import { addModelReports } from './model-report.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

const modelShape = z.looseObject({
  version: z.string(),
  state: z.string(),
  created_at: z.string().nullable(),
  metrics: z.looseObject({
    samples: z.number().nullish(),
    mcc: z.number().nullish(),
    hamBlocked: z.number().nullish(),
  }),
});
/** Adds `model list`, `model activate`, and what a report tells. */
export function registerModels(program: Command): void {
  const model = program
    .command('model')
    .summary('look at the models of a site, move thresholds, activate one');
  addSiteOptions(model.command('list'))
    .description('Lists the versions, newest first, and the shipped starter filter last.')
    .action(listModels);
  addSiteOptions(model.command('activate'))
    .description('Makes a version the active filter, without a restart. An older one rolls back.')
    .argument('<version>', 'the version')
    .option('--force', 'although the gate refuses it; this is written to the audit log')
    .action(activate);
  addModelReports(model);
}

async function listModels({ site, json, ...door }: SiteOptions): Promise<void> {
  const { items } = await withDoor(door, (opened) =>
    opened.call(z.object({ items: z.array(modelShape) }), 'GET', pathOf('/v1/models', site)),
  );
  if (json) {
    printLine(JSON.stringify(items));
    return;
  }
  const figure = (value: number | null | undefined) => (value == null ? '-' : value.toFixed(4));
  printTable([
    ['version', 'state', 'samples', 'MCC', 'ham blocked', 'trained'],
    ...items.map(({ version, state, metrics, created_at }) => [
      version,
      state,
      String(metrics.samples ?? '-'),
      figure(metrics.mcc),
      figure(metrics.hamBlocked),
      created_at ?? '-',
    ]),
  ]);
}

async function activate(
  version: string,
  { site, json, force, ...door }: SiteOptions & { readonly force?: boolean },
): Promise<void> {
  const path = pathOf(`/v1/models/${encodeURIComponent(version)}/activate`, site);
  const model = await withDoor(door, (opened) =>
    opened.call(modelShape, 'POST', path, { force: force === true }),
  );
  printLine(json ? JSON.stringify(model) : `${model.version} is the active filter.`);
}
