import { eventIdHash } from '../../../shared/events/event-id.ts';
import { sortedFromBytes } from '../../../shared/stream/hash-bytes.ts';
import type { Item, StreamRecord } from '../../../shared/stream/ports.ts';
import { type Reported, sequenceKey, type World } from '../world.ts';

/** Called when a table is written: from then on, a run that finds the receipt counts these records as repeated. */
export function noteEmptyDone(
  world: World,
  items: readonly Item[],
  { run, records }: Pick<Reported, 'run' | 'records'>,
): void {
  if (world.emptyRecords.size === 0) return;
  for (const { scope, sorted } of items) {
    const [kind, consumer] = String(scope).split('#');
    const empty = kind === 'receipt' ? emptyOf(world, records) : [];
    if (empty.length === 0) continue;
    const hashes = new Set(sortedFromBytes(sorted as Uint8Array));
    for (const record of empty) {
      const key = `${consumer} ${sequenceKey(record)}`;
      const isCovered = hashes.has(eventIdHash(record.sequenceNumber)) && !world.emptyDone.has(key);
      if (isCovered) world.emptyDone.set(key, { step: world.scheduler.steps, run });
    }
  }
}

/** Every record without an event is ignored and counted: once by each run that is done with it, until a receipt says so. */
export function checkEmpty(world: World): void {
  for (const reported of world.reports) {
    if (!isGivenBack(reported)) checkCount(world, reported, emptyOf(world, reported.records));
  }
  checkNoEffect(world);
}

/** Nothing of it is done, so nothing of it is counted: all comes again. */
function isGivenBack({ outcome: { counts, failures, repeated, empty } }: Reported): boolean {
  return failures.length === 1 && counts.received + repeated + empty === 0;
}

function checkCount(world: World, { outcome, startedAt, run }: Reported, empty: readonly StreamRecord[]): void {
  const { consumer, repeated } = outcome;
  const done = empty.flatMap((record) => world.emptyDone.get(`${consumer} ${sequenceKey(record)}`) ?? []);
  // One that was written while the run was under way, by a zombie or for a second mapping, may have been read or not.
  const certain = done.filter(({ step }) => step < startedAt).length;
  const possible = done.filter((receipt) => receipt.run !== run).length;
  // The ledger may not have answered, and the run gone on without.
  const [least, most] = repeated === 0 ? [0, 0] : [certain, Math.min(possible, repeated)];
  const isRight = outcome.empty >= empty.length - most && outcome.empty <= empty.length - least;
  if (isRight) return;
  const known = least === most ? `${least}` : `${least} to ${most}`;
  world.violate(
    `${consumer}: ${empty.length} records without an event, ${known} of them repeated, ${outcome.empty} counted as empty`,
  );
}

/** An event that was made of such a record would be named after it. */
function checkNoEffect(world: World): void {
  const { firehose, bucket, topics, tables } = world;
  const ids = [
    ...firehose.rows.map(({ row }) => row.id),
    ...topics.delivered.map(({ notice }) => notice.id),
    ...[...tables.incidents.items()].map(({ sampleId }) => sampleId),
  ];
  const named = new Set(ids.map((id) => String(id).split('#', 1)[0]));
  for (const key of world.emptyRecords) {
    if (named.has(key)) world.violate(`${key} has no event, and took effect`);
    if (bucket.quarantined.has(key.replace(':', '-'))) world.violate(`${key} has no event, and was quarantined`);
  }
}

function emptyOf({ emptyRecords }: World, records: readonly StreamRecord[]): readonly StreamRecord[] {
  return emptyRecords.size === 0 ? [] : records.filter((record) => emptyRecords.has(sequenceKey(record)));
}
