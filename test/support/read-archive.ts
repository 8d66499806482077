import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { eventFromRow } from '../../shared/archive/log-event-row.ts';
import { s3 } from '../../shared/aws/s3-client.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import type { Level } from '../../shared/events/levels.ts';

/** Every event of the archive at a level, read from its Parquet objects as any other program would. */
export async function readArchive(bucket: string, level: Level): Promise<LogEvent[]> {
  const { client } = await s3();
  const request = { Bucket: bucket, Prefix: `events/level=${level}/` };
  const { Contents = [] } = await client.send(new ListObjectsV2Command(request));
  const events: LogEvent[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    // The level stands in the name of the partition, not in the file.
    for (const row of await parquetReadObjects({ file, compressors }))
      events.push(eventFromRow({ ...row, level } as never));
  }
  return events;
}
