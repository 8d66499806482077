import { createServer } from 'node:http2';
import { unpackRecord } from '../../shared/stream/unpack.ts';

/**
 * A stream that takes everything, in a process of its own, so that its work is nobody's. It speaks PutRecord and
 * PutRecords as Kinesis does, and answers `GET /received` with what came since the last time it was asked.
 */
let received: string[] = [];

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const answer = request.method === 'GET' ? tell() : take(Buffer.concat(chunks).toString());
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});

interface PutBody {
  Data?: string;
  Records?: { Data: string }[];
}

function take(body: string): object {
  const { Data, Records } = JSON.parse(body) as PutBody;
  const placed = { SequenceNumber: '49600000000000000000000000000000000000000000000000000001', ShardId: 'shardId-0' };
  if (Data !== undefined) {
    received.push(Data);
    return placed;
  }
  const records = Records ?? [];
  received.push(...records.map((record) => record.Data));
  return { FailedRecordCount: 0, Records: records.map(() => placed) };
}

/** Events and the bytes of their messages: the same for everybody who sends the same. */
function tell(): object {
  const events = received.flatMap((data) => {
    const unpacked = unpackRecord(Buffer.from(data, 'base64'));
    return unpacked.ok ? unpacked.payloads.map((payload) => ('json' in payload ? payload.json : {})) : [];
  }) as { message?: string; level?: string }[];
  received = [];
  const messages = events.map(({ level, message }) => `${level} ${message}`).sort();
  return { events: events.length, characters: messages.join('').length, first: messages[0], last: messages.at(-1) };
}
