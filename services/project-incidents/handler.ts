import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import { kinesisHandler } from '../../shared/runtime/kinesis-handler.ts';
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

export const handler = kinesisHandler({ consumer, ledger, clock, retentionHours: Number(required('RETENTION_HOURS')) });
