/** `leave-a-reply model`: lists, compares and activates models. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withDoor } from './door.ts';
import { addModelReports } from './model-report.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

/** A fifth of the samples measures a model, and a comparison takes ten of each class. */
const MIN_MEASURED = 100;

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
  const model = program.command('model').summary('list, compare and activate the models of a site');
  addSiteOptions(model.command('list'))
    .description('Lists the versions, newest first, and the shipped starter filter last.')
    .action(listModels);
  addSiteOptions(model.command('activate'))
    .description(
      'Makes a version the active filter, without a restart. Activate an older version to roll back.',
    )
    .argument('<version>', 'the version')
    .option('--force', 'activate it even if the quality gate fails; this is recorded in the audit log')
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
  // Figures of so few samples look perfect and say nothing; the report leaves them out as well.
  const figure = (value: number | null | undefined, samples: number) =>
    value == null || samples < MIN_MEASURED ? '-' : value.toFixed(4);
  printTable([
    ['version', 'state', 'samples', 'MCC', 'ham blocked', 'trained'],
    ...items.map(({ version, state, metrics, created_at }) => [
      version,
      state,
      String(metrics.samples ?? '-'),
      figure(metrics.mcc, metrics.samples ?? 0),
      figure(metrics.hamBlocked, metrics.samples ?? 0),
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
