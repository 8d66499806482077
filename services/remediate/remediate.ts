import type { LogEvent } from '../../shared/events/event.ts';
import { type AlarmInstances, readMessage } from '../../shared/remediation/message.ts';
import { unclearEvents } from '../../shared/remediation/report.ts';
import { describeFault } from '../../shared/stream/fault.ts';
import type { SendFailure } from '../../shared/stream/ports.ts';
import { type RestartPorts, restart } from './restart.ts';

export interface RemediatePorts extends RestartPorts {
  alarms: AlarmInstances;
  /** Puts events on the stream; answers those that could not be put, by index. */
  put: (events: readonly LogEvent[]) => Promise<SendFailure[]>;
}

/** One message of the request queue. */
export interface QueueMessage {
  id: string;
  body: string;
  /** Milliseconds since 1970. */
  sentAt: number;
}

export interface Remediated {
  /** Messages that must come again: their restart is under way, or could not be looked after. */
  unsettled: string[];
  settled: number;
  /** Messages that ask for nothing, such as that an alarm is over. */
  ignored: number;
  unclear: number;
  /** What could not be done or told this time, each once. */
  reasons: string[];
}

/**
 * Works off messages, one after the other. A restart takes minutes, and none of them is spent waiting here: a message
 * whose restart is under way stays on the queue, which brings it again until it is settled.
 */
export async function remediate(
  messages: readonly QueueMessage[],
  ports: RemediatePorts,
  deadline: number,
): Promise<Remediated> {
  const total: Remediated = { unsettled: [], settled: 0, ignored: 0, unclear: 0, reasons: [] };
  const reasons = new Set<string>();
  for (const message of messages) {
    try {
      const outcome = await handle(message, ports, deadline);
      for (const reason of outcome.reasons) reasons.add(reason);
      if (outcome.status === 'unsettled') total.unsettled.push(message.id);
      else total[outcome.status]++;
    } catch (fault) {
      // One that fails holds up no other.
      reasons.add(describeFault(fault));
      total.unsettled.push(message.id);
    }
  }
  return { ...total, reasons: [...reasons] };
}

interface Outcome {
  status: 'settled' | 'ignored' | 'unclear' | 'unsettled';
  reasons: string[];
}

async function handle({ id, body, sentAt }: QueueMessage, ports: RemediatePorts, deadline: number): Promise<Outcome> {
  const asked = readMessage(body, ports.alarms);
  switch (asked.status) {
    case 'ignored':
      return { status: 'ignored', reasons: [] };
    case 'unclear': {
      // It has no instance and so no state: its id makes a repeat harmless.
      const events = unclearEvents({ id: asked.id ?? `message:${id}`, problem: asked.problem, at: sentAt, text: body });
      const unsent = await ports.put(events);
      const reasons = [asked.problem, ...unsent.map(({ reason }) => reason)];
      return { status: unsent.length > 0 ? 'unsettled' : 'unclear', reasons };
    }
    case 'asked': {
      const { isSettled, reasons } = await restart(asked.request, ports, deadline);
      return { status: isSettled ? 'settled' : 'unsettled', reasons };
    }
    default:
      return asked satisfies never;
  }
}
