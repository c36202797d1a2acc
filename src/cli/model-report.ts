/** `leave-a-reply model report|flips|thresholds`: what a candidate would change, before it is activated. */
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { withDoor } from './door.ts';
import { addSiteOptions, pathOf, type SiteOptions } from './site-options.ts';
import { printError, printLine, printTable } from './terminal.ts';

const metricNames = ['accuracy', 'precision', 'recall', 'mcc', 'auc', 'brier', 'ece'] as const;
const figures = z.looseObject({
  metrics: z.record(z.string(), z.number().nullable()),
  intervals: z.record(z.string(), z.tuple([z.number(), z.number()]).nullable()),
});
const comparison = z
  .looseObject({
    ham: z.number(),
    spam: z.number(),
    p: z.number(),
    active: figures,
    candidate: figures,
    since: z.string().optional(),
  })
  .nullable();
const outcomes = z.looseObject({
  ham: z.number(),
  spam: z.number(),
  ham_blocked: z.number(),
  spam_caught: z.number(),
  spam_published: z.number(),
});
const findings = z.array(z.looseObject({ code: z.string(), detail: z.string(), remedy: z.string() }));
const reportShape = z.looseObject({
  active: z.string(),
  thresholds: z.looseObject({ ham: z.number(), spam: z.number() }),
  by_campaign: comparison,
  by_time: comparison,
  outcomes: z.looseObject({ active: outcomes, candidate: outcomes }).optional(),
  gate: z.looseObject({ passed: z.boolean(), findings, warnings: findings.default([]) }),
  flips: z.looseObject({ decided: z.number(), waiting: z.number() }),
});

const judged = z.looseObject({ verdict: z.string(), spam_probability: z.number() });
const evidence = z.array(z.looseObject({ feature: z.string(), log_odds: z.number() }));
const flipShape = z.looseObject({
  id: z.string(),
  content: z.string(),
  label: z.string().nullable(),
  from: judged,
  to: judged,
  evidence,
});
const flipsPage = z.object({ items: z.array(flipShape), next_after: z.number().nullable() });

/** Adds `report`, `compare`, `flips` and `thresholds` to `model`. */
export function addModelReports(model: Command): void {
  addSiteOptions(model.command('report'))
    .description(
      'Shows what a candidate would change, compared with the filter that was active when it was trained.',
    )
    .argument('<version>', 'the version')
    .action((version: string, options: SiteOptions) => showReport('GET', version, options));
  addSiteOptions(model.command('compare'))
    .description('Compares it again with the filter that is active now, and shows what it would change.')
    .argument('<version>', 'the version')
    .action((version: string, options: SiteOptions) => showReport('POST', version, options));
  addSiteOptions(model.command('flips'))
    .description(
      'Lists the comments whose verdict would change, largest change first, with the features that move the score most.',
    )
    .argument('<version>', 'the version')
    .option('--waiting', 'the waiting comments instead of the decided ones')
    .option('--limit <count>', 'how many at most, 1 to 1000', readCount, 50)
    .action(showFlips);
  addSiteOptions(model.command('thresholds'))
    .description('Creates a version with other thresholds and prints its name; warnings go to stderr.')
    .argument('<version>', 'the version')
    .requiredOption('--ham <probability>', 'below it a comment is ham, 0 to 1', readShare)
    .requiredOption('--spam <probability>', 'at or above it a comment is spam, 0 to 1', readShare)
    .action(moveThresholds);
}

function readShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('A number from 0 to 1 is needed.');
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new InvalidArgumentError('A whole number from 1 to 1000 is needed.');
}

function modelPath(version: string, rest: string, site: string | undefined): string {
  return pathOf(`/v1/models/${encodeURIComponent(version)}/${rest}`, site);
}

async function showReport(
  method: 'GET' | 'POST',
  version: string,
  { site, json, ...door }: SiteOptions,
): Promise<void> {
  const report = await withDoor(door, (opened) =>
    opened.call(reportShape, method, modelPath(version, 'report', site)),
  );
  if (json) {
    printLine(JSON.stringify(report));
    return;
  }
  const { active, thresholds, flips } = report;
  printLine(
    `${version} compared with ${active}. Ham: below ${thresholds.ham}. Spam: ${thresholds.spam} or more.`,
  );
  printGate(report);
  printComparison('On the held-out set', report.by_campaign);
  printComparison('On the newest samples, trained the same way on the older ones', report.by_time);
  if (report.outcomes) printOutcomes(report.outcomes);
  printLine(`Would flip: ${flips.decided} decided comments, ${flips.waiting} waiting ones.`);
}

function printGate({ gate, active }: z.infer<typeof reportShape>): void {
  if (gate.passed && gate.warnings.length === 0) printLine(`No problems found compared with ${active}.`);
  for (const { code, detail, remedy } of gate.findings) printLine(`Refused (${code}): ${detail} ${remedy}`);
  for (const { detail, remedy } of gate.warnings) printLine(`Warning: ${detail} ${remedy}`);
}

function printComparison(what: string, found: z.infer<typeof comparison>): void {
  if (found === null) {
    printLine(`${what}: not enough samples to compare.`);
    return;
  }
  printLine(
    `${what}: ${found.ham} good, ${found.spam} spam; McNemar's exact test: p = ${found.p.toFixed(3)}.`,
  );
  const cell = ({ metrics, intervals }: z.infer<typeof figures>, name: (typeof metricNames)[number]) => {
    const [low, high] = intervals[name] ?? [null, null];
    return `${figure(metrics[name])} (${figure(low)} to ${figure(high)})`;
  };
  printTable([
    ['figure', 'candidate (95 %)', 'active (95 %)'],
    ...metricNames.map((name) => [name, cell(found.candidate, name), cell(found.active, name)]),
  ]);
}

function figure(value: number | null | undefined): string {
  return value == null ? '-' : value.toFixed(3);
}

function printOutcomes({ candidate, active }: { candidate: Outcome; active: Outcome }): void {
  const row = (name: string, { ham, spam, ham_blocked, spam_caught, spam_published }: Outcome) => [
    name,
    `${ham_blocked} of ${ham}`,
    `${spam_caught} of ${spam}`,
    `${spam_published} of ${spam}`,
  ];
  printTable([
    ['thresholds of', 'good marked spam', 'spam caught', 'spam published'],
    row('candidate', candidate),
    row('active', active),
  ]);
}
type Outcome = z.infer<typeof outcomes>;

interface FlipOptions extends SiteOptions {
  readonly waiting?: boolean;
  readonly limit: number;
}

/** The API gives at most so many at once. */
const PAGE = 20;

async function showFlips(version: string, options: FlipOptions): Promise<void> {
  const { site, json, waiting, limit, ...door } = options;
  const of = waiting === true ? 'waiting' : 'decided';
  const items = await withDoor(door, async (opened) => {
    const found: z.infer<typeof flipShape>[] = [];
    for (let after: number | null = -1; after !== null && found.length < limit; ) {
      const query = `flips?of=${of}&after=${after}&limit=${Math.min(PAGE, limit - found.length)}`;
      const page: z.infer<typeof flipsPage> = await opened.call(
        flipsPage,
        'GET',
        modelPath(version, query, site),
      );
      found.push(...page.items);
      after = page.next_after;
    }
    return found;
  });
  if (json) {
    printLine(JSON.stringify(items));
    return;
  }
  if (items.length === 0) printLine(`No ${of} comment would have another verdict.`);
  for (const { id, content, label, from, to, evidence: why } of items) {
    const said = label === null ? 'waits' : `a human said ${label}`;
    printLine(`${id}  ${verdict(from)} -> ${verdict(to)}  ${said}`);
    printLine(`  ${content.replace(/\s+/g, ' ').slice(0, 120)}`);
    printLine(`  ${why.map(({ feature, log_odds }) => `${feature} ${log_odds.toFixed(1)}`).join(', ')}`);
  }
}

function verdict({ verdict: name, spam_probability: probability }: z.infer<typeof judged>): string {
  return `${name} ${(probability * 100).toFixed(1)} %`;
}

const movedShape = z.looseObject({
  version: z.string(),
  state: z.string(),
  report: z.looseObject({ gate: z.looseObject({ findings, warnings: findings.default([]) }).optional() }),
});

async function moveThresholds(
  version: string,
  options: SiteOptions & { readonly ham: number; readonly spam: number },
): Promise<void> {
  const { site, json, ham, spam, ...door } = options;
  const moved = await withDoor(door, (opened) =>
    opened.call(movedShape, 'POST', modelPath(version, 'thresholds', site), { ham, spam }),
  );
  printLine(json ? JSON.stringify(moved) : moved.version);
  const { findings: found = [], warnings = [] } = moved.report.gate ?? {};
  for (const { detail, remedy } of [...found, ...warnings]) printError(`${detail} ${remedy}`);
}
