/** `leave-a-reply model` and `leave-a-reply shadow`: the life of a model after its training. */
import type { Command } from 'commander';
import { z } from 'zod';
import { addDoorOptions, type DoorOptions, withDoor } from './door.ts';
import { printLine, printTable } from './terminal.ts';

interface SiteOptions extends DoorOptions {
  readonly site?: string;
  readonly json?: boolean;
}

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
const judged = z.looseObject({ verdict: z.string(), disposition: z.string() });
const shadowShape = z.looseObject({
  model_version: z.string(),
  running: z.boolean(),
  compared: z.number(),
  differing: z.number(),
  pairs: z.array(
    z.looseObject({ active_verdict: z.string(), shadow_verdict: z.string(), count: z.number() }),
  ),
  labelled: z.object({ count: z.number(), active_right: z.number(), shadow_right: z.number() }),
  items: z.array(z.looseObject({ id: z.string(), content: z.string(), active: judged, shadow: judged })),
});

/** Adds `model list`, `model activate` and `shadow start|stop|show`. */
export function registerModels(program: Command): void {
  const model = program.command('model').summary('list the models of a site, activate one');
  addSiteOptions(model.command('list'))
    .description('Lists the versions, newest first, and the shipped starter filter last.')
    .action(listModels);
  addSiteOptions(model.command('activate'))
    .description('Makes a version the active filter, without a restart. An older one rolls back.')
    .argument('<version>', 'the version')
    .option('--force', 'although the gate refuses it; this is written to the audit log')
    .action(activate);
  const shadow = program.command('shadow').summary('let a model score beside the active one, without effect');
  for (const [name, method, description] of [
    ['start', 'POST', 'Puts a model into the shadow of the active one.'],
    ['stop', 'DELETE', 'Takes it out; what it said stays.'],
    ['show', 'GET', 'Tells how it does, and the newest comments on which both differ.'],
  ] as const) {
    addSiteOptions(shadow.command(name))
      .description(description)
      .argument('<version>', 'the version')
      .action((version: string, options: SiteOptions) => callShadow(method, version, options));
  }
}

function addSiteOptions(command: Command): Command {
  return addDoorOptions(command)
    .option('--site <slug>', 'the site; may be left out when there is only one')
    .option('--json', 'print one JSON object');
}

function pathOf(path: string, site: string | undefined): string {
  return site === undefined ? path : `${path}?site=${encodeURIComponent(site)}`;
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

async function callShadow(
  method: 'POST' | 'DELETE' | 'GET',
  version: string,
  { site, json, ...door }: SiteOptions,
): Promise<void> {
  const path = pathOf(`/v1/models/${encodeURIComponent(version)}/shadow`, site);
  const found = await withDoor(door, (opened) => opened.call(shadowShape, method, path));
  if (json) {
    printLine(JSON.stringify(found));
    return;
  }
  const { running, compared, differing, labelled } = found;
  printLine(
    `${found.model_version} ${running ? 'is' : 'is not'} in the shadow: ${compared} comments compared, ${differing} differ.`,
  );
  if (compared === 0) return;
  printTable([
    ['active', 'shadow', 'comments'],
    ...found.pairs.map(({ active_verdict, shadow_verdict, count }) => [
      active_verdict,
      shadow_verdict,
      String(count),
    ]),
  ]);
  if (labelled.count > 0) {
    printLine(
      `A human has labelled ${labelled.count} of those that differ: the active filter was right on ${labelled.active_right}, the shadow on ${labelled.shadow_right}.`,
    );
  }
  for (const { id, content, active, shadow } of found.items) {
    printLine(`${id}  ${active.verdict} -> ${shadow.verdict}  ${content.replace(/\s+/g, ' ').slice(0, 80)}`);
  }
}
