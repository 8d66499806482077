import type { SendChunk } from '../../../shared/stream/ports.ts';
import type { StreamEntry } from '../../../shared/stream/put-records.ts';
import type { Chaos } from '../chaos.ts';
import type { Parcel } from '../input/parcel.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { FunctionInstance } from './model-function.ts';
import { ModelStream } from './model-stream.ts';

export interface PutCallOptions {
  world: World;
  chaos: Chaos;
  random: Random;
  /** What its records are called in a violation. */
  kind: string;
  /** While it is true the stream takes hardly anything of a call. */
  isChoked?: () => boolean;
}

/** `PutRecords` of a function that puts: it takes a part of a call, or all and its answer is lost. Source: FACTS.md, "Kinesis". */
export function putCall(instance: FunctionInstance, options: PutCallOptions): SendChunk<StreamEntry> {
  const { world, chaos, random, kind, isChoked = () => false } = options;
  const effect = (entries: readonly StreamEntry[]) => {
    ModelStream.checkCall(entries);
    if (isChoked() && random.chance(0.9)) return entries.map((_, index) => ({ index, reason: 'busy' }));
    const isPartial = chaos.strikes(6, 0.2);
    return entries.flatMap((entry, index) => {
      if (isPartial && random.chance(0.5)) return [{ index, reason: 'busy' }];
      world.accept({ record: world.stream.put(entry), parcel: linesParcel(kind, entry) });
      return [];
    });
  };
  return (entries) =>
    instance.call({
      service: world.services.kinesis,
      label: 'PutRecords',
      writes: true,
      effect: () => effect(entries),
      losesAnswer: () => chaos.strikes(7, 0.05),
    });
}

/** What a record holds, line by line: what must be in it is for the check of those that put it. */
function linesParcel(kind: string, { data, partitionKey }: StreamEntry): Parcel {
  const lines = Buffer.from(data).toString('utf8').trimEnd().split('\n');
  const parts = lines.map((line) => ({ id: (JSON.parse(line) as { id: string }).id, level: undefined }));
  return { kind, data, partitionKey, truth: { parts }, faults: [] };
}
