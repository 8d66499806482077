import { alertPolicyOf } from '../../shared/runtime/alert-policy.ts';
import { deployedReceivers } from '../../shared/runtime/deployed-receivers.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { restingTable } from '../../shared/stream/table-rest.ts';
import { routeAlerts } from './route-alerts.ts';

/** Longer than a minute of `close-windows`, which sends what waits for one that hangs. */
const REST_MILLISECONDS = 60_000;

// A page goes out although the tables hang: soon.
const ledger = restingTable(deployedTables.ledger(), clock);
const { alerts } = deployedConfiguration<'alerts'>();
const consumer = routeAlerts({
  ledger,
  clock,
  alertGroups: restingTable(deployedTables.alertGroups(), clock),
  receivers: deployedReceivers(alerts, { clock, rest: REST_MILLISECONDS }),
  policy: alertPolicyOf(alerts),
});

export const options: KinesisBatchOptions = {
  consumer,
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};
