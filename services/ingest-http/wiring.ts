import { randomBytes } from 'node:crypto';
import { kinesisStream } from '../../shared/aws/kinesis-stream.ts';
import { eventIdSequence } from '../../shared/events/event-id.ts';
import { required } from '../../shared/runtime/environment.ts';
import { systemClock as clock } from '../../shared/runtime/system-clock.ts';
import type { IngestHttpPorts } from './ingest-http.ts';

/** Somebody waits for the answer: a call that hangs is given up while there is time for another. */
const CALL_MILLISECONDS = 5_000;

export { httpRequests } from './requests.ts';

export const ports: IngestHttpPorts = {
  clock,
  newId: eventIdSequence(randomBytes),
  send: kinesisStream(required('STREAM_NAME'), { callMilliseconds: CALL_MILLISECONDS }),
};
