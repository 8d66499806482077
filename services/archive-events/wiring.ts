import { firehoseDelivery } from '../../shared/aws/firehose-delivery.ts';
import { s3Quarantine } from '../../shared/aws/s3-quarantine.ts';
import { deployedTables } from '../../shared/runtime/deployed-tables.ts';
import { required, requiredByLevel } from '../../shared/runtime/environment.ts';
import type { KinesisBatchOptions } from '../../shared/runtime/kinesis-batches.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import { archiveEvents } from './archive-events.ts';

const ledger = deployedTables.ledger();
const deliveryStreams = requiredByLevel('DELIVERY_STREAM');
const consumer = archiveEvents({
  clock,
  deliver: (level) => firehoseDelivery(deliveryStreams[level]),
  quarantine: s3Quarantine(required('ARCHIVE_BUCKET')),
});

export const options: KinesisBatchOptions = {
  consumer,
  ledger,
  clock,
  retentionHours: Number(required('RETENTION_HOURS')),
};
