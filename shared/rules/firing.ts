import type { LogEvent } from '../events/event.ts';
import { EVENT_VERSION } from '../events/event-version.ts';
import { parseInstanceId } from '../remediation/instance.ts';
import { oneLine, REASON_CHARACTERS, type RemediationRequest } from '../remediation/request.ts';
import type { Condition, Rule } from './rule.ts';
import type { Firing } from './rule-state.ts';

/** The source of every event that a rule makes. Rules pass over all sources that begin so, else they would feed themselves. */
export const RULES_SOURCE = 'sluice.rules';
const OWN_SOURCES = 'sluice.';

export function isOwnEvent({ source }: Pick<LogEvent, 'source'>): boolean {
  return source.startsWith(OWN_SOURCES);
}

/** A length of time as people write it: `10m`. */
export function lengthText(seconds: number): string {
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const) {
    if (seconds % length === 0) return `${seconds / length}${unit}`;
  }
  return `${seconds}s`;
}

/** The events that a firing is told by: a log event, which becomes an incident and a notice like any other. */
export function firingEvents(rule: Rule, firing: Firing): LogEvent[] {
  const event: LogEvent = {
    v: EVENT_VERSION,
    id: firing.id,
    type: 'log',
    time: firing.at,
    level: firing.kind === 'over' ? 'info' : rule.level,
    source: RULES_SOURCE,
    message: `Rule ${rule.name}: ${wordsOf(rule.condition, firing)}${valuesText(firing)}`,
    ...(firing.sample === undefined ? {} : { details: { last: firing.sample } }),
    attributes: { ...Object.fromEntries(firing.values), rule: rule.name, count: String(firing.count) },
  };
  if (firing.restart === undefined || parseInstanceId(firing.restart) !== undefined) return [event];
  const shown = oneLine(firing.restart, 60) || 'nothing';
  const message = `Rule ${rule.name} restarts nothing: expected the id of an instance, got ${shown}`;
  return [event, { ...event, id: `${firing.id}/no-instance`, level: 'error', message }];
}

function wordsOf(condition: Condition, { kind, count }: Firing): string {
  if (condition.kind === 'count') {
    return `${count} events within ${lengthText(condition.withinSeconds)}, more than ${condition.moreThan}`;
  }
  return kind === 'over' ? 'there are events again' : `no event for ${lengthText(condition.seconds)}`;
}

function valuesText({ values }: Firing): string {
  return values.length === 0 ? '' : ` (${values.map(([name, value]) => `${name} ${oneLine(value, 200)}`).join(', ')})`;
}

/**
 * What a firing asks of the remediation; nothing when it names no instance. It is as old as its decision: by the event's
 * own time a producer whose clock is 15 minutes slow would get no restart ever.
 */
export function firingRequest(rule: Rule, firing: Firing): RemediationRequest | undefined {
  const instance = parseInstanceId(firing.restart);
  if (instance === undefined) return undefined;
  const reason = oneLine(`${wordsOf(rule.condition, firing)}${valuesText(firing)}`, REASON_CHARACTERS);
  return { id: firing.id, instance, by: { kind: 'rule', name: rule.name }, reason, at: firing.decidedAt ?? firing.at };
}
