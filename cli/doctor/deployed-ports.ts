import { alarmStates } from '../../shared/aws/cloudwatch-alarms.ts';
import { type MetricQuery, metricValues } from '../../shared/aws/cloudwatch-metrics.ts';
import { queryItems } from '../../shared/aws/dynamodb-pages.ts';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { listShards } from '../../shared/aws/kinesis-shards.ts';
import { streamMappings } from '../../shared/aws/lambda-mappings.ts';
import { recentObjects } from '../../shared/aws/s3-listing.ts';
import { topicSubscriptions } from '../../shared/aws/sns-subscriptions.ts';
import { describeStack } from '../../shared/aws/stack-outputs.ts';
import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import type { Account, NewestReceipt, Objects, Stack, StreamConsumer } from '../../shared/health/examine.ts';
import type { Clock, Item } from '../../shared/stream/ports.ts';
import { receiptScope } from '../../shared/stream/receipts.ts';
import { countOverdue } from './overdue.ts';
import type { DoctorPorts } from './ports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Receipts that are summed for each consumer and shard: the newest. */
const RECEIPTS = 100;
/** All that there can be: of one that is not deployed nothing was throttled. */
export const FUNCTIONS = [
  'routeAlerts',
  'projectIncidents',
  'archiveEvents',
  'ingestHttp',
  'closeWindows',
  'ingestCloudwatch',
  'evaluateRules',
  'remediate',
  'ingestNotifications',
  'ingestS3',
];

/** The doctor's view of a deployment with these consumers, through AWS's own APIs. */
export function deployedPorts(stackName: string, consumers: readonly StreamConsumer[], clock: Clock): DoctorPorts {
  const ago = (milliseconds: number) => new Date(clock.now() - milliseconds);
  const values = (queries: Record<string, MetricQuery>, since: Date) =>
    metricValues(queries, { since, now: new Date(clock.now()) });
  return {
    stack: () => describeStack(stackName),
    mappings: () =>
      streamMappings(
        stackName,
        consumers.map(({ functionKey }) => functionKey),
      ),
    receipts: (stack) => newestReceipts(stack, consumers),
    iteratorAges: () => values(iteratorAgeQueries(stackName, consumers), ago(15 * MINUTE)),
    throttles: (stack) => values(throttleQueries(stackName, stack), ago(HOUR)),
    quarantined: async ({ outputs }) => {
      const days = [ago(DAY), ago(0)].map((day) => `quarantine/dt=${day.toISOString().slice(0, 10)}/`);
      return joined(
        await Promise.all(days.map((prefix) => recentObjects(outputs.ArchiveBucket ?? '', prefix, ago(2 * DAY)))),
      );
    },
    notArchived: ({ outputs }) => recentObjects(outputs.ArchiveBucket ?? '', 'errors/', ago(2 * DAY)),
    givenUp: ({ outputs }) => recentObjects(outputs.FailuresBucket ?? '', 'aws/lambda/', ago(30 * DAY)),
    alarms: () => alarmStates(`${stackName}-`),
    subscriptions: async ({ outputs }) => {
      const topics = Object.entries(outputs).filter(([name]) => name.endsWith('TopicArn'));
      return (await Promise.all(topics.map(([, arn]) => topicSubscriptions(arn)))).flat();
    },
    overdueNotices: async ({ outputs }) => {
      const tableName = outputs.AlertGroupsTable ?? '';
      return countOverdue(dynamoDbTable({ tableName, keys: TABLE_KEYS.alertGroups }), clock);
    },
  };
}

function joined(listings: readonly Objects[]): Objects {
  return {
    count: listings.reduce((sum, { count }) => sum + count, 0),
    keys: listings.flatMap(({ keys }) => keys),
  };
}

async function newestReceipts(
  { outputs }: Stack,
  consumers: readonly StreamConsumer[],
): Promise<{ newest: NewestReceipt[]; accounts: Account[] }> {
  const shards = await listShards(outputs.StreamName ?? '');
  const perConsumer = await Promise.all(
    consumers.map(async ({ name }) => {
      const perShard = await Promise.all(shards.map((shard) => receiptsOf(outputs.LedgerTable ?? '', name, shard)));
      return { name, perShard };
    }),
  );
  const newest = perConsumer.flatMap(({ name, perShard }) =>
    perShard.flatMap(([first], place): NewestReceipt[] =>
      first === undefined
        ? []
        : [{ consumer: name, shard: shards[place] ?? '', entry: placeOf(first), at: Date.parse(String(first.at)) }],
    ),
  );
  return { newest, accounts: perConsumer.map(({ name, perShard }) => summed(name, perShard.flat())) };
}

/** An entry is the place of its last record, its first record and a hash. */
const placeOf = ({ entry }: Item) => String(entry).split('#')[0] ?? '';

async function receiptsOf(tableName: string, consumer: string, shard: string): Promise<Item[]> {
  const partition = { name: 'scope', value: receiptScope(consumer, shard) };
  const receipts: Item[] = [];
  for await (const item of queryItems({ tableName, partition, newestFirst: true })) {
    receipts.push(item);
    if (receipts.length === RECEIPTS) break;
  }
  return receipts;
}

function summed(consumer: string, receipts: readonly Item[]): Account {
  const sum = (name: keyof Account) => receipts.reduce((total, receipt) => total + Number(receipt[name] ?? 0), 0);
  return {
    consumer,
    received: sum('received'),
    projected: sum('projected'),
    duplicates: sum('duplicates'),
    filtered: sum('filtered'),
    quarantined: sum('quarantined'),
  };
}

function iteratorAgeQueries(stackName: string, consumers: readonly StreamConsumer[]): Record<string, MetricQuery> {
  return Object.fromEntries(
    consumers.map(({ name, functionKey }) => {
      const dimensions = { FunctionName: `${stackName}-${functionKey}` };
      return [name, { namespace: 'AWS/Lambda', name: 'IteratorAge', dimensions, statistic: 'Maximum' }];
    }),
  );
}

function throttleQueries(stackName: string, { outputs }: Stack): Record<string, MetricQuery> {
  const stream = (name: string): MetricQuery => {
    const dimensions = { StreamName: outputs.StreamName ?? '' };
    return { namespace: 'AWS/Kinesis', name: `${name}ProvisionedThroughputExceeded`, dimensions, statistic: 'Sum' };
  };
  const functions = FUNCTIONS.map((key): [string, MetricQuery] => [
    key,
    {
      namespace: 'AWS/Lambda',
      name: 'Throttles',
      dimensions: { FunctionName: `${stackName}-${key}` },
      statistic: 'Sum',
    },
  ]);
  const tables = ['IncidentsTable', 'ApplicationLogsTable', 'AlertGroupsTable', 'LedgerTable'].map(
    (table): [string, MetricQuery] => [
      table,
      {
        namespace: 'AWS/DynamoDB',
        name: 'WriteThrottleEvents',
        dimensions: { TableName: outputs[table] ?? '' },
        statistic: 'Sum',
      },
    ],
  );
  return {
    'writes of the stream': stream('Write'),
    'reads of the stream': stream('Read'),
    ...Object.fromEntries([...functions, ...tables]),
  };
}
