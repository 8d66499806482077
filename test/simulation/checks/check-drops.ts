import type { DroppedFile, ModelDrops } from '../models/model-drops.ts';
import type { World } from '../world.ts';
import type { Truth } from './oracle.ts';

/**
 * Every line of every dropped file is on the stream, by its own id or one that is its own for ever, or in quarantine byte
 * for byte; nothing else is; and a file that is done is not read again. That each counts once is checked with all events.
 */
export function checkDrops(world: World, { events }: Truth): void {
  const { drops } = world;
  if (drops === undefined) return;
  const ids = new Set(events.map(({ event }) => event.id));
  const made = [...ids].filter((id) => id.startsWith('s3:'));
  for (const [name, file] of drops.files) {
    const missing = file.ids.filter((id) => !ids.has(id));
    if (missing.length > 0) world.violate(`drops: ${missing.length} events of ${file.object.key} are lost`);
    const own = made.filter((id) => id.startsWith(`s3:${name}:`)).length;
    if (own !== file.withoutId) {
      world.violate(`drops: ${own} events of ${file.object.key} got ids, expected ${file.withoutId}`);
    }
    checkReceipt(world, drops, file);
  }
  const known = [...drops.files.values()].reduce((sum, { withoutId }) => sum + withoutId, 0);
  if (made.length !== known) world.violate(`drops: ${made.length - known} events are of no file`);
  checkKept(world, drops);
  if (drops.gaveUp > 0) world.violate('drops: a notification was given up');
}

function checkReceipt(world: World, drops: ModelDrops, file: DroppedFile): void {
  const isSound = file.ids.length + file.withoutId > 0;
  const status = drops.receiptOf(file.object)?.status;
  if (status !== (isSound ? 'taken' : 'refused')) world.violate(`drops: ${file.object.key} is ${status}`);
  // Set to minus the reads so far when a notification came late.
  if (file.lateReads < 0 && file.reads + file.lateReads > 0) world.violate(`drops: ${file.object.key} is read again`);
}

function checkKept(world: World, { files, kept }: ModelDrops): void {
  const expected = [...files.values()].flatMap(({ data, ids, withoutId, bad }) =>
    ids.length + withoutId > 0 ? bad : [data.toString('latin1')],
  );
  const found = [...kept].flatMap(([name, payload]) =>
    files.has(name) ? [payload] : payload.slice(0, -1).split('\n'),
  );
  if (found.sort().join('\0') !== expected.sort().join('\0')) {
    world.violate(`drops: quarantine holds ${found.length} payloads, expected the ${expected.length} of the files`);
  }
}
