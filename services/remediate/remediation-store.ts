import type { InstanceId } from '../../shared/remediation/instance.ts';
import { remediationFromItem, remediationKey, remediationToItem } from '../../shared/remediation/item.ts';
import type { Remediation } from '../../shared/remediation/remediation.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';

export interface Stored {
  state: Remediation;
  version: number;
}

export async function loadRemediation(ledger: Table, instance: InstanceId, clock: Clock): Promise<Stored> {
  const [item] = await readItems(ledger, [remediationKey(instance)], clock);
  const version = (item?.version as number | undefined) ?? 0;
  return { state: remediationFromItem(item, instance, clock.now()), version };
}

/** Writes the state in place of the one that was loaded; undefined when another writer was faster. */
export async function saveRemediation(
  ledger: Table,
  { version }: Stored,
  { state, clock }: { state: Remediation; clock: Clock },
): Promise<Stored | undefined> {
  const next = version + 1;
  const item = { ...remediationToItem(state, clock.now()), ...remediationKey(state.instance), version: next };
  const answer = await withRetry(() => ledger.putVersioned(item, version), clock);
  return answer === 'written' ? { state, version: next } : undefined;
}
