import type { World } from '../world.ts';

/** Fault 41's warning of a batch that a function could not do in full or leave a receipt of. */
export const OWN_WARNING = 'own warning';

/** What began before the faults ended may come back once more: the longest backoff, a time limit, and its repeat. */
const LAST_WARNINGS = 10 * 60_000;

/** Warnings that come in as events again are no more than the batches that made them, and end when the faults do. */
export function checkOwnWarnings(world: World): void {
  const own = world.accepted.filter(({ parcel }) => parcel.kind === OWN_WARNING);
  const warned = world.reports.filter(({ outcome }) => isWorthWarning(outcome)).length;
  // What was put twice is one warning still.
  const told = new Set(own.map(({ parcel }) => parcel)).size;
  if (told > warned) world.violate(`our own logs: ${told} warnings came in, of ${warned} batches`);
  const end = world.plan.faultsEnd + LAST_WARNINGS;
  const late = own.filter(({ record }) => record.arrivedAt > end).length;
  if (late > 0) world.violate(`our own logs: ${late} warnings came in after all faults were over`);
}

/** As shared/runtime/kinesis-batches.ts logs it. */
export function isWorthWarning({ failures, withoutReceipt }: World['reports'][number]['outcome']): boolean {
  return failures.length > 0 || withoutReceipt !== undefined;
}
