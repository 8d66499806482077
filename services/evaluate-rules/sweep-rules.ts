import pMap from 'p-map';
import { RULES_DUE, ruleProjection } from '../../shared/rules/projection.ts';
import { groupKey, type Rule } from '../../shared/rules/rule.ts';
import { awaitFirst, noticeAbsence, releaseOverdue } from '../../shared/rules/rule-state.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Item } from '../../shared/stream/ports.ts';
import { readItems } from '../../shared/stream/table-calls.ts';
import { type SendFiringsPorts, sendFirings, type WaitingState } from './send-firings.ts';

export interface SweptRules {
  /** States that were due. */
  due: number;
  /** Notices and requests sent. */
  sent: number;
  /** Those that a receiver did not take, or that could not be put on the stream. */
  waiting: number;
  /** Why some wait or states could not be written, each once. */
  reasons: string[];
}

/** States in one query, and in one run: what is left is due a minute later. */
const PAGE = 100;
const MAX_STATES = 5_000;
const CONCURRENCY = 16;

/** Once a minute: notices absences, and sends what is pending. */
export async function sweepRules(ports: SendFiringsPorts, deadline: number): Promise<SweptRules> {
  const { clock, states } = ports;
  const reasons = new Set<string>(await beginToWait(ports));
  const total = { due: 0, sent: 0, waiting: 0 };
  const now = new Date(clock.now()).toISOString();
  let from: string | undefined;
  while (total.due < MAX_STATES && clock.now() < deadline) {
    const query = { index: 'byDue', partition: RULES_DUE, from, to: now, limit: PAGE };
    const due = await withRetry(() => states.query(query), clock);
    const items = await readItems(
      states,
      due.map(({ group }) => ({ group: group as string })),
      clock,
    );
    const settled = await settleDue(items, ports, reasons);
    total.due += due.length;
    total.sent += settled.sent;
    total.waiting += settled.waiting;
    const last = due.at(-1)?.due_at as string | undefined;
    // What was refused is still due: the next page starts after it.
    if (due.length < PAGE || last === undefined) break;
    from = `${last}\u0000`;
  }
  return { ...total, reasons: [...reasons] };
}

async function settleDue(items: readonly Item[], ports: SendFiringsPorts, reasons: Set<string>) {
  const { clock, states: table, rules } = ports;
  const projection = ruleProjection(rules);
  const notice = async (item: Item): Promise<WaitingState[]> => {
    const group = item.group as string;
    const rule = rules.get(item.rule as string);
    try {
      if (!rule) {
        // Its rule was taken out of the configuration.
        await withRetry(() => table.deleteMany([{ group }]), clock);
        return [];
      }
      const change = (state: WaitingState['state']) => {
        const now = clock.now();
        return releaseOverdue(noticeAbsence(state, group, { rule, now }), now);
      };
      const updated = await updateGroup(projection, group, { item, change }, { table, clock });
      return updated ? [{ group, ...updated }] : [];
    } catch (fault) {
      // It is due again in a minute. One that cannot be written holds up no other.
      reasons.add(describeFault(fault));
      return [];
    }
  };
  const waiting = (await pMap(items, notice, { concurrency: CONCURRENCY })).flat();
  const outcome = await sendFirings(waiting, ports);
  for (const reason of outcome.reasons) reasons.add(reason);
  return outcome;
}

/** A rule for an absence that names no `by` waits from the day that it is deployed, also for what was never there. */
async function beginToWait({ states, clock, rules }: SendFiringsPorts): Promise<string[]> {
  const projection = ruleProjection(rules);
  const begin = async (rule: Rule) => {
    const key = projection.keyOf(groupKey(rule.name, []));
    const [item] = await readItems(states, [key], clock);
    if (item) return;
    const first = { ...projection.toItem(awaitFirst(rule, clock.now())), ...key, version: 1 };
    await withRetry(() => states.putVersioned(first, 0), clock);
  };
  const waiting = [...rules.values()].filter(({ condition, by }) => condition.kind === 'absence' && by.length === 0);
  const outcomes = await Promise.allSettled(waiting.map(begin));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [describeFault(outcome.reason)] : []));
}
