import { onlyLevelTopics } from '../../shared/alerts/outbox.ts';
import { snsTopics } from '../../shared/aws/sns-topics.ts';
import { routingOf } from '../../shared/runtime/alert-routing.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required, requiredByLevel } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { TableRest } from '../../shared/stream/table-rest.ts';
import { routeAlerts } from './route-alerts.ts';

// A page goes out although the tables hang: soon.
const rest = new TableRest(clock);
const ledger = rest.guard(deployedTables.ledger());
const consumer = routeAlerts({
  ledger,
  clock,
  alertGroups: rest.guard(deployedTables.alertGroups()),
  receivers: onlyLevelTopics(snsTopics(requiredByLevel('TOPIC_ARN'), clock)),
  routing: routingOf(deployedConfiguration<'alerts'>().alerts),
});

export const options: KinesisBatchOptions = {
  consumer,
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};
