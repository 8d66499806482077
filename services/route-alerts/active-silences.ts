import {
  evolveSilence,
  PAST_SILENCE_BUCKET,
  SILENCE_BUCKET,
  SILENCE_KEY,
  SILENCE_LIMITS,
  type SilenceEvent,
  type SilenceState,
  silenceProjection,
  silences,
} from '../../shared/alerts/silence.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import { Fault } from '../../shared/stream/fault.ts';
import type { Clock, Item, Table } from '../../shared/stream/ports.ts';

/** A silence that was made is in force after so long in every container. */
const KEPT_MILLISECONDS = 15_000;
/** Silences that were read so long ago may have been ended, others made: they are worth more than one try. */
const OLD_MILLISECONDS = 60_000;
/** A record comes again for as long as the stream keeps it by default: it still finds the silence of its time. */
const LATE_MILLISECONDS = 26 * 3_600_000;
const KEYS_PER_READ = 100;

/** Whether a silence hides an event. */
export interface SilenceInForce {
  id: string;
  hides: ReturnType<typeof silences>;
}

/**
 * The silences in force, read anew every 15 seconds, 200 at most. While the table does not answer, those that were known
 * last are in force: who made one did not want to be called for the outage's length either.
 */
export class ActiveSilences {
  readonly #table: Table;
  readonly #clock: Clock;
  #states = new Map<string, SilenceState>();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Those in force, together with what the events of this batch say of them. */
  async inForce(changes: readonly SilenceEvent[]): Promise<SilenceInForce[]> {
    const now = this.#clock.now();
    if (now - this.#readAt >= KEPT_MILLISECONDS) await this.#refresh(now);
    const states = new Map(this.#states);
    for (const change of changes) states.set(change.silenceId, evolveSilence(states.get(change.silenceId), change));
    // What this batch changed is read again with the next: it stands in the table then.
    if (changes.length > 0) this.#readAt = Math.min(this.#readAt, now - KEPT_MILLISECONDS);
    return [...states.values()].map((state) => ({ id: state.id, hides: silences(state) }));
  }

  /** A batch that has somebody to call does not wait for this, save where silences are unknown, or what is known is old. */
  async #refresh(now: number): Promise<void> {
    const read = () => this.#read(now);
    const isOld = now - this.#readAt >= OLD_MILLISECONDS;
    try {
      this.#states = await (isOld ? withRetry(read, this.#clock) : read());
      this.#readAt = now;
    } catch {
      // Those that were known last stay in force; the next batch asks again.
    }
  }

  async #read(now: number): Promise<Map<string, SilenceState>> {
    const from = new Date(now - LATE_MILLISECONDS).toISOString();
    const due = await Promise.all(
      [SILENCE_BUCKET, PAST_SILENCE_BUCKET].map((partition) =>
        this.#table.query({ index: 'byDue', partition, from, limit: SILENCE_LIMITS.count }),
      ),
    );
    // One that moved between the buckets meanwhile is in both answers, and DynamoDB refuses a key twice (seed 624).
    const groups = new Set(due.flat().map(({ group }) => group as string));
    const keys = [...groups].map((group) => ({ group }));
    const items: Item[] = [];
    for (let start = 0; start < keys.length; start += KEYS_PER_READ) {
      const answer = await this.#table.getMany(keys.slice(start, start + KEYS_PER_READ));
      if (answer.unread.length > 0) throw new Fault('throttled', 'silences stayed unread');
      items.push(...answer.items);
    }
    const states = items.flatMap((item) => silenceProjection.fromItem(item, now) ?? []);
    return new Map(states.map((state) => [state.id, state]));
  }
}

export function silenceKey(id: string): string {
  return `${SILENCE_KEY}${id}`;
}
