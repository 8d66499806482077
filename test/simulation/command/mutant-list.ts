// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source
import { ALARM_MUTANTS } from './alarm-mutants.ts';
import { ALERT_MUTANTS } from './alert-mutants.ts';
import { AUTOMATION_MUTANTS } from './automation-mutants.ts';
import { type Mutant, one } from './mutant.ts';
import { SENDER_MUTANTS } from './sender-mutants.ts';

const CONSUME = 'shared/stream/consume.ts';
const FOLD = 'shared/stream/fold-groups.ts';
const RECEIPTS = 'shared/stream/receipts.ts';
const NUMBERS = 'shared/stream/sequence-number.ts';
const SEND = 'shared/stream/send-all.ts';
const CALLS = 'shared/stream/table-calls.ts';
const SEEN = 'shared/stream/seen.ts';
const READ = 'shared/stream/read-batch.ts';
const LIMITS = 'shared/events/limits.ts';
const GUARD = 'shared/events/decode-guard.ts';
const ENVELOPE = 'shared/stream/cloudwatch-envelope.ts';
const REST = 'shared/stream/table-rest.ts';
const BACKOFF = 'shared/stream/backoff.ts';
const FAIL = 'shared/stream/fail-records.ts';
const GROUP = 'shared/alerts/alert-group.ts';
const WINDOW = 'shared/alerts/group-window.ts';
const EPISODE = 'shared/alerts/episode.ts';
const ALERTS = 'shared/alerts/projection.ts';
const OUTBOX = 'shared/alerts/outbox.ts';
const ROUTE = 'services/route-alerts/route-alerts.ts';
const PENDING = 'services/route-alerts/send-pending.ts';
const UNGROUPED = 'services/route-alerts/tell-ungrouped.ts';
const SWEEP = 'services/close-windows/close-windows.ts';
const ARCHIVE = 'services/archive-events/archive-events.ts';
const CLIENTS = 'shared/aws/client-settings.ts';
const QUARANTINE = 'shared/stream/keep-rejected.ts';
const ARCHIVED_ROW = 'shared/archive/log-event-row.ts';
const PROJECT = 'services/project-incidents/project-incidents.ts';
const INCIDENT = 'shared/incidents/incident.ts';
const PRODUCER = 'client/producer.ts';
const BUFFER = 'client/line-buffer.ts';
const STAMPS = 'client/stamps.ts';
const ROWS = 'shared/incidents/application-log.ts';
const DROPS = 'services/ingest-s3/ingest-object.ts';

const SEND_PENDING =
  'const { taken } = await deliverPending([...outboxes, ...storms.flatMap(({ state }) => state ?? [])], ports.receivers);';
const ALL_TAKEN =
  "const taken = new Map(outboxes.flatMap(({ pending }) => pending.map(({ id }) => [id, new Set(['level-topic'])])));";
const CLEAR = 'await pMap(groups.filter(isTouched), clearGroup, { concurrency: CONCURRENCY });';
const WRITE_PAGES = '    await pages.write(scope, next.sealed);\n';
const FORGET_PAGES = '    await pages.forget(scope, next.forgotten);\n';
const BEFORE_WRITE = '    await ports.beforeWrite?.({ group, before, state, fresh });\n';
const PUT = 'withRetry(() => table.putVersioned(written, version), clock)) ===';

/** Bugs that somebody could make, one at a time. */
export const MUTANTS: readonly Mutant[] = [
  one('answers the highest failed number', CONSUME, [
    'compareSequenceNumbers(a, b) <= 0 ? a : b',
    'compareSequenceNumbers(a, b) >= 0 ? a : b',
  ]),
  one('answers that nothing failed', CONSUME, ['batchResponse([...handled.failed.keys()]', 'batchResponse([]']),
  one('writes a receipt for what failed too', CONSUME, ['filter((_, index) => !handled.failed.has(index))', 'slice()']),
  one('writes no receipts', CONSUME, ['if (finished.length > done.size) {', 'if (finished.length < 0) {']),
  one('passes a short batch by without a word', CONSUME, [
    'let ledgerAnswers = true;',
    "let ledgerAnswers = true;\n  if (consumer.name === 'evaluate-rules' && records.length < 3) return batchResponse([]);",
  ]),
  one('calls everything a duplicate', FOLD, [
    'if (!fresh.has(index)) duplicates.add(index);',
    'duplicates.add(index);',
  ]),
  one('calls filtered what is a duplicate, too', CONSUME, ['counts.duplicates - counts.filtered', 'counts.duplicates']),
  one('takes a batch that was done in part for done', RECEIPTS, [
    'const isDone = (record: StreamRecord) => done.has(eventIdHash(record.sequenceNumber))',
    'const isDone = (_: StreamRecord) => done.size > 0',
  ]),
  one('forgets its receipts after an hour', RECEIPTS, [
    'if (!startsAfter(item, last.sequenceNumber)) addHashes(done, item);',
    `if (clock.now() - Date.parse(String(item.at)) > 3_600_000) continue;
    if (!startsAfter(item, last.sequenceNumber)) addHashes(done, item);`,
  ]),
  one('compares sequence numbers as text', NUMBERS, [
    'if (left.length !== right.length) return left.length - right.length;',
    '',
  ]),
  one('sorts receipts by sequence numbers as text', NUMBERS, [
    "`${String(digits.length).padStart(3, '0')}${digits}`",
    'digits',
  ]),
  one('drops one retry', SEND, [
    'waiting = failures.map((failure) => failure.index)',
    'waiting = failures.map((failure) => failure.index).slice(1)',
  ]),
  one('sends again what was taken', SEND, ['waiting = failures.map((failure) => failure.index)', 'waiting = chunk']),
  one('says that all was sent in the end', SEND, ['return { unsent: failures, calls', 'return { unsent: [], calls']),
  one('takes unprocessed items for written', CALLS, ['return unwritten.map(', 'return unwritten.slice(0, 0).map(']),
  one('forgets the expected version', FOLD, [
    `if ((await ${PUT} 'conflict') return 'conflict';`,
    'await withRetry(() => table.putMany([written]), clock);',
  ]),
  one('takes an unknown outcome for a duplicate', FOLD, [
    `${PUT} 'conflict') return 'conflict';`,
    `${PUT} 'conflict') return { state, item: written, fresh };`,
  ]),
  one('writes again what brought nothing', FOLD, [
    'if (fresh.length === 0) return { state: before, item, fresh };',
    `if (fresh.length === 0) {
      const same = item && { ...item, version: version + 1 };
      if (same && (await table.putVersioned(same, version)) === 'conflict') return 'conflict';
      return { state: before, item: same, fresh };
    }`,
  ]),
  one('looks at the item only, not at its pages', FOLD, [
    'candidates.size > 0 && seen.pages.length > 0 ? await readPages()',
    'candidates.size < 0 ? await readPages()',
  ]),
  {
    name: 'names a page before it is written',
    edits: [
      { file: FOLD, find: WRITE_PAGES, replace: '' },
      { file: FOLD, find: FORGET_PAGES, replace: `${WRITE_PAGES}${FORGET_PAGES}` },
    ],
  },
  {
    name: 'writes rows after the item that counts them',
    edits: [
      { file: FOLD, find: BEFORE_WRITE, replace: '' },
      { file: FOLD, find: FORGET_PAGES, replace: `${FORGET_PAGES}${BEFORE_WRITE}` },
    ],
  },
  one('loses the ids when a notice is cleared', FOLD, ['seen: item.seen }', 'seen: undefined }']),
  one('remembers the newest batch only', SEEN, [
    'hashes: [...seen.open.hashes, ...added.hashes],',
    'hashes: [...added.hashes],',
  ]),
  one('forgets ids of the last 10 minutes', SEEN, [
    'newer >= limits.events && age > limits.milliseconds && !mayComeAgain',
    'newer >= limits.events',
  ]),
  one('loses what is merged', SEEN, ['justSealed.get(id) ?? contents.get(id) ?? []', 'justSealed.get(id) ?? []']),
  one('names two events of a record alike', READ, ['sequenceNumber}#${this.#part}`', 'sequenceNumber}`']),
  one('loses what an event says beside a few characters, the long way', READ, [
    'const event = decodeEvent(payloads[part] as Payload, new PartArrival(record, part));',
    `const { details: _, attributes: __, error: ___, ...rest } = decodeEvent(payloads[part], new PartArrival(record, part));
    const event = { ...rest, message: rest.message.slice(0, 9) };`,
  ]),
  one('says of characters that they were the bytes that it cut', LIMITS, [
    'bytes - utf8Bytes(kept)',
    'bytes - kept.length',
  ]),
  one('lets an event be one byte over its limit', GUARD, [
    'bytesOf(event) <= LIMITS.event\n',
    'bytesOf(event) <= LIMITS.event + 1\n',
  ]),
  one('passes by what carries no event without a count', READ, ['if (payloads.length === 0) batch.empty++;', '']),
  one('counts what carries no event again when it is known to be done', CONSUME, [
    'empty: batch.empty,',
    'empty: batch.empty + done.size,',
  ]),
  one('takes a control message of CloudWatch for an event', ENVELOPE, [
    "if (json.messageType === 'CONTROL_MESSAGE') return { kind: 'control' };",
    '',
  ]),
  one('begins with the groups that came last', FOLD, [
    'return pMap(groups, fold, { concurrency: CONCURRENCY });',
    'return (await pMap([...groups].reverse(), fold, { concurrency: CONCURRENCY })).reverse();',
  ]),
  one('begins groups for which there is no time', FOLD, [
    'if (clock.now() >= deadline) throw',
    'if (clock.now() < 0) throw',
  ]),
  {
    name: 'calls tables that hang until the invocation is over',
    edits: [
      { file: BACKOFF, find: 'PATIENCE_MILLISECONDS = 10_000;', replace: 'PATIENCE_MILLISECONDS = 10_000_000;' },
      { file: REST, find: 'this.#hangs >= HANGS_IN_A_ROW', replace: 'this.#hangs < 0' },
    ],
  },
  one('fails the first record of a group only', FAIL, ['of events)', 'of events.slice(0, 1))']),
  {
    name: 'clears the outbox before sending',
    edits: [
      { file: PENDING, find: SEND_PENDING, replace: ALL_TAKEN },
      { file: PENDING, find: CLEAR, replace: `${CLEAR}\n  await deliverPending(outboxes, ports.receivers);` },
    ],
  },
  one('waits for the ledger with its notices', ROUTE, ["withoutLedger: 'proceed'", "withoutLedger: 'fail'"]),
  one('tells nobody while the table is down', UNGROUPED, [
    '.filter((events) => events.length > 0)',
    '.filter((events) => events.length < 0)',
  ]),
  one('takes a notice for heard when any other was while the table is down', UNGROUPED, [
    'taken.has(one.notice.id) || reasons.length === 0',
    'taken.size > 0 || reasons.length === 0',
  ]),
  one('clears what was refused', SWEEP, [
    'withoutTaken(withoutReported(state), taken)',
    '({ ...withoutReported(state), pending: [] }) as State',
  ]),
  one('never sweeps the outbox', GROUP, ['if (pending.length > 0 || givenUp) return window.openedAt;', '']),
  one('sums up one too few', WINDOW, ['count: window.count + 1,', 'count: Math.max(2, window.count),']),
  one('gives each try of a notice an id of its own', OUTBOX, [
    'await send(waiting.map(plain))',
    'await send(waiting.map(plain).map((notice) => ({ ...notice, id: `${notice.id}/${Math.random()}` })))',
  ]),
  one('takes what arrives late for over', EPISODE, [
    'return Math.max(overAt(episode), arrivedAt + episode.quiet * 1_000);',
    'return Math.max(overAt(episode), arrivedAt);',
  ]),
  one('counts an episode twice', EPISODE, ['count: episode.count + 1, lastAt', 'count: episode.count * 2, lastAt']),
  one('believes in groups that expired', ALERTS, ['(expiry as number) * 1000 < now', '(expiry as number) < 0']),
  one('forgets the events of a block that was not taken', ARCHIVE, ['blocks[index] ?? []', '[]']),
  one('loses poison when the quarantine does not answer', QUARANTINE, [
    'failRecords(failed, [record], fault)',
    'undefined',
  ]),
  one('counts as quarantined what could not be kept', CONSUME, [
    'quarantined: rejected.filter(({ record }) => !failed.has(record)).length',
    'quarantined: rejected.length',
  ]),
  one('loses poison that is refused where there is no archive', PROJECT, ['...failed, ...(lost ?? [])', '...failed']),
  one('keeps no poison where there is no archive', PROJECT, [
    'quarantine && (await keepRejected(rejected, { quarantine, clock, deadline }))',
    'quarantine && (await keepRejected([], { quarantine, clock, deadline }))',
  ]),
  one('writes incidents of the level error only', PROJECT, [
    "=> categoryOf(event.level) === 'error'",
    "=> event.level === 'error'",
  ]),
  one('lets a receipt go that cannot be written', CONSUME, [
    "consumer.withoutLedger === 'fail' || (handled.needsReceipt && ledgerAnswers)",
    "consumer.name === 'nobody'",
  ]),
  one('lets lastSeen go back', INCIDENT, [
    'lastSeen: time > incident.lastSeen ? time : incident.lastSeen',
    'lastSeen: time',
  ]),
  one('keeps the sample of the latest event', INCIDENT, [
    '...(isEarlier ? sample : {}),',
    '...(isEarlier ? {} : sample),',
  ]),
  one('keeps the first sample that comes', INCIDENT, ['...(isEarlier ? sample : {}),', '']),
  one('keeps the template of another event than the sample', INCIDENT, [
    '...(isEarlier ? sample : {}),',
    '...(isEarlier ? { ...sample, template: incident.template } : {}),',
  ]),
  one('a client forgets what was not taken', PRODUCER, [
    'return true;\n      }\n      return false;',
    '}\n      return false;',
  ]),
  one('a client tells of one drop a level only', PRODUCER, ['(this.#untold[level] ?? 0) + 1', '1']),
  one('a client lets go of its count of drops', PRODUCER, [
    "lossLine(dropped), 'critical')",
    "lossLine(dropped), 'debug')",
  ]),
  one('a client lets critical events go', BUFFER, ["if (level === 'critical') break;", '']),
  one('a client stamps a burst alike', STAMPS, ['MAX_AHEAD_MILLISECONDS) last++', 'MAX_AHEAD_MILLISECONDS) last += 0']),
  one('grants one row too many', ROWS, ['if (used >= limit)', 'if (used > limit)']),
  one('begins a dropped file behind what was put of it', DROPS, [
    'next: next + this.#chunk.length',
    'next: next + this.#chunk.length + 1',
  ]),
  one('takes what could not be put of a file for put', DROPS, [
    'if (first === undefined) return;',
    'if (first !== null) return;',
  ]),
  one('names the events of a file by their chunk', DROPS, [
    '${this.#name}:${piece.index}',
    '${this.#name}:${this.#receipt.next}',
  ]),
  one('loses the lines of a file that are no JSON', DROPS, ['await this.#keep(refused);', '']),
  one('takes a file that is begun for done', DROPS, ["receipt.status !== 'open'", 'receipt.version > 0']),
  one('reads a file again that is done', DROPS, ["receipt.status !== 'open'", "receipt.status === 'gone'"]),
  one('lets a record that is too large hold up its call', SEND, [
    "if (fault === 'invalid' && waiting.length > 1) return",
    "if (fault === 'invalid' && waiting.length < 0) return",
  ]),
  one('writes a column that the schema of the archive refuses', ARCHIVED_ROW, [
    'received_at: timestampText(new Date(receivedAt).toISOString())',
    'received_at: new Date(receivedAt).toISOString()',
  ]),
  one('leaves out of the archive what its schema refuses', ARCHIVE, [
    'filter(({ event }) => event.level === level)',
    'filter(({ event }) => event.level === level && event.v < 2 ** 31)',
  ]),
  one('waits for a delivery stream that hangs until its time is up', ARCHIVE, [
    'patience: PATIENCE_MILLISECONDS',
    'patience: 10 * PATIENCE_MILLISECONDS',
  ]),
  one('gives a delivery stream that hangs a minute a call', CLIENTS, [
    'maxAttempts: 1, requestHandler: { ...requestHandler, requestTimeout: 10_000 }',
    'maxAttempts: 2, requestHandler: { ...requestHandler, requestTimeout: 30_000 }',
  ]),
  one('takes what a delivery stream denies for delivered', SEND, [
    'return { unsent: failures, calls };',
    "return { unsent: fault === 'final' ? [] : failures, calls };",
  ]),
  ...ALARM_MUTANTS,
  ...ALERT_MUTANTS,
  ...AUTOMATION_MUTANTS,
  ...SENDER_MUTANTS,
];
