import type { InstanceId } from './instance.ts';
import { parseInstanceId } from './instance.ts';
import { DAY_MILLISECONDS, emptyRemediation, type Remediation } from './remediation.ts';

/** Where the remediation of an instance stands in the ledger. */
export function remediationKey(instance: InstanceId): { scope: string; entry: string } {
  return { scope: `remediation#${instance}`, entry: 'state' };
}

/** Long enough for the day that is counted, and for what may come again of it. */
const KEPT_MILLISECONDS = 3 * DAY_MILLISECONDS;

/** The item without key and version. */
export function remediationToItem(state: Remediation, now: number): Record<string, unknown> {
  return { ...state, expiry: Math.floor((now + KEPT_MILLISECONDS) / 1000) };
}

/** An item that is past its expiry may linger: it counts as none. */
export function remediationFromItem(
  item: Record<string, unknown> | undefined,
  instance: InstanceId,
  now: number,
): Remediation {
  if (!item || (item.expiry as number) * 1000 < now || parseInstanceId(item.instance) === undefined) {
    return emptyRemediation(instance);
  }
  const { requests, taken, current, outbox } = item as unknown as Remediation;
  return { instance, requests, taken, outbox, ...(current ? { current } : {}) };
}
