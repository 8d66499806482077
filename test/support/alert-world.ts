import { closeWindows } from '../../services/close-windows/close-windows.ts';
import { routeAlerts } from '../../services/route-alerts/route-alerts.ts';
import type { Notice } from '../../shared/alerts/notice.ts';
import { onlyLevelTopics, type PublishNotices, type Receivers } from '../../shared/alerts/outbox.ts';
import type { AlertPolicy } from '../../shared/runtime/alert-policy.ts';
import { type BatchOutcome, consumeBatch } from '../../shared/stream/consume.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { StreamRecord } from '../../shared/stream/ports.ts';
import { alertPolicy } from './alert-events.ts';
import { type Interceptor, interceptedTable } from './intercepted-table.ts';
import { manualClock } from './manual-clock.ts';
import { modelTables } from './model-tables.ts';

export const denied: PublishNotices = async (_, notices) =>
  notices.map((_notice, index) => ({ index, reason: 'denied: PublishBatch failed' }));
/** Every call to a table fails. */
export const down: Interceptor = () => Promise.reject(new Fault('denied', 'the tables are down'));
const pass: Interceptor = (call) => call.proceed();

interface RunOptions {
  groups?: Interceptor;
  ledger?: Interceptor;
  publish?: PublishNotices;
}

/** route-alerts and close-windows on the same tables, each batch in a run-time environment of its own unless kept. */
export function alertWorld({
  policy = alertPolicy(),
  receivers = () => new Map(),
}: {
  policy?: AlertPolicy;
  receivers?: (sent: Notice[]) => Receivers;
} = {}) {
  const tables = modelTables();
  const clock = manualClock();
  const sent: Notice[] = [];
  const outcomes: BatchOutcome[] = [];
  const deliver: PublishNotices = async (_, notices) => {
    sent.push(...notices);
    return [];
  };
  const receiversWith = (publish: PublishNotices) => new Map([...onlyLevelTopics(publish), ...receivers(sent)]);
  const run = (records: StreamRecord[], options: RunOptions = {}) => {
    const ledger = interceptedTable(tables.ledger, options.ledger ?? pass);
    const alertGroups = interceptedTable(tables.alertGroups, options.groups ?? pass);
    const ports = { alertGroups, ledger, clock, receivers: receiversWith(options.publish ?? deliver), policy };
    const report = (outcome: BatchOutcome) => outcomes.push(outcome);
    const deadline = clock.now() + 60_000;
    return consumeBatch(records, routeAlerts(ports), { ledger, clock, retentionHours: 24, deadline, report });
  };
  const sweep = (publish = deliver) => {
    const ports = { alertGroups: tables.alertGroups, receivers: receiversWith(publish), clock };
    return closeWindows(ports, Number.POSITIVE_INFINITY);
  };
  const told = () => sent.map(({ id, kind, count }) => [id, kind, count]);
  const pending = () => tables.alertGroups.all().flatMap((item) => (item.pending as Notice[]).map(({ id }) => id));
  return { ...tables, clock, run, sweep, sent, told, pending, outcomes, deliver };
}
