import type { SendChunk } from '../../shared/stream/ports.ts';
import type { StreamEntry } from '../../shared/stream/put-records.ts';
import type { Span } from '../simulation/chaos.ts';
import { applicationCall } from '../simulation/models/model-application.ts';
import { producerCall } from '../simulation/models/model-producer.ts';
import type { Taken } from '../simulation/models/model-put-records.ts';
import { ModelStream } from '../simulation/models/model-stream.ts';
import { putCall } from '../simulation/models/put-call.ts';
import type { worldWith } from './calm-world.ts';
import type { StreamUnderTest } from './stream-under-test.ts';

type ModelWorld = ReturnType<typeof worldWith>;

/** A model of the call, with what it told its world that the stream took. */
export interface ModelUnderTest extends StreamUnderTest {
  told: readonly Taken<StreamEntry>[];
}

type MakeCall = (
  world: ModelWorld & { stream: ModelStream },
  onTaken: (taken: Taken<StreamEntry>) => void,
) => SendChunk<StreamEntry>;

function opened(world: ModelWorld, makeCall: MakeCall): ModelUnderTest {
  const { random, scheduler, settle } = world;
  const now = () => scheduler.now;
  const stream = new ModelStream({ shards: 1, retentionHours: 24, random: random.fork('stream'), now });
  const told: Taken<StreamEntry>[] = [];
  const call = makeCall({ ...world, stream }, (taken) => told.push(taken));
  return {
    put: (entries) => settle(call(entries)),
    read: async () => [...(stream.shards[0]?.records ?? [])],
    remove: async () => {},
    told,
  };
}

/** As a function calls it. */
export function functionStream(world: ModelWorld, isChoked = () => false): ModelUnderTest {
  return opened(world, (all, onTaken) => putCall(all.instance, { ...all, isChoked, onTaken }));
}

/** As an application's client calls it; while the stream is down it is not answered. */
export function applicationStream(world: ModelWorld, down: readonly Span[] = []): ModelUnderTest {
  return opened(world, (all, onTaken) => applicationCall({ ...all, down }, onTaken));
}

/** All that the simulated producers put through. */
export const MODELS_OF_PUT_RECORDS: readonly (readonly [string, (world: ModelWorld) => ModelUnderTest])[] = [
  ['the model of a producer', (world) => opened(world, producerCall)],
  ['the model of a function that puts', (world) => functionStream(world)],
  ["the model of an application's client", (world) => applicationStream(world)],
];
