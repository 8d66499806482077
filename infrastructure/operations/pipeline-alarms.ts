import { LEVELS } from '../../shared/events/levels.ts';
import type { Configuration } from '../../shared/runtime/configuration.ts';
import type { Alarm } from './alarm.ts';
import {
  apiMetric,
  type Brings,
  consumersOf,
  deliveryMetric,
  functionMetric,
  functionsOf,
  levelTopic,
  ownMetric,
  quarantineService,
  queueMetric,
  streamMetric,
  TABLES,
  tableMetric,
  topicMetric,
} from './metrics.ts';
import { lostCallAlarm, remediationAlarms } from './remediation-alarms.ts';

const MINUTE = 60;
const FIVE_MINUTES = 300;
/** Firehose tells how old what it has not delivered is. Beyond its buffer it may be late by so much. */
const DELIVERY_LATE_SECONDS = 900;
/** Functions that AWS calls once and does not wait for: after three tries what they were given is set aside. */
const ASYNCHRONOUS = ['closeWindows', 'ingestCloudwatch', 'ingestNotifications'] as const;

type Settings = Pick<Configuration, 'alarms'> & Brings;

/** The alarms on Sluice itself: work that is late, lost, refused or not accounted for. */
export function pipelineAlarms(stage: string, settings: Settings): Alarm[] {
  const { alarms, archive, rules } = settings;
  return [
    ...consumerAlarms(stage, settings),
    ...lossAlarms(stage, settings),
    ...noticeAlarms(stage, alarms.waitingNoticesSeconds),
    ...(rules.length === 0 ? [] : firingAlarms(stage, alarms.waitingNoticesSeconds)),
    ...(archive.isEnabled ? deliveryAlarms(archive.bufferSeconds) : []),
    ...throttleAlarms(settings),
    ...ingestAlarms(stage),
    ...remediationAlarms(settings.remediation),
  ];
}

const inFiveMinutes = { statistic: 'Sum', periodSeconds: FIVE_MINUTES } as const;

function consumerAlarms(stage: string, { alarms, ...brings }: Settings): Alarm[] {
  return consumersOf(brings).flatMap(({ key, service }): Alarm[] => [
    {
      name: `${service}-late`,
      description: `${service} is behind the stream. Its log says why it fails or what is slow; sluice doctor says what to do.`,
      metric: functionMetric(key, 'IteratorAge'),
      statistic: 'Maximum',
      // A function that hangs is tried every three minutes, its two and the longest pause: a minute most often has no age,
      // and would be taken for well. Five always have one.
      periodSeconds: FIVE_MINUTES,
      // One slow batch is none.
      periods: 2,
      limit: { atLeast: alarms.iteratorAgeSeconds * 1_000 },
    },
    {
      name: `${service}-ledger`,
      description: `Events of ${service} are not accounted for: received is not projected + duplicates + filtered + quarantined. It is a fault of Sluice: report it with the log of the function.`,
      metric: ownMetric(stage, service, 'events.unaccounted'),
      ...inFiveMinutes,
      limit: { atLeast: 1 },
    },
    {
      name: `${service}-failures-lost`,
      description: `A batch that ${service} could not process could not be kept in the failures bucket either: its records must be read again from the stream before they expire.`,
      metric: functionMetric(key, 'DestinationDeliveryFailures'),
      ...inFiveMinutes,
      limit: { atLeast: 1 },
    },
  ]);
}

function lossAlarms(stage: string, { alarms, ...brings }: Settings): Alarm[] {
  return [
    {
      name: 'quarantine',
      description:
        'Records could not be understood. They are below quarantine/ in the archive bucket, each with its reason.',
      metric: ownMetric(stage, quarantineService(brings), 'events.quarantined'),
      ...inFiveMinutes,
      limit: { atLeast: alarms.quarantined },
    },
    {
      name: 'batches-given-up',
      description: 'What could not be processed to the end was kept whole in the failures bucket, for 30 days.',
      metric: ownMetric(stage, 'ingest-notifications', 'failures.kept'),
      ...inFiveMinutes,
      limit: { atLeast: 1 },
    },
  ];
}

function noticeAlarms(stage: string, waitingSeconds: number): Alarm[] {
  return [
    {
      name: 'notices-waiting',
      description: 'Notices wait in the outbox: a receiver refuses them. The log of closeWindows says which and why.',
      metric: ownMetric(stage, 'close-windows', 'notices.waiting'),
      statistic: 'Minimum',
      periodSeconds: MINUTE,
      periods: waitingSeconds / MINUTE,
      limit: { atLeast: 1 },
    },
    {
      name: 'notices-given-up',
      description:
        'A receiver refused so many notices that more were not kept for it. The log of closeWindows says which.',
      metric: ownMetric(stage, 'close-windows', 'notices.givenUp'),
      ...inFiveMinutes,
      limit: { atLeast: 1 },
    },
    {
      name: 'windows-not-closed',
      description: 'closeWindows did not run for five minutes: summaries and waiting notices are not sent.',
      metric: functionMetric('closeWindows', 'Invocations'),
      ...inFiveMinutes,
      limit: { below: 1 },
      silence: 'bad',
    },
    ...LEVELS.map(
      (level): Alarm => ({
        name: `${level}-topic-failures`,
        description: `SNS could not deliver notices of level ${level} to a subscription: its queue, function or address refuses them.`,
        metric: topicMetric(levelTopic(level), 'NumberOfNotificationsFailed'),
        ...inFiveMinutes,
        limit: { atLeast: 1 },
      }),
    ),
  ];
}

/** What rules decided, of which people hear nothing while it cannot be put on the stream. */
function firingAlarms(stage: string, waitingSeconds: number): Alarm[] {
  return [
    {
      name: 'firings-waiting',
      description:
        'What rules decided waits: the stream or the queue of restarts does not take it. The log of evaluateRules says why.',
      metric: ownMetric(stage, 'evaluate-rules', 'firings.waiting'),
      statistic: 'Minimum',
      periodSeconds: MINUTE,
      periods: waitingSeconds / MINUTE,
      limit: { atLeast: 1 },
    },
    {
      name: 'evaluateRules-failing',
      description:
        'evaluateRules fails: rules on what does not come may not fire, and what was decided may wait. Its log says why.',
      metric: functionMetric('evaluateRules', 'Errors'),
      ...inFiveMinutes,
      // A sweep that always fails makes five, and ten more with what AWS tries again.
      limit: { atLeast: 3 },
    },
  ];
}

function deliveryAlarms(bufferSeconds: number): Alarm[] {
  return LEVELS.flatMap((level): Alarm[] => [
    {
      name: `${level}-archive-late`,
      description: `Firehose does not deliver events of level ${level} to the archive. Its log group /aws/kinesisfirehose says why.`,
      metric: deliveryMetric(level, 'DeliveryToS3.DataFreshness'),
      statistic: 'Maximum',
      periodSeconds: FIVE_MINUTES,
      limit: { atLeast: bufferSeconds + DELIVERY_LATE_SECONDS },
    },
    {
      name: `${level}-archive-refused`,
      description: `Firehose could not convert events of level ${level} to Parquet: they are below errors/ in the archive bucket.`,
      metric: deliveryMetric(level, 'FailedConversion.Records'),
      ...inFiveMinutes,
      limit: { atLeast: 1 },
    },
  ]);
}

function throttleAlarms(settings: Settings): Alarm[] {
  const limit = { atLeast: settings.alarms.throttles };
  return [
    ...functionsOf(settings).map(
      (key): Alarm => ({
        name: `${key}-throttled`,
        description: `Lambda throttles ${key}: the account's concurrency is used up, or the function's reserve.`,
        metric: functionMetric(key, 'Throttles'),
        ...inFiveMinutes,
        limit,
      }),
    ),
    ...(['Write', 'Read'] as const).map(
      (way): Alarm => ({
        name: `stream-${way.toLowerCase()}-throttled`,
        description: `The stream throttles ${way.toLowerCase()}s: raise stream.shards in sluice.yml, or look for one hot partition key.`,
        metric: streamMetric(`${way}ProvisionedThroughputExceeded`),
        ...inFiveMinutes,
        limit,
      }),
    ),
    ...TABLES.flatMap((table) =>
      (['Write', 'Read'] as const).map(
        (way): Alarm => ({
          name: `${table}-${way.toLowerCase()}-throttled`,
          description: `DynamoDB throttles ${way.toLowerCase()}s of the ${table}: one hot key, or the account's limit.`,
          metric: tableMetric(table, `${way}ThrottleEvents`),
          ...inFiveMinutes,
          limit,
        }),
      ),
    ),
  ];
}

function ingestAlarms(stage: string): Alarm[] {
  return [
    ...ASYNCHRONOUS.map(
      (key): Alarm => ({
        name: `${key}-failing`,
        description: `${key} fails. Its log says why; what it could not process is kept in the failures bucket or tried again.`,
        metric: functionMetric(key, 'Errors'),
        ...inFiveMinutes,
        // AWS tries again by itself, twice.
        limit: { atLeast: 3 },
      }),
    ),
    lostCallAlarm('ingestNotifications', 'what AWS told of Sluice, such as a batch that was given up, is on no stream'),
    {
      name: 'post-logs-failing',
      description: 'POST /logs answers 5xx: the stream does not take what is posted, or ingestHttp fails.',
      metric: apiMetric(stage, '5XXError'),
      ...inFiveMinutes,
      limit: { atLeast: 5 },
    },
    {
      name: 'drops-late',
      description:
        'A file of the drop bucket waits for an hour: ingestS3 fails on it or cannot keep up. Its log says which.',
      metric: queueMetric('DropQueue', 'ApproximateAgeOfOldestMessage'),
      statistic: 'Maximum',
      periodSeconds: FIVE_MINUTES,
      limit: { atLeast: 3_600 },
    },
    {
      name: 'drops-given-up',
      description: 'A file of the drop bucket could not be taken in: the queue of failed drops names it.',
      metric: queueMetric('DropDeadLetters', 'ApproximateNumberOfMessagesVisible'),
      statistic: 'Maximum',
      periodSeconds: FIVE_MINUTES,
      limit: { atLeast: 1 },
    },
  ];
}
