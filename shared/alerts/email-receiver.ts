import type { LogEvent } from '../events/event.ts';
import { eventIdHash } from '../events/event-id.ts';
import { EVENT_VERSION } from '../events/event-version.ts';
import { cutUnits, LENGTHS } from '../events/limits.ts';
import { EMAIL_SOURCE, type Email, type EmailPort, emailOf } from './email.ts';
import { isOfStorm, type Notice } from './notice.ts';
import type { SendNotices } from './outbox.ts';

export interface EmailReceiverPorts {
  email: EmailPort;
  /** Puts events on the stream; answers those that it did not take. */
  put: (events: readonly LogEvent[]) => Promise<readonly { reason: string }[]>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Where an incident can be looked at: an address with `{fingerprint}` in it. Default: no link. */
  incidentLink?: string;
}

/** A sender that fails so often in a row does not answer: the rest waits, so that it holds up nobody for long. */
const MOST_FAILURES = 2;
/** One that answers slowly gets no more of its caller's time: the rest is sent a minute later. */
const PATIENCE_MILLISECONDS = 10_000;

const LATE = 'out-of-time: the emails before took too long';

/**
 * The receiver that is one or more addresses, each of which gets an email of its own. What is refused for good is told to the
 * stream as an event, and waits no longer; what could not be sent to one of them waits, and goes to all again.
 */
export function emailReceiver(to: readonly string[], ports: EmailReceiverPorts): SendNotices {
  return async (notices) => {
    const unsent: { index: number; reason: string }[] = [];
    const end = ports.now() + PATIENCE_MILLISECONDS;
    let failures = 0;
    for (const [index, notice] of notices.entries()) {
      const given = whyLater({ failures, isLate: ports.now() >= end, last: unsent.at(-1)?.reason });
      const reason = given ?? (await sendToAll(linked(notice, ports), to, ports));
      failures = reason === undefined ? 0 : failures + 1;
      if (reason !== undefined) unsent.push({ index, reason });
    }
    return unsent;
  };
}

/** Why an email is not tried now; undefined when it is. */
function whyLater({ failures, isLate, last }: { failures: number; isLate: boolean; last: string | undefined }) {
  if (failures >= MOST_FAILURES) return last;
  return isLate ? LATE : undefined;
}

async function sendToAll(
  notice: Notice,
  to: readonly string[],
  ports: EmailReceiverPorts,
): Promise<string | undefined> {
  const problems = await Promise.all(to.map((address) => problemOf(emailOf(notice, address), ports)));
  return problems.find((problem) => problem !== undefined);
}

function linked(notice: Notice, { incidentLink }: EmailReceiverPorts): Notice {
  // A storm is no incident: there is no page of it.
  if (notice.link !== undefined || incidentLink === undefined || isOfStorm(notice)) return notice;
  const fingerprint = encodeURIComponent(notice.fingerprint.toWellFormed());
  return { ...notice, link: incidentLink.replaceAll('{fingerprint}', () => fingerprint) };
}

/** Why the email must be sent again; undefined when it need not. */
async function problemOf(email: Email, { email: port, put, now }: EmailReceiverPorts): Promise<string | undefined> {
  try {
    const outcome = await port.send(email);
    if (outcome.status === 'accepted' || email.isAboutEmail) return undefined;
    const [unput] = await put([
      emailProblem({ id: email.id, to: email.to, what: 'was refused', reason: outcome.reason }, now()),
    ]);
    return unput?.reason;
  } catch (error) {
    return error instanceof Error ? error.message : 'an unknown fault';
  }
}

/** What became of an email that its address does not have. */
export interface EmailProblem {
  /** The same whenever the same is told again. */
  id: string;
  to: string;
  /** `was refused`, `came back`, … */
  what: string;
  reason: string;
}

/** An email that did not arrive, as an event of the stream: a warning, which becomes a notice as any other does. */
export function emailProblem({ id, to, what, reason }: EmailProblem, at: number): LogEvent {
  const recipient = cutUnits(to, LENGTHS.source).text;
  return {
    v: EVENT_VERSION,
    id: `email/${eventIdHash(`${id} ${what}`)}`,
    type: 'log',
    time: new Date(at).toISOString(),
    level: 'warning',
    source: EMAIL_SOURCE,
    message: `An email to ${recipient} ${what}: ${cutUnits(reason, 500).text}`,
    attributes: { recipient },
  };
}
