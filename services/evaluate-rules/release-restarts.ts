import { RULES_SOURCE } from '../../shared/rules/firing.ts';
import { type RulesByName, ruleProjection } from '../../shared/rules/projection.ts';
import { groupOfFiring, releaseRestart } from '../../shared/rules/rule-state.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { groupEvents, updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, ItemKey, Table } from '../../shared/stream/ports.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';
import { readItems } from '../../shared/stream/table-calls.ts';
import type { WaitingState } from './send-firings.ts';

/**
 * Lets go the restarts that were held until the events of their firings are read. An event names what is let go, the state
 * holds it: nothing is restarted for what an event says. `unread` are groups that this batch could not be folded into, and
 * why. Answers the states, and the records that must come again.
 */
export async function releaseRestarts(
  events: readonly ArrivedEvent[],
  unread: ReadonlyMap<string, unknown>,
  { states: table, clock, rules }: { states: Table; clock: Clock; rules: RulesByName },
): Promise<{ released: WaitingState[]; failed: Map<number, string> }> {
  const projection = ruleProjection(rules);
  const released: WaitingState[] = [];
  const failed = new Map<number, string>();
  const named = events.flatMap((arrived) => {
    const group = heldGroup(arrived, rules);
    return group === undefined ? [] : [{ ...arrived, group }];
  });
  const groups = groupEvents(named, ({ group }) => group);
  const found = await itemsOf(
    groups.map(({ group }) => projection.keyOf(group)),
    { table, clock },
  );
  for (const { group, events: own } of groups) {
    try {
      if (unread.has(group)) throw unread.get(group);
      if (found instanceof Fault) throw found;
      const ids = new Set(own.map(({ event }) => event.id));
      const change = (state: WaitingState['state']) => releaseRestart(state, ({ id }) => ids.has(id));
      const updated = await updateGroup(projection, group, { item: found.get(group), change }, { table, clock });
      if (updated) released.push({ group, ...updated });
    } catch (fault) {
      failRecords(failed, own, fault);
    }
  }
  return { released, failed };
}

/** All groups in one read: what looks like a firing and is none costs no call each. */
async function itemsOf(
  keys: readonly ItemKey[],
  { table, clock }: { table: Table; clock: Clock },
): Promise<ReadonlyMap<string, Item> | Fault> {
  try {
    return new Map((await readItems(table, keys, clock)).map((item) => [item.group as string, item]));
  } catch (fault) {
    if (fault instanceof Fault) return fault;
    throw fault;
  }
}

/** The group whose restart an event may let go: of rules for an absence that restart, which fire seldom. */
function heldGroup({ event }: ArrivedEvent, rules: RulesByName): string | undefined {
  if (event.source !== RULES_SOURCE || event.type !== 'log') return undefined;
  const rule = rules.get(event.attributes?.rule ?? '');
  const isHeld = rule?.condition.kind === 'absence' && rule.restart !== undefined;
  return isHeld ? groupOfFiring(event.id) : undefined;
}
