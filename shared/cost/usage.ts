import prices from './prices-us-east-1.json' with { type: 'json' };

/** What AWS charges, in the units it charges for. All are sums over the time that is looked at. */
export interface Usage {
  shardHours: number;
  /** PutRecords: 25 KB each, every record rounded up. */
  payloadUnits: number;
  /** On-demand streams: every record rounded up to 1 KB. */
  onDemandBytes: number;
  /** What consumers read of them, all together. */
  onDemandReadBytes: number;
  onDemandHours: number;
  /** 1 KB each, every item and every index entry rounded up. */
  writeUnits: number;
  /** 4 KB each, strongly consistent. */
  readUnits: number;
  lambdaRequests: number;
  gigabyteSeconds: number;
  /** Every record rounded up to 5 KB. */
  firehoseBytes: number;
  /** 64 KB each. */
  publishes: number;
  s3Puts: number;
  /** Logs and metrics that the functions write themselves. */
  logBytes: number;
}

/** Prices of a region on a day, with their sources. */
export type Prices = typeof prices;
export const US_EAST_1: Prices = prices;

/** What it costs, a part a service, in dollars. */
export type Cost = Record<'kinesis' | 'dynamodb' | 'lambda' | 'firehose' | 'sns' | 's3' | 'cloudwatch', number>;

export const NO_USAGE: Readonly<Usage> = {
  shardHours: 0,
  payloadUnits: 0,
  onDemandBytes: 0,
  onDemandReadBytes: 0,
  onDemandHours: 0,
  writeUnits: 0,
  readUnits: 0,
  lambdaRequests: 0,
  gigabyteSeconds: 0,
  firehoseBytes: 0,
  publishes: 0,
  s3Puts: 0,
  logBytes: 0,
};

const MILLION = 1e6;
const THOUSAND = 1e3;
/** AWS counts a gigabyte of data as 2^30 bytes. */
export const GIGABYTE = 2 ** 30;

export function costOf(usage: Usage, prices: Prices): Cost {
  const { kinesis, dynamodb, lambda, firehose, sns, s3, cloudwatch } = prices;
  return {
    kinesis:
      usage.shardHours * kinesis.shardHour +
      (usage.payloadUnits / MILLION) * kinesis.millionPayloadUnits +
      usage.onDemandHours * kinesis.onDemandStreamHour +
      (usage.onDemandBytes / GIGABYTE) * kinesis.onDemandGigabyteIn +
      (usage.onDemandReadBytes / GIGABYTE) * kinesis.onDemandGigabyteOut,
    dynamodb:
      (usage.writeUnits / MILLION) * dynamodb.millionWriteUnits +
      (usage.readUnits / MILLION) * dynamodb.millionReadUnits,
    lambda: (usage.lambdaRequests / MILLION) * lambda.millionRequests + usage.gigabyteSeconds * lambda.gigabyteSecond,
    firehose: (usage.firehoseBytes / GIGABYTE) * (firehose.gigabyte + firehose.gigabyteConverted),
    sns: (usage.publishes / MILLION) * sns.millionPublishes,
    s3: (usage.s3Puts / THOUSAND) * s3.thousandPuts,
    cloudwatch: (usage.logBytes / GIGABYTE) * cloudwatch.gigabyteIngested,
  };
}

export function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, dollars) => sum + dollars, 0);
}

/** Units of a size that each thing is rounded up to, at least one. */
export function unitsOf(bytes: number, unitBytes: number): number {
  return Math.max(1, Math.ceil(bytes / unitBytes));
}

/** What CloudWatch Logs charges for taking in the same events: 26 bytes each beside the text. */
export function cloudWatchLogsCost(events: number, bytes: number, prices: Prices): number {
  return ((events * (bytes + 26)) / GIGABYTE) * prices.cloudwatch.gigabyteIngested;
}
