import type { LogEvent } from '../../shared/events/event.ts';
import { type AlarmInstances, readAsked } from '../../shared/remediation/message.ts';
import { unclearEvents } from '../../shared/remediation/report.ts';
import type { RemediationRequest } from '../../shared/remediation/request.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Clock, SendFailure } from '../../shared/stream/ports.ts';

export interface QueueAlarmPorts {
  alarms: AlarmInstances;
  send: (requests: readonly RemediationRequest[]) => Promise<SendFailure[]>;
  put: (events: readonly LogEvent[]) => Promise<SendFailure[]>;
  clock: Clock;
}

/**
 * An alarm that invokes the function itself is put on the queue and worked off from there: Lambda would try a restart that
 * takes longer than its invocation twice more and then forget it. Rejects when it could not be queued, so that Lambda tries
 * that again.
 */
export async function queueAlarm(event: unknown, ports: QueueAlarmPorts): Promise<'queued' | 'ignored' | 'unclear'> {
  const asked = readAsked(event, ports.alarms);
  switch (asked.status) {
    case 'ignored':
      return 'ignored';
    case 'asked':
      allSent(await ports.send([asked.request]));
      return 'queued';
    case 'unclear': {
      const at = ports.clock.now();
      const text = JSON.stringify(event) ?? '';
      allSent(await ports.put(unclearEvents({ id: asked.id ?? `invocation:${at}`, problem: asked.problem, at, text })));
      return 'unclear';
    }
    default:
      return asked satisfies never;
  }
}

function allSent([failure]: readonly SendFailure[]): void {
  if (failure) throw new Fault('unavailable', failure.reason);
}
