import type { Notice } from '../../shared/alerts/notice.ts';
import { scanTable } from '../../shared/aws/dynamodb-scan.ts';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { listShards } from '../../shared/aws/kinesis-shards.ts';
import { countObjects } from '../../shared/aws/s3-listing.ts';
import { takeMessages } from '../../shared/aws/sqs-queue.ts';

import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { Level } from '../../shared/events/levels.ts';
import { systemClock } from '../../shared/runtime/system-clock.ts';
import { sumReceipts } from '../../shared/stream/ledger.ts';
import type { BatchCounts } from '../../shared/stream/receipts.ts';
import type { QueryRows } from './analytics.ts';
import { type ArchiveGroup, CONSUMERS, type ConsumerName, type IncidentRow } from './reconcile.ts';

/** Rows and distinct ids of everything that a notice, an incident or a row can depend on. */
export const ARCHIVE_GROUPS_SQL = `SELECT source, level, fingerprint, date_trunc('hour', time) AS hour,
  count(*) AS row_count, count(DISTINCT id) AS id_count
FROM log_events GROUP BY 1, 2, 3, 4`;

export async function readLedger(outputs: Record<string, string>): Promise<Record<ConsumerName, BatchCounts>> {
  const ledger = dynamoDbTable({ tableName: outputs.LedgerTable ?? '', keys: TABLE_KEYS.ledger });
  const shards = await listShards(outputs.StreamName ?? '');
  const sums = CONSUMERS.map(
    async (name) => [name, await sumReceipts({ ledger, clock: systemClock }, name, shards)] as const,
  );
  return Object.fromEntries(await Promise.all(sums)) as Record<ConsumerName, BatchCounts>;
}

export async function readIncidents(outputs: Record<string, string>): Promise<IncidentRow[]> {
  const attributes = ['fingerprint', 'level', 'source', 'template', 'count', 'status'];
  const items = (await scanTable(outputs.IncidentsTable ?? '', attributes)) as unknown as IncidentRow[];
  return items.sort((a, b) => b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1));
}

export async function countApplicationLogs(outputs: Record<string, string>): Promise<number> {
  return (await scanTable(outputs.ApplicationLogsTable ?? '', ['source_application'])).length;
}

/** Takes the notices off the queue until there are none. A notice that comes twice has one id, and counts once. */
export async function takeNotices(outputs: Record<string, string>): Promise<Notice[]> {
  const notices = new Map<string, Notice>();
  for (;;) {
    const messages = await takeMessages(outputs.NoticesQueueUrl ?? '');
    if (messages.length === 0) return [...notices.values()];
    for (const message of messages) {
      const notice = JSON.parse(message) as Notice;
      notices.set(notice.id, notice);
    }
  }
}

export function archiveGroups(rows: QueryRows): ArchiveGroup[] {
  return rows.map((row) => ({
    source: String(row.source),
    level: row.level as Level,
    fingerprint: String(row.fingerprint),
    hour: String(row.hour),
    rows: Number(row.row_count),
    ids: Number(row.id_count),
  }));
}

export async function countArchiveObjects(
  outputs: Record<string, string>,
): Promise<{ objects: number; quarantined: number }> {
  const bucket = outputs.ArchiveBucket ?? '';
  return { objects: await countObjects(bucket, 'events/'), quarantined: await countObjects(bucket, 'quarantine/') };
}
