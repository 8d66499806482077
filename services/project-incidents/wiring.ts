import { s3Quarantine } from '../../shared/aws/s3-quarantine.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { deployedConfiguration, required } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { projectIncidents } from './project-incidents.ts';

const { applicationLogs: rules, archive } = deployedConfiguration<'applicationLogs' | 'archive'>();
const ledger = deployedTables.ledger();
const consumer = projectIncidents({
  ledger,
  clock,
  incidents: deployedTables.incidents(),
  applicationLogs: deployedTables.applicationLogs(),
  rules,
  quarantine: archive.isEnabled ? undefined : s3Quarantine(required('ARCHIVE_BUCKET')),
});

export const options: KinesisBatchOptions = {
  consumer,
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};
