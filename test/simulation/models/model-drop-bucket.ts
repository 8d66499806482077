import {
  type DropBucket,
  type DroppedObject,
  type DropQuarantine,
  objectName,
} from '../../../shared/stream/drop-bucket.ts';
import { Fault } from '../../../shared/stream/fault.ts';
import type { Service } from '../chaos.ts';
import type { FunctionInstance } from './function-instance.ts';

interface Version {
  data: Buffer;
  /** Milliseconds since 1970. */
  modifiedAt: number;
}

export interface ModelDropBucketOptions {
  service: Service;
  /** Told of each version that is opened; answers after how many bytes its connection breaks, if it does. */
  onOpen?: (object: DroppedObject, size: number) => number | undefined;
}

/** S3 with versions, each of which stays as it is until it is removed, and what is kept of them. Source: FACTS.md, "Firehose, S3, Glue, Athena". */
export class ModelDropBucket {
  /** By version and first piece, or version alone: what is in quarantine, byte for byte as latin1. */
  readonly kept = new Map<string, string>();
  readonly #versions = new Map<string, Version>();
  readonly #options: ModelDropBucketOptions;

  constructor(options: ModelDropBucketOptions) {
    this.#options = options;
  }

  put(object: DroppedObject, version: Version): void {
    this.#versions.set(objectName(object), version);
  }

  remove(object: DroppedObject): void {
    this.#versions.delete(objectName(object));
  }

  bucket(instance: FunctionInstance): DropBucket {
    const { service, onOpen } = this.#options;
    const open = (object: DroppedObject) => {
      const version = this.#versions.get(objectName(object));
      if (version === undefined) return undefined;
      const { data, modifiedAt } = version;
      const breaksAt = onOpen?.(object, data.length) ?? data.length;
      return { size: data.length, modifiedAt, body: chunksOf(data, breaksAt), close: () => undefined };
    };
    return {
      open: (object) => instance.call({ service, label: 'reads a file', writes: false, effect: () => open(object) }),
    };
  }

  quarantine(instance: FunctionInstance): DropQuarantine {
    const keep = (name: string, payload: Buffer): Promise<void> => {
      const effect = () => void this.kept.set(name, payload.toString('latin1'));
      return instance.call({ service: this.#options.service, label: 'keeps a refusal', writes: true, effect });
    };
    return {
      keepObject: ({ object }) =>
        keep(objectName(object), this.#versions.get(objectName(object))?.data ?? Buffer.alloc(0)),
      // Each piece is a line of its own, as `s3-drop-quarantine.ts` writes them.
      keepPieces: ({ object, pieces }) =>
        keep(
          `${objectName(object)}-${pieces[0]?.index}`,
          Buffer.concat(pieces.flatMap(({ bytes }) => [bytes, Buffer.from('\n')])),
        ),
    };
  }
}

async function* chunksOf(data: Buffer, breaksAt: number): AsyncGenerator<Uint8Array> {
  yield data.subarray(0, breaksAt);
  if (breaksAt < data.length) throw new Fault('unavailable', 'the connection broke');
}
