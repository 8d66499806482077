import { FAULT_NUMBERS, FAULTS } from '../faults.ts';
import { ROUND } from '../plan.ts';
import { addTallies, NO_TALLY, type Tally } from '../tally.ts';
import type { SeedDone } from './seed-worker.ts';

export interface Summary {
  from: number;
  to: number;
  seeds: number;
  tally: Tally;
  hits: Map<number, number>;
  kinds: Map<string, number>;
  failed: { seed: number; violations: string[] }[];
  /** Faults, or kinds of them, that never struck although they should have. */
  unstruck: string[];
  /** Of virtual time. */
  hours: number;
  /** Of this machine, over all threads. */
  cpuSeconds: number;
  seconds: number;
}

export function summarise(results: readonly SeedDone[], seconds: number): Summary {
  const hits = new Map<number, number>();
  const kinds = new Map<string, number>();
  let tally: Tally = { ...NO_TALLY };
  let cpu = 0;
  for (const result of results) {
    for (const [fault, count] of result.hits) hits.set(fault, (hits.get(fault) ?? 0) + count);
    for (const [kind, count] of result.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
    tally = addTallies(tally, result.tally);
    cpu += result.cpuMilliseconds;
  }
  const failed = results.filter(({ violations }) => violations.length > 0);
  return {
    from: results[0]?.seed ?? 0,
    to: results.at(-1)?.seed ?? 0,
    seeds: results.length,
    tally,
    hits,
    kinds,
    failed: failed.map(({ seed, violations }) => ({ seed, violations })),
    // Fewer seeds than a round are not about every fault: each still fails when one that it planned never struck.
    unstruck: results.length >= 2 * ROUND ? unstruck(hits, kinds) : [],
    hours: tally.milliseconds / 3_600_000,
    cpuSeconds: cpu / 1000,
    seconds,
  };
}

function unstruck(hits: ReadonlyMap<number, number>, kinds: ReadonlyMap<string, number>): string[] {
  return FAULT_NUMBERS.filter((fault) => FAULTS[fault]?.waiting === undefined).flatMap((fault) => {
    const missing = (FAULTS[fault]?.kinds ?? []).filter((kind) => !kinds.has(`${fault} ${kind}`));
    return hits.has(fault) ? missing.map((kind) => `${fault} (${kind})`) : [String(fault)];
  });
}

/** What holds of every seed that passes, and where it is looked at. */
export const INVARIANTS: readonly [string, string][] = [
  [
    '0 lost',
    'each accepted event is counted in its incident, archived where there is an archive, and accounted for by every consumer',
  ],
  [
    'events are understood to the last field',
    'as the generator wrote them, and what is over a limit cut and marked as written by hand',
  ],
  [
    '0 duplicate effects in DynamoDB',
    'counts equal those of an independent oracle; each version follows the last, and no write changes nothing',
  ],
  ['0 order inversions', 'at every write: per fingerprint within a shard, where the mapping itself keeps order'],
  [
    '0 silent drops',
    'received = projected + duplicates + filtered + quarantined, for every batch; none filtered or called a duplicate without a reason',
  ],
  [
    "a client's counts are exact",
    'each event that it logged arrived once or is counted as dropped, by level; never a critical one',
  ],
  [
    'what carries no event is counted as that',
    'by every consumer, once until a receipt says that it is done; it has no effect',
  ],
  ['projections never go back', 'at every write: version, count, firstSeen and lastSeen'],
  ['rows are those due', 'none missing, none of another event; the cap holds for each write that counts'],
  [
    'every decided notice is sent',
    'with one id, decided once, within 25 minutes, and again only where a crash or a fault left it uncleared',
  ],
  [
    'windows close when they should',
    'at every write: by the level and the time of the first event; nothing ends while its events arrive',
  ],
  ['every urgent group is told of', 'a first notice; within 10 minutes also while DynamoDB is down'],
  ['summaries are exact', 'while nothing was down: the notices of a group tell of all its events, each once'],
  [
    'a silence hides no more than it may',
    'what came from its source was told or is counted as hidden; storms drop none',
  ],
  ['a pager that was down hears it all', 'of every critical event, by source, and of nothing else'],
  ['rules fire when they should', 'at every write against an oracle; each firing told and asked for once, never lost'],
  [
    'restarts stay within their limits',
    'tag, cooldown, maximum a day; each request ends once, in time, told alike to stream and topic',
  ],
  [
    'what was answered as accepted is on the stream',
    'POST /logs, CloudWatch Logs and alarms; what is given up is kept',
  ],
  ['archive', 'every id at least once; the event is rebuilt equal from each of its rows; quarantine equal to the byte'],
  ['given up', 'what a mapping gave up on is kept whole, or its loss is counted; an alarm came before'],
  ['drained', 'within an hour of the last fault no record waits'],
];
