import type { LogEvent } from '../../../shared/events/event.ts';
import { requestMessage } from '../../../shared/remediation/message.ts';
import type { RemediationRequest } from '../../../shared/remediation/request.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import type { SendFailure } from '../../../shared/stream/ports.ts';
import { sendAll } from '../../../shared/stream/send-all.ts';
import type { Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';

/** PublishBatch and SendMessageBatch: 10 entries, 256 KiB together. Source: FACTS.md, "SNS"; SQS API, SendMessageBatch. */
const LIMITS = { count: 10, bytes: 250 * 1_024 };
const CALL_BYTES = 256 * 1_024;

/** As `shared/aws/sns-events.ts` has it. */
const TOPIC_ATTEMPTS = 3;

export interface ReceiverWorld<T> {
  service: Service;
  take: (one: T) => void;
  /** Whether it refuses this one, or takes a call and does not answer. */
  strikes: (what: 'refusal' | 'lost answer') => boolean;
}

/** The topic that restarts are told on. */
export function eventTopic(world: ReceiverWorld<LogEvent>): ModelReceiver<LogEvent> {
  const bytesOf = (event: LogEvent) => Buffer.byteLength(JSON.stringify(event)) + 1_024;
  return new ModelReceiver({ ...world, bytesOf, attempts: TOPIC_ATTEMPTS });
}

/** The queue that restarts are asked for on. */
export function requestQueue(world: ReceiverWorld<RemediationRequest>): ModelReceiver<RemediationRequest> {
  return new ModelReceiver({ ...world, bytesOf: (request) => Buffer.byteLength(requestMessage(request)) });
}

interface ModelReceiverOptions<T> extends ReceiverWorld<T> {
  /** Tries of its sender. Default: as `sendAll` has it. */
  attempts?: number;
  /** What its sender makes of one. */
  bytesOf: (one: T) => number;
}

/** A topic of events or a queue of requests: it takes a call in part, as a whole, or without its sender hearing of it. */
export class ModelReceiver<T> {
  readonly #options: ModelReceiverOptions<T>;

  constructor(options: ModelReceiverOptions<T>) {
    this.#options = options;
  }

  /** The port of one function instance. It sends in calls of ten and again what was refused, as the adapters do. */
  sender(instance: FunctionInstance): (all: readonly T[]) => Promise<SendFailure[]> {
    const send = (chunk: readonly T[]) => this.#call(instance, chunk);
    const { bytesOf: sizeOf, attempts } = this.#options;
    const options = { clock: instance.clock, limits: LIMITS, attempts, sizeOf, send };
    return async (all) => (await sendAll(all, options)).unsent;
  }

  #call(instance: FunctionInstance, chunk: readonly T[]): Promise<SendFailure[]> {
    const { service, bytesOf, take, strikes } = this.#options;
    return instance.call({
      service,
      label: `takes ${chunk.length}`,
      writes: true,
      effect: () => {
        const bytes = chunk.reduce((sum, one) => sum + bytesOf(one), 0);
        if (chunk.length > LIMITS.count || bytes > CALL_BYTES) {
          throw new Fault('invalid', `${service.name}: ${chunk.length} messages of ${bytes} bytes in a call`);
        }
        return chunk.flatMap((one, index) => {
          if (strikes('refusal')) return [{ index, reason: 'throttled' }];
          take(one);
          return [];
        });
      },
      losesAnswer: () => strikes('lost answer'),
    });
  }
}
