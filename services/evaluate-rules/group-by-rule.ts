import { type Fingerprint, fingerprintEvent } from '../../shared/events/fingerprint.ts';
import { isOwnEvent } from '../../shared/rules/firing.ts';
import type { CompiledRule } from '../../shared/rules/rule.ts';
import type { RuleEvent } from '../../shared/rules/rule-state.ts';
import type { EventGroup } from '../../shared/stream/fold-groups.ts';
import type { ArrivedEvent } from '../../shared/stream/read-batch.ts';

export type ArrivedRuleEvent = ArrivedEvent & RuleEvent;

export interface GroupedEvents {
  groups: EventGroup<ArrivedRuleEvent>[];
  /** Indices of events that concern no rule. */
  others: Set<number>;
}

/** The events of a batch by what counts them, in order. An event can concern several rules. */
export function groupByRule(events: readonly ArrivedEvent[], rules: readonly CompiledRule[]): GroupedEvents {
  const groups = new Map<string, ArrivedRuleEvent[]>();
  const others = new Set<number>();
  for (const arrived of events) {
    const matched = matchesOf(arrived, rules);
    if (matched.length === 0) others.add(arrived.index);
    for (const event of matched) {
      const members = groups.get(event.match.group);
      if (members) members.push(event);
      else groups.set(event.match.group, [event]);
    }
  }
  return { groups: [...groups].map(([group, members]) => ({ group, events: newestOnly(members) })), others };
}

function matchesOf(arrived: ArrivedEvent, rules: readonly CompiledRule[]): ArrivedRuleEvent[] {
  if (arrived.event.type !== 'log' || isOwnEvent(arrived.event)) return [];
  let made: Fingerprint | undefined;
  const fingerprint = () => {
    made ??= fingerprintEvent(arrived.event).fingerprint;
    return made;
  };
  return rules.flatMap(({ rule, match: matchRule }) => {
    const match = matchRule(arrived.event, fingerprint);
    return match ? [{ ...arrived, match, rule }] : [];
  });
}

/** An absence asks only when the last event came: one of a batch says it, and one id is remembered instead of all. */
function newestOnly(events: ArrivedRuleEvent[]): ArrivedRuleEvent[] {
  if (events[0]?.rule.condition.kind !== 'absence') return events;
  return [events.reduce((newest, event) => (event.arrivedAt >= newest.arrivedAt ? event : newest))];
}
