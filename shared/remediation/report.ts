import type { LogEvent } from '../events/event.ts';
import { EVENT_VERSION } from '../events/event-version.ts';
import type { Level } from '../events/levels.ts';
import { cutText } from '../events/limits.ts';
import {
  type Cause,
  type Failed,
  factId,
  type Performed,
  type RemediationFact,
  type Requested,
  type Step,
} from './fact.ts';
import type { Restart } from './instance.ts';

/** The source of every event that a remediation makes. */
export const REMEDIATION_SOURCE = 'sluice.remediation';

const RESTART_WORDS: Record<Restart, string> = { 'stop-start': 'by stop and start', reboot: 'by reboot' };

const STEP_WORDS: Record<Step, (id: string, seconds: number) => string> = {
  stop: (id) => `Stopped ${id} to restart it`,
  start: (id) => `Started ${id} again`,
  reboot: (id) => `Rebooted ${id}`,
  running: (id, seconds) => `${id} is running again, ${seconds} s after its restart was taken on`,
  rehearsal: (id) => `Dry run: ${id} would have been restarted`,
};

/** How a failure is told, and whether people are called by an event of its own. */
const CAUSE_WORDS: Record<Cause, { level: Level; callsPeople: boolean; words: string }> = {
  'too-old': { level: 'error', callsPeople: true, words: 'the request is too old' },
  cooldown: { level: 'warning', callsPeople: false, words: 'it was restarted a short while ago' },
  'no-instance': { level: 'error', callsPeople: true, words: 'there is no such instance' },
  'not-allowed': { level: 'error', callsPeople: true, words: 'its tag does not allow it' },
  'not-running': { level: 'error', callsPeople: true, words: 'it is not running' },
  maximum: { level: 'error', callsPeople: true, words: 'it was restarted as often as it may be in a day' },
  'refused-by-ec2': { level: 'critical', callsPeople: true, words: 'EC2 refused it' },
  gone: { level: 'critical', callsPeople: true, words: 'the instance is gone' },
  'not-running-again': { level: 'critical', callsPeople: true, words: 'it is not running again' },
};

/**
 * A fact as events of the stream: the fact itself, and where people must look at it, a log event beside it, which
 * becomes an incident and a notice as any other does.
 */
export function eventsOf(fact: RemediationFact): LogEvent[] {
  const event = eventOf(fact);
  if (fact.type !== 'remediation.failed' || !CAUSE_WORDS[fact.cause].callsPeople) return [event];
  return [event, { ...event, id: `${event.id}/people`, type: 'log' }];
}

const SHOWN_BYTES = 2_048;

/** A message that asks for nothing that is understood: kept whole where it is small, and people look at it. */
export function unclearEvents(message: { id: string; problem: string; at: number; text: string }): LogEvent[] {
  const { id, problem, at, text } = message;
  const event: LogEvent = {
    v: EVENT_VERSION,
    id: `${id}/failed`,
    type: 'remediation.failed',
    time: new Date(at).toISOString(),
    level: 'error',
    source: REMEDIATION_SOURCE,
    message: `A request for a restart was not understood: ${problem}`,
    details: { request: cutText(text, SHOWN_BYTES).text },
    attributes: { request: id, cause: 'not-understood' },
  };
  return [event, { ...event, id: `${event.id}/people`, type: 'log' }];
}

/** The one event that says the fact. Its id is the fact's. */
export function eventOf(fact: RemediationFact): LogEvent {
  const { type, at, instance, request, by } = fact;
  return {
    v: EVENT_VERSION,
    id: factId(fact),
    type,
    time: at,
    source: REMEDIATION_SOURCE,
    ...said(fact),
    attributes: { instance, request, requestedBy: `${by.kind} ${by.name}`, ...attributesOf(fact) },
  };
}

function said(fact: RemediationFact): { level: Level; message: string } {
  switch (fact.type) {
    case 'remediation.requested':
      return { level: 'info', message: requestedMessage(fact) };
    case 'remediation.performed':
      return { level: 'info', message: performedMessage(fact) };
    case 'remediation.failed':
      return { level: CAUSE_WORDS[fact.cause].level, message: failedMessage(fact) };
    default:
      return fact satisfies never;
  }
}

function requestedMessage({ instance, restart, by, reason, isDryRun }: Requested): string {
  const dryRun = isDryRun ? ' (dry run)' : '';
  return `Restart of ${instance} ${RESTART_WORDS[restart]}${dryRun}, asked for by ${by.kind} ${by.name}: ${reason}`;
}

function performedMessage({ instance, step, seconds, isSure }: Performed): string {
  const doubt = isSure ? '' : ', as far as is known: the answer was lost, and it was not asked for twice';
  return `${STEP_WORDS[step](instance, seconds)}${doubt}`;
}

function failedMessage({ instance, by, cause, detail }: Failed): string {
  return `Restart of ${instance} for ${by.kind} ${by.name} failed: ${CAUSE_WORDS[cause].words}; ${detail}`;
}

function attributesOf(fact: RemediationFact): Record<string, string> {
  switch (fact.type) {
    case 'remediation.requested':
      return { restart: fact.restart, dryRun: String(fact.isDryRun) };
    case 'remediation.performed':
      return { step: fact.step };
    case 'remediation.failed':
      return { cause: fact.cause };
    default:
      return fact satisfies never;
  }
}
