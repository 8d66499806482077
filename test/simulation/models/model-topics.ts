import type { Notice } from '../../../shared/alerts/notice.ts';
import { subjectOf } from '../../../shared/alerts/notice.ts';
import type { PublishNotices } from '../../../shared/alerts/outbox.ts';
import type { Level } from '../../../shared/events/levels.ts';
import type { SendFailure } from '../../../shared/stream/ports.ts';
import { sendAll } from '../../../shared/stream/send-all.ts';
import type { Chaos, Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';
import { copyItem } from './table-item.ts';

export interface Delivered {
  level: Level;
  notice: Notice;
  at: number;
  by: string;
}

/** PublishBatch: 10 entries, 256 KiB together. Source: FACTS.md, "SNS". The same numbers as `shared/aws/sns-topics.ts`. */
const PUBLISH_LIMITS = { count: 10, bytes: 250 * 1_024 };
const BATCH_BYTES = 256 * 1_024;
const ATTEMPTS = 3;
/** Printable ASCII under 100 characters. Source: FACTS.md, "SNS". */
const SUBJECT = /^[\x20-\x7e]{1,99}$/;

/** A topic that can be down while the others are up. */
interface TopicAlone {
  level: Level;
  service: Service;
}

export interface ModelTopicsOptions {
  chaos: Chaos;
  service: Service;
  alone?: TopicAlone;
  now: () => number;
  onDelivered: (notice: Notice, by: FunctionInstance) => void;
}

/** Five topics. What arrived is kept in order. */
export class ModelTopics {
  readonly delivered: Delivered[] = [];
  /** What was not taken in all of a sender's tries. */
  readonly refused: { notice: Notice; at: number }[] = [];
  /** What SNS would have refused as malformed: none may. */
  readonly malformed: string[] = [];
  readonly #chaos: Chaos;
  readonly #service: Service;
  readonly #alone: TopicAlone | undefined;
  readonly #now: () => number;
  readonly #onDelivered: ModelTopicsOptions['onDelivered'];

  constructor(options: ModelTopicsOptions) {
    this.#chaos = options.chaos;
    this.#service = options.service;
    this.#alone = options.alone;
    this.#now = options.now;
    this.#onDelivered = options.onDelivered;
  }

  /** The port of one function instance. It sends in calls of ten and again what was refused, as the adapter does. */
  publisher(instance: FunctionInstance): PublishNotices {
    return async (level, notices) => {
      let refused: ReadonlySet<string> | undefined;
      const { unsent } = await sendAll(notices, {
        clock: instance.clock,
        attempts: ATTEMPTS,
        limits: PUBLISH_LIMITS,
        sizeOf: (notice) => Buffer.byteLength(JSON.stringify(notice)) + 1_024,
        send: async (chunk) => {
          const isAgain = chunk.some(({ id }) => refused?.has(id));
          const again = chunk.filter(({ id }) => refused?.has(id) === false);
          if (isAgain && again.length > 0) this.malformed.push(`sent again although it was taken: ${again[0]?.id}`);
          const failures = await this.#publishBatch(instance, level, chunk);
          refused =
            failures.length === 0 ? undefined : new Set(failures.map(({ index }) => (chunk[index] as Notice).id));
          return failures;
        },
      });
      for (const { index } of unsent) this.refused.push({ notice: notices[index] as Notice, at: this.#now() });
      return unsent;
    };
  }

  #publishBatch(instance: FunctionInstance, level: Level, notices: readonly Notice[]): Promise<SendFailure[]> {
    return instance.call({
      service: this.#serviceOf(level),
      label: `publishes ${notices.length} ${level}`,
      writes: true,
      losesAnswer: () => {
        const isLost = this.#chaos.strikes(5, 0.04, 'sns');
        if (isLost) {
          this.#chaos.hit(5, 'topic');
          instance.noteUnsure();
        }
        return isLost;
      },
      effect: () => {
        const isPartial = this.#chaos.strikes(34, 0.3);
        const failures: SendFailure[] = [];
        for (const [index, notice] of notices.entries()) {
          if (isPartial && (index === 0 || this.#service.random.chance(0.5))) {
            this.#chaos.hit(34);
            failures.push({ index, reason: 'InternalError: ' });
          } else this.#take(level, notice, instance);
        }
        this.#checkCall(notices);
        return failures;
      },
    });
  }

  #serviceOf(level: Level): Service {
    return this.#alone?.level === level && this.#alone.service.isDown ? this.#alone.service : this.#service;
  }

  #take(level: Level, notice: Notice, by: FunctionInstance): void {
    this.delivered.push({ level, notice: copyItem(notice), at: this.#now(), by: by.name });
    this.#onDelivered(notice, by);
    if (!SUBJECT.test(subjectOf(notice))) this.malformed.push(`subject of ${notice.id}`);
    if (notice.level !== level) this.malformed.push(`${notice.id} of level ${notice.level} to the topic ${level}`);
  }

  #checkCall(notices: readonly Notice[]): void {
    const bytes = notices.reduce((sum, notice) => sum + Buffer.byteLength(JSON.stringify(notice)), 0);
    if (notices.length > 10 || bytes > BATCH_BYTES) this.malformed.push(`a call of ${notices.length}, ${bytes} bytes`);
  }
}
