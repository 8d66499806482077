import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { projectIncidents } from './project-incidents.ts';

const ledger = deployedTables.ledger();
const consumer = projectIncidents({
  ledger,
  clock,
  incidents: deployedTables.incidents(),
  applicationLogs: deployedTables.applicationLogs(),
  rules: deployedConfiguration<'applicationLogs'>().applicationLogs,
});

export const options: KinesisBatchOptions = {
  consumer,
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};
