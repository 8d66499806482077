import { createHash } from 'node:crypto';

/**
 * What the drop bucket and the quarantine of its objects are to `ingest-s3`. Every port has one adapter in `shared/aws`.
 * Methods reject with a `Fault` when the service does not answer.
 */

/** One version of an object. It never changes, so that everything made of it comes out the same every time. */
export interface DroppedObject {
  bucket: string;
  key: string;
  versionId: string;
}

/** A short name of the version, of 128 bits: the ids of its events, and what is kept of it, are named after it. */
export function objectName({ bucket, key, versionId }: DroppedObject): string {
  return createHash('sha256').update([bucket, key, versionId].join('\0')).digest('base64url').slice(0, 22);
}

export interface OpenedObject {
  /** Bytes as they are stored. */
  size: number;
  /** Milliseconds since 1970. */
  modifiedAt: number;
  /** Read once. */
  body: AsyncIterable<Uint8Array>;
  /** Gives up what was not read. */
  close(): void;
}

export interface DropBucket {
  /** Nothing when the version is not there any more. */
  open(object: DroppedObject): Promise<OpenedObject | undefined>;
}

/** Why something is kept: a stable code for counts and tests, and a sentence for people. */
export interface Reason {
  code: string;
  reason: string;
}

/** An object that goes to quarantine as it is. */
export interface RefusedObject extends Reason {
  object: DroppedObject;
  size: number;
  modifiedAt: number;
  /** Events of it that were put on the stream before the fault showed. */
  taken: number;
}

/** Lines, or elements of an array, that are no JSON although their neighbours are. */
export interface RefusedPieces {
  object: DroppedObject;
  modifiedAt: number;
  pieces: readonly RefusedPiece[];
}

export interface RefusedPiece extends Reason {
  /** `line 17`, `element 3`. */
  place: string;
  /** Its place among all pieces of the object, from 0. */
  index: number;
  bytes: Uint8Array;
}

/** Keeps what cannot be understood, under names made of the object: keeping it again changes nothing. */
export interface DropQuarantine {
  keepObject(refused: RefusedObject): Promise<void>;
  keepPieces(refused: RefusedPieces): Promise<void>;
}
