import { archiveEvents } from '../../services/archive-events/archive-events.ts';
import { projectIncidents } from '../../services/project-incidents/project-incidents.ts';
import { routeAlerts } from '../../services/route-alerts/route-alerts.ts';
import { onlyLevelTopics, type PublishNotices, type Receivers } from '../../shared/alerts/outbox.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { Level } from '../../shared/events/levels.ts';
import { alertPolicyOf } from '../../shared/runtime/alert-policy.ts';
import { type Configuration, parseConfiguration } from '../../shared/runtime/configuration.ts';
import type { Consumer } from '../../shared/stream/consume.ts';
import type { Clock, SendChunk, Table } from '../../shared/stream/ports.ts';
import type { RejectedRecord } from '../../shared/stream/read-batch.ts';
import { memoryTable, type TableMeter } from './memory-table.ts';

export type TableName = keyof typeof TABLE_KEYS;

export interface WorldOptions {
  clock: Clock;
  configuration?: Configuration;
  meterOf?: (table: TableName) => TableMeter;
  publish?: PublishNotices;
  deliver?: (level: Level) => SendChunk<Uint8Array>;
  quarantine?: (record: RejectedRecord) => Promise<void>;
}

export type ConsumerName = keyof World['consumers'];

export interface World {
  tables: Record<TableName, ReturnType<typeof memoryTable>>;
  consumers: Record<'route-alerts' | 'project-incidents' | 'archive-events', Consumer>;
  /** Those that the configuration deploys. */
  deployed: readonly ConsumerName[];
  ledger: Table;
  clock: Clock;
  receivers: Receivers;
  configuration: Configuration;
}

export const CONSUMER_NAMES: readonly ConsumerName[] = ['project-incidents', 'route-alerts', 'archive-events'];
export const TABLE_NAMES = Object.keys(TABLE_KEYS) as TableName[];

/** The consumers of a deployment, by default with the default configuration, on tables, topics and streams that answer at once. */
export function world(options: WorldOptions): World {
  const { clock, configuration = parseConfiguration(''), meterOf } = options;
  const { publish = async () => [], deliver = () => async () => [], quarantine = async () => {} } = options;
  const made = TABLE_NAMES.map((name) => [
    name,
    memoryTable(TABLE_KEYS[name], meterOf?.(name), name !== 'applicationLogs'),
  ]);
  const tables = Object.fromEntries(made) as World['tables'];
  const { ledger, incidents, applicationLogs, alertGroups } = tables;
  const receivers = onlyLevelTopics(publish);
  const policy = alertPolicyOf(configuration.alerts);
  const { applicationLogs: rules, archive } = configuration;
  // As deployed: who archives keeps what is rejected; where nobody does, it is kept with the incidents.
  const kept = archive.isEnabled ? {} : { quarantine };
  return {
    tables,
    ledger,
    clock,
    receivers,
    configuration,
    deployed: archive.isEnabled ? CONSUMER_NAMES : CONSUMER_NAMES.filter((name) => name !== 'archive-events'),
    consumers: {
      'route-alerts': routeAlerts({ ledger, clock, alertGroups, receivers, policy }),
      'project-incidents': projectIncidents({ ledger, clock, incidents, applicationLogs, rules, ...kept }),
      'archive-events': archiveEvents({ clock, deliver, quarantine }),
    },
  };
}
