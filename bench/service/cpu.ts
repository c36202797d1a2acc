/** Processor time of a process and of all that it started: what a check costs, however busy the machine is. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
  readonly residentMb: number;
}

function readStats(): Stat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = text
          .slice(text.lastIndexOf(')') + 2)
          .split(' ')
          .map(Number);
        const [parent = 0, user = 0, system = 0, pages = 0] = [fields[1], fields[11], fields[12], fields[21]];
        return [
          {
            pid: Number(name),
            parent,
            seconds: (user + system) / TICKS_PER_SECOND,
            residentMb: (pages * 4096) / 1e6,
          },
        ];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}

/** Seconds of processor time so far, and resident memory now, of a process and its descendants. */
export function usageOf(pid: number): { readonly seconds: number; readonly residentMb: number } {
  const stats = readStats();
  const family = new Set([pid]);
  for (let grown = true; grown; ) {
    const before = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
    grown = family.size > before;
  }
  const own = stats.filter((stat) => family.has(stat.pid));
  return {
    seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    residentMb: own.reduce((sum, { residentMb }) => sum + residentMb, 0),
  };
}
