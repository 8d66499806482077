import { eventIdHash } from '../../../shared/events/event-id.ts';
import { sortedFromBytes } from '../../../shared/stream/hash-bytes.ts';
import type { Item, StreamRecord } from '../../../shared/stream/ports.ts';
import { seenFromItem } from '../../../shared/stream/seen-item.ts';
import { sequenceKey, type World } from '../world.ts';
import { recordTruth } from './oracle.ts';

const known = new WeakMap<Item, ReadonlySet<number>>();

/** Whether a record brought an error that its incident no longer remembers: nothing but a receipt tells that it was counted. */
export function isForgotten(world: World, record: StreamRecord): boolean {
  const accepted = world.bySequence.get(sequenceKey(record));
  return ((accepted && recordTruth(world, accepted)) ?? []).some(({ event, fingerprint, isError }) => {
    const item = isError && event.type === 'log' ? world.tables.incidents.peek({ fingerprint }) : undefined;
    return item !== undefined && !rememberedBy(world, item).has(eventIdHash(event.id));
  });
}

/** The ids in the item and in the pages that it names, which never change. */
function rememberedBy({ tables: { ledger } }: World, item: Item): ReadonlySet<number> {
  const remembered = known.get(item) ?? readHashes();
  known.set(item, remembered);
  return remembered;

  function readHashes(): ReadonlySet<number> {
    const { open, pages } = seenFromItem(item.seen);
    const scope = `seen#incidents#${item.fingerprint}`;
    const paged = pages.map(({ id }) => ledger.peek({ scope, entry: id })?.sorted as Uint8Array | undefined);
    return new Set([...open.hashes, ...paged.flatMap((sorted) => (sorted ? sortedFromBytes(sorted) : []))]);
  }
}
