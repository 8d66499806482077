/** The buckets of one AWS account, as far as emptying them goes. */
export interface Buckets {
  /** Bucket names by logical id; empty when there is no such stack. */
  ofStack(stackName: string): Promise<string[]>;
  /** At most a thousand keys; none when the bucket is empty or gone. */
  someKeys(bucket: string): Promise<string[]>;
  /** The reason for each key that stayed. */
  deleteKeys(bucket: string, keys: string[]): Promise<string[]>;
}

/**
 * Empties every bucket of a stack, because CloudFormation deletes none that holds an object. Answers how many objects
 * there were. Throws when one cannot be deleted, before the stack is touched.
 */
export async function emptyBuckets(stackName: string, buckets: Buckets): Promise<number> {
  let deleted = 0;
  for (const bucket of await buckets.ofStack(stackName)) {
    for (let keys = await buckets.someKeys(bucket); keys.length > 0; keys = await buckets.someKeys(bucket)) {
      const [reason] = await buckets.deleteKeys(bucket, keys);
      if (reason !== undefined)
        throw new Error(`Expected to empty the bucket ${bucket}, got ${reason}; nothing was removed but objects`);
      deleted += keys.length;
    }
  }
  return deleted;
}
