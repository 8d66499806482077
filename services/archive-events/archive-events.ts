import { logEventRow, rowLine } from '../../shared/archive/log-event-row.ts';
import { fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { LEVELS, type Level } from '../../shared/events/levels.ts';
import { PATIENCE_MILLISECONDS } from '../../shared/stream/backoff.ts';
import type { Consumer, Handled } from '../../shared/stream/consume.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { type KeepQuarantined, keepRejected } from '../../shared/stream/keep-rejected.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import type { ArrivedEvent, ReadBatch } from '../../shared/stream/read-batch.ts';
import { sendAll } from '../../shared/stream/send-all.ts';

export interface ArchiveEventsPorts {
  /** The delivery stream of a level. */
  deliver: (level: Level) => SendChunk<Uint8Array>;
  quarantine: KeepQuarantined;
  clock: Clock;
}

/**
 * Firehose takes records of 1,000 KiB, 500 of them and 4 MiB in one call, and bills each record rounded up to 5 KB:
 * so many events go into one record. Source: Firehose quotas and pricing.
 */
const RECORD_BYTES = 1_000 * 1_024;
const BATCH_LIMITS = { count: 500, bytes: 4 * 1_024 * 1_024 };

interface ArchiveRow {
  arrived: ArchiveSource;
  line: Uint8Array;
}
type ArchiveSource = Pick<ArrivedEvent, 'record'>;

const encoder = new TextEncoder();

/** Hands every event to the delivery stream of its level, and every record that was not understood to quarantine. */
export function archiveEvents(ports: ArchiveEventsPorts): Consumer {
  const handle = async ({ events, rejected }: ReadBatch, deadline: number): Promise<Handled> => {
    const failed = await keepRejected(rejected, { ...ports, deadline });
    for (const level of LEVELS) {
      const rows = events.filter(({ event }) => event.level === level).map(archiveRow);
      for (const { block, reason } of await deliverRows(rows, ports.deliver(level), ports.clock)) {
        failRecords(
          failed,
          block.map(({ arrived }) => arrived),
          new Fault('unavailable', `${level}: ${reason}`),
        );
      }
    }
    return { failed, duplicates: new Set(), filtered: new Set() };
  };
  return { name: 'archive-events', withoutLedger: 'proceed', handle };
}

function archiveRow(arrived: ArrivedEvent): ArchiveRow {
  const row = logEventRow(arrived.event, { ...fingerprintEvent(arrived.event), receivedAt: arrived.arrivedAt });
  return { arrived, line: encoder.encode(rowLine(row)) };
}

/** Sends rows packed into as few records as they fit. Answers the blocks that were not taken. */
async function deliverRows(rows: readonly ArchiveRow[], send: SendChunk<Uint8Array>, clock: Clock) {
  const blocks = packRows(rows);
  const records = blocks.map((block) => Buffer.concat(block.map(({ line }) => line)) as Uint8Array);
  const { unsent } = await sendAll(records, {
    send,
    clock,
    limits: BATCH_LIMITS,
    sizeOf: (record) => record.byteLength,
    // A delivery stream that hangs must leave time for the other levels, and for the answer.
    patience: PATIENCE_MILLISECONDS,
  });
  return unsent.map(({ index, reason }) => ({ block: blocks[index] ?? [], reason }));
}

function packRows(rows: readonly ArchiveRow[]): ArchiveRow[][] {
  const blocks: ArchiveRow[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    if (bytes + row.line.byteLength > RECORD_BYTES) {
      blocks.push([]);
      bytes = 0;
    }
    blocks.at(-1)?.push(row);
    bytes += row.line.byteLength;
  }
  return blocks;
}
