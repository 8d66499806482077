import { ingestMessages, type QueueMessage } from '../../../services/ingest-s3/ingest-messages.ts';
import { type DropLimits, dropLimits, ingestObject } from '../../../services/ingest-s3/ingest-object.ts';
import {
  type DroppedObject,
  type DropQuarantine,
  type OpenedObject,
  objectName,
} from '../../../shared/stream/drop-bucket.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import { Chaos } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { gatedTable } from './gated-table.ts';
import { type FunctionInstance, ModelFunction, type Outcome } from './model-function.ts';
import { putCall } from './put-call.ts';

/** What the generator knows of a file, without asking the product. */
export interface DroppedFile {
  object: DroppedObject;
  data: Buffer;
  modifiedAt: number;
  /** Ids of its events that bring one, how many bring none, its lines that are no JSON. */
  ids: string[];
  withoutId: number;
  bad: string[];
  /** How often it was read, and how often after it was done. */
  reads: number;
  lateReads: number;
}

const BUCKET = 'drops';
/** As deployed: serverless.yml and infrastructure/ingest.yml. */
const TIMEOUT = 120_000;
const VISIBILITY = 150_000;
const TRIES = 200;
/** Small, so that a file of some lines is many chunks, as one of thousands would be. */
const LIMITS: DropLimits = { ...dropLimits(256), chunkPieces: 4 };

/**
 * The drop bucket, its queue and the function behind it, unchanged. SQS delivers at least once: also twice at a time.
 * Its chance is its own, so that the rest of a run is what it is without it.
 */
export class ModelDrops {
  readonly files = new Map<string, DroppedFile>();
  /** By object and first piece, or object alone: what is in quarantine. */
  readonly kept = new Map<string, string>();
  gaveUp = 0;
  /** In whose calls the stream takes some of a file, and then nothing more. */
  readonly #choked = new WeakSet<FunctionInstance>();
  readonly #world: World;
  readonly #chaos: Chaos;
  readonly #random: Random;
  readonly #function: ModelFunction<readonly QueueMessage[]>;

  constructor(world: World) {
    const { scheduler, plan } = world;
    this.#world = world;
    this.#random = world.random.fork('drops');
    this.#chaos = new Chaos(scheduler, this.#random.fork('chaos'), {
      active: new Set([1, 2, 3, 5, 6, 7]),
      planned: new Set(),
    });
    this.#chaos.until = plan.faultsEnd;
    this.#function = new ModelFunction(
      { name: 'ingest-s3', timeout: TIMEOUT, skew: () => 0, make: (instance) => this.#code(instance) },
      { scheduler, chaos: this.#chaos, random: this.#random.fork('function') },
    );
  }

  drop(file: Omit<DroppedFile, 'modifiedAt' | 'reads' | 'lateReads'>): void {
    const name = objectName(file.object);
    this.files.set(name, { ...file, modifiedAt: this.#world.scheduler.now, reads: 0, lateReads: 0 });
    this.notify(file.object);
    if (!this.#random.chance(0.2)) return;
    this.#world.chaos.hit(47, 'twice');
    this.notify(file.object);
  }

  notify({ bucket, key, versionId }: DroppedObject): void {
    const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, versionId } } };
    this.#deliver({ messageId: key, body: JSON.stringify({ Records: [record] }) }, 1);
  }

  receiptOf({ bucket, key, versionId }: DroppedObject) {
    return this.#world.tables.ledger.peek({ scope: `drop#${bucket}/${key}`, entry: versionId });
  }

  #deliver(message: QueueMessage, tries: number): void {
    const { scheduler } = this.#world;
    if (tries > TRIES) {
      this.gaveUp++;
      return;
    }
    let isAgain = false;
    const settle = (outcome: Outcome) => {
      if (isAgain || isDone(outcome)) return;
      isAgain = true;
      this.#world.chaos.hit(47, 'crash');
      scheduler.after(VISIBILITY, 'SQS shows a message again', () => this.#deliver(message, tries + 1));
    };
    scheduler.after(this.#random.between(50, 2_000), 'SQS delivers', () => this.#function.invoke([message], settle));
  }

  #code(instance: FunctionInstance) {
    const ports = { ...this.#ports(instance), clock: instance.clock, limits: LIMITS };
    return async (messages: readonly QueueMessage[], deadline: number): Promise<unknown> => {
      if (this.#chaos.strikes(6, 0.1, 'all')) this.#choked.add(instance);
      else this.#choked.delete(instance);
      return ingestMessages(messages, {
        bucket: BUCKET,
        clock: instance.clock,
        deadline,
        ingest: (object) => ingestObject(object, { ...ports, deadline }),
        report: () => undefined,
      });
    };
  }

  #ports(instance: FunctionInstance) {
    const { services, tables } = this.#world;
    const quarantine: DropQuarantine = {
      keepObject: ({ object }) => this.#keep(instance, objectName(object), this.#file(object).data.toString('latin1')),
      keepPieces: ({ object, pieces: [first, ...others] }) =>
        this.#keep(
          instance,
          `${objectName(object)}-${first?.index}`,
          [first, ...others].map((piece) => Buffer.from(piece?.bytes ?? []).toString('latin1')).join('\n'),
        ),
    };
    return {
      bucket: { open: (object: DroppedObject) => this.#open(instance, object) },
      quarantine,
      ledger: gatedTable({ table: tables.ledger, service: services.ledger, instance, chaos: this.#chaos }),
      send: putCall(instance, {
        world: this.#world,
        chaos: this.#chaos,
        random: this.#random,
        kind: 'dropped',
        isChoked: () => this.#choked.has(instance),
      }),
    };
  }

  #file(object: DroppedObject): DroppedFile {
    return this.files.get(objectName(object)) as DroppedFile;
  }

  #keep(instance: FunctionInstance, name: string, payload: string): Promise<void> {
    const effect = () => void this.kept.set(name, payload);
    return instance.call({ service: this.#world.services.s3, label: 'keeps a refusal', writes: true, effect });
  }

  #open(instance: FunctionInstance, object: DroppedObject): Promise<OpenedObject | undefined> {
    const effect = () => {
      const file = this.#file(object);
      file.reads++;
      const { data, modifiedAt } = file;
      const breaksAt = this.#chaos.strikes(1, 0.05) ? this.#random.between(0, data.length) : data.length;
      return { size: data.length, modifiedAt, body: chunksOf(data, breaksAt), close: () => undefined };
    };
    return instance.call({ service: this.#world.services.s3, label: 'reads a file', writes: false, effect });
  }
}

function isDone(outcome: Outcome): boolean {
  return outcome.status === 'answered' && Array.isArray(outcome.answer) && outcome.answer.length === 0;
}

async function* chunksOf(data: Buffer, breaksAt: number): AsyncGenerator<Uint8Array> {
  yield data.subarray(0, breaksAt);
  if (breaksAt < data.length) throw new Fault('unavailable', 'the connection broke');
}
