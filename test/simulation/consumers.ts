import { archiveEvents } from '../../services/archive-events/archive-events.ts';
import { closeWindows } from '../../services/close-windows/close-windows.ts';
import { projectIncidents } from '../../services/project-incidents/project-incidents.ts';
import { routeAlerts } from '../../services/route-alerts/route-alerts.ts';
import type { BatchResponse } from '../../shared/stream/consume.ts';
import { type Consumer, consumeBatch } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Item, StreamRecord, Table } from '../../shared/stream/ports.ts';
import { restingTable } from '../../shared/stream/table-rest.ts';
import type { Automation } from './automation/automation.ts';
import { noteAnswer, noteReceipts } from './checks/check-accounted.ts';
import { checkDuplicates, noteHanded } from './checks/check-duplicates.ts';
import { noteEmptyDone } from './checks/check-empty.ts';
import { checkKept } from './checks/check-kept.ts';
import { checkOrder } from './checks/check-order.ts';
import { checkRepeats } from './checks/check-repeats.ts';
import { groupOfItem } from './checks/group-of-item.ts';
import { alertGroupOf, broughtBy, recordTruth, type TruthEvent } from './checks/oracle.ts';
import { type ConsumerName, deployedConsumers } from './deployed.ts';
import { skewOf } from './host-clocks.ts';
import type { FunctionInstance } from './models/function-instance.ts';
import { gatedTable, watchedTable } from './models/gated-table.ts';
import { ModelFunction } from './models/model-function.ts';
import type { Random } from './random.ts';
import { PAGER_ROUTE, receiversFor } from './routing.ts';
import { type Reported, sequenceKey, type TableName, type World } from './world.ts';

/** The product's consumers that are deployed, unchanged, each as a function whose ports are the models. */
export function consumerFunctions(world: World): Map<ConsumerName, ModelFunction<readonly StreamRecord[]>> {
  const wired: Record<ConsumerName, (instance: FunctionInstance) => Consumer> = {
    'project-incidents': (instance) =>
      projectIncidents({
        ...portsOf(world, instance),
        incidents: incidentsTable(world, instance),
        applicationLogs: rowsTable(world, instance),
        rules: world.plan.rules,
        quarantine: world.plan.hasArchive ? undefined : world.bucket.quarantine(instance),
      }),
    'route-alerts': (instance) =>
      routeAlerts({
        ...portsOf(world, instance),
        alertGroups: tableOf(world, instance, 'alertGroups'),
        receivers: receiversFor(world, instance),
        policy: world.policy,
        mostQuietGroups: world.plan.mostQuietGroups,
      }),
    'archive-events': (instance) =>
      archiveEvents({
        clock: instance.clock,
        deliver: world.firehose.delivery(instance),
        quarantine: world.bucket.quarantine(instance),
      }),
  };
  const functionOf = (name: ConsumerName) =>
    new ModelFunction<readonly StreamRecord[]>(
      {
        name,
        timeout: world.plan.timeout,
        skew: (random) => skewOf(world, random),
        onZombie: () => world.zombies++,
        headOf,
        make: (instance) => batchFunction(world, instance, wired[name](instance)),
      },
      world,
    );
  return new Map(deployedConsumers(world.plan).map((name) => [name, functionOf(name)]));
}

/** The consumer of rules, unchanged, in runs that have it. */
export function rulesFunction(world: World, automation: Automation): ModelFunction<readonly StreamRecord[]> {
  const make = (instance: FunctionInstance) =>
    batchFunction(world, instance, automation.consumer(instance, tableOf(world, instance, 'ledger')));
  const skew = (random: Random) => skewOf(world, random);
  const onZombie = () => world.zombies++;
  return new ModelFunction(
    { name: 'evaluate-rules', timeout: world.plan.timeout, skew, onZombie, headOf, make },
    world,
  );
}

function headOf([first]: readonly StreamRecord[]): string {
  return first === undefined ? '' : sequenceKey(first);
}

/** The minute's sweep, unchanged, as a function. */
export function closeWindowsFunction(world: World): ModelFunction<undefined> {
  const make = (instance: FunctionInstance) => {
    const ports = {
      alertGroups: tableOf(world, instance, 'alertGroups'),
      receivers: receiversFor(world, instance),
      clock: instance.clock,
    };
    return (_: undefined, deadline: number) => closeWindows(ports, deadline);
  };
  const skew = (random: Random) => skewOf(world, random);
  return new ModelFunction({ name: 'close-windows', timeout: 50_000, make, skew }, world);
}

function batchFunction(world: World, instance: FunctionInstance, consumer: Consumer) {
  const ledger = tableOf(world, instance, 'ledger');
  return async (records: readonly StreamRecord[], deadline: number): Promise<unknown> => {
    const run = instanceKey(instance, 'batch');
    const startedAt = world.scheduler.steps;
    const reports: Reported[] = [];
    noteHanded(world, consumer.name, records);
    const answer = await consumeBatch(records, consumer, {
      ledger,
      clock: instance.clock,
      retentionHours: world.retentionHours,
      deadline,
      report: (outcome) => {
        const reported = { outcome, records, run, startedAt, didTableFail: world.didTableFail(instance) };
        checkKept(world, reported);
        checkDuplicates(world, reported);
        world.report(reported);
        reports.push(reported);
      },
    });
    for (const reported of reports) noteAnswer(world, reported, answer);
    return world.chaos.strikes(11, 0.1) ? oddAnswer(world, answer) : answer;
  };
}

/** Forms of answer that fail the whole batch, whatever was done. */
function oddAnswer(world: World, { batchItemFailures }: BatchResponse): unknown {
  world.chaos.hit(11);
  const odd = world.random.pick([
    { itemIdentifier: '' },
    { itemIdentifier: null },
    { identifier: '1' },
    { itemIdentifier: '123' },
  ]);
  return { batchItemFailures: [...batchItemFailures, odd] };
}

function portsOf(world: World, instance: FunctionInstance) {
  return { ledger: tableOf(world, instance, 'ledger'), clock: instance.clock, seenLimits: world.plan.seenLimits };
}

function tableOf(world: World, instance: FunctionInstance, name: TableName) {
  const afterWrite = (items: readonly Item[]) => {
    noteReceipts(world, items, batchOf(instance));
    noteEmptyDone(world, items, { run: instanceKey(instance, 'batch'), records: batchOf(instance) });
    for (const { scope, received, filtered } of items) {
      if (!String(scope).startsWith('receipt#route-alerts#')) continue;
      const records = instance.subject as readonly StreamRecord[];
      const counts = { received: received as number, filtered: filtered as number };
      world.receipts.push({ ...counts, records, didTableFail: world.didTableFail(instance) });
    }
  };
  const table = gatedTable({
    afterWrite,
    table: world.tables[name],
    service: world.services[name],
    instance,
    chaos: world.chaos,
    afterPut: (item, answer) => {
      settleRows(world, instance, { item, answer });
      if (answer === 'written' && name === 'alertGroups' && isDefaultGroup(item)) {
        const group = groupOfItem(item);
        const belongs = (member: TruthEvent) => member.event.type === 'log' && alertGroupOf(member) === group;
        const fingerprint = String(item.fingerprint);
        const isBlind = world.didTableFail(instance);
        checkRepeats(world, world.repeats.notices, {
          group,
          fingerprint,
          item,
          belongs,
          batch: batchOf(instance),
          isBlind,
        });
      }
    },
  });
  if (instance.name !== 'route-alerts') return table;
  return watchedTable(restingTableOf(instance, name, table), () => world.failedIn.set(instance, instance.runs));
}

/** A group of one fingerprint and level, as against one of the pager, a silence or a storm. */
function isDefaultGroup({ window, route }: Item): boolean {
  return window !== undefined && route !== PAGER_ROUTE;
}

const resting = new WeakMap<FunctionInstance, Map<TableName, Table>>();

/** Of one run-time environment, kept between its invocations as the module's own is. */
function restingTableOf(instance: FunctionInstance, name: TableName, table: Table): Table {
  const tables = resting.get(instance) ?? new Map<TableName, Table>();
  resting.set(instance, tables);
  const kept = tables.get(name) ?? restingTable(table, instance.clock);
  tables.set(name, kept);
  return kept;
}

const NO_RECORDS: readonly StreamRecord[] = [];

/** What a run of a consumer was given; the sweep is given nothing. */
function batchOf({ subject }: FunctionInstance): readonly StreamRecord[] {
  return (subject as readonly StreamRecord[] | undefined) ?? NO_RECORDS;
}

/** The incidents: where a lost answer can leave its writer dead, and where one part of an aggregate can fail. */
function incidentsTable(world: World, instance: FunctionInstance) {
  const { chaos } = world;
  return gatedTable({
    table: world.tables.incidents,
    service: world.services.incidents,
    instance,
    chaos,
    beforePut: (item) => {
      if (isPartOfAggregate(world, instance, item) && chaos.strikes(26, 0.3)) {
        chaos.hit(26);
        throw new Fault('invalid', 'this part of an aggregate is refused this time');
      }
    },
    afterPut: (item, answer) => {
      settleRows(world, instance, { item, answer });
      if (answer === 'written') {
        const group = String(item.fingerprint);
        const belongs = ({ fingerprint, event, isError }: TruthEvent) =>
          isError && event.type === 'log' && fingerprint === group;
        checkOrder(world, batchOf(instance), group);
        const written = { group, fingerprint: group, item, belongs, batch: batchOf(instance) };
        checkRepeats(world, world.repeats.incidents, written);
      }
      if (!chaos.strikes(32, 0.02)) return;
      instance.die('fault 32: the answer to a write is lost, its writer gone');
    },
  });
}

function rowsTable(world: World, instance: FunctionInstance) {
  return gatedTable({
    table: world.tables.applicationLogs,
    service: world.services.applicationLogs,
    instance,
    chaos: world.chaos,
    afterWrite: (items) => {
      for (const { fingerprint, log_level: level, source_application: source, period } of items) {
        const isError = level === 'critical' || level === 'error';
        const key = instanceKey(instance, `${isError ? '' : 'rows#'}${fingerprint}`);
        const rows = world.unsettledRows.get(key) ?? new Set();
        world.unsettledRows.set(key, rows.add(`${source}\u0000${period}`));
      }
    },
  });
}

/** Rows stand before the item that counts them: when that write loses, they stand although they were not granted. */
function settleRows(world: World, instance: FunctionInstance, { item, answer }: { item: Item; answer: string }): void {
  const rows = world.unsettledRows.get(instanceKey(instance, item.scope ?? item.fingerprint));
  if (answer === 'conflict') {
    noteConflict(world, instance, String(item.group ?? item.fingerprint));
    for (const row of rows ?? []) world.overhang.add(row);
  }
  rows?.clear();
}

const instanceNumbers = new WeakMap<FunctionInstance, number>();
let instances = 0;

function instanceKey(instance: FunctionInstance, fingerprint: unknown): string {
  const number = instanceNumbers.get(instance) ?? ++instances;
  instanceNumbers.set(instance, number);
  return `${number}.${instance.runs} ${fingerprint}`;
}

/** Tries of one conditional write. Source: `FOLD_ATTEMPTS` in `shared/stream/fold-groups.ts`. */
const TRIES = 12;

/** Writers get in each other's way, and none tries for ever: a run folds a group, and clears its outbox or settles it. */
function noteConflict(world: World, instance: FunctionInstance, group: string): void {
  world.conflicts++;
  if (world.plan.planned.has(30)) world.chaos.hit(30, 'conflict');
  const key = `${instanceKey(instance, group)} conflicts`;
  const tries = (world.conflictsOf.get(key) ?? 0) + 1;
  world.conflictsOf.set(key, tries);
  if (tries >= TRIES) instance.noteUnsure();
  if (tries > 2 * TRIES) world.violate(`${instance.name} tried to write ${group} ${tries} times in one run`);
}

/** Whether the incident came in an aggregate that brought others too: one of its parts fails, its siblings must not suffer. */
function isPartOfAggregate(world: World, instance: FunctionInstance, { version, fingerprint }: Item): boolean {
  if (version === undefined) return false;
  const group = String(fingerprint);
  return broughtBy(world, batchOf(instance), group).some(({ record, events }) => {
    const accepted = world.bySequence.get(sequenceKey(record));
    return accepted?.parcel.kind === 'aggregate' && (recordTruth(world, accepted)?.length ?? 0) > events.length;
  });
}
