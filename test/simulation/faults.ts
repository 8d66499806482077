/** Kinds of fault 39: a size on each side of a limit. Of the stream's calls any is under. */
const SIZE_KINDS = [
  ...['message', 'stack', 'error message', 'extras', 'event', 'record'].flatMap((limit) =>
    ['under', 'at', 'over'].map((side) => `${limit} ${side}`),
  ),
  'bomb over',
  'call of records over',
  'call of bytes over',
];

/** The faults of the design's FAULTS.md, by their number there, and what must hold. */
export const FAULTS: Readonly<
  Record<number, { fault: string; holds: string; kinds?: readonly string[]; waiting?: string }>
> = {
  1: { fault: 'crash before an effect', holds: 'nothing lost', kinds: ['at a write', 'at a read'] },
  2: { fault: 'crash after an effect, before it is recorded', holds: 'one effect in DynamoDB' },
  3: { fault: 'crash after all effects, before the answer', holds: 'the redelivery changes nothing' },
  4: {
    fault: 'time-out in mid-batch, again and again',
    holds: 'the prefix is done once, each try makes progress',
    kinds: ['once', 'again', 'answered in part'],
  },
  5: {
    fault: 'a write is applied, its answer lost',
    holds: "not mistaken for another's",
    kinds: ['table', 'topic'],
  },
  6: { fault: 'PutRecords fails for some indices', holds: 'only those are sent again' },
  7: { fault: 'a timed-out put had landed: one event, two sequence numbers', holds: 'one effect' },
  8: {
    fault: 'poison first, in the middle, last',
    holds: 'neighbours complete, poison quarantined',
    kinds: ['first', 'middle', 'last'],
  },
  9: { fault: 'two poisons in a batch', holds: 'both quarantined' },
  10: { fault: 'all poison, with bisect', holds: 'ends, within the computed number of invocations' },
  11: { fault: 'an identifier that is empty or not in the batch', holds: 'counts as a failed batch' },
  12: { fault: 'the handler returns nothing after an error', holds: 'the harness sees the loss' },
  13: { fault: 'partial answers switched off in the template', holds: 'the check of the packaged template fails' },
  14: {
    fault: 'one record fails for ever, both retry counters',
    holds: 'retries are bounded, the record is kept',
    kinds: ['restarts', 'goes on'],
  },
  15: { fault: 'a batch with one expired record', holds: 'it is accounted for' },
  16: { fault: 'on-failure message read after the records expired', holds: 'the payload was saved before' },
  17: { fault: 'on-failure destination down', holds: 'counted, alarmed' },
  18: {
    fault: 'throttled invocations for an hour, both retry counters',
    holds: 'no retry used up, catches up',
    kinds: ['restarts', 'goes on'],
  },
  19: { fault: 'parallelization factor 10, shared keys', holds: 'order per key, nothing skipped by a watermark' },
  20: { fault: 'redelivery out of order', holds: 'a projection never goes back' },
  21: {
    fault: 'split and merge under load, also child first',
    holds: 'no gap',
    kinds: ['split', 'merge', 'child first'],
  },
  22: { fault: 'mapping paused, resumed', holds: 'goes on at its checkpoint' },
  23: { fault: 'two versions of the mapping at once', holds: 'one effect' },
  24: { fault: 'a timed-out invocation finishes after its retry', holds: 'fenced' },
  25: {
    fault: 'aggregates: good, bad checksum, truncated, nested',
    holds: 'no crash, no loss',
    kinds: ['good', 'bad checksum', 'truncated', 'nested'],
  },
  26: { fault: 'one part of an aggregate fails', holds: 'its siblings take effect once' },
  27: { fault: 'a replay long after dedupe state expired', holds: 'no second effect' },
  28: { fault: 'expired rows linger 48 h', holds: "they don't count" },
  29: {
    fault: 'clocks off by 5 minutes both ways, leap day, daylight saving',
    holds: 'windows stay right',
    kinds: ['early', 'late', 'host early', 'host late', 'leap day', 'daylight saving'],
  },
  30: {
    fault: 'all events have one fingerprint',
    holds: 'converges under conflicts, bounded writes',
    kinds: ['burst', 'conflict'],
  },
  31: { fault: 'UnprocessedItems again and again', holds: 'none dropped' },
  32: { fault: 'a write is tried again more than 10 minutes later', holds: 'one effect' },
  33: { fault: 'an item nears the size limit', holds: 'rolls over, does not stall' },
  34: { fault: 'PublishBatch fails for some entries on HTTP 200', holds: 'only those are sent again' },
  35: {
    fault: 'crash between pending and sending; between sending and clearing',
    holds: 'sent, with the same id',
    kinds: ['unsent', 'uncleared'],
  },
  36: {
    fault: 'Firehose: partial, and timed out but landed',
    holds: 'at least once, unique in the views',
    kinds: ['partial', 'landed'],
  },
  37: { fault: 'newlines inside a message', holds: 'one row an event' },
  38: { fault: "an event that the table's schema refuses", holds: 'error prefix, counted' },
  39: {
    fault: 'sizes at, under and over every limit',
    holds: 'a defined path each',
    kinds: SIZE_KINDS,
  },
  40: {
    fault: 'CONTROL_MESSAGE, empty logEvents',
    holds: 'ignored and counted, no notice',
    kinds: ['control message', 'no lines'],
  },
  41: {
    fault: 'our own logs come back in',
    holds: 'no own group may be subscribed; a warning that comes in makes no other',
    kinds: ['own group', 'own warning'],
  },
  42: {
    fault: 'alarms duplicated, late, flapping',
    holds: 'each change is one event however often it is told, no incident or notice of its own',
    kinds: ['twice', 'late', 'flapping'],
  },
  43: {
    fault: 'a consumer so far behind that records near expiry, throttled or hanging',
    holds: 'the alarm that is deployed rises before the first is lost',
    kinds: ['throttled', 'hanging'],
  },
  44: {
    fault: 'projections rebuilt from the archive',
    holds: 'equal to the byte, no notice sent',
    waiting: 'waits for the rebuild',
  },
  45: { fault: 'DynamoDB down for an hour', holds: 'critical notices go out; counts right afterwards' },
  46: {
    fault: 'SNS denied for an hour, all topics and then one of them',
    holds: 'rows written; notices go out afterwards, once each',
    kinds: ['all topics', 'one topic'],
  },
  47: {
    fault: 'a dropped file: crash in its midst, notified twice, and again hours later',
    holds: 'nothing lost, each event once, read again only until it is done',
    kinds: ['crash', 'twice', 'late'],
  },
  48: {
    fault: 'EC2 did what it was asked, and its answer was lost',
    holds: 'one stop, one start, one reboot a request',
    kinds: ['stop', 'start', 'reboot'],
  },
  49: {
    fault: 'an instance falls back or dies while it starts',
    holds: 'started again, or people are called',
    kinds: ['falls back', 'terminates'],
  },
  50: {
    fault: 'a request for a restart twice at a time, and again later',
    holds: 'one restart, each step told alike',
    kinds: ['at once', 'later'],
  },
  51: {
    fault: "an application's client: the stream down for an hour, taking a part of a call, taking it unheard",
    holds: 'each event arrives or is counted, by level; critical never dropped; stamps go up',
    kinds: ['down', 'partial', 'landed'],
  },
  52: {
    fault: 'one receiver is down for an hour, the others are not',
    holds: 'the others have theirs at once; its own go out afterwards',
  },
  53: {
    fault: 'a request of POST /logs: no answer, taken in part; sent again',
    holds: 'what was answered as accepted is on the stream; given ids count once',
    kinds: ['unanswered', 'part'],
  },
  54: {
    fault: 'lines of CloudWatch Logs delivered twice, and again after a failure',
    holds: 'each line is one event, or its delivery is kept',
    kinds: ['twice', 'again'],
  },
  55: {
    fault: 'Firehose refuses or does not answer for an hour',
    holds: 'the archive catches up within a quarter of an hour, nobody else waits',
    kinds: ['denied', 'unavailable'],
  },
  56: {
    fault: "quarantine's bucket is down for an hour",
    holds: 'poison comes again and is kept; its neighbours wait no longer than the outage, nobody else at all',
  },
};

export const FAULT_NUMBERS: readonly number[] = Object.keys(FAULTS).map(Number);

/** How often each fault struck, and in which of its kinds. */
export class FaultLog {
  readonly hits = new Map<number, number>();
  /** By `<fault> <kind>`. */
  readonly kinds = new Map<string, number>();

  hit(fault: number, kind?: string): void {
    this.hits.set(fault, (this.hits.get(fault) ?? 0) + 1);
    if (kind !== undefined) this.kinds.set(`${fault} ${kind}`, (this.kinds.get(`${fault} ${kind}`) ?? 0) + 1);
  }

  has(fault: number): boolean {
    return this.hits.has(fault);
  }
}
