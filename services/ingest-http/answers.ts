import type { APIGatewayProxyResult } from 'aws-lambda';
import type { BodyFault } from './faults.ts';
import type { Ingested } from './ingest-http.ts';
import { HTTP_BODY_BYTES } from './limits.ts';
import type { ReadBody } from './request-body.ts';

/** The answers of `POST /logs`, as docs/openapi.json describes them. */

function answer(statusCode: number, body: object, headers: Record<string, string> = {}): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff', ...headers },
    body: JSON.stringify(body),
  };
}

/** 202, or 503 with each event's id and whether it is on the stream. */
export function answerIngested(ingested: Ingested): APIGatewayProxyResult {
  if (ingested.status === 'accepted') return answer(202, { ids: ingested.ids });
  const message =
    'The stream did not take every event: send those that were not accepted again, or all of them, with these ids.';
  return answer(503, { message, events: ingested.events }, { 'retry-after': '2' });
}

/** 400: what is wrong with the body. Nothing was put. `total`: how many faults it has, if those are not all. */
export function answerFaults(faults: readonly BodyFault[], total = faults.length): APIGatewayProxyResult {
  const count = total === 1 ? '1 fault' : `${total} faults`;
  const more = total > faults.length ? { more: total - faults.length } : {};
  return answer(400, { message: `The body has ${count}: nothing of it was put onto the stream.`, faults, ...more });
}

/** A body that could not be read: 413, 415 or 400. */
export function answerUnread(unread: Exclude<ReadBody, { status: 'read' }>): APIGatewayProxyResult {
  switch (unread.status) {
    case 'too-large':
      return answer(413, {
        message: `Expected a body of at most ${HTTP_BODY_BYTES} bytes, got ${unread.bytes}: send it in parts.`,
      });
    case 'compressed':
      return answer(415, { message: 'Expected a body that is not compressed: send it without content-encoding.' });
    case 'not-json':
      return answerFaults([{ path: '', expected: 'JSON: an event or a list of events', got: unread.got }]);
    default:
      return unread satisfies never;
  }
}

/** 500: a fault of ours. Whether something was put is not known. */
export function answerUnknown(): APIGatewayProxyResult {
  return answer(500, { message: 'Something failed here: send the events again with ids, a repeat has no effect.' });
}
