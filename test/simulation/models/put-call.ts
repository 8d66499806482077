import type { LogEvent } from '../../../shared/events/event.ts';
import type { SendChunk } from '../../../shared/stream/ports.ts';
import type { StreamEntry } from '../../../shared/stream/put-records.ts';
import type { Chaos, Service } from '../chaos.ts';
import { type Parcel, partOf } from '../input/parcel.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { FunctionInstance } from './function-instance.ts';
import { type Refuse, refuseNone, type Taken, type TakeOptions, takeCall } from './model-put-records.ts';

export interface PutCallOptions extends Pick<TakeOptions<StreamEntry>, 'stream' | 'onTaken'> {
  service: Service;
  chaos: Chaos;
  random: Random;
  /** While it is true the stream takes hardly anything of a call. */
  isChoked?: () => boolean;
}

/** `PutRecords` of a function that puts: it takes a part of a call, or all and its answer is lost. Source: FACTS.md, "Kinesis". */
export function putCall(instance: FunctionInstance, options: PutCallOptions): SendChunk<StreamEntry> {
  const { stream, service, onTaken, chaos, random, isChoked = () => false } = options;
  const refusing = (): Refuse => {
    if (isChoked() && random.chance(0.9)) return () => 'busy';
    if (!chaos.strikes(6, 0.2)) return refuseNone;
    return () => (random.chance(0.5) ? 'busy' : undefined);
  };
  return (entries) =>
    instance.call({
      service,
      label: 'PutRecords',
      writes: true,
      effect: () => takeCall(entries, { stream, onTaken, refusing }),
      losesAnswer: () => chaos.strikes(7, 0.05),
    });
}

/** Where a function puts lines of events, and who learns of them. */
export function linesOnto(world: World, kind: string): Pick<PutCallOptions, 'stream' | 'service' | 'onTaken'> {
  const onTaken = ({ record, entry }: Taken<StreamEntry>) => world.accept({ record, parcel: linesParcel(kind, entry) });
  return { stream: world.stream, service: world.services.kinesis, onTaken };
}

/** What a record holds, line by line: what must be in it is for the check of those that put it. */
function linesParcel(kind: string, { data, partitionKey }: StreamEntry): Parcel {
  const lines = Buffer.from(data).toString('utf8').trimEnd().split('\n');
  const parts = lines.map((line) => partOf(JSON.parse(line) as LogEvent));
  return { kind, data, partitionKey, truth: { parts }, faults: [] };
}
