import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Outcome } from './model-function.ts';

export interface QueuedMessage {
  id: string;
  body: string;
  sentAt: number;
}

interface Kept extends QueuedMessage {
  visibleAt: number;
  receives: number;
}

export interface ModelQueueOptions {
  /** Milliseconds after which a message that was not deleted comes again. */
  visibility: number;
  batchSize: number;
  maxReceives: number;
  invoke: (messages: readonly QueuedMessage[], settle: (outcome: Outcome) => void) => void;
  /** Told when a message is delivered although it should not be. */
  onTwice: (kind: 'at once' | 'later') => void;
  /** Whether a message is delivered twice this time. */
  isTwice: () => boolean;
}

const POLL = 500;
/** SQS delivers a message again that was deleted, rarely and at any later time. */
const LATE = 90_000;

/** A standard queue and its mapping: at least once, in any order. Source: SQS Developer Guide, "Standard queues". */
export class ModelQueue {
  /** Messages that were received as often as they may. */
  readonly dead: QueuedMessage[] = [];
  readonly #options: ModelQueueOptions;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  #kept: Kept[] = [];
  #sent = 0;
  #isPolling = false;

  constructor(options: ModelQueueOptions, { scheduler, random }: { scheduler: Scheduler; random: Random }) {
    this.#options = options;
    this.#scheduler = scheduler;
    this.#random = random;
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0;
  }

  send(body: string): void {
    const { now } = this.#scheduler;
    this.#add({ id: `message-${this.#sent++}`, body, sentAt: now, visibleAt: now, receives: 0 });
  }

  #add(message: Kept): void {
    this.#kept.push(message);
    this.#poll();
  }

  #poll(): void {
    if (this.#isPolling || this.#kept.length === 0) return;
    this.#isPolling = true;
    const next = Math.min(...this.#kept.map(({ visibleAt }) => visibleAt));
    this.#scheduler.at(Math.max(next, this.#scheduler.now + POLL), 'the request queue is polled', () => {
      this.#isPolling = false;
      this.#deliver();
      this.#poll();
    });
  }

  #deliver(): void {
    const { now } = this.#scheduler;
    const { batchSize, visibility, maxReceives, isTwice, onTwice } = this.#options;
    const visible = this.#kept.filter(({ visibleAt }) => visibleAt <= now);
    const batch = visible.sort(() => this.#random.next() - 0.5).slice(0, batchSize);
    for (const message of batch) {
      message.visibleAt = now + visibility;
      if (++message.receives > maxReceives) {
        this.dead.push(message);
        this.#delete(message.id);
      }
    }
    if (batch.length === 0) return;
    this.#invoke(batch);
    if (!isTwice()) return;
    onTwice('at once');
    this.#invoke(batch);
  }

  #invoke(batch: readonly Kept[]): void {
    const messages = batch.map(({ id, body, sentAt }) => ({ id, body, sentAt }));
    this.#options.invoke(messages, (outcome) => {
      if (outcome.status === 'failed') return;
      const { batchItemFailures } = outcome.answer as { batchItemFailures: { itemIdentifier: string }[] };
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const message of batch) if (!failed.has(message.id)) this.#delete(message.id);
    });
  }

  #delete(id: string): void {
    const message = this.#kept.find((each) => each.id === id);
    if (!message) return;
    this.#kept = this.#kept.filter((each) => each !== message);
    if (!this.#options.isTwice()) return;
    this.#scheduler.after(LATE, 'a deleted message comes again', () => {
      this.#options.onTwice('later');
      this.#add({ ...message, visibleAt: this.#scheduler.now });
    });
  }
}
