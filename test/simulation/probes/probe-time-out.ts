import { projectIncidents } from '../../../services/project-incidents/project-incidents.ts';
import { TABLE_KEYS } from '../../../shared/aws/tables.ts';
import { type BatchResponse, consumeBatch } from '../../../shared/stream/consume.ts';
import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { Service } from '../chaos.ts';
import type { FunctionInstance } from '../models/function-instance.ts';
import { gatedTable } from '../models/gated-table.ts';
import { ModelFunction, type Outcome } from '../models/model-function.ts';
import { ModelTable } from '../models/model-table.ts';
import type { World } from '../world.ts';
import { probeEvent, probeMapping } from './probe-mapping.ts';

const GROUPS = 48;
const EVENTS_OF_EACH = 2;
/** Groups that are written at a time. Source: `CONCURRENCY` in `shared/stream/fold-groups.ts`. */
const PER_TRY = 16;
const TRIES = Math.ceil(GROUPS / PER_TRY);
/**
 * A try reads for one call's time, then writes a group in two. The time to begin a group is over before the second lot, the
 * time limit comes before that lot is written: each try has time for one lot, and only for one.
 */
const TIMEOUT = 10_000;
const SLOW = { from: 2_100, to: 2_400 };
/** The ledger answers at once, so that it is the effects that time runs out for. */
const QUICK = { from: 2, to: 25 };
const RULES = { minLevel: 'warning', sources: {}, rowsPerFingerprintAndHour: 1_000, retentionDays: 60 } as const;

/**
 * What a consumer does whose time runs out. One that knows when answers what it did, and the rest comes again; one that
 * does not is killed, and the whole batch comes again.
 */
export type TimeOut = 'answered' | 'killed';

interface Probe {
  how: TimeOut;
  tables: Record<'incidents' | 'applicationLogs' | 'ledger', ModelTable>;
  writes: number;
  /** Groups that the try under way was the first to write, while it lived: what lands of a dead one is no progress of the next. */
  newByTry: number;
}

/** A batch of the product's own consumer for which no invocation has time enough, and which the mapping brings again and again. */
export async function probeTimeOut(world: World, how: TimeOut): Promise<void> {
  const tables = {
    incidents: new ModelTable({ keys: TABLE_KEYS.incidents }),
    applicationLogs: new ModelTable({ keys: TABLE_KEYS.applicationLogs }),
    ledger: new ModelTable({ keys: TABLE_KEYS.ledger }),
  };
  const probe: Probe = { how, tables, writes: 0, newByTry: 0 };
  const make = (instance: FunctionInstance) => batchFunction(world, instance, probe);
  const headOf = ([first]: readonly StreamRecord[]) => first?.sequenceNumber ?? '';
  const lambda = new ModelFunction({ name: 'probe', timeout: TIMEOUT, make, skew: () => 0, headOf }, world);
  const isCut: boolean[] = [];
  const { isDrained, kept, metrics } = await probeMapping(world, {
    events: eventsAt(world.scheduler.now),
    batchSize: GROUPS * EVENTS_OF_EACH,
    // What makes progress uses up no retry; what is killed uses up one each time, and needs no more than these.
    retries: how === 'answered' ? 0 : TRIES - 1,
    bisects: how === 'answered',
    invoke: (records, settle) => {
      probe.newByTry = 0;
      lambda.invoke(records, (outcome) => {
        isCut.push(ranOut(outcome));
        checkProgress(world, probe);
        settle(outcome);
      });
    },
  });
  const cuts = isCut.filter(Boolean).length;
  for (let cut = 0; cut < cuts && how === 'answered'; cut++) world.chaos.hit(4, 'answered in part');
  if (cuts === 0) world.violate(`time-out, ${how}: no try ran out of time`);
  if (!isDrained || kept.size > 0) world.violate(`time-out, ${how}: ${kept.size} records given up`);
  if (metrics.invocations > TRIES) {
    world.violate(`time-out, ${how}: ${metrics.invocations} invocations, at most ${TRIES} expected`);
  }
  checkEffects(world, probe);
}

/** Every group has an event of each round, so that what one try is done with is spread over the whole batch. */
function eventsAt(now: number): object[] {
  const sources = Array.from({ length: GROUPS }, (_, index) => `probe-${String.fromCharCode(0x41 + index)}`);
  const rounds = Array.from({ length: EVENTS_OF_EACH }, (_, round) => round);
  return rounds.flatMap((round) => sources.map((source) => probeEvent(`${source}-${round}`, now, source)));
}

/** The function, as it is deployed save for its tables. */
function batchFunction(world: World, instance: FunctionInstance, probe: Probe) {
  const { scheduler, chaos, random, retentionHours } = world;
  const { clock } = instance;
  const table = (name: keyof Probe['tables']) =>
    gatedTable({
      table: probe.tables[name],
      service: new Service({ name, latency: name === 'ledger' ? QUICK : SLOW }, { scheduler, chaos, random }),
      instance,
      chaos,
      afterPut: ({ version }, answer) => {
        if (answer === 'conflict') return;
        probe.writes++;
        if (version === 1 && !instance.isDead) probe.newByTry++;
      },
    });
  const ledger = table('ledger');
  const tables = { ledger, incidents: table('incidents'), applicationLogs: table('applicationLogs') };
  const consumer = projectIncidents({ ...tables, clock, rules: RULES });
  return (records: readonly StreamRecord[], known: number) => {
    const deadline = probe.how === 'answered' ? known : Number.POSITIVE_INFINITY;
    return consumeBatch(records, consumer, { ledger, clock, retentionHours, deadline });
  };
}

function ranOut(outcome: Outcome): boolean {
  return outcome.status === 'failed' || (outcome.answer as BatchResponse).batchItemFailures.length > 0;
}

/** A try writes all that it has time for, or all that is left. */
function checkProgress(world: World, { how, tables, newByTry }: Probe): void {
  const written = tables.incidents.all().length;
  if (newByTry >= PER_TRY || written === GROUPS) return;
  world.violate(`time-out, ${how}: a try wrote ${newByTry} new groups, had time for ${PER_TRY}; ${written} stand`);
}

function checkEffects(world: World, { how, tables, writes }: Probe): void {
  const incidents = tables.incidents.all();
  const once = incidents.filter(({ count, version }) => count === EVENTS_OF_EACH && version === 1).length;
  if (incidents.length !== GROUPS || once !== GROUPS || writes !== GROUPS) {
    world.violate(`time-out, ${how}: ${once} of ${incidents.length} incidents count right, by ${writes} writes`);
  }
  const rows = tables.applicationLogs.all().length;
  if (rows !== GROUPS * EVENTS_OF_EACH) world.violate(`time-out, ${how}: ${rows} rows`);
}
