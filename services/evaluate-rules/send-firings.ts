import pMap from 'p-map';
import type { LogEvent } from '../../shared/events/event.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { firingEvents, firingRequest } from '../../shared/rules/firing.ts';
import { type RulesByName, ruleProjection } from '../../shared/rules/projection.ts';
import type { Rule } from '../../shared/rules/rule.ts';
import { clearSent, type Firing, type FiringReceiver, type RuleState } from '../../shared/rules/rule-state.ts';
import { updateGroup } from '../../shared/stream/fold-groups.ts';
import type { Clock, Item, SendFailure, Table } from '../../shared/stream/ports.ts';

export interface SendFiringsPorts {
  /** Where the states are: the alert-groups table. */
  states: Table;
  clock: Clock;
  rules: RulesByName;
  /** Puts groups of events on the stream, each as a whole; answers those that could not be put, by index. */
  put: (groups: readonly (readonly LogEvent[])[]) => Promise<SendFailure[]>;
  /** Sends requests to the remediation; missing where it is not deployed. */
  request?: (requests: readonly RemediationRequest[]) => Promise<SendFailure[]>;
}

export interface WaitingState {
  group: string;
  state: RuleState;
  item: Item | undefined;
}

/** States written at a time: a write of some milliseconds each. */
const CONCURRENCY = 16;

/**
 * Sends what states have pending, to each receiver by itself, and clears what has arrived. What has not stays pending and
 * is sent again with the same id. Answers how much was sent, how much waits, and why.
 */
export async function sendFirings(
  waiting: readonly WaitingState[],
  ports: SendFiringsPorts,
): Promise<{ sent: number; waiting: number; reasons: string[] }> {
  const { states, clock, rules, put, request } = ports;
  const projection = ruleProjection(rules);
  const stream = await send(
    pendingFor('stream', waiting, rules),
    ({ rule, firing }) => firingEvents(rule, firing),
    put,
  );
  const asked = pendingFor('remediation', waiting, rules);
  const remediation = await send(
    asked,
    ({ rule, firing }) => firingRequest(rule, firing),
    async (requests) => (request ? request(requests.filter((each) => each !== undefined)) : []),
  );
  const arrived = new Map<FiringReceiver, ReadonlySet<string>>([
    ['stream', stream.arrived],
    ['remediation', remediation.arrived],
  ]);
  const clear = ({ group, item }: WaitingState) =>
    // What stays pending although it was sent is sent again with the same id: no reason to fail.
    updateGroup(
      projection,
      group,
      { item, change: (state) => clearSent(state, arrived) },
      { table: states, clock },
    ).catch(() => undefined);
  await pMap(
    waiting.filter(({ state }) => state.pending.length > 0),
    clear,
    { concurrency: CONCURRENCY },
  );
  return {
    sent: stream.arrived.size + remediation.arrived.size,
    waiting: stream.waiting + remediation.waiting,
    reasons: [...new Set([...stream.reasons, ...remediation.reasons])],
  };
}

interface Pending {
  rule: Rule;
  firing: Firing;
}

function pendingFor(receiver: FiringReceiver, waiting: readonly WaitingState[], rules: RulesByName): Pending[] {
  return waiting.flatMap(({ state }) => {
    const rule = rules.get(state.rule);
    const own = state.pending.filter(({ to }) => to.includes(receiver));
    return rule ? own.map(({ firing }) => ({ rule, firing })) : [];
  });
}

/** What there is nothing to send for, such as a restart of no instance, counts as arrived. */
async function send<T>(
  pending: readonly Pending[],
  make: (pending: Pending) => T | undefined,
  deliver: (made: readonly T[]) => Promise<SendFailure[]>,
): Promise<{ arrived: Set<string>; waiting: number; reasons: string[] }> {
  const made = pending.flatMap((each) => {
    const message = make(each);
    return message === undefined ? [] : [{ id: each.firing.id, message }];
  });
  const unsent = made.length > 0 ? await deliver(made.map(({ message }) => message)) : [];
  const refused = new Set(unsent.map(({ index }) => made[index]?.id));
  const arrived = new Set(pending.map(({ firing }) => firing.id).filter((id) => !refused.has(id)));
  return { arrived, waiting: pending.length - arrived.size, reasons: unsent.map(({ reason }) => reason) };
}
