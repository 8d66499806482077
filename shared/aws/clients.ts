/**
 * The SDK clients, each loaded on first use: a function pays at start-up for none that it does not call, and a batch
 * that needs no notice loads no SNS. Time-outs are short, since a call that hangs holds up a shard.
 */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };
/** The callers in `shared/stream` try again themselves, and know what was already done. */
const settings = { maxAttempts: 2, requestHandler };

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

export const dynamoDb = once(async () => {
  const sdk = await import('@aws-sdk/client-dynamodb');
  return { sdk, client: new sdk.DynamoDBClient(settings) };
});

export const sns = once(async () => {
  const sdk = await import('@aws-sdk/client-sns');
  return { sdk, client: new sdk.SNSClient(settings) };
});

export const firehose = once(async () => {
  const sdk = await import('@aws-sdk/client-firehose');
  return {
    sdk,
    client: new sdk.FirehoseClient({ ...settings, requestHandler: { ...requestHandler, requestTimeout: 30_000 } }),
  };
});

export const s3 = once(async () => {
  const sdk = await import('@aws-sdk/client-s3');
  // The local cloud answers at one host name, so buckets stand in the path there.
  return { sdk, client: new sdk.S3Client({ ...settings, forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined }) };
});

export const kinesis = once(async () => {
  const sdk = await import('@aws-sdk/client-kinesis');
  return {
    sdk,
    client: new sdk.KinesisClient({ ...settings, requestHandler: { ...requestHandler, requestTimeout: 30_000 } }),
  };
});

export const sqs = once(async () => {
  const sdk = await import('@aws-sdk/client-sqs');
  const client = new sdk.SQSClient({
    ...settings,
    requestHandler: { ...requestHandler, requestTimeout: 30_000 },
    // A local cloud names its queues by a host name of its own.
    useQueueUrlAsEndpoint: process.env.AWS_ENDPOINT_URL === undefined,
  });
  return { sdk, client };
});
