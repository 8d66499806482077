import { NoticeComparison, type ReceiverChange } from '../../shared/alerts/compare-notices.ts';
import { AlertRehearsal, type ArrivedAlert, type RehearsedPolicy } from '../../shared/alerts/rehearse.ts';
import { eventIdHash } from '../../shared/events/event-id.ts';

export interface Replayed {
  /** Each once, however often the archive holds it. */
  events: number;
  before: number;
  after: number;
  won: number;
  lost: number;
  receivers: ReceiverChange[];
}

export interface ReplayOptions {
  present: RehearsedPolicy;
  next: RehearsedPolicy;
  /** Of notices won and lost, for each receiver. */
  examples: number;
  /** Hears how many events were replayed, and up to which time, in milliseconds since 1970. */
  onProgress?: (events: number, time: number) => void;
}

/** Runs events through both configurations and compares what people would be told. Events are in order of arrival. */
export async function replayRoutes(
  pages: AsyncIterable<readonly ArrivedAlert[]>,
  { present, next, examples, onProgress }: ReplayOptions,
): Promise<Replayed> {
  const comparison = new NoticeComparison();
  const rehearsals = [
    new AlertRehearsal(present, (receiver, notice) => comparison.add('before', receiver, notice)),
    new AlertRehearsal(next, (receiver, notice) => comparison.add('after', receiver, notice)),
  ];
  const seen = new Set<number>();
  for await (const page of pages) {
    for (const alert of page) {
      const id = eventIdHash(alert.event.id);
      if (seen.has(id)) continue;
      seen.add(id);
      for (const rehearsal of rehearsals) rehearsal.take(alert);
    }
    const last = page.at(-1);
    if (last) onProgress?.(seen.size, last.arrivedAt);
  }
  for (const rehearsal of rehearsals) rehearsal.finish();
  const receivers = comparison.byReceiver(examples);
  const sum = (of: 'before' | 'after' | 'won' | 'lost') => receivers.reduce((all, one) => all + one[of], 0);
  return {
    events: seen.size,
    before: sum('before'),
    after: sum('after'),
    won: sum('won'),
    lost: sum('lost'),
    receivers,
  };
}
