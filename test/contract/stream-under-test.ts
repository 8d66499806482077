import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';

export interface Stored extends StreamEntry {
  sequenceNumber: string;
}

/** A stream of one shard, and a call that puts on it. */
export interface StreamUnderTest {
  put: SendChunk<StreamEntry>;
  read(): Promise<readonly Stored[]>;
  remove(): Promise<void>;
}

/** What is compared: bytes are the same whichever class holds them. */
export function plain({ data, partitionKey }: StreamEntry): [number[], string] {
  return [[...data], partitionKey];
}
