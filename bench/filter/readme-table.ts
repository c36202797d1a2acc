/** The README's table: ours and its peers, one row each, MCC and blocked ham of every split. */
import type { ProtocolResult } from './report.ts';
import { percent, plain, writeTable } from './report.ts';

const BEGIN = '<!-- bench:filter -->';
const END = '<!-- /bench:filter -->';

/** Puts the table between its markers. Throws when the README has none. */
export function putTable(readme: string, results: readonly ProtocolResult[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md has no ${BEGIN} … ${END}`);
  return `${readme.slice(0, from + BEGIN.length)}\n\n${tableOf(results)}\n\n${readme.slice(to)}`;
}

function tableOf(results: readonly ProtocolResult[]): string {
  const contestants = results[0]?.qualities.map(({ contestant }) => contestant) ?? [];
  const rows = contestants.map((contestant, place) => [
    contestant,
    ...results.map(({ qualities }) => {
      const metrics = qualities[place]?.metrics;
      return `${plain(metrics?.mcc ?? null)} (${percent(metrics?.hamBlocked ?? null)} %)`;
    }),
  ]);
  return writeTable(['MCC (ham blocked)', ...results.map(({ protocol }) => protocol.name)], rows);
}
