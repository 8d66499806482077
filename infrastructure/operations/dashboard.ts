import { LEVELS } from '../../shared/events/levels.ts';
import { type Resource, shown } from '../template.ts';
import { type Alarm, alarmName, type Metric } from './alarm.ts';
import type { GroupMetrics } from './log-group-alarms.ts';
import {
  apiMetric,
  type Brings,
  consumersOf,
  deliveryMetric,
  functionMetric,
  functionsOf,
  levelTopic,
  ownMetric,
  queueMetric,
  streamMetric,
  TABLES,
  tableMetric,
  topicMetric,
} from './metrics.ts';

export interface Line {
  metric: Metric;
  statistic: string;
  label: string;
}

export interface Graph {
  title: string;
  lines: Line[];
}

/** The graphs of the dashboard, in reading order: is it late, is it complete, who was told, what comes in, what is scarce. */
export function graphs(stage: string, groups: readonly GroupMetrics[], brings: Brings): Graph[] {
  return [...pipelineGraphs(stage, brings), ...supplyGraphs(stage, brings), ...groupGraphs(groups)];
}

const line = (metric: Metric, statistic: string, label: string): Line => ({ metric, statistic, label });

function pipelineGraphs(stage: string, brings: Brings): Graph[] {
  const consumers = consumersOf(brings);
  const counted = ['received', 'projected', 'duplicates', 'filtered', 'quarantined', 'unaccounted'];
  return [
    {
      title: 'How far consumers are behind the stream (ms)',
      lines: consumers.map(({ key, service }) => line(functionMetric(key, 'IteratorAge'), 'Maximum', service)),
    },
    {
      title: 'Events of project-incidents, by what became of them',
      lines: counted.map((word) => line(ownMetric(stage, 'project-incidents', `events.${word}`), 'Sum', word)),
    },
    {
      title: 'Batches given back, batches given up',
      lines: [
        ...consumers.map(({ service }) => line(ownMetric(stage, service, 'batches.failed'), 'Sum', service)),
        line(ownMetric(stage, 'ingest-notifications', 'failures.kept'), 'Sum', 'given up'),
      ],
    },
    {
      title: 'Notices sent, waiting',
      lines: [
        ...LEVELS.map((level) => line(topicMetric(levelTopic(level), 'NumberOfMessagesPublished'), 'Sum', level)),
        line(ownMetric(stage, 'close-windows', 'notices.waiting'), 'Maximum', 'waiting'),
      ],
    },
    {
      title: 'Deliveries that SNS failed to make',
      lines: LEVELS.map((level) => line(topicMetric(levelTopic(level), 'NumberOfNotificationsFailed'), 'Sum', level)),
    },
    ...(brings.archive.isEnabled ? [archiveGraph()] : []),
  ];
}

function archiveGraph(): Graph {
  return {
    title: 'Age of what is not in the archive yet (s)',
    lines: LEVELS.map((level) => line(deliveryMetric(level, 'DeliveryToS3.DataFreshness'), 'Maximum', level)),
  };
}

function supplyGraphs(stage: string, brings: Brings): Graph[] {
  const functions = functionsOf(brings);
  return [
    {
      title: 'The stream: records, and what it throttled',
      lines: [
        line(streamMetric('IncomingRecords'), 'Sum', 'records'),
        line(streamMetric('WriteProvisionedThroughputExceeded'), 'Sum', 'writes throttled'),
        line(streamMetric('ReadProvisionedThroughputExceeded'), 'Sum', 'reads throttled'),
      ],
    },
    {
      title: 'Events that came in, by way',
      lines: [
        line(ownMetric(stage, 'ingest-http', 'events.accepted'), 'Sum', 'POST /logs'),
        line(ownMetric(stage, 'ingest-cloudwatch', 'events.ingested'), 'Sum', 'CloudWatch Logs'),
        line(ownMetric(stage, 'ingest-s3', 'events.ingested'), 'Sum', 'files'),
        line(queueMetric('DropQueue', 'ApproximateAgeOfOldestMessage'), 'Maximum', 'oldest file (s)'),
      ],
    },
    {
      title: 'POST /logs: requests, refusals, milliseconds',
      lines: [
        line(apiMetric(stage, 'Count'), 'Sum', 'requests'),
        line(apiMetric(stage, '4XXError'), 'Sum', '4xx'),
        line(apiMetric(stage, '5XXError'), 'Sum', '5xx'),
        line(apiMetric(stage, 'Latency'), 'p95', 'p95 ms'),
      ],
    },
    {
      title: 'Errors of functions',
      lines: functions.map((key) => line(functionMetric(key, 'Errors'), 'Sum', key)),
    },
    {
      title: 'Functions throttled',
      lines: functions.map((key) => line(functionMetric(key, 'Throttles'), 'Sum', key)),
    },
    {
      title: 'Tables throttled',
      lines: TABLES.map((table) => line(tableMetric(table, 'WriteThrottleEvents'), 'Sum', table)),
    },
  ];
}

function groupGraphs(groups: readonly GroupMetrics[]): Graph[] {
  const timed = groups.flatMap(({ logGroup, responseTime }) => (responseTime ? [{ logGroup, responseTime }] : []));
  return [
    {
      title: 'Error lines, by log group',
      lines: groups.map(({ logGroup, errors }) => line(errors, 'Sum', logGroup)),
    },
    {
      title: 'Response times, by log group (p95, ms)',
      lines: timed.map(({ logGroup, responseTime }) => line(responseTime, 'p95', logGroup)),
    },
  ].filter(({ lines }) => lines.length > 0);
}

const WIDTH = 24;
const HEIGHT = 6;
const PER_ROW = 3;
/** Source: CloudWatch API Reference, "Dashboard Body Structure and Syntax". */
const MOST_ALARMS = 100;

export interface DashboardParts {
  alarms: readonly Alarm[];
  groups: readonly GroupMetrics[];
  brings: Brings;
}

/** One dashboard: the alarms, then the graphs, three a row. */
export function dashboard(stage: string, { alarms, groups, brings }: DashboardParts): Resource {
  const arns = alarms.slice(0, MOST_ALARMS).map((alarm) => alarmArn(stage, alarm));
  const states = {
    type: 'alarm',
    ...{ x: 0, y: 0, width: WIDTH, height: 3 },
    properties: { title: `Alarms of sluice-${stage}`, alarms: arns, sortBy: 'stateUpdatedTimestamp' },
  };
  const body = { widgets: [states, ...graphs(stage, groups, brings).map(graphWidget)] };
  return {
    Type: 'AWS::CloudWatch::Dashboard',
    Properties: { DashboardName: `sluice-${stage}`, DashboardBody: { 'Fn::Sub': JSON.stringify(body) } },
  };
}

function graphWidget({ title, lines }: Graph, index: number) {
  const width = WIDTH / PER_ROW;
  return {
    type: 'metric',
    x: (index % PER_ROW) * width,
    y: 3 + Math.floor(index / PER_ROW) * HEIGHT,
    width,
    height: HEIGHT,
    properties: {
      title,
      region: `\${AWS::Region}`,
      view: 'timeSeries',
      period: 300,
      metrics: lines.map(({ metric: { namespace, name, dimensions = {} }, statistic, label }) => [
        namespace,
        name,
        ...Object.entries(dimensions).flatMap(([key, value]) => [key, substituted(value)]),
        { stat: statistic, label },
      ]),
    },
  };
}

function alarmArn(stage: string, alarm: Alarm): string {
  return `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${alarmName(stage, alarm)}`;
}

/** A reference, in the notation of the one `Fn::Sub` that the body stands in. */
function substituted(value: unknown): string {
  if (typeof value === 'string') return value;
  const attribute = (value as { 'Fn::GetAtt'?: string[] })['Fn::GetAtt'];
  return `\${${attribute ? attribute.join('.') : shown(value)}}`;
}
