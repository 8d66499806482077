import { decodeEvent } from '../../shared/events/decode.ts';
import type { LogEvent } from '../../shared/events/event.ts';
import { withRetry } from '../../shared/stream/backoff.ts';
import {
  type DropBucket,
  type DroppedObject,
  type DropQuarantine,
  type OpenedObject,
  objectName,
  type RefusedPiece,
} from '../../shared/stream/drop-bucket.ts';
import { Fault } from '../../shared/stream/fault.ts';
import { packEvents } from '../../shared/stream/pack.ts';
import type { Clock, SendChunk, Table } from '../../shared/stream/ports.ts';
import { putRecords, type StreamEntry } from '../../shared/stream/put-records.ts';
import { type DropReceipt, readReceipt, saveReceipt } from './drop-receipt.ts';
import { openText } from './open-text.ts';
import { type Piece, Unreadable } from './pieces.ts';
import { payloadOf, type ReadLimits, readPieces } from './read-pieces.ts';

export interface DropLimits extends ReadLimits {
  /** A larger object is not read. */
  objectBytes: number;
  /** What gzip may unpack to. */
  textBytes: number;
  /** Pieces of one object. */
  pieces: number;
  /** Pieces that are put, kept and receipted together, fewer when they are large: what a crash repeats at most. */
  chunkPieces: number;
  chunkBytes: number;
}

const MIB = 1024 * 1024;

/** The limits of a deployment whose objects may have so many MiB. */
export function dropLimits(maxObjectMiB: number): DropLimits {
  return {
    objectBytes: maxObjectMiB * MIB,
    textBytes: Math.max(2048, maxObjectMiB) * MIB,
    pieces: 10_000_000,
    chunkPieces: 1_000,
    chunkBytes: MIB / 2,
    headBytes: 4 * MIB,
    pieceBytes: 4 * MIB,
  };
}

export interface IngestObjectPorts {
  bucket: DropBucket;
  quarantine: DropQuarantine;
  ledger: Table;
  send: SendChunk<StreamEntry>;
  clock: Clock;
  limits: DropLimits;
  /** Milliseconds since 1970: what is not done by then goes on when the message comes again. */
  deadline: number;
}

/** What a call did for an object. `repeated`: it was done before. `unfinished`: it goes on when the message comes again. */
export interface IngestedObject {
  status: 'taken' | 'refused' | 'gone' | 'repeated' | 'unfinished';
  /** Of this call alone. */
  events: number;
  quarantined: number;
  /** Why an object was refused. */
  reason?: string;
}

/**
 * Takes in one version of an object: its events go on the stream, pieces that are no JSON go to quarantine alone, and an
 * object that cannot be read goes there as a whole. Everything has a name made of the version and its place in it, so a
 * repeat, after a crash at any point, changes nothing; a receipt says how far it got, so that an object that is done is
 * not read again. Rejects with a `Fault` when something must be tried again.
 */
export async function ingestObject(object: DroppedObject, ports: IngestObjectPorts): Promise<IngestedObject> {
  const receipt = await readReceipt(ports.ledger, object, ports.clock);
  if (receipt.status !== 'open') return { status: 'repeated', events: 0, quarantined: 0 };
  const opened = await withRetry(() => ports.bucket.open(object), ports.clock);
  return new Intake({ object, ports, receipt }).run(opened);
}

interface IntakeOptions {
  object: DroppedObject;
  ports: IngestObjectPorts;
  receipt: DropReceipt;
}

/** One call's work on one object. */
class Intake {
  readonly #object: DroppedObject;
  readonly #ports: IngestObjectPorts;
  readonly #before: DropReceipt;
  readonly #name: string;
  #receipt: DropReceipt;
  #modifiedAt = 0;
  #chunk: Piece[] = [];
  #chunkBytes = 0;

  constructor({ object, ports, receipt }: IntakeOptions) {
    this.#object = object;
    this.#ports = ports;
    this.#before = receipt;
    this.#receipt = receipt;
    this.#name = objectName(object);
  }

  async run(opened: OpenedObject | undefined): Promise<IngestedObject> {
    if (opened === undefined) return this.#end('gone');
    this.#modifiedAt = opened.modifiedAt;
    try {
      const isDone = await this.#takeAll(opened);
      return isDone ? await this.#end('taken') : this.#answer('unfinished');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return await this.#refuse(error, opened.size);
    } finally {
      opened.close();
    }
  }

  /** Answers false when time ran out. */
  async #takeAll({ body, size }: OpenedObject): Promise<boolean> {
    const { limits } = this.#ports;
    if (size > limits.objectBytes) {
      throw new Unreadable('too-large', `an object of ${size} bytes, at most ${limits.objectBytes} are read`);
    }
    for await (const piece of readPieces(openText(body, limits.textBytes), limits)) {
      if (piece.index >= limits.pieces) throw new Unreadable('too-many-events', `more than ${limits.pieces} events`);
      if (piece.index < this.#receipt.next) continue;
      this.#chunk.push(piece);
      this.#chunkBytes += piece.bytes.length;
      const isFull = this.#chunk.length >= limits.chunkPieces || this.#chunkBytes >= limits.chunkBytes;
      if (isFull && !(await this.#flush())) return false;
    }
    return this.#flush();
  }

  /** Puts and keeps what was gathered, and says so in the receipt. Answers false when no time is left for it. */
  async #flush(): Promise<boolean> {
    if (this.#chunk.length === 0) return true;
    if (this.#ports.clock.now() >= this.#ports.deadline) return false;
    const { events, refused } = this.#decode(this.#chunk);
    await this.#keep(refused);
    await this.#put(events);
    const { next, events: taken, quarantined } = this.#receipt;
    await this.#save({
      status: 'open',
      next: next + this.#chunk.length,
      events: taken + events.length,
      quarantined: quarantined + refused.length,
    });
    this.#chunk = [];
    this.#chunkBytes = 0;
    return true;
  }

  #decode(pieces: readonly Piece[]): { events: LogEvent[]; refused: RefusedPiece[] } {
    const source = sourceOf(this.#object.key);
    const events: LogEvent[] = [];
    const refused: RefusedPiece[] = [];
    for (const piece of pieces) {
      const read = payloadOf(piece);
      const arrival = { id: `s3:${this.#name}:${piece.index}`, arrivedAt: this.#modifiedAt, source };
      if (read.ok) events.push(decodeEvent(read.payload, arrival));
      else refused.push({ ...piece, code: read.code, reason: read.reason });
    }
    return { events, refused };
  }

  async #keep(pieces: readonly RefusedPiece[]): Promise<void> {
    if (pieces.length === 0) return;
    const { quarantine, clock } = this.#ports;
    const refused = { object: this.#object, modifiedAt: this.#modifiedAt, pieces };
    await withRetry(() => quarantine.keepPieces(refused), clock);
  }

  /** Many events in a record, the source as the partition key so that its order holds. */
  async #put(events: readonly LogEvent[]): Promise<void> {
    const entries = [...Map.groupBy(events, ({ source }) => source)].flatMap(([partitionKey, group]) =>
      packEvents(group).map((data) => ({ data, partitionKey })),
    );
    const { unsent } = await putRecords(entries, this.#ports);
    const [first] = unsent;
    if (first === undefined) return;
    throw new Fault('unavailable', `${unsent.length} of ${entries.length} records could not be put: ${first.reason}`);
  }

  async #refuse({ fault }: Unreadable, size: number): Promise<IngestedObject> {
    // What was read before the fault stands: what is gathered of it goes the same way first.
    if (!(await this.#flush())) return this.#answer('unfinished');
    const { quarantine, clock } = this.#ports;
    const taken = this.#receipt.events;
    const refused = { ...fault, object: this.#object, size, modifiedAt: this.#modifiedAt, taken };
    await withRetry(() => quarantine.keepObject(refused), clock);
    return { ...(await this.#end('refused')), reason: `${fault.code}: ${fault.reason}` };
  }

  async #end(status: 'taken' | 'refused' | 'gone'): Promise<IngestedObject> {
    const { next, events, quarantined } = this.#receipt;
    await this.#save({ status, next, events, quarantined: quarantined + (status === 'refused' ? 1 : 0) });
    return this.#answer(status);
  }

  async #save(receipt: Omit<DropReceipt, 'version'>): Promise<void> {
    const { ledger, clock } = this.#ports;
    const { version } = this.#receipt;
    this.#receipt = await saveReceipt(ledger, { object: this.#object, receipt: { ...receipt, version }, clock });
  }

  #answer(status: IngestedObject['status']): IngestedObject {
    const events = this.#receipt.events - this.#before.events;
    return { status, events, quarantined: this.#receipt.quarantined - this.#before.quarantined };
  }
}

/** The folder that an agent drops into, or the name of a file that lies in none. */
function sourceOf(key: string): string {
  const parts = key.split('/').filter((part) => part !== '');
  const [first = 'unknown'] = parts;
  return parts.length > 1 ? first : (first.split('.').find((part) => part !== '') ?? first);
}
