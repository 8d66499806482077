import { CLIENT_SETTINGS } from '../../shared/aws/client-settings.ts';
import { Fault, type FaultCode } from '../../shared/stream/fault.ts';
import { FaultLog } from './faults.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** From `from` until before `to`, virtual milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

export function isIn(time: number, spans: readonly Span[]): boolean {
  return spans.some(({ from, to }) => time >= from && time < to);
}

/** A planned fault that had so many chances strikes for certain: a run in which it never struck shows nothing. */
const CERTAIN_AFTER = 4;

/** Decides which fault strikes when, and counts. Nothing strikes after `until`. */
export class Chaos {
  readonly log = new FaultLog();
  /** Faults that may strike in this run. */
  readonly active: ReadonlySet<number>;
  /** Those of them that the run is about. */
  readonly planned: ReadonlySet<number>;
  until = Number.POSITIVE_INFINITY;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #chances = new Map<string, number>();
  readonly #struck = new Set<string>();

  constructor(
    scheduler: Scheduler,
    random: Random,
    { active, planned }: { active: ReadonlySet<number>; planned: ReadonlySet<number> },
  ) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.active = active;
    this.planned = planned;
  }

  get isOver(): boolean {
    return this.#scheduler.now >= this.until;
  }

  /** Whether the fault strikes at this chance. The caller counts the hit once it has done it. */
  strikes(fault: number, probability: number, kind = ''): boolean {
    if (!this.active.has(fault) || this.isOver) return false;
    const name = `${fault} ${kind}`;
    const chances = (this.#chances.get(name) ?? 0) + 1;
    this.#chances.set(name, chances);
    const due = this.planned.has(fault) && chances >= CERTAIN_AFTER && !this.#struck.has(name);
    const strikes = this.#random.chance(probability) || due;
    if (strikes) this.#struck.add(name);
    return strikes;
  }

  hit(fault: number, kind?: string): void {
    this.log.hit(fault, kind);
    this.#scheduler.note(`fault ${fault} ${kind ?? ''}`);
  }
}

type ClientSettings = typeof CLIENT_SETTINGS;

/** How long its client waits for a call that is never answered, all tries together. */
function patienceOf({ maxAttempts, requestHandler }: ClientSettings): number {
  return maxAttempts * requestHandler.requestTimeout;
}

export interface ServiceOptions {
  name: string;
  latency: Span;
  /** While it is slow, calls take so long instead. */
  slow?: { spans: readonly Span[]; latency: Span };
  /** While it is down, calls fail so. */
  down?: { spans: readonly Span[]; code: FaultCode; fault: number; kind?: string; hangs?: boolean };
  /** Of the product's client, for calls that hang. Most have the usual ones. */
  client?: ClientSettings;
  throttled?: number;
}

/** How one AWS service answers at this time. */
export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  readonly #scheduler: Scheduler;
  readonly #chaos: Chaos;
  readonly random: Random;

  constructor(
    options: ServiceOptions,
    { scheduler, chaos, random }: { scheduler: Scheduler; chaos: Chaos; random: Random },
  ) {
    this.name = options.name;
    this.#options = options;
    this.#scheduler = scheduler;
    this.#chaos = chaos;
    this.random = random.fork(options.name);
  }

  latency(): number {
    const { slow, latency, down, client = CLIENT_SETTINGS } = this.#options;
    if (down?.hangs && this.isDown) return patienceOf(client);
    const isSlow = slow !== undefined && isIn(this.#scheduler.now, slow.spans);
    const { from, to } = isSlow ? slow.latency : latency;
    return this.random.between(from, to);
  }

  get isDown(): boolean {
    return isIn(this.#scheduler.now, this.#options.down?.spans ?? []);
  }

  /** The fault that the call as a whole meets, before it has any effect. */
  refusal(): Fault | undefined {
    const { down, name, throttled } = this.#options;
    if (down && this.isDown) {
      this.#chaos.hit(down.fault, down.kind);
      return new Fault(down.code, `${name} is down`);
    }
    if (!this.#chaos.isOver && this.random.chance(throttled ?? 0)) return new Fault('throttled', `${name} is busy`);
    return undefined;
  }
}
