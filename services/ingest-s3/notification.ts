import type { DroppedObject } from '../../shared/stream/drop-bucket.ts';
import { Fault } from '../../shared/stream/fault.ts';

/** What a message of the queue says: S3's own notification. Source: S3 user guide, "Event message structure". */
interface Notification {
  Event?: string;
  Records?: {
    eventName?: string;
    s3?: { bucket?: { name?: string }; object?: { key?: string; versionId?: string } };
  }[];
}

/**
 * The versions that a notification names; none for the test message that S3 sends when it is set up. Throws a `Fault`
 * for anything that is no notification of `bucket`.
 */
export function droppedObjects(message: string, bucket: string): DroppedObject[] {
  const { Event, Records } = parsed(message);
  if (Event === 's3:TestEvent') return [];
  if (!Array.isArray(Records)) throw foreign('Records');
  return Records.filter(({ eventName }) => eventName?.startsWith('ObjectCreated:')).map(({ s3 }) => {
    const { key, versionId } = s3?.object ?? {};
    if (s3?.bucket?.name !== bucket) throw foreign(`the bucket ${bucket}`);
    if (typeof key !== 'string' || typeof versionId !== 'string') throw foreign('key and versionId of an object');
    return { bucket, key: decodedKey(key), versionId };
  });
}

function parsed(message: string): Notification {
  try {
    const json: unknown = JSON.parse(message);
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // The same as JSON that is no object.
  }
  throw foreign('JSON');
}

function foreign(expected: string): Fault {
  return new Fault('invalid', `expected a notification of S3 with ${expected}: did something else write to the queue?`);
}

/** Keys come as in a form: a blank is a plus sign. */
function decodedKey(encoded: string): string {
  const key = decoded(encoded);
  // No URL can name it: whatever is between dots and slashes would be read in its place.
  if (key.split('/').some((part) => part === '.' || part === '..')) throw foreign('a key without . and .. as folders');
  return key;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw foreign('a key in URL encoding');
  }
}

/** Files that are folders of the S3 console, and nothing else. */
export function isFolder({ key }: DroppedObject): boolean {
  return key.endsWith('/');
}
