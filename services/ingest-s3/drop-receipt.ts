import { withRetry } from '../../shared/stream/backoff.ts';
import type { DroppedObject } from '../../shared/stream/drop-bucket.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';

/** How far an object has been taken in. */
export interface DropReceipt {
  /** `open`: some of it may be on the stream. The others are final, and such an object is never read again. */
  status: 'open' | 'taken' | 'refused' | 'gone';
  /** Pieces before this one are on the stream or in quarantine. */
  next: number;
  events: number;
  quarantined: number;
  /** Of the item: 0 while there is none. */
  version: number;
}

export const NOTHING_TAKEN: DropReceipt = { status: 'open', next: 0, events: 0, quarantined: 0, version: 0 };

/** Longer than a notification can wait in its queue, and in that of dead letters after it: 14 days each. */
const KEPT_SECONDS = 35 * 86_400;

function keyOf({ bucket, key, versionId }: DroppedObject) {
  return { scope: `drop#${bucket}/${key}`, entry: versionId };
}

export async function readReceipt(ledger: Table, object: DroppedObject, clock: Clock): Promise<DropReceipt> {
  const [item] = await readItems(ledger, [keyOf(object)], clock);
  if (item === undefined) return NOTHING_TAKEN;
  const { status, next, events, quarantined, version } = item as unknown as DropReceipt;
  return { status, next, events, quarantined, version };
}

/**
 * Writes the receipt on condition that it is still the one that was read. Rejects with the fault `contended` when another
 * call works on the same object: the message comes again, and then goes on where that one ended.
 */
export async function saveReceipt(
  ledger: Table,
  { object, receipt, clock }: { object: DroppedObject; receipt: DropReceipt; clock: Clock },
): Promise<DropReceipt> {
  const saved = { ...receipt, version: receipt.version + 1 };
  const now = clock.now();
  const item = {
    ...keyOf(object),
    ...saved,
    at: new Date(now).toISOString(),
    expiry: Math.floor(now / 1000) + KEPT_SECONDS,
  };
  const outcome = await withRetry(() => ledger.putVersioned(item, receipt.version), clock);
  if (outcome === 'written') return saved;
  throw new Fault('contended', 'another call is taking in the same object');
}
