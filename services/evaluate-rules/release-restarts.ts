import { RULES_SOURCE } from '../../shared/rules/firing.ts';
import { type RulesByName, ruleProjection } from '../../shared/rules/projection.ts';
import { groupOfFiring, releaseRestart } from '../../shared/rules/rule-state.ts';
import { failRecords } from '../../shared/stream/fail-records.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Table } from '../../shared/stream/ports.ts';
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
  for (const arrived of events) {
    const group = heldGroup(arrived, rules);
    if (group === undefined) continue;
    try {
      if (unread.has(group)) throw unread.get(group);
      const [item] = await readItems(table, [projection.keyOf(group)], clock);
      const change = (state: WaitingState['state']) => releaseRestart(state, ({ id }) => id === arrived.event.id);
      const updated = await updateGroup(projection, group, { item, change }, { table, clock });
      if (updated) released.push({ group, ...updated });
    } catch (fault) {
      failRecords(failed, [arrived], fault);
    }
  }
  return { released, failed };
}

/** The group whose restart an event may let go: of rules for an absence that restart, which fire seldom. */
function heldGroup({ event }: ArrivedEvent, rules: RulesByName): string | undefined {
  if (event.source !== RULES_SOURCE || event.type !== 'log') return undefined;
  const rule = rules.get(event.attributes?.rule ?? '');
  const isHeld = rule?.condition.kind === 'absence' && rule.restart !== undefined;
  return isHeld ? groupOfFiring(event.id) : undefined;
}
