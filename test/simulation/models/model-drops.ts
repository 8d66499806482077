import { ingestMessages, type QueueMessage } from '../../../services/ingest-s3/ingest-messages.ts';
import { type DropLimits, dropLimits, ingestObject } from '../../../services/ingest-s3/ingest-object.ts';
import { type DroppedObject, objectName } from '../../../shared/stream/drop-bucket.ts';
import { Chaos } from '../chaos.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { FunctionInstance } from './function-instance.ts';
import { gatedTable } from './gated-table.ts';
import { ModelDropBucket } from './model-drop-bucket.ts';
import { ModelFunction, type Outcome } from './model-function.ts';
import { linesOnto, putCall } from './put-call.ts';

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
 * The drop bucket, its queue and the function behind it, unchanged. S3 notifies and SQS delivers at least once: also twice
 * at a time. Source: S3 User Guide, "Event notification types"; SQS Developer Guide, "At-least-once delivery".
 * Its chance is its own, so that the rest of a run is what it is without it.
 */
export class ModelDrops {
  readonly files = new Map<string, DroppedFile>();
  gaveUp = 0;
  /** In whose calls the stream takes some of a file, and then nothing more. */
  readonly #choked = new WeakSet<FunctionInstance>();
  readonly #world: World;
  readonly #chaos: Chaos;
  readonly #random: Random;
  readonly #bucket: ModelDropBucket;
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
    this.#bucket = new ModelDropBucket({
      service: world.services.s3,
      onOpen: (object, size) => this.#onOpen(object, size),
    });
    this.#function = new ModelFunction(
      { name: 'ingest-s3', timeout: TIMEOUT, skew: () => 0, make: (instance) => this.#code(instance) },
      { scheduler, chaos: this.#chaos, random: this.#random.fork('function') },
    );
  }

  drop(file: Omit<DroppedFile, 'modifiedAt' | 'reads' | 'lateReads'>): void {
    const name = objectName(file.object);
    const modifiedAt = this.#world.scheduler.now;
    this.files.set(name, { ...file, modifiedAt, reads: 0, lateReads: 0 });
    this.#bucket.put(file.object, { data: file.data, modifiedAt });
    this.notify(file.object);
    if (!this.#random.chance(0.2)) return;
    this.#world.chaos.hit(47, 'twice');
    this.notify(file.object);
  }

  notify({ bucket, key, versionId }: DroppedObject): void {
    const record = { eventName: 'ObjectCreated:Put', s3: { bucket: { name: bucket }, object: { key, versionId } } };
    this.#deliver({ messageId: key, body: JSON.stringify({ Records: [record] }) }, 1);
  }

  /** By object and first piece, or object alone: what is in quarantine. */
  get kept(): ReadonlyMap<string, string> {
    return this.#bucket.kept;
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
    return {
      bucket: this.#bucket.bucket(instance),
      quarantine: this.#bucket.quarantine(instance),
      ledger: gatedTable({ table: tables.ledger, service: services.ledger, instance, chaos: this.#chaos }),
      send: putCall(instance, {
        ...linesOnto(this.#world, 'dropped'),
        chaos: this.#chaos,
        random: this.#random,
        isChoked: () => this.#choked.has(instance),
      }),
    };
  }

  /** Counts what is read, and breaks a connection now and then. */
  #onOpen(object: DroppedObject, size: number): number | undefined {
    (this.files.get(objectName(object)) as DroppedFile).reads++;
    return this.#chaos.strikes(1, 0.05) ? this.#random.between(0, size) : undefined;
  }
}

function isDone(outcome: Outcome): boolean {
  return outcome.status === 'answered' && Array.isArray(outcome.answer) && outcome.answer.length === 0;
}
