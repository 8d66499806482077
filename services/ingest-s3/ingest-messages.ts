import type { DroppedObject } from '../../shared/stream/drop-bucket.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import type { Clock } from '../../shared/stream/ports.ts';
import type { IngestedObject } from './ingest-object.ts';
import { droppedObjects, isFolder } from './notification.ts';

export interface QueueMessage {
  messageId: string;
  body: string;
}

export interface IngestMessagesPorts {
  bucket: string;
  clock: Clock;
  /** Milliseconds since 1970: messages that are not begun by then come again. */
  deadline: number;
  ingest(object: DroppedObject): Promise<IngestedObject>;
  /** Told of each object, and of each message that must come again. */
  report(outcome: { object?: DroppedObject; ingested?: IngestedObject; fault?: string }): void;
}

/** Takes in the objects that the messages name, one after the other. Answers the ids of messages that must come again. */
export async function ingestMessages(messages: readonly QueueMessage[], ports: IngestMessagesPorts): Promise<string[]> {
  const failed: string[] = [];
  for (const { messageId, body } of messages) {
    if (!(await isDone(body, ports))) failed.push(messageId);
  }
  return failed;
}

async function isDone(body: string, ports: IngestMessagesPorts): Promise<boolean> {
  if (ports.clock.now() >= ports.deadline) return false;
  try {
    const objects = droppedObjects(body, ports.bucket).filter((object) => !isFolder(object));
    const outcomes: IngestedObject[] = [];
    for (const object of objects) {
      const ingested = await ports.ingest(object);
      ports.report({ object, ingested });
      outcomes.push(ingested);
    }
    return outcomes.every(({ status }) => status !== 'unfinished');
  } catch (error) {
    ports.report({ fault: describeFault(error) });
    return false;
  }
}
