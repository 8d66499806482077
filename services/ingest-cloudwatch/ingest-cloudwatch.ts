import { envelopeEvents, placeOf } from '../../shared/stream/cloudwatch-envelope.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import type { Clock, SendChunk } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';
import { unpackEnvelope } from '../../shared/stream/unpack.ts';

export interface IngestCloudWatchPorts {
  send: SendChunk<StreamEntry>;
  clock: Clock;
}

export interface IngestedLines {
  /** Lines that are on the stream now, as events. */
  events: number;
  /** Messages that only try whether the function answers: nothing was put. */
  control: number;
  /** Messages that are no envelope: on the stream as they came, so that they end in quarantine or as text. */
  foreign: number;
}

/**
 * Puts the lines that CloudWatch Logs sends on the stream. `data` is its `awslogs.data`: base64 of a gzipped envelope.
 * Throws a `Fault` when one record could not be put: CloudWatch Logs then calls with the same message again, and the ids
 * of its lines are the same, so that each counts once.
 */
export async function ingestCloudWatch(data: string, { send, clock }: IngestCloudWatchPorts): Promise<IngestedLines> {
  const { entries, ...counts } = entriesOf(Buffer.from(data, 'base64'));
  const { unsent } = await putRecords(entries, { send, clock });
  const [first] = unsent;
  if (first === undefined) return counts;
  throw new Fault('unavailable', `${unsent.length} of ${entries.length} records could not be put: ${first.reason}`);
}

function entriesOf(message: Uint8Array): IngestedLines & { entries: StreamEntry[] } {
  const found = unpackEnvelope(message);
  switch (found.kind) {
    case 'data': {
      const events = envelopeEvents(found.envelope);
      // As a stream that is subscribed directly gets them: the lines of one log stream keep their order.
      const partitionKey = placeOf(found.envelope);
      const entries = packEvents(events).map((packed) => ({ data: packed, partitionKey }));
      return { entries, events: events.length, control: 0, foreign: 0 };
    }
    case 'control':
      return { entries: [], events: 0, control: 1, foreign: 0 };
    case 'none':
      return { entries: [{ data: message, partitionKey: 'cloudwatch' }], events: 0, control: 0, foreign: 1 };
    default:
      return found satisfies never;
  }
}
