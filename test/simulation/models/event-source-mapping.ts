import type { StreamRecord } from '../../../shared/stream/ports.ts';
import { type Chaos, isIn, type Span } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { readAnswer } from './mapping-answer.ts';
import { isDone, isOfLane, type Lane, laneOf, type StartsAt, startOf, type Work, waits } from './mapping-lane.ts';
import { noMetrics } from './mapping-metrics.ts';
import type { Outcome } from './model-function.ts';
import type { ModelStream, Shard } from './model-stream.ts';

export interface MappingOptions {
  name: string;
  /** Invokes the function; `settle` is called once. */
  invoke: (records: readonly StreamRecord[], settle: (outcome: Outcome) => void) => void;
  batchSize: number;
  window: number;
  parallelization: number;
  bisects: boolean;
  reportsFailures: boolean;
  /** Tries beyond the first. */
  retries: number;
  recordAge: number;
  /** Whether the retry count begins anew after partial progress is undocumented. */
  retryCounter: 'restarts' | 'goes on';
  startsAt: StartsAt;
  paused: readonly Span[];
  throttled: readonly Span[];
  childFirst: boolean;
  /** Takes what is given up; answers whether it could be kept. */
  keepFailed: (mapping: string, records: readonly StreamRecord[], reason: string) => boolean;
}

export interface MappingWorld {
  scheduler: Scheduler;
  chaos: Chaos;
  random: Random;
  stream: ModelStream;
}

const POLL = 250;
const LONGEST_BACKOFF = 60_000;
const TEN_MINUTES = 600_000;

/** Lambda's event source mapping on Kinesis. Source: FACTS.md, "Lambda event source mapping on Kinesis". */
export class EventSourceMapping {
  readonly options: MappingOptions;
  readonly metrics = noMetrics();
  readonly #world: MappingWorld;
  readonly #random: Random;
  readonly #lanes = new Map<Shard, Lane[]>();

  constructor(options: MappingOptions, world: MappingWorld) {
    this.options = options;
    this.#world = world;
    this.#random = world.random.fork(`mapping ${options.name}`);
    for (const shard of world.stream.shards) this.#adopt(shard, startOf(shard, options.startsAt));
    world.stream.onRecord.push((record) => this.#notice(record));
  }

  get isDrained(): boolean {
    return [...this.#lanes.values()].every((lanes) => lanes.every(isDone));
  }

  /** Whether records of the shard are under way or wait. */
  isBehind(shard: Shard): boolean {
    return !(this.#lanes.get(shard) ?? []).every(isDone);
  }

  /** Hands nothing of the shard over for so long, as a poller that lags. */
  rest(shard: Shard, milliseconds: number): void {
    for (const lane of this.#lanes.get(shard) ?? []) lane.restsUntil = this.#world.scheduler.now + milliseconds;
  }

  /** Whether a record waits that arrived before a time. */
  waitsSince(before: number): boolean {
    return [...this.#lanes.values()].some((lanes) => lanes.some((lane) => waits(lane, before)));
  }

  /** Delivers everything again from the start of what the stream still has, beside what is to come. */
  replay(): void {
    for (const [shard, lanes] of this.#lanes) {
      for (const lane of lanes) {
        const own = shard.records.filter((record) => isOfLane(lane, record) && this.#world.stream.read(record));
        for (let at = 0; at < own.length; ) {
          const size = this.#random.between(1, this.options.batchSize);
          lane.queue.push({ records: own.slice(at, at + size), attempts: 0 });
          at += size;
        }
        this.#poke(lane, POLL);
      }
    }
  }

  #adopt(shard: Shard, cursor: number): Lane[] {
    const known = this.#lanes.get(shard);
    if (known) return known;
    const of = this.options.parallelization;
    const lanes = Array.from(
      { length: of },
      (_, index): Lane => ({ shard, index, of, cursor, queue: [], isBusy: false, restsUntil: 0, pokedFor: undefined }),
    );
    this.#lanes.set(shard, lanes);
    for (const lane of lanes) this.#poke(lane, POLL);
    return lanes;
  }

  #notice(record: StreamRecord): void {
    const shard = this.#world.stream.shards.find(({ id }) => id === record.shardId) as Shard;
    const lanes = this.#adopt(shard, 0);
    const lane = lanes[laneOf(record.partitionKey, lanes.length)] as Lane;
    this.#poke(lane, this.options.window);
  }

  /** Looks at the lane after so long; an earlier look that is already planned stands. */
  #poke(lane: Lane, milliseconds: number): void {
    const { scheduler } = this.#world;
    const time = scheduler.now + milliseconds;
    if (lane.pokedFor !== undefined && lane.pokedFor <= time && lane.pokedFor > scheduler.now) return;
    lane.pokedFor = time;
    scheduler.at(time, `${this.options.name} looks at ${lane.shard.id}/${lane.index}`, () => {
      if (lane.pokedFor === time) this.#look(lane);
    });
  }

  #look(lane: Lane): void {
    lane.pokedFor = undefined;
    if (lane.isBusy) return;
    const rest = lane.restsUntil - this.#world.scheduler.now;
    const wait = rest > 0 ? rest : (this.#waitBeforeWork(lane) ?? this.#work(lane));
    if (wait !== undefined) this.#poke(lane, wait);
  }

  /** Hands the lane's next batch over; answers after how long to look again when there is none to hand over now. */
  #work(lane: Lane): number | undefined {
    const work = lane.queue[0] ?? this.#gather(lane);
    if (!work) return undefined;
    if (lane.queue[0] !== work) lane.queue.unshift(work);
    this.#giveUpExpired(lane, work);
    if (work.records.length === 0) {
      lane.queue.shift();
      return POLL;
    }
    this.#age(work);
    if (this.#isHeld()) return 20_000;
    this.#invoke(lane, work);
    return undefined;
  }

  /** A child waits until its parents are drained; a mapping that is paused hands over nothing. */
  #waitBeforeWork(lane: Lane): number | undefined {
    const { scheduler, chaos } = this.#world;
    if (!this.options.childFirst && this.#isAhead(lane)) return 5_000;
    if (!isIn(scheduler.now, this.options.paused)) return undefined;
    if (waits(lane, Number.POSITIVE_INFINITY)) chaos.hit(22);
    return 15_000;
  }

  #isAhead({ shard }: Lane): boolean {
    return shard.parents.some((parent) => this.isBehind(parent));
  }

  #isHeld(): boolean {
    const { scheduler, chaos } = this.#world;
    if (!isIn(scheduler.now, this.options.throttled)) return false;
    this.metrics.throttled++;
    if (chaos.planned.has(18)) chaos.hit(18);
    return true;
  }

  /** The next batch, from the cursor on. */
  #gather(lane: Lane): Work | undefined {
    const { shard } = lane;
    const records: StreamRecord[] = [];
    let cursor = lane.cursor;
    for (; cursor < shard.records.length && records.length < this.options.batchSize; cursor++) {
      const record = shard.records[cursor] as StreamRecord;
      if (isOfLane(lane, record)) records.push(record);
    }
    if (records.length === 0) {
      lane.cursor = cursor;
      return undefined;
    }
    const ready = (records[0] as StreamRecord).arrivedAt + this.options.window;
    if (records.length < this.options.batchSize && shard.isOpen && this.#world.scheduler.now < ready) {
      this.#poke(lane, ready - this.#world.scheduler.now);
      return undefined;
    }
    lane.cursor = cursor;
    this.metrics.batches++;
    return { records, attempts: 0 };
  }

  #giveUpExpired(lane: Lane, work: Work): void {
    const { scheduler, chaos, stream } = this.#world;
    const oldest = scheduler.now - this.options.recordAge;
    const expired = work.records.filter((record) => record.arrivedAt < oldest || !stream.read(record));
    if (expired.length === 0) return;
    this.metrics.firstExpired ??= scheduler.now;
    if (expired.length < work.records.length) chaos.hit(15);
    work.records = work.records.filter((record) => !expired.includes(record));
    this.options.keepFailed(this.options.name, expired, `${lane.shard.id}: record age`);
  }

  #age(work: Work): void {
    const { scheduler, chaos } = this.#world;
    const ages = work.records.map(({ arrivedAt }) => scheduler.now - arrivedAt);
    const [before, half] = [this.metrics.iteratorAge, this.options.recordAge / 2];
    this.metrics.iteratorAge = Math.max(before, ...ages);
    this.metrics.ages.push({ at: scheduler.now, value: ages.at(-1) as number });
    if (before > half || this.metrics.iteratorAge <= half || !chaos.active.has(43)) return;
    chaos.hit(43, isIn(scheduler.now, this.options.throttled) ? 'throttled' : 'hanging');
  }

  #invoke(lane: Lane, work: Work): void {
    const { scheduler, chaos } = this.#world;
    this.metrics.invocations++;
    this.metrics.tries = Math.max(this.metrics.tries, work.attempts + 1);
    lane.isBusy = true;
    if (this.#isAhead(lane)) chaos.hit(21, 'child first');
    if (work.lastFailure !== undefined && scheduler.now - work.lastFailure > TEN_MINUTES && work.wasLost) chaos.hit(32);
    scheduler.note(
      `${this.options.name} invokes ${lane.shard.id} ${work.records[0]?.sequenceNumber} +${work.records.length}`,
    );
    this.options.invoke(work.records, (outcome) => {
      lane.isBusy = false;
      this.#settle(lane, work, outcome);
    });
  }

  #settle(lane: Lane, work: Work, outcome: Outcome): void {
    lane.queue.splice(lane.queue.indexOf(work), 1);
    const numbers = work.records.map(({ sequenceNumber }) => sequenceNumber);
    const verdict =
      outcome.status === 'answered'
        ? readAnswer(outcome.answer, numbers, this.options.reportsFailures)
        : { status: 'failed' as const, from: 0 };
    if (verdict.status === 'failed') this.#fail(lane, work, { from: verdict.from, outcome });
    else this.#succeed(lane, work);
  }

  #succeed(lane: Lane, work: Work): void {
    if (this.#world.chaos.strikes(20, 0.1)) {
      // The checkpoint was not kept: some of it comes again, cut otherwise, after what is newer.
      this.#world.chaos.hit(20);
      const from = this.#random.between(0, work.records.length - 1);
      lane.queue.push({ records: work.records.slice(from), attempts: 0 });
    }
    this.#poke(lane, POLL);
  }

  #fail(lane: Lane, work: Work, { from, outcome }: { from: number; outcome: Outcome }): void {
    const { scheduler } = this.#world;
    scheduler.note(`${this.options.name} fails from ${from} of ${work.records.length}`);
    const wasLost = outcome.status === 'failed' && outcome.reason.includes('fault 32');
    // What nobody heard of stays so for long, while all other batches go on.
    const backoff = wasLost ? TEN_MINUTES + 60_000 : Math.min(LONGEST_BACKOFF, 500 * 2 ** Math.min(work.attempts, 8));
    const next: Work[] = [];
    for (const again of this.#split(work, from, outcome.status === 'failed')) {
      if (again.attempts <= this.options.retries) next.push({ ...again, lastFailure: scheduler.now, wasLost });
      else this.options.keepFailed(this.options.name, again.records, 'retries');
    }
    lane.queue.unshift(...next);
    lane.restsUntil = scheduler.now + backoff + this.#random.between(0, 200);
    this.#poke(lane, lane.restsUntil - scheduler.now);
  }

  /** What comes again, in this order. Splits use up no retry. */
  #split({ records, attempts }: Work, from: number, isError: boolean): Work[] {
    const { chaos } = this.#world;
    const { retryCounter, bisects } = this.options;
    if (from > 0) {
      const goneOn = attempts + (bisects ? 0 : 1);
      return [{ records: records.slice(from), attempts: retryCounter === 'restarts' ? 0 : goneOn }];
    }
    if (!bisects || records.length === 1 || !isError) return [{ records, attempts: attempts + 1 }];
    const half = Math.ceil(records.length / 2);
    const halves = [records.slice(0, half), records.slice(half)].map((part) => ({ records: part, attempts }));
    if (!chaos.strikes(20, 0.3, 'halves')) return halves;
    chaos.hit(20);
    return halves.reverse();
  }
}
