/** `leave-a-reply shadow`: scores new comments with a second model, without effect. */
import type { Command } from 'commander';
import { z } from 'zod';
import { withDoor } from './door.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printLine, printTable } from './terminal.ts';

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

/** Adds `shadow start|stop|show`. */
export function registerShadow(program: Command): void {
  const shadow = program.command('shadow').summary('score new comments with a second model, without effect');
  for (const [name, method, description] of [
    ['start', 'POST', 'Starts scoring new comments with this version in addition to the active one.'],
    ['stop', 'DELETE', 'Stops it; its scores are kept.'],
    ['show', 'GET', 'Shows how often both agree, and the newest comments on which they differ.'],
  ] as const) {
    addSiteOptions(shadow.command(name))
      .description(description)
      .argument('<version>', 'the version')
      .action((version: string, options: SiteOptions) => callShadow(method, version, options));
  }
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
    `${found.model_version} ${running ? 'runs' : 'does not run'} as a shadow: ${compared} comments compared, ${differing} differ.`,
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
      `Moderators decided ${labelled.count} of the differing comments: the active filter was right on ${labelled.active_right}, the shadow on ${labelled.shadow_right}.`,
    );
  }
  for (const { id, content, active, shadow } of found.items) {
    printLine(`${id}  ${active.verdict} -> ${shadow.verdict}  ${content.replace(/\s+/g, ' ').slice(0, 80)}`);
  }
}
