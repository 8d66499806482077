import { isDeepStrictEqual } from 'node:util';
import { eventFromRow, type StoredLogEventRow } from '../../../shared/archive/log-event-row.ts';
import { keeperOfPoison } from '../deployed.ts';
import { NO_ROW } from '../input/hostile-input.ts';
import { sequenceKey, type World } from '../world.ts';
import { givenUp, type Truth, type TruthEvent } from './oracle.ts';

/** Every id at least once, the same in every repeat, and the event can be rebuilt from its row; none without the archive. */
export function checkArchive(world: World, truth: Truth): void {
  const { firehose } = world;
  const dropped = givenUp(world, 'archive-events');
  const keyOf = ({ event, fingerprint }: TruthEvent) => archiveKey(event.level, fingerprint, event.id);
  const isRow = ({ record }: TruthEvent) => world.bySequence.get(record)?.parcel.kind !== NO_ROW;
  const due = world.plan.hasArchive ? truth.events : [];
  const noRows = due.filter((event) => !isRow(event));
  checkRefused(world, Map.groupBy(noRows, keyOf), dropped);
  const expected = Map.groupBy(due.filter(isRow), keyOf);
  const archived = Map.groupBy(firehose.rows, ({ level, row }) => archiveKey(level, row.fingerprint, row.id));
  for (const [key, copies] of expected) {
    const isExcused = copies.every(({ record }) => dropped.has(record));
    if (!archived.has(key) && !isExcused) world.violate(`archive: ${key} is missing`);
  }
  for (const [key, rows] of archived) {
    const copies = expected.get(key);
    if (!copies) world.violate(`archive: ${key} was never accepted`);
    // The repeats of one record are equal to the byte; a producer's own repeat came at another time.
    for (const { level, row } of new Map(rows.map((each) => [each.line, each])).values()) {
      checkRow(world, { ...row, level } as StoredLogEventRow, copies ?? []);
    }
  }
  for (const what of [...firehose.malformed, ...world.topics.malformed]) world.violate(what);
}

/** Every event that the schema refuses, and no other, is whole under the error prefix, and was counted there. */
function checkRefused(world: World, expected: ReadonlyMap<string, TruthEvent[]>, dropped: ReadonlySet<string>): void {
  const { errors, failedConversions } = world.firehose;
  const found = new Set<string>();
  for (const { level, line, reason } of errors) {
    const row = { ...JSON.parse(line), level } as StoredLogEventRow;
    const key = archiveKey(level, row.fingerprint, row.id);
    const copies = expected.get(key);
    found.add(key);
    if (copies) checkRow(world, row, copies);
    else world.violate(`error prefix: ${key} is there although it is sound: ${reason}`);
  }
  for (const [key, copies] of expected) {
    const isExcused = copies.every(({ record }) => dropped.has(record));
    if (!found.has(key) && !isExcused) world.violate(`error prefix: ${key} is missing`);
  }
  const counted = [...failedConversions.values()].reduce((sum, count) => sum + count, 0);
  if (counted !== errors.length) world.violate(`error prefix: ${errors.length} lines, ${counted} counted`);
}

function archiveKey(level: unknown, fingerprint: unknown, id: unknown): string {
  return `${level} ${fingerprint} ${id}`;
}

function checkRow(world: World, row: StoredLogEventRow, copies: readonly TruthEvent[]): void {
  const event = eventFromRow(row);
  const arrived = Date.parse(`${row.received_at}Z`);
  const isOne = copies.some((copy) => copy.arrivedAt === arrived && isDeepStrictEqual(copy.event, event));
  if (!isOne) world.violate(`archive: ${row.id} cannot be rebuilt from its row`);
}

/** Every record that was not understood is kept byte by byte, and nothing else is. */
export function checkQuarantine(world: World, { rejected }: Truth): void {
  const dropped = givenUp(world, keeperOfPoison(world.plan));
  for (const { record, parcel } of rejected) {
    const kept = world.bucket.quarantined.get(`${record.shardId}-${record.sequenceNumber}`);
    if (kept === undefined && dropped.has(sequenceKey(record))) continue;
    if (kept === undefined) world.violate(`quarantine: ${parcel.kind} is missing`);
    else if (Buffer.compare(kept.data, record.data) !== 0)
      world.violate(`quarantine: ${parcel.kind} is not as it came`);
    else if (kept.reason === '' || kept.code === '') world.violate(`quarantine: ${parcel.kind} has no reason`);
  }
  if (world.bucket.quarantined.size > rejected.length) world.violate('quarantine: something sound was kept there');
}

/** What a mapping gave up on is kept whole, and can be read after the stream has forgotten it. */
export function checkDestination(world: World): void {
  for (const { record, data } of world.destination.kept) {
    const original = world.bySequence.get(sequenceKey(record))?.record.data;
    if (!original || Buffer.compare(original, data) !== 0) {
      world.violate('on-failure destination: a record is not as it came');
    }
    if (world.stream.read(record) === undefined && world.chaos.active.has(16)) world.chaos.hit(16);
  }
}
