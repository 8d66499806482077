import type { LogEvent } from '../../../shared/events/event.ts';
import type { Level } from '../../../shared/events/levels.ts';
import type { Random } from '../random.ts';

const LEVEL_WEIGHTS: readonly [Level, number][] = [
  ['critical', 4],
  ['error', 36],
  ['warning', 20],
  ['info', 28],
  ['debug', 12],
];
const SOURCES = ['orders', 'billing', 'web', 'products-csv'];
const MESSAGES = [
  (n: number) => `payment ${n} was declined after ${n % 90} ms`,
  (n: number) => `cannot reach 10.0.${n % 200}.7:5432`,
  (n: number) => `row ${n} of products.csv has no price`,
  (n: number) => `user ${n} signed in`,
  (n: number) => `GET /orders/${n} took ${n % 4000} ms`,
  (n: number) => `disk /dev/sd${'abc'[n % 3]} is ${n % 100}% full`,
  (n: number) => `retrying job ${n}\n  after a time-out`,
];

export interface LogEventOptions {
  /** All events alike, of level error. */
  oneFingerprint: boolean;
  /** Milliseconds by which the clock of a source is ahead. */
  skew: (source: string) => number;
}

/** Makes canonical events as the product's client does. */
export class LogEvents {
  readonly #random: Random;
  readonly #options: LogEventOptions;

  constructor(random: Random, options: LogEventOptions) {
    this.#random = random;
    this.#options = options;
  }

  make(now: number): LogEvent {
    const random = this.#random;
    const { oneFingerprint, skew } = this.#options;
    const level = oneFingerprint ? 'error' : this.#level();
    const source = oneFingerprint ? 'orders' : random.pick(SOURCES);
    const message = (oneFingerprint ? MESSAGES[0] : random.pick(MESSAGES))?.(random.between(1, 99_999)) ?? '';
    const time = new Date(now + skew(source) - random.between(0, 2_000)).toISOString();
    const event: LogEvent = { v: 1, id: this.id(now), type: 'log', time, level, source, message };
    if (random.chance(0.02)) event.type = 'host.sampled';
    if (!oneFingerprint && random.chance(0.1)) {
      event.error = {
        type: 'TypeError',
        message: 'x is undefined',
        stack: `TypeError: x\n    at f (/app/${source}.js:1:2)`,
      };
    }
    if (random.chance(0.15)) event.details = { order: random.between(1, 99), nested: { ok: true } };
    if (random.chance(0.1)) event.attributes = { region: 'eu-central-1' };
    return event;
  }

  /** A UUIDv7 as the client makes it. */
  id(now: number): string {
    const time = now.toString(16).padStart(12, '0');
    const tail = this.#random.hex(18);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-a${tail.slice(3, 6)}-${tail.slice(6)}`;
  }

  #level(): Level {
    let left = this.#random.between(1, 100);
    for (const [level, weight] of LEVEL_WEIGHTS) {
      left -= weight;
      if (left <= 0) return level;
    }
    return 'info';
  }
}
