import type { Clock, SendChunk } from '../../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../../shared/stream/put-records.ts';
import type { SendAllResult } from '../../../shared/stream/send-all.ts';
import type { Chaos } from '../chaos.ts';
import type { AcceptedRecord, Parcel } from '../input/parcel.ts';
import type { Random } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';
import { modelPutRecords, refuseNone, refusePart, type Taken } from './model-put-records.ts';
import { ModelStream } from './model-stream.ts';

export interface ProducerWorld {
  scheduler: Scheduler;
  chaos: Chaos;
  random: Random;
  stream: ModelStream;
  accept: (accepted: AcceptedRecord) => void;
  violate: (what: string) => void;
}

/** An application tries again what the client says it could not send, so often and after so long. */
const ROUNDS = 3;
const PAUSE = 30_000;

/** `PutRecords` of a producer: the stream takes a part of a call, or all of it and its answer is lost. */
export function producerCall<E extends StreamEntry>(
  { scheduler, chaos, random, stream }: Pick<ProducerWorld, 'scheduler' | 'chaos' | 'random' | 'stream'>,
  onTaken: (taken: Taken<E>) => void,
): SendChunk<E> {
  const losesAnswer = () => {
    if (!chaos.strikes(7, 0.2)) return false;
    chaos.hit(7);
    return true;
  };
  const refusing = () => (chaos.strikes(6, 0.25) ? refusePart(random, () => chaos.hit(6)) : refuseNone);
  return modelPutRecords({ scheduler, random, stream, onTaken, label: 'PutRecords', refusing, losesAnswer });
}

/**
 * An application that puts records with the product's own `putRecords`, over calls that fail in part, and calls that
 * time out although they landed. Source: FACTS.md, "Kinesis".
 */
export class ModelProducer {
  /** Records that the stream can never take, or never took. */
  refused = 0;
  readonly #world: ProducerWorld;
  readonly #clock: Clock;
  readonly #call: SendChunk<Parcel>;

  constructor(world: ProducerWorld) {
    const { scheduler, random, accept } = world;
    this.#world = world;
    this.#call = producerCall(world, ({ record, entry }) => accept({ record, parcel: entry }));
    this.#clock = {
      now: () => scheduler.now,
      random: () => random.next(),
      sleep: (milliseconds) => scheduler.sleep(milliseconds, 'a producer waits'),
    };
  }

  /** Puts records; never rejects. */
  async put(parcels: readonly Parcel[]): Promise<void> {
    this.#world.scheduler.wake();
    let waiting = [...parcels];
    let held: readonly string[] = [];
    for (let round = 0; round < ROUNDS && waiting.length > 0; round++) {
      if (round > 0) await this.#clock.sleep(PAUSE);
      const { unsent } = await this.#putAll(waiting);
      const sound = unsent.filter(({ index }) => ModelStream.refusalOf(waiting[index] as Parcel) === undefined);
      held = sound.map(({ reason }) => reason);
      waiting = unsent.map(({ index }) => waiting[index] as Parcel);
    }
    if (held.some((reason) => reason.startsWith('invalid')))
      this.#world.violate('PutRecords refuses a record within the limits: one over them was in its call');
    const { chaos } = this.#world;
    const tooLarge = waiting.filter((parcel) => ModelStream.refusalOf(parcel) !== undefined);
    for (const { fault, kind } of tooLarge.flatMap(({ faults }) => faults)) chaos.hit(fault, kind);
    this.refused += waiting.length;
  }

  async #putAll(parcels: readonly Parcel[]): Promise<SendAllResult> {
    const { violate } = this.#world;
    const byData = new Map(parcels.map((parcel) => [parcel.data, parcel]));
    const taken = new Set<Uint8Array>();
    const result = await putRecords(parcels, {
      clock: this.#clock,
      send: async (entries) => {
        const sent = entries.map(({ data }) => data);
        if (sent.some((data) => taken.has(data))) violate('PutRecords sent a record again that was taken');
        const failures = await this.#call(sent.map((data) => byData.get(data) as Parcel));
        const refused = new Set(failures.map(({ index }) => index));
        for (const [index, data] of sent.entries()) if (!refused.has(index)) taken.add(data);
        return failures;
      },
    });
    const named = new Set(result.unsent.map(({ index }) => index));
    const isSilent = parcels.some(({ data }, index) => taken.has(data) === named.has(index));
    if (isSilent) violate('PutRecords neither sent a record nor named it as unsent, or did both');
    return result;
  }
}
