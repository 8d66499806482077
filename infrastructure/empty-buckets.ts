/** The buckets of one AWS account, as far as emptying them goes. */
export interface Buckets {
  /** Bucket names by logical id; empty when there is no such stack. */
  ofStack(stackName: string): Promise<string[]>;
  /** At most a thousand versions of objects, delete markers among them; none when the bucket is empty or gone. */
  someVersions(bucket: string): Promise<ObjectVersion[]>;
  /** The reason for each that stayed. */
  deleteVersions(bucket: string, versions: ObjectVersion[]): Promise<string[]>;
}

/** In a bucket without versions each object is one, called `null`. */
export interface ObjectVersion {
  key: string;
  versionId: string;
}

/**
 * Empties every bucket of a stack, because CloudFormation deletes none that holds an object. Answers how many objects
 * there were. Throws when one cannot be deleted, before the stack is touched.
 */
export async function emptyBuckets(stackName: string, buckets: Buckets): Promise<number> {
  let deleted = 0;
  for (const bucket of await buckets.ofStack(stackName)) {
    for (let some = await buckets.someVersions(bucket); some.length > 0; some = await buckets.someVersions(bucket)) {
      const [reason] = await buckets.deleteVersions(bucket, some);
      if (reason !== undefined)
        throw new Error(`Expected to empty the bucket ${bucket}, got ${reason}; nothing was removed but objects`);
      deleted += some.length;
    }
  }
  return deleted;
}
