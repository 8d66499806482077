/** Time-outs are short, since a call that hangs holds up a shard. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** For calls that answer within milliseconds. The callers in `shared/stream` try again themselves. */
export const CLIENT_SETTINGS = { maxAttempts: 2, requestHandler };

/** For calls that carry megabytes. */
export const BULK_SETTINGS = { maxAttempts: 2, requestHandler: { ...requestHandler, requestTimeout: 30_000 } };

/**
 * For what a batch keeps, in megabytes, by one call after another: each level's delivery, then each record that was
 * not understood. The callers try again; two tries of 30 s each let two levels that hang use up an invocation.
 */
export const KEEP_SETTINGS = { maxAttempts: 1, requestHandler: { ...requestHandler, requestTimeout: 10_000 } };

/** True on a local cloud, which answers at one host name. */
export const isLocalCloud = () => process.env.AWS_ENDPOINT_URL !== undefined;

/**
 * Loads once, on first use: a function pays at start-up for no client that it does not call, and a batch without
 * notices loads no SNS. A file for each client, so that a function's package holds only its own.
 */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
