import type { LogEvent } from '../../shared/events/event.ts';
import { eventOf, eventsOf } from '../../shared/remediation/report.ts';
import type { Clock, SendChunk, SendFailure } from '../../shared/stream/ports.ts';
import { putGroups } from '../../shared/stream/put-groups.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import type { TellFacts } from './restart.ts';

interface StreamPorts {
  send: SendChunk<StreamEntry>;
  clock: Clock;
}

/** What an instance went through stays in order. */
const keyOf = ({ attributes, source }: LogEvent) => attributes?.instance ?? source;

/** Tells facts to the stream. */
export function tellStream(ports: StreamPorts): TellFacts {
  return (facts) => putGroups(facts.map(eventsOf), { ...ports, keyOf });
}

/** Puts the events of something that is no fact of an instance, together. */
export function putTogether(ports: StreamPorts) {
  return (events: readonly LogEvent[]) => putGroups([events], { ...ports, keyOf });
}

export function tellTopic(publish: (events: readonly LogEvent[]) => Promise<SendFailure[]>): TellFacts {
  return (facts) => publish(facts.map(eventOf));
}
